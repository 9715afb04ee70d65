"""Turns at writing a SQLite file, across processes: a command may put one order into the file of a running bot.

SQLite's own lock keeps writers apart, but not a writer from somebody else's checkpoint, which before 3.51.3 may break
the file (https://sqlite.org/wal.html). Checkpoints are made within a turn here, so that they never meet.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import TimeoutError as WaitedTooLong

_LOOK_EVERY = 0.005


class Turns:
    """A lock file beside the database; threads of one process take turns before they come here."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}.turn")
        self._handle: int | None = None

    @contextmanager
    def taken(self, within: float) -> Iterator[None]:
        """Have the turn; raises `sqlalchemy.exc.TimeoutError` where another process keeps it for `within` seconds."""
        handle = self._opened()
        if handle is None:
            yield
            return
        until = time.monotonic() + within
        while not _locked(handle):
            if time.monotonic() >= until:
                raise WaitedTooLong(f"waited {within:.0f} s for another process that writes to {self._path.stem}")
            time.sleep(_LOOK_EVERY)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _opened(self) -> int | None:
        """Open the lock file; where the disk takes no new file, SQLite's own lock has to do."""
        if self._handle is None:
            try:
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                return None
        return self._handle


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
