"""Upgrading: the tables brought to this version's shape when the bot starts, safely and once."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.engines import open_sqlite

UPGRADE_LOCK = 0x6A69_7462
"""Key of PostgreSQL's advisory lock: one process upgrades, the others wait and find it done."""


class NewerDatabase(Exception):  # noqa: N818 - it is a refusal in words
    """A newer jitbot has upgraded this database; this one does not know its tables."""


class DamagedDatabase(Exception):  # noqa: N818 - it is a refusal in words
    """SQLite finds the file damaged."""


def migrations(db: Connection | None = None) -> Config:
    """Make Alembic's configuration for the migrations inside this package, on the given connection."""
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "storage:migrations")
    return config


def upgrade_postgresql(engine: Engine) -> None:
    """Upgrade in one transaction, under a lock that other upgrading processes wait for."""
    with engine.begin() as db:
        # Waiting for another's upgrade, and upgrading, may take longer than any ordinary statement.
        db.execute(text("SET LOCAL lock_timeout = 0"))
        db.execute(text("SET LOCAL statement_timeout = 0"))
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if _behind(db):
            command.upgrade(migrations(db), "head")


def upgrade_sqlite(path: Path) -> None:
    """Upgrade in one transaction, after a copy of the file where older tables are in it.

    Foreign keys are off meanwhile: Alembic rebuilds tables by copying them, and rows that refer to a table being
    rebuilt must neither stop that nor be lost by it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_sqlite(path, pool_size=1, foreign_keys=False)
    try:
        with engine.execution_options(sqlite_begin="DEFERRED").begin() as db:
            _quick_check(db)
            behind, empty = _behind(db), _revision(db) is None
        if not behind:
            return
        if not empty:
            _back_up(path)
        with engine.begin() as db:
            if _behind(db):
                command.upgrade(migrations(db), "head")
            dangling = db.exec_driver_sql("PRAGMA foreign_key_check").all()
            if dangling:
                raise DamagedDatabase(f"after the upgrade {len(dangling)} rows of {path} refer to nothing")
    finally:
        engine.dispose()


def _revision(db: Connection) -> str | None:
    return MigrationContext.configure(db).get_current_revision()


def _behind(db: Connection) -> bool:
    script = ScriptDirectory.from_config(migrations())
    current = _revision(db)
    if current is not None and current not in {each.revision for each in script.walk_revisions()}:
        raise NewerDatabase(
            f"This database was upgraded by a newer jitbot (to {current}). Start that version again, or restore the"
            " copy made before the upgrade."
        )
    return current != script.get_current_head()


def _quick_check(db: Connection) -> None:
    found = db.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise DamagedDatabase(f"SQLite finds the file damaged ({found}). Restore a copy of it.")


def _back_up(path: Path) -> Path:
    """Copy the database beside itself; the copy gets its name only once it is whole."""
    head = ScriptDirectory.from_config(migrations()).get_current_head()
    copy = path.with_name(f"{path.name}.before-{head}")
    partial = copy.with_name(f"{copy.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    # VACUUM cannot run in a transaction, and the engine begins one for everything.
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("VACUUM INTO ?", (str(partial),))
    partial.replace(copy)
    return copy
