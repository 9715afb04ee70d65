"""Alembic at work: loaded only where there is something to upgrade."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(db: Connection | None = None) -> Config:
    """Make Alembic's configuration for the migrations inside this package, on the given connection."""
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "storage:migrations")
    return config


def migrate(db: Connection) -> None:
    """Run every migration that this database has not seen, in its transaction."""
    command.upgrade(configuration(db), "head")
