"""Upgrading: the tables brought to this version's shape when the bot starts, safely and once."""

import os
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from storage import migrations
from storage.engines import open_sqlite

UPGRADE_LOCK = 0x6A69_7462
"""Key of PostgreSQL's advisory lock: one process upgrades, the others wait and find it done."""


class NewerDatabase(Exception):  # noqa: N818 - it is a refusal in words
    """A newer jitbot has upgraded this database; this one does not know its tables."""


class DamagedDatabase(Exception):  # noqa: N818 - it is a refusal in words
    """SQLite finds the file damaged."""


def upgrade_postgresql(engine: Engine) -> None:
    """Upgrade in one transaction, under a lock that other upgrading processes wait for."""
    with engine.begin() as db:
        # Waiting for another's upgrade, and upgrading, may take longer than any ordinary statement.
        db.execute(text("SET LOCAL lock_timeout = 0"))
        db.execute(text("SET LOCAL statement_timeout = 0"))
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        _migrate(db)


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
            current = _revision(db)
        if current == migrations.REVISIONS[-1]:
            return
        if current is not None:
            _back_up(path)
        with engine.begin() as db:
            _migrate(db)
            dangling = db.exec_driver_sql("PRAGMA foreign_key_check").all()
            if dangling:
                raise DamagedDatabase(f"after the upgrade {len(dangling)} rows of {path} refer to nothing")
    finally:
        engine.dispose()


def _migrate(db: Connection) -> None:
    """Migrate unless another process has done it meanwhile."""
    if _revision(db) != migrations.REVISIONS[-1]:
        # Loaded here because it takes a third of a start, and nearly no start has anything to upgrade.
        import_module("storage.migrating").migrate(db)


def _revision(db: Connection) -> str | None:
    """Read which revision the tables are at; None where there are no tables. Raises `NewerDatabase`."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in migrations.REVISIONS:
        raise NewerDatabase(
            f"This database was upgraded by a newer jitbot (to {found}). Start that version again, or restore the copy"
            " made before the upgrade."
        )
    return None if found is None else str(found)


def _quick_check(db: Connection) -> None:
    found = db.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise DamagedDatabase(f"SQLite finds the file damaged ({found}). Restore a copy of it.")


def _back_up(path: Path) -> None:
    """Copy the database beside itself; the copy gets its name only once it is whole."""
    copy = path.with_name(f"{path.name}.before-{migrations.REVISIONS[-1]}")
    partial = copy.with_name(f"{copy.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    # VACUUM cannot run in a transaction, and the engine begins one for everything.
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("VACUUM INTO ?", (str(partial),))
    partial.chmod(path.stat().st_mode)
    partial.replace(copy)
