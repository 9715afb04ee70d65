"""Transactions: one `Database` per process, which begins, reads, upgrades, checks and closes."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from storage.engines import UnusableUrl, database_url, open_postgresql, open_sqlite
from storage.tables import counters
from storage.troubles import Unwritten
from storage.turns import Turns
from storage.types import UtcTime
from storage.upgrading import NewerDatabase, upgrade_postgresql, upgrade_sqlite
from storage.watching import TransactionGone, has_written

__all__ = ["Database", "DatabaseInUse", "LostRace", "NewerDatabase", "TransactionGone", "UnusableUrl"]

WRITE_LOCK_SECONDS = 15


class LostRace(Exception):  # noqa: N818 - a lost race is no error: somebody else was first
    """Somebody else changed it meanwhile; nothing of this transaction may be kept."""


class DatabaseInUse(Exception):  # noqa: N818 - it is a refusal in words
    """Another jitbot process works on this SQLite file."""


class Database:
    """A SQLite file or a PostgreSQL database; `on_commit` is called after each commit that wrote something.

    Nothing is opened before the first transaction. `unwritten` counts what it refused to write.
    """

    def __init__(self, url: str, *, pool_size: int = 40, read_only: bool = False) -> None:
        self.url = database_url(url)
        self.dialect = self.url.get_backend_name()
        self.path = Path(self.url.database or "").absolute() if self.dialect == "sqlite" else None
        self.read_only = read_only
        self.on_commit: Callable[[], None] | None = None
        self.unwritten = Unwritten()
        self._engine = self._open(pool_size)
        self._read = self._engine.execution_options(**_READ[self.dialect])
        # SQLite polls for its lock and is unfair: at 50 writers a queue of our own is what keeps the last one in time.
        # It also keeps a commit from meeting a checkpoint, which SQLite before 3.51.3 may answer with a broken file.
        self._write_lock = Lock() if self.dialect == "sqlite" else None
        self._turns = Turns(self.path) if self.path and not read_only else None
        self._claim: int | None = None

    def _open(self, pool_size: int) -> Engine:
        if self.path is None:
            return open_postgresql(self.url, pool_size=pool_size, read_only=self.read_only)
        return open_sqlite(self.path, pool_size=pool_size, read_only=self.read_only)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Begin a write transaction; it is committed at the end, and rolled back when anything is raised.

        A database error inside it must leave it: going on raises `TransactionGone`. Waiting is bounded:
        `sqlalchemy.exc.TimeoutError`, `OperationalError`.
        """
        if self.read_only:
            raise RuntimeError("This database was opened for reading only.")
        with self.unwritten.noted(), self._writing(), self._engine.begin() as db:
            yield db
            wrote = has_written(db)
        if wrote and self.on_commit:
            self.on_commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a transaction that only reads, from one unchanging picture of the database."""
        with self._read.begin() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._write_lock is None:
            yield
            return
        if not self._write_lock.acquire(timeout=WRITE_LOCK_SECONDS):
            raise WaitedTooLong(f"waited {WRITE_LOCK_SECONDS} s for another write transaction of this process")
        try:
            with self._turns.taken(WRITE_LOCK_SECONDS) if self._turns else nullcontext():
                yield
        finally:
            self._write_lock.release()

    def claim_process(self) -> None:
        """Make this the one process that writes to the SQLite file, or raise `DatabaseInUse`; PostgreSQL takes many."""
        if self.path is None or self._claim is not None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(f"{self.path.name}.lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            raise DatabaseInUse(
                f"Another jitbot (process {holder or 'unknown'}) works on {self.path}. Stop it first, or set"
                " DATABASE_URL to another file; several bots at a time need PostgreSQL."
            ) from None
        with suppress(OSError):  # a full disk: the lock holds without the number of its holder
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        self._claim = handle

    def upgrade(self) -> None:
        """Bring the tables up to date; a SQLite file with older tables is copied beside itself first.

        Raises `NewerDatabase` where a newer jitbot wrote the database. Any number of processes may call it at once.
        """
        if self.path is None:
            upgrade_postgresql(self._engine)
        else:
            upgrade_sqlite(self.path)

    def check(self) -> None:
        """Write one row, to prove that writing works; raises `SQLAlchemyError` where it does not."""
        with self.unwritten.noted(), self._writing(), self._engine.begin() as db:
            db.execute(update(counters).values(value=counters.c.value + 1).where(counters.c.name == "checks"))

    def clock(self) -> datetime:
        """Tell the database's own time, to compare with this machine's."""
        if self.dialect == "sqlite":
            return datetime.now(UTC)
        with self.read() as db:
            return db.execute(select(func.clock_timestamp(type_=UtcTime()))).scalar_one()

    def close(self) -> None:
        """Close all connections and let another process have the file."""
        self._engine.dispose()
        if self._turns is not None:
            self._turns.close()
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None


_READ: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": "DEFERRED"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
