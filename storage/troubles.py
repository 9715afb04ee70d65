"""What a database error means for writing: whether anything can be written now, in words for whoever runs the bot."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

_SQLITE: Mapping[str, str] = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the file is read-only",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_BUSY": "another process keeps it locked",
    "SQLITE_LOCKED": "another process keeps it locked",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_CANTOPEN": "the file cannot be opened",
}
"""By the beginning of SQLite's own name of the error (https://www.sqlite.org/rescode.html)."""
_POSTGRESQL: Mapping[str, str] = {
    "53100": "its disk is full",
    "53": "it lacks resources",
    "25006": "it is read-only",
    "55P03": "another transaction keeps it locked",
    "57014": "it did not answer in time",
    "57P": "it is shutting down or starting",
    "58": "its disk reports an error",
    "08": "the connection was lost",
}
"""By the beginning of the SQLSTATE, the longer first (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def why_unwritten(error: BaseException) -> str | None:
    """Say why nothing could be written; None where the database works and only this statement was wrong or too late."""
    if isinstance(error, WaitedTooLong):
        return "other transactions of this process keep it busy"
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    return _sqlite(error.orig) or _postgresql(error.orig, lost=error.connection_invalidated)


def _sqlite(error: Any) -> str | None:
    return _first(_SQLITE, getattr(error, "sqlite_errorname", None))


def _postgresql(error: Any, *, lost: bool) -> str | None:
    if not hasattr(error, "sqlstate"):
        return None
    return _first(_POSTGRESQL, error.sqlstate) or (_POSTGRESQL["08"] if lost or error.sqlstate is None else None)


def _first(meanings: Mapping[str, str], code: str | None) -> str | None:
    return next((words for start, words in meanings.items() if code and code.startswith(start)), None)


class Unwritten:
    """Counts the transactions that a database refused to write, and keeps the last reason. Safe across threads."""

    def __init__(self) -> None:
        self.count = 0
        self.words = ""
        self._lock = threading.Lock()

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is raised inside where it means that nothing can be written."""
        try:
            yield
        except Exception as error:
            self._note(why_unwritten(error))
            raise

    def _note(self, words: str | None) -> None:
        if words is not None:
            with self._lock:
                self.count += 1
                self.words = words
