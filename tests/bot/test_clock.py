"""The clock that can be moved behaves as the machine's, only sooner."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock, SystemClock

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_machines_clock_tells_utc() -> None:
    """Times are aware, in UTC, and now."""
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert told.tzinfo is UTC
    assert before <= told <= datetime.now(UTC)


def test_the_machines_clock_waits_for_an_event() -> None:
    """Waiting ends with the event, or with the time."""
    event = threading.Event()
    assert not SystemClock().wait(event, 0.001)
    assert not SystemClock().wait(event, -1)
    event.set()
    assert SystemClock().wait(event, 60)


def test_a_frozen_clock_stands_still_until_moved() -> None:
    """Only moving changes it, and both of its readings go together."""
    clock = MovableClock(NOON, frozen=True)
    begin = clock.monotonic()
    assert clock.now() == clock.now() == NOON
    assert clock.move(timedelta(hours=2)) == NOON + timedelta(hours=2)
    assert clock.monotonic() - begin == 7200


def test_a_running_clock_runs_and_jumps() -> None:
    """It goes on by itself, and moving adds to that."""
    clock = MovableClock(NOON)
    first = clock.now()
    clock.move(timedelta(days=1))
    assert timedelta(days=1) <= clock.now() - first < timedelta(days=1, minutes=1)
    assert clock.now() < clock.now()


def test_time_does_not_go_back() -> None:
    """Moving back is refused; moving to what is past changes nothing."""
    clock = MovableClock(NOON, frozen=True)
    with pytest.raises(ValueError, match="forward"):
        clock.move(timedelta(seconds=-1))
    assert clock.move_to(NOON - timedelta(days=1)) == NOON
    assert clock.move_to(NOON + timedelta(days=1)) == NOON + timedelta(days=1)


def test_local_times_become_utc() -> None:
    """A start in another zone is the same moment in UTC."""
    local = datetime.fromisoformat("2026-03-01T13:00:00+01:00")
    assert MovableClock(local, frozen=True).now().isoformat() == "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize("frozen", [True, False])
def test_moving_wakes_who_waits(frozen: object) -> None:
    """Somebody who waits an hour is through as soon as the clock has moved an hour."""
    clock = MovableClock(NOON, frozen=bool(frozen))
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(clock.wait(threading.Event(), 3600)))
    waiting.start()
    clock.move(timedelta(hours=1))
    # the wait may have begun after the move
    clock.move(timedelta(hours=1))
    while waiting.is_alive():
        clock.move(timedelta(hours=1))
        waiting.join(0.05)
    assert answers == [False]


def test_an_event_wakes_who_waits() -> None:
    """The event counts at once, whatever the clock says."""
    clock = MovableClock(NOON, frozen=True)
    event = threading.Event()
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(clock.wait(event, 3600)))
    waiting.start()
    event.set()
    waiting.join(5)
    assert answers == [True]
