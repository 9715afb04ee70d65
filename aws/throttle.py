"""Keeps the bot within Identity Center's rates, shared by all its threads.

Identity Center allows 20 requests a second over all its APIs and updates one role at a time per account (its quotas
page); half of that leaves room for others.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aws.errors import Busy

REQUESTS_PER_SECOND = 8.0
IN_FLIGHT = 8
LONGEST_WAIT = 60.0


class Throttle:
    """A token bucket, a bound on calls in flight, and one lock per account; `clock` and `wait` count seconds."""

    def __init__(
        self,
        *,
        rate: float = REQUESTS_PER_SECOND,
        in_flight: int = IN_FLIGHT,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._burst = max(1.0, rate)
        self._clock = clock
        self._wait = wait
        self._tokens = self._burst
        self._filled_at = clock()
        self._guard = threading.Lock()
        self._places = threading.BoundedSemaphore(in_flight)
        self._accounts: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one place among the calls in flight, not before the rate allows it."""
        if not self._places.acquire(timeout=LONGEST_WAIT):
            raise Busy("Too many calls to AWS are waiting for their answers.")
        try:
            self._pace()
            yield
        finally:
            self._places.release()

    @contextmanager
    def alone_in(self, account_id: str) -> Iterator[None]:
        """Be the only one who changes assignments in this account; the same thread may enter again."""
        with self._guard:
            lock = self._accounts[account_id]
        if not lock.acquire(timeout=LONGEST_WAIT):
            raise Busy("Another change in the same AWS account has not come to its end.")
        try:
            yield
        finally:
            lock.release()

    def _pace(self) -> None:
        """Take a token; where there is none, owe it and wait until it has come."""
        with self._guard:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
            self._filled_at = now
            self._tokens -= 1
            debt = -self._tokens
        if debt > 0:
            self._wait(debt / self._rate)
