"""Wall clocks jump, machines sleep, threads die: ends come on time, or the process leaves to be started again."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from access.session import SessionStatus
from bot.scheduler import Scheduler, reach_again
from bot.watchdog import DEAD_SECONDS, EXIT_CODE, STALE_SECONDS, Watchdog
from bot.worker import LEASE
from operations.end import revoke_session
from operations.home_order import order_own_home
from sandbox.aws.faults import FaultKind
from storage import outbox
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, NOW, OLGA, RITA
from tests.faults.wall import Wall
from tests.operations.company import IN_AWS, Company

PATIENCE = 60.0
LENGTH = 2 * HOUR


@pytest.fixture(name="clock")
def make_clock() -> Wall:
    """Give a clock that stands until it is moved, and whose time of day can be set."""
    return Wall(NOW, frozen=True)


class Monotonic:
    """Monotonic time as a test says it passes."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(name="monotonic")
def make_monotonic() -> Monotonic:
    return Monotonic()


@pytest.fixture(name="scheduler")
def run_scheduler(company: Company, monotonic: Monotonic) -> Iterator[Scheduler]:
    """Run the bot's own clock for a company; the watchdog looks when a test says so."""
    scheduler = Scheduler(company.deps, lambda: None, lambda: None, monotonic=monotonic)
    scheduler._jobs.start()
    yield scheduler
    scheduler.stop(PATIENCE)


def comes_true(look: Callable[[], object]) -> bool:
    """Look until it is so, or patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not look() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(look())


def test_a_wall_clock_set_back_stops_no_sweep(scheduler: Scheduler, monotonic: Monotonic) -> None:
    """APScheduler would wait until the wall clock is where it was: the watchdog wakes every job within two seconds."""
    jobs = scheduler._jobs
    assert comes_true(lambda: scheduler.last_sweep == monotonic.seconds)
    for job in jobs.get_jobs():
        jobs.modify_job(job.id, next_run_time=datetime.now(UTC) + job.trigger.interval + HOUR)
    monotonic.seconds += 1

    scheduler.watchdog.look()

    assert comes_true(lambda: scheduler.last_sweep == monotonic.seconds)
    late = [job.id for job in jobs.get_jobs() if job.next_run_time > datetime.now(UTC) + job.trigger.interval]
    assert late == []


def test_a_watchdog_leaves_jobs_alone_that_are_on_time(scheduler: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    """A look changes nothing while all goes well."""
    with caplog.at_level(logging.ERROR):
        scheduler.watchdog.look()

    assert caplog.records == []


def left(scheduler: Scheduler, age: float) -> list[int]:
    """Look once at a scheduler whose last sweep was so long ago; returns the codes that the process was left with."""
    codes: list[int] = []
    Watchdog(scheduler._jobs, lambda: age, codes.append).look()
    return codes


def test_a_sweep_that_is_stale_is_woken_and_one_that_is_dead_ends_the_process(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    """Kicked after 30 s; after two minutes without a sweep the process leaves, to be started again."""
    assert left(scheduler, STALE_SECONDS + 1) == []
    assert "the job sweep is late" in caplog.text
    assert left(scheduler, DEAD_SECONDS) == []
    assert left(scheduler, DEAD_SECONDS + 1) == [EXIT_CODE]


def test_a_look_that_fails_is_not_the_last_one(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in a look, the watchdog goes on: nobody watches over it."""
    looks: list[None] = []

    def age() -> float:
        looks.append(None)
        raise RuntimeError("no age")

    monkeypatch.setattr("bot.watchdog.LOOK_SECONDS", 0.01)
    watchdog = Watchdog(scheduler._jobs, age)
    watchdog.start()
    looked_on = comes_true(lambda: len(looks) >= 3)
    watchdog.stop()
    assert looked_on


DEATH = """
import sys
from datetime import timedelta
from types import SimpleNamespace
from bot import watchdog
from bot.scheduler import Scheduler
from storage.transactions import Database

watchdog.LOOK_SECONDS = 0.05
database = Database(sys.argv[1])
rules = SimpleNamespace(announce_before=timedelta(0), remind_after=timedelta(0), escalate_after=timedelta(0))
from bot.clock import SystemClock
scheduler = Scheduler(SimpleNamespace(database=database, clock=SystemClock(), rules=rules), lambda: None, lambda: None)

def die(now):
    raise SystemExit("a store that kills the thread")

scheduler.start()
scheduler._jobs._jobstores["default"].get_due_jobs = die
scheduler._jobs.wakeup()
scheduler._jobs._thread.join(60)
print("the thread is dead", flush=True)
sys.stdin.read()
"""


def test_a_dead_scheduler_ends_the_process(database_url: str) -> None:
    """The process leaves with 70 by itself, although all its other threads live on."""
    command = [sys.executable, "-c", DEATH, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        try:
            assert process.wait(PATIENCE) == EXIT_CODE
        finally:
            process.kill()
        assert process.stdout
        assert process.stdout.read() == b"the thread is dead\n"


def test_stopping_at_any_moment_is_quiet(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    """No job is begun while its threads go: nothing is logged as an error, and nothing dies."""
    died: list[object] = []
    threading.excepthook, before = died.append, threading.excepthook
    try:
        for number in range(30):
            scheduler = Scheduler(company.deps, lambda: None, lambda: None)
            scheduler.start()
            if number % 3:
                scheduler._jobs.modify_job("measure", next_run_time=datetime.now(UTC))
            scheduler.watchdog.look()
            scheduler.stop(PATIENCE)
            scheduler.watchdog.look()
    finally:
        threading.excepthook = before

    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert died == []


def test_a_machine_that_slept_ends_at_once_what_is_over(company: Company, clock: Wall, scheduler: Scheduler) -> None:
    """Monotonic time stands still while a machine sleeps: the next sweep goes by the time of day."""
    request = company.active()
    assert comes_true(lambda: scheduler.age == 0)

    clock.jump(8 * HOUR)

    assert comes_true(lambda: company.session(request).status is SessionStatus.REVOKING)
    company.drain(*IN_AWS)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_clock_jumps_backwards_and_forwards(company: Company, clock: Wall) -> None:
    """No end comes before its time of day, none is missed, none is announced or told twice."""
    request = company.active()
    ends_at = company.session(request).ends_at
    clock.jump(-3 * HOUR)
    company.pass_time(HOUR)
    assert company.session(request).status is SessionStatus.ACTIVE

    clock.jump(ends_at - clock.now() - 10 * MINUTE)
    company.pass_time(MINUTE)
    assert company.events(request).count("announced") == 1
    clock.jump(-HOUR)
    company.pass_time(HOUR / 2)
    assert company.session(request).ends_at == ends_at

    clock.jump(ends_at - clock.now() - timedelta(seconds=1))
    company.sweep()
    assert company.session(request).status is SessionStatus.ACTIVE
    clock.jump(timedelta(seconds=1))
    company.pass_time(MINUTE, *Lane)
    assert company.session(request).status is SessionStatus.EXPIRED
    clock.jump(-24 * HOUR)
    company.pass_time(MINUTE, *Lane)
    assert company.events(request).count("announced") == company.events(request).count("expired") == 1


def test_a_removal_ordered_before_the_clock_was_set_back_does_not_wait_for_that_hour_again(
    company: Company, clock: Wall
) -> None:
    """Neither one that nobody has taken yet, nor one put off after a failure, nor one whose worker died."""
    request = company.active()
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    clock.jump(-HOUR)
    assert company.drain(Lane.REVOKE) == 0
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.THROTTLING)

    assert reach_again(company.deps) >= 1
    assert company.drain(Lane.REVOKE) == 1  # put off, as AWS is busy
    clock.jump(-HOUR)
    assert reach_again(company.deps) >= 1
    (dead,) = company.claim(Lane.REVOKE)
    clock.jump(-HOUR)
    assert reach_again(company.deps) >= 1
    assert dead.leased_until > clock.now() + LEASE
    clock.jump(LEASE + timedelta(seconds=1))
    company.drain(Lane.REVOKE)

    assert company.session(request).status is SessionStatus.REVOKED


def test_nothing_is_hastened_while_the_clock_goes_on(company: Company) -> None:
    """The second look after an end keeps its five minutes, and who waits for AWS keeps waiting."""
    request = company.active()
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.THROTTLING)
    company.drain(*Lane)
    assert reach_again(company.deps) == 0
    company.pass_time(MINUTE, *IN_AWS)
    assert company.session(request).status is SessionStatus.REVOKED
    assert reach_again(company.deps) == 0


def test_the_second_look_after_an_end_does_not_wait_for_that_hour_again(company: Company, clock: Wall) -> None:
    """The clock goes back after the end: whether anything was left is looked for within minutes all the same."""
    request = company.active()
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    company.drain(*IN_AWS)
    assert company.session(request).status is SessionStatus.REVOKED
    clock.jump(-HOUR)

    assert reach_again(company.deps) >= 1
    company.pass_time(MINUTE, *IN_AWS)

    with company.database.read() as db:
        assert outbox.state(db, company.clock.now() + 2 * HOUR)[Lane.REVOKE].ready == 0


def test_what_was_put_off_when_it_was_ordered_is_not_hastened(company: Company) -> None:
    """What Slack wants to be asked for in an hour, and nobody has tried yet, keeps its time."""
    with company.database.begin() as db:
        order_own_home(db, RITA.slack_id, company.clock.now(), HOUR)

    assert reach_again(company.deps) == 0


NIGHTS = [
    datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/New_York")),
    datetime(2027, 4, 4, 1, 15, tzinfo=ZoneInfo("Australia/Lord_Howe")),
]


@pytest.mark.parametrize("evening", NIGHTS, ids=lambda each: f"{each.tzinfo}-{each:%m-%d}")
def test_a_session_over_the_night_of_a_time_change_lasts_exactly_as_long(
    company: Company, clock: Wall, monkeypatch: pytest.MonkeyPatch, evening: datetime
) -> None:
    """Two hours are two hours of time, whatever the clocks on the wall show."""
    monkeypatch.setenv("TZ", str(evening.tzinfo))
    time.tzset()
    clock.move_to(evening)
    request = company.active()
    granted_at = company.session(request).granted_at
    assert granted_at
    assert company.session(request).ends_at - granted_at == LENGTH

    clock.move_to(granted_at + LENGTH - timedelta(seconds=1))
    company.sweep()
    assert company.session(request).status is SessionStatus.ACTIVE
    clock.move_to(granted_at + LENGTH)
    company.sweep()
    assert company.session(request).status is SessionStatus.REVOKING
    monkeypatch.undo()
    time.tzset()
