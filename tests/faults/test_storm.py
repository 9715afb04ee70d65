"""After a long outage: what is overdue goes first, what reaches far before all, and nothing new is granted before."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from access.lifecycle import approve
from access.permission_sets import RequestedSet, SetKind
from access.request import Request, RequestId
from access.session import SessionId, SessionStatus
from bot.clock import MovableClock
from bot.ends_first import STUCK_AFTER, EndsFirst
from bot.metrics import Metrics
from bot.scheduler import Scheduler, sweep
from bot.worker import Worker
from operations.deps import Deps
from operations.first_ends import end_far_reaching_first
from operations.settle import settle
from storage import requests, sessions
from storage.outbox import Lane
from storage.transactions import Database
from tests.access.given import HOUR, OLAF, a_request, a_requester, a_roster, a_seed
from tests.faults.effort import rounds
from tests.faults.storming import FAR, NEAR, SlowAws, Storm, account_of, brew, still_there, storm_deps

PATIENCE = 120.0
SECOND = timedelta(seconds=1)
HANGING = account_of(0)
IN_AWS = {Lane.REVOKE: 4, Lane.GRANT: 4}
SOME = 60
STORM = Storm(count=rounds(300, 2000))


@pytest.fixture
def slow() -> SlowAws:
    return SlowAws()


@pytest.fixture
def deps(database: Database, slow: SlowAws) -> Deps:
    return storm_deps(database, slow)


@pytest.fixture
def restart(deps: Deps) -> Iterator[Callable[[], None]]:
    """Give what `bot.program` does at a start, for the database and AWS."""
    worker = Worker(deps, "w1", Metrics(), IN_AWS)
    scheduler = Scheduler(deps, lambda: None, lambda: None)
    started: list[Callable[[float], None]] = []

    def start() -> None:
        deps.database.on_commit = worker.wake
        end_far_reaching_first(deps)
        worker.start()
        scheduler.start()
        started.extend((scheduler.stop, worker.stop))

    yield start
    for stop in started:
        stop(PATIENCE)


def comes_true(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def approved(deps: Deps, number: int, account: str = HANGING) -> Request:
    """Store a request and approve it: its grant is ordered."""
    asked = a_request(
        id=RequestId(f"rq_new_{number}"), number=number, requester=a_requester(principal_id=f"new-{number}")
    )
    now = deps.clock.now()
    request = replace(
        asked, requested_at=now, lapses_at=now + HOUR, account_id=account,
        permission_set=RequestedSet(kind=SetKind.STANDARD, name=NEAR),
    )  # fmt: skip
    with deps.database.begin() as db:
        requests.add(db, request)
    seed = replace(a_seed(), session_id=SessionId(f"se_new_{number}"))
    return settle(deps, request.id, lambda latest, _: approve(latest, OLAF, a_roster(), now, seed)).request


def test_expired_while_down_is_revoked_first_on_boot(deps: Deps, slow: SlowAws, restart: Callable[[], None]) -> None:
    """All overdue sessions end, those that give everything first, and each is removed once."""
    brew(deps.database, slow, STORM)
    restart()
    comes_true(lambda: not still_there(deps.database))
    assert slow.held == set()
    assert len(slow.removed) == len(set(slow.removed)) == STORM.count
    first = [each.set_arn.rpartition("/")[2] for each in slow.removed[: STORM.far]]
    # Four threads: when the last far-reaching ones are under way, others have begun beside them.
    assert first.count(FAR) >= STORM.far - IN_AWS[Lane.REVOKE]


def test_no_new_grants_until_restore_finished(deps: Deps, slow: SlowAws, restart: Callable[[], None]) -> None:
    """A grant that was approved before the outage is asked of AWS after every overdue end was ordered."""
    brew(deps.database, slow, Storm(count=SOME))
    request = approved(deps, 1)
    restart()
    comes_true(lambda: not still_there(deps.database).keys() - {SessionStatus.ACTIVE} and slow.asked)
    comes_true(lambda: still_there(deps.database) == {SessionStatus.ACTIVE: 1})
    with deps.database.read() as db:
        granted = sessions.of_request(db, request.id)
        ended = [sessions.of_request(db, RequestId(f"rq_{number}")) for number in range(SOME)]
    assert granted is not None
    assert granted.sent_at is not None
    assert all(each and each.end_ordered_at and each.end_ordered_at < granted.sent_at for each in ended)


def test_a_grant_is_not_taken_up_while_an_end_is_overdue(deps: Deps, slow: SlowAws) -> None:
    """The gate is shut until the sweep has come, and then stays open."""
    brew(deps.database, slow, Storm(count=1))
    gate = EndsFirst(deps)
    assert not gate()
    sweep(deps)
    assert gate()
    brew(deps.database, slow, Storm(count=0))
    assert gate()


def test_nothing_is_granted_while_the_sessions_cannot_be_read(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that does not answer keeps the gate shut: the worker says so, and claims no grant."""
    approved(deps, 1)
    grants = Worker(deps, "w1", Metrics(), {Lane.GRANT: 1})._lanes[Lane.GRANT]

    def unreadable(_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(sessions, "next_end", unreadable)
        with pytest.raises(OSError, match="the disk is gone"):
            grants._claims.take(1, grants.may_claim)
    assert len(grants._claims.take(1, grants.may_claim)) == 1
    assert caplog.text == ""


def test_a_sweep_on_a_slow_database_leaves_the_rest_to_the_next(
    deps: Deps, slow: SlowAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep whose time is up stops after what it is at, so that no watchdog takes it for dead; none is forgotten."""
    brew(deps.database, slow, Storm(count=3))
    monkeypatch.setattr("operations.sweep.LONGEST", 0.0)
    left = []
    for _ in range(3):
        sweep(deps)
        left.append(still_there(deps.database).get(SessionStatus.ACTIVE, 0))
    assert left == [2, 1, 0]


def test_one_end_that_cannot_be_ordered_does_not_stop_all_grants(
    deps: Deps, slow: SlowAws, caplog: pytest.LogCaptureFixture
) -> None:
    """The gate opens when the same end has been the oldest for more than a minute, and says so as an error."""
    brew(deps.database, slow, Storm(count=1))
    clock = MovableClock(frozen=True)
    gate = EndsFirst(replace(deps, clock=clock))
    assert not gate()
    clock.move(STUCK_AFTER)
    assert not gate()
    clock.move(SECOND)
    assert gate()
    assert "cannot be ordered; grants go on all the same" in caplog.text
