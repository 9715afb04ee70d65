"""Wakes this process when another one has ordered effects on the same PostgreSQL; it only saves waiting.

Whoever orders effects notifies in the same transaction, so that a notification never comes before its rows. One that is
lost costs a second: the workers look by themselves.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection, Engine, text

from storage.engines import open_postgresql

log = logging.getLogger(__name__)
CHANNEL = "jitbot_outbox"
_LOOK_EVERY = 0.5
"""Seconds after which a listener that is to stop notices it."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_NOTIFY = text(f"NOTIFY {CHANNEL}")
_LISTEN = f"LISTEN {CHANNEL}"


def notify(db: Connection) -> None:
    """Tell the listeners of all processes when this transaction is committed; nothing happens on SQLite."""
    if db.dialect.name == "postgresql":
        db.execute(_NOTIFY)


class Listener:
    """One connection of its own that listens for as long as it can, and connects again whenever it is lost."""

    def __init__(self, url: URL, woke: Callable[[], None]) -> None:
        self._url = url
        self._woke = woke
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
        self.listening = threading.Event()

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Hang up."""
        self._stopping.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        engine = open_postgresql(self._url, pool_size=1)
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                self._listen(engine)
            except Exception as error:  # noqa: BLE001 - whatever it was, connecting again is the answer
                wait = _FIRST_WAIT if self.listening.is_set() else min(_LONGEST_WAIT, wait * 2)
                self.listening.clear()
                log.warning("other processes cannot wake this one, which looks every second: %s", _words(error))
                self._stopping.wait(wait)
        engine.dispose()

    def _listen(self, engine: Engine) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            try:
                db.exec_driver_sql(_LISTEN)
                self.listening.set()
                self._woke()  # what was ordered while nobody listened
                self._hear(db.connection.driver_connection)
            finally:
                db.invalidate()  # a connection that listens goes back to no pool

    def _hear(self, connection: Any) -> None:
        while not self._stopping.is_set():
            for _ in connection.notifies(timeout=_LOOK_EVERY, stop_after=1):
                self._woke()


def _words(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
