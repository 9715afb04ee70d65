"""Drains the outbox: a dispatcher for each lane claims what is due, and a few threads perform it."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.ends_first import EndsFirst
from bot.metrics import Metrics
from operations.deps import Deps
from operations.perform import perform
from storage import outbox
from storage.outbox import Claimed, Lane
from storage.troubles import why_unwritten

log = logging.getLogger(__name__)
THREADS: Mapping[Lane, int] = {Lane.REVOKE: 4, Lane.GRANT: 4, Lane.SLACK: 4}
"""Lanes of their own, so that neither Slack nor a hanging grant can delay an end."""

LEASE = timedelta(seconds=180)
"""Longer than the longest attempt: 15 s of polling between calls of at most 20 s each (aws.clients.WRITE)."""
_IDLE = 1.0
_SAY_EVERY = 60.0


def fair_share(threads: int) -> int:
    """Tell how many of a lane's threads one AWS account may hold: half, so that one that hangs leaves others room."""
    return (threads + 1) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims of one lane for a worker with so many threads in it."""

    deps: Deps
    lane: Lane
    worker: str
    threads: int

    def take(self, limit: int, may_claim: Callable[[], bool]) -> list[Claimed]:
        """Claim at most `limit` effects, where any is due and `may_claim` then agrees."""
        now = self.deps.clock.now()
        with self.deps.database.read() as db:
            if not outbox.due(db, self.lane, now):
                return []
        if not may_claim():
            return []
        with self.deps.database.begin() as db:
            return outbox.claim(db, self.lane, now, self.worker, LEASE, limit, share=fair_share(self.threads))


class _Complaint:
    """Says once a minute, for all lanes, that nothing can be claimed: they try again every second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._again = 0.0

    def __call__(self, why: str) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._again:
                return
            self._again = now + _SAY_EVERY
        log.error("nothing of the outbox can be claimed: %s; it is tried every second", why)


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())


class Worker:
    """Performs effects until it is stopped; `name` tells in the rows who holds them."""

    def __init__(self, deps: Deps, name: str, metrics: Metrics, threads: Mapping[Lane, int] = THREADS) -> None:
        self._deps = deps
        self._name = name
        self._stopping = threading.Event()
        self._metrics = metrics
        complain = _Complaint()
        self._lanes = {
            lane: _LaneWorker(
                Claims(deps=deps, lane=lane, worker=name, threads=count), self._stopping, self._perform, complain
            )
            for lane, count in threads.items()
        }
        if Lane.GRANT in self._lanes:
            self._lanes[Lane.GRANT].may_claim = EndsFirst(deps)

    def start(self) -> None:
        """Begin in the background."""
        for lane in self._lanes.values():
            lane.start()

    def wake(self) -> None:
        """Look at once: something was committed."""
        for lane in self._lanes.values():
            lane.woken.set()

    def stop(self, timeout: float) -> None:
        """Take nothing new, finish what is under way within `timeout` seconds, hand back the rest."""
        self._stopping.set()
        self.wake()
        until = time.monotonic() + timeout
        for lane in self._lanes.values():
            lane.join(until)
        try:
            with self._deps.database.begin() as db:
                returned = outbox.hand_back(db, self._name, self._deps.clock.now())
        except SQLAlchemyError as error:
            log.warning("what is unfinished is free again in %d s: %s", LEASE.total_seconds(), type(error).__name__)
        else:
            if returned:
                log.warning("handed %d unfinished effects back", returned)

    def _perform(self, claimed: Claimed) -> None:
        done = perform(self._deps, claimed)
        self._metrics.outbox_attempts.labels(kind=claimed.effect.kind.value, outcome="done" if done else "later").inc()


class _LaneWorker:
    """One lane: never more effects claimed than threads are free."""

    def __init__(
        self,
        claims: Claims,
        stopping: threading.Event,
        run: Callable[[Claimed], None],
        complain: Callable[[str], None],
    ) -> None:
        self.woken = threading.Event()
        self.may_claim: Callable[[], bool] = lambda: True
        self._claims = claims
        self._stopping = stopping
        self._free = threading.Semaphore(claims.threads)
        self._count = claims.threads
        self._perform = run
        self._complain = complain
        self._pool = ThreadPoolExecutor(claims.threads, thread_name_prefix=f"outbox-{claims.lane}")
        self._thread = threading.Thread(target=self._dispatch, name=f"dispatch-{claims.lane}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, until: float) -> None:
        self._thread.join(_left(until))
        taken = sum(self._free.acquire(timeout=_left(until)) for _ in range(self._count))
        self._pool.shutdown(wait=taken == self._count, cancel_futures=True)

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self._claim_and_submit()
            except Exception as error:
                if why := why_unwritten(error):
                    self._complain(why)
                else:
                    log.exception("claiming from the lane %s of the outbox failed", self._claims.lane)
                busy = False
            if not busy:
                self.woken.wait(_IDLE)
            self.woken.clear()

    def _claim_and_submit(self) -> bool:
        free = self._take_free()
        claimed: list[Claimed] = []
        try:
            if free:
                claimed = self._claims.take(free, self.may_claim)
        finally:
            for _ in range(free - len(claimed)):
                self._free.release()
        for each in claimed:
            self._pool.submit(self._run, each)
        return bool(claimed)

    def _take_free(self) -> int:
        free = 0
        while free < self._count and self._free.acquire(blocking=False):
            free += 1
        return free

    def _run(self, claimed: Claimed) -> None:
        try:
            if not self._stopping.is_set():
                self._perform(claimed)
        except Exception:
            log.exception("an effect could not be settled", extra={"effect": claimed.effect.key})
        finally:
            self._free.release()
            self.woken.set()
