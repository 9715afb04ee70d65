"""Databases for the machine: one engine for all plays, put back to empty before each."""

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from storage.tables import metadata
from tests.faults.machine_world import Store

Fresh = Callable[[], Store]


def on_sqlite(template: Path, path: Path) -> tuple[Store, Fresh]:
    """Give a store on a copy of an empty SQLite file, and how it is emptied: one page after the other, in one go."""
    shutil.copyfile(template, path)
    store = Store(f"sqlite:///{path}")

    def fresh() -> Store:
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        return store

    return store, fresh


def on_postgresql(url: str) -> tuple[Store, Fresh]:
    """Give a store on the PostgreSQL of the tests, and how it is emptied."""
    store = Store(url)
    statements = ["SET session_replication_role = replica"]  # without the triggers of the audit log
    for table in metadata.tables:
        statements += [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM pristine.{table}"]  # noqa: S608

    def fresh() -> Store:
        with psycopg.connect(url) as admin:
            admin.execute(";".join(statements).encode())
        return store

    return store, fresh


class _Bugs(logging.Handler):
    """Raises what the bot logged as an error of its own, and nobody ordered."""

    def __init__(self, store: Store) -> None:
        super().__init__(logging.ERROR)
        self._store = store

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not self._ordered(error):
            raise error

    def _ordered(self, error: BaseException | None) -> bool:
        ordered = self._store.borders.errors
        return error is not None and (error in ordered or self._ordered(error.__cause__ or error.__context__))


@contextmanager
def heard(store: Store) -> Iterator[None]:
    """Keep the bot's log to ourselves: errors of its own fail the test, the rest would only fill the memory."""
    loggers = [logging.getLogger(each) for each in ("aws", "bot", "operations", "storage")]
    bugs = _Bugs(store)
    for each in loggers:
        each.addHandler(bugs)
        each.propagate = False
    try:
        yield
    finally:
        for each in loggers:
            each.removeHandler(bugs)
            each.propagate = True
