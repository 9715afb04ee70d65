"""The migrations: Alembic's environment and its revisions, shipped inside the package."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""All revisions, oldest first; known without loading Alembic, which a start with nothing to upgrade does not need."""
