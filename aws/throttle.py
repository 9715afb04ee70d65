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
LEFT_FOR_OTHERS = 0.5
"""The part of the rate, and of the calls in flight, that patient calls never touch: a removal finds it free."""
_A_TRIFLE = 1e-6


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
        self._most_patient = max(1, int(in_flight * LEFT_FOR_OTHERS))
        self._in_flight = 0
        self._own = threading.local()
        self._accounts: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one place among the calls in flight, not before the rate allows it."""
        if getattr(self._own, "patient", False):
            self._give_way()
        if not self._places.acquire(timeout=LONGEST_WAIT):
            raise Busy("Too many calls to AWS are waiting for their answers.")
        self._count(1)
        try:
            self._pace()
            yield
        finally:
            self._count(-1)
            self._places.release()

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Let the calls of this thread wait until others leave half of the rate and of the places unused.

        A call raises Busy where that does not come to be in `LONGEST_WAIT` seconds: there is more urgent work.
        """
        self._own.patient = True
        try:
            yield
        finally:
            self._own.patient = False

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

    def _give_way(self) -> None:
        """Wait until nobody who is in a hurry would miss the token and the place that this call takes."""
        waited = 0.0
        while (wanted := self._wanting()) > 0:
            if waited >= LONGEST_WAIT:
                raise Busy("AWS is busy with what is more urgent than looking around.")
            self._wait(wanted)
            waited += wanted

    def _wanting(self) -> float:
        """Tell how many seconds are wanting until a patient call may begin; 0 where it may."""
        with self._guard:
            self._fill()
            missing = min(self._burst, 1 + self._burst * LEFT_FOR_OTHERS) - self._tokens
            crowded = self._in_flight >= self._most_patient
        return max(missing if missing > _A_TRIFLE else 0.0, 1.0 if crowded else 0.0) / self._rate

    def _count(self, change: int) -> None:
        with self._guard:
            self._in_flight += change

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now

    def _pace(self) -> None:
        """Take a token; where there is none, owe it and wait until it has come."""
        with self._guard:
            self._fill()
            self._tokens -= 1
            debt = -self._tokens
        if debt > 0:
            self._wait(debt / self._rate)
