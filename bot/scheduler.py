"""The clock: a few fixed interval jobs that wake sweeps over the database."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.watchdog import Watchdog
from bot.worker import LEASE
from operations.deps import Deps
from operations.due import anything_due
from operations.end import announce_due_ends, end_due_sessions
from operations.overdue import call_overdue_sessions
from operations.reconcile import EVERY, reconcile_in_turn
from operations.remind import escalate_due_requests, lapse_due_requests, remind_due_approvers
from operations.revoke_anyway import RevokeAnyway
from storage import outbox
from storage.heartbeat import beat
from storage.set_back import out_of_reach, pull_back
from storage.troubles import why_unwritten

log = logging.getLogger(__name__)
SWEEP_SECONDS = 2
REFRESH_SECONDS = 600
MEASURE_SECONDS = 15
KEPT_EFFECTS = timedelta(days=30)
ANYWAY_SECONDS = 10
REACH_SECONDS = 60
LIFE_SECONDS = 60
_BREATH = 0.02
_FEW = 10
"""Who settled more than that looks at once whether there is more."""
_THREADS = 8
"""As many as there are jobs: none waits for another."""
Found = TypeVar("Found")
_SWEEPS = (
    end_due_sessions,
    call_overdue_sessions,
    lapse_due_requests,
    announce_due_ends,
    remind_due_approvers,
    escalate_due_requests,
)


def sweep(deps: Deps) -> int:
    """Settle everything that time has made due, ends first; returns how much. One failing sweep stops no other."""
    if not _may_find_something(deps):
        return 0
    settled = 0
    for each in _SWEEPS:
        try:
            settled += each(deps)
        except Exception:
            log.exception("a sweep failed: %s", each.__name__)
    return settled


def prune(deps: Deps) -> int:
    """Forget effects performed a month ago, their keys with them: none is ordered twice so late; returns how many."""
    with deps.database.begin() as db:
        return outbox.prune(db, deps.clock.now() - KEPT_EFFECTS)


def show_life(deps: Deps) -> None:
    """Note in the database that this bot sweeps, for whoever watches from outside."""
    with deps.database.begin() as db:
        beat(db, deps.clock.now())


def reach_again(deps: Deps) -> int:
    """Bring back what a wall clock that was set back has put out of reach; returns how many effects."""
    now = deps.clock.now()
    with deps.database.read() as db:
        if not out_of_reach(db, now, LEASE):
            return 0
    with deps.database.begin() as db:
        found = pull_back(db, now, LEASE)
    log.warning("%d effects were due too far ahead, as if the clock had been set back: they are due now", found)
    return found


def _may_find_something(deps: Deps) -> bool:
    try:
        return anything_due(deps)
    except Exception:
        log.exception("whether anything is due could not be read: each sweep asks for itself")
        return True


class Scheduler:
    """Runs the sweeps every 2 s and the other jobs at their intervals; `last_sweep` is seconds of `monotonic`."""

    def __init__(
        self,
        deps: Deps,
        refresh: Callable[[], None],
        measure: Callable[[], None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deps = deps
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._reading = threading.Lock()
        self._looking = threading.Lock()
        self._revoke_anyway = RevokeAnyway(deps, self._stopping.is_set)
        self.last_sweep = monotonic()
        # Memory store, UTC, late jobs never dropped: reliability of a job is the database's business, not the timer's.
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        soon = {"next_run_time": datetime.now(UTC)}
        self._every("sweep", self._sweep, seconds=SWEEP_SECONDS, **soon)
        self._every("refresh", refresh, seconds=REFRESH_SECONDS, **soon)
        self._every("measure", lambda: self._unless_stopping(measure), seconds=MEASURE_SECONDS)
        self._every("anyway", self._anyway, seconds=ANYWAY_SECONDS)
        self._every("reach", lambda: self._unless_stopping(lambda: reach_again(deps)), seconds=REACH_SECONDS)
        self._every("life", lambda: self._unless_stopping(self._show_life), seconds=LIFE_SECONDS, **soon)
        self._every("reconcile", self._reconcile, seconds=EVERY.total_seconds())
        self._every("prune", lambda: self._unless_stopping(lambda: prune(deps)), days=1)
        self.watchdog = Watchdog(self._jobs, lambda: self.age)

    def _every(self, job: str, work: Callable[[], object], **when: object) -> None:
        self._jobs.add_job(work, "interval", id=job, **when)

    def start(self) -> None:
        """Begin in the background."""
        self._jobs.start()
        self.watchdog.start()

    def stop(self, timeout: float) -> None:
        """Begin no sweep any more, and wait up to `timeout` seconds for what is under way."""
        self._stopping.set()
        self.watchdog.stop()
        self._jobs.remove_all_jobs()  # a job that falls due while its threads go would be logged as an error
        self._jobs.shutdown(wait=False)
        for each in (self._reading, self._looking):
            if each.acquire(timeout=timeout):
                each.release()

    def reconcile_now(self) -> None:
        """Compare AWS with the sessions now, and not only at the next round."""
        self._jobs.modify_job("reconcile", next_run_time=datetime.now(UTC))

    @property
    def age(self) -> float:
        """Seconds since the last sweep ended."""
        return self._monotonic() - self.last_sweep

    def _sweep(self) -> None:
        more = True
        while more:  # after an outage there is no time to lose between two batches, but the figures get their turn
            more = (self._unless_stopping(lambda: sweep(self._deps)) or 0) > _FEW and not self._stopping.wait(_BREATH)
            self.last_sweep = self._monotonic()

    def _anyway(self) -> None:
        """Not one of those that work in turn: AWS may hang, and the sweeps go on."""
        try:
            self._revoke_anyway()
        except Exception:
            if not self._stopping.is_set():
                log.exception("what is over could not be removed without a record")

    def _reconcile(self) -> None:
        """Not one of those that work in turn: it reads long lists from AWS, and the sweeps go on."""
        try:
            with self._looking:
                reconcile_in_turn(self._deps, self._stopping.is_set)
        except Exception as error:  # noqa: BLE001 - the next round comes, whatever it was
            if not self._stopping.is_set():
                log.warning("AWS could not be compared with the sessions: %s", error)

    def _show_life(self) -> None:
        """Give no sign of life where the sweeps stand still; a bot that cannot write gives none either."""
        if self.age >= LIFE_SECONDS:
            return
        try:
            show_life(self._deps)
        except Exception as error:
            if not (why := why_unwritten(error)):
                raise
            log.warning("no sign of life could be stored: %s", why)

    def _unless_stopping(self, work: Callable[[], Found]) -> Found | None:
        """Work on the database, which is closed after a stop."""
        with self._reading:
            return None if self._stopping.is_set() else work()
