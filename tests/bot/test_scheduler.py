"""The scheduler's jobs: late ones are run late, never dropped."""

from types import SimpleNamespace
from typing import Any, cast

from bot.scheduler import Scheduler


def test_a_job_that_comes_late_is_run_late_once_and_never_dropped() -> None:
    """APScheduler drops what is a second late unless told otherwise: a pause of the process would cost a sweep."""
    scheduler = Scheduler(cast(Any, SimpleNamespace()), lambda: None, lambda: None)
    scheduler._jobs.start(paused=True)
    try:
        jobs = scheduler._jobs.get_jobs()
        assert {"sweep", "refresh", "measure", "prune"} <= {each.id for each in jobs}
        assert {(each.misfire_grace_time, each.coalesce, each.max_instances) for each in jobs} == {(None, True, 1)}
    finally:
        scheduler._jobs.shutdown(wait=True)
