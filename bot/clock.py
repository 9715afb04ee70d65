"""The time of day and the passing of time, as everything in the bot asks for it."""

import threading
import time
from datetime import UTC, datetime, timedelta

_LOOK_EVERY = 0.02
"""Seconds between two looks at a clock that somebody may move; only the demo and the tests have one."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Count seconds that never go back."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set or so many seconds have passed; tells whether it is set."""
        return event.wait(max(0.0, seconds))


class MovableClock:
    """A clock that can be moved forward; it also runs by itself unless `frozen`.

    `start` is its first time of day (aware); without it, the machine's.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._lock = threading.Lock()
        self._begin = (start or datetime.now(UTC)).astimezone(UTC)
        self._real_begin = time.monotonic()
        self._frozen = frozen
        self._moved = timedelta(0)

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return self._begin + self._passed()

    def monotonic(self) -> float:
        """Count seconds that never go back, and that jump when the clock is moved."""
        return self._passed().total_seconds()

    def move(self, by: timedelta) -> datetime:
        """Move the clock forward and return the new time; raises ValueError for a move back."""
        if by < timedelta(0):
            raise ValueError(f"Time goes forward only, not by {by}.")
        with self._lock:
            self._moved += by
        return self.now()

    def move_to(self, moment: datetime) -> datetime:
        """Move the clock forward to a moment (aware), where that is ahead, and return the new time."""
        return self.move(max(timedelta(0), moment - self.now()))

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set or so many seconds of this clock have passed; tells whether it is set."""
        until = self.monotonic() + seconds
        while not event.is_set():
            left = until - self.monotonic()
            if left <= 0:
                return False
            event.wait(_LOOK_EVERY if self._frozen else min(left, _LOOK_EVERY))
        return True

    def _passed(self) -> timedelta:
        real = timedelta(0) if self._frozen else timedelta(seconds=time.monotonic() - self._real_begin)
        with self._lock:
            return real + self._moved
