"""Watches over the clock's jobs by monotonic time: kicks what is held up, and leaves where that does not help."""

import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
LOOK_SECONDS = 2
STALE_SECONDS = 30.0
DEAD_SECONDS = 120.0
EXIT_CODE = 70
"""An internal error, as sysexits.h names it; whatever supervises the process starts it again."""
_MARGIN = timedelta(seconds=1)


class Watchdog:
    """Looks every two seconds; `age` is the seconds since the last sweep, `leave` ends the process at once."""

    def __init__(
        self, jobs: BackgroundScheduler, age: Callable[[], float], leave: Callable[[int], object] = os._exit
    ) -> None:
        self._jobs = jobs
        self._age = age
        self._leave = leave
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def look(self) -> None:
        """Look once."""
        thread, age = getattr(self._jobs, "_thread", None), self._age()
        dead = thread is None or not thread.is_alive()
        if self._stopping.is_set():
            return  # asked after the thread, which ends only after this is set
        if dead:
            log.critical("the scheduler's thread is dead: leaving, to be started again")
            self._leave(EXIT_CODE)
        elif age > DEAD_SECONDS:
            log.critical("no sweep for %.0f s: leaving, to be started again", age)
            self._leave(EXIT_CODE)
        else:
            self._kick(stale=age > STALE_SECONDS)

    def _kick(self, *, stale: bool) -> None:
        """Wake what the wall clock, set back, would let wait longer than its interval; and a sweep that is stale."""
        now = datetime.now(UTC)
        for job in self._jobs.get_jobs():
            held_up = job.next_run_time > now + job.trigger.interval + _MARGIN
            if held_up or (stale and job.id == "sweep"):
                log.error("the job %s is late or the clock was set back: waking it", job.id)
                self._wake(job.id, now)

    def _wake(self, job: str, now: datetime) -> None:
        try:
            self._jobs.modify_job(job, next_run_time=now)
        except JobLookupError:
            log.debug("the job %s is gone: the bot is stopping", job)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("the watchdog could not look; it looks again")
