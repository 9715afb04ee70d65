"""The clock: a few fixed interval jobs that wake sweeps over the database, and a watchdog on monotonic time."""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from operations.deps import Deps
from operations.due import anything_due
from operations.end import announce_due_ends, end_due_sessions
from operations.remind import escalate_due_requests, lapse_due_requests, remind_due_approvers
from storage import outbox

log = logging.getLogger(__name__)
SWEEP_SECONDS = 2
REFRESH_SECONDS = 600
MEASURE_SECONDS = 15
KEPT_EFFECTS = timedelta(days=30)
_STALE_SECONDS = 30.0
_DEAD_SECONDS = 120.0
_EXIT_CODE = 70
_SWEEPS = (end_due_sessions, lapse_due_requests, announce_due_ends, remind_due_approvers, escalate_due_requests)


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


def _may_find_something(deps: Deps) -> bool:
    try:
        return anything_due(deps)
    except Exception:
        log.exception("whether anything is due could not be read: each sweep asks for itself")
        return True


class Scheduler:
    """Runs the sweeps every 2 s, `refresh` every 10 min and `measure` every 15 s; `last_sweep` is monotonic seconds."""

    def __init__(self, deps: Deps, refresh: Callable[[], None], measure: Callable[[], None]) -> None:
        self._deps = deps
        self._stopping = threading.Event()
        self._reading = threading.Lock()
        self.last_sweep = time.monotonic()
        # Memory store, UTC, late jobs never dropped: reliability of a job is the database's business, not the timer's.
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._jobs.add_job(self._sweep, "interval", seconds=SWEEP_SECONDS, id="sweep", next_run_time=datetime.now(UTC))
        self._jobs.add_job(refresh, "interval", seconds=REFRESH_SECONDS, id="refresh", next_run_time=datetime.now(UTC))
        self._jobs.add_job(lambda: self._unless_stopping(measure), "interval", seconds=MEASURE_SECONDS, id="measure")
        self._jobs.add_job(lambda: self._unless_stopping(lambda: prune(self._deps)), "interval", days=1, id="prune")
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._jobs.start()
        self._watchdog.start()

    def stop(self, timeout: float) -> None:
        """Begin no sweep any more, and wait up to `timeout` seconds for one that is under way."""
        self._stopping.set()
        self._jobs.remove_all_jobs()  # a job that falls due while its threads go would be logged as an error
        self._jobs.shutdown(wait=False)
        if self._reading.acquire(timeout=timeout):
            self._reading.release()

    @property
    def age(self) -> float:
        """Seconds since the last sweep ended."""
        return time.monotonic() - self.last_sweep

    def _sweep(self) -> None:
        self._unless_stopping(lambda: sweep(self._deps))
        self.last_sweep = time.monotonic()

    def _unless_stopping(self, work: Callable[[], object]) -> None:
        """Work on the database, which is closed after a stop."""
        with self._reading:
            if not self._stopping.is_set():
                work()

    def _watch(self) -> None:
        """Kick a sweep that does not come (the wall clock went back); leave the process where kicks do not help."""
        while not self._stopping.wait(SWEEP_SECONDS):
            if self.age > _DEAD_SECONDS:
                log.critical("no sweep for %.0f s: leaving, to be started again", self.age)
                os._exit(_EXIT_CODE)
            if self.age > _STALE_SECONDS:
                log.error("no sweep for %.0f s: waking it", self.age)
                self._jobs.modify_job("sweep", next_run_time=datetime.now(UTC))
