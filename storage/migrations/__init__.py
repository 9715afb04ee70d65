"""The migrations: Alembic's environment and its revisions, shipped inside the package."""
