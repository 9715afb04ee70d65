"""Nothing that hangs delays the end of somebody else's session: no account, no Slack, no look-up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from access.people import SlackId
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.worker import THREADS, Worker, fair_share
from operations.deps import Deps
from slackapi.messenger import Posted
from storage.outbox import Lane
from storage.transactions import Database
from tests.bench.office import InstantMessenger
from tests.faults.storming import SlowAws, Storm, brew, still_there, storm_deps

PATIENCE = 60.0
MANY = Storm(count=60)
REVOKERS = THREADS[Lane.REVOKE]


class HangingMessenger(InstantMessenger):
    """Answers nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.waiting = 0

    def post(self, channel: str, text: str, blocks: Any, *, key: str = "") -> Posted:
        """Hang."""
        self.waiting += 1
        self.free.wait(PATIENCE)
        return super().post(channel, text, blocks, key=key)

    def direct(self, slack_id: SlackId, text: str, blocks: Any, *, key: str = "") -> Posted:
        """Hang."""
        return self.post(slack_id, text, blocks, key=key)


@pytest.fixture
def slow() -> SlowAws:
    return SlowAws()


@contextmanager
def running(deps: Deps, refresh: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Run sweeps and workers as the program does."""
    worker, scheduler = Worker(deps, "w1", Metrics()), Scheduler(deps, refresh, lambda: None)
    deps.database.on_commit = worker.wake
    worker.start()
    scheduler.start()
    yield
    scheduler.stop(PATIENCE)
    worker.stop(PATIENCE)


def comes_true(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_throttling_does_not_starve_other_accounts(database: Database, slow: SlowAws) -> None:
    """Every removal in one account hangs: it holds its share of the threads, and all other accounts' sessions end."""
    deps = storm_deps(database, slow)
    brew(database, slow, MANY)
    hanging = max((each.account_id for each in slow.held), key=[each.account_id for each in slow.held].count)
    stuck = sum(each.account_id == hanging for each in slow.held)
    assert stuck > fair_share(REVOKERS)
    slow.hanging[hanging] = threading.Event()
    with running(deps):
        comes_true(lambda: sum(still_there(database).values()) == stuck)
        assert len(slow.removed) == MANY.count - stuck
        assert slow.calls["request_removal"] == MANY.count - stuck + fair_share(REVOKERS)
        slow.hanging[hanging].set()
        comes_true(lambda: not still_there(database))
    assert slow.held == set()


def test_slack_down_never_delays_revoke(database: Database, slow: SlowAws) -> None:
    """Slack takes every call and answers none: all of its lane hangs, and the sessions end."""
    messenger = HangingMessenger()
    deps = replace(storm_deps(database, slow), messenger=messenger)
    brew(database, slow, MANY)
    with running(deps):
        comes_true(lambda: not still_there(database))
        comes_true(lambda: messenger.waiting == THREADS[Lane.SLACK])
        assert slow.held == set()
        messenger.free.set()


def test_org_api_down_never_delays_revoke(database: Database, slow: SlowAws) -> None:
    """What the catalogue is refreshed from hangs for good: the sessions end."""
    deps = storm_deps(database, slow)
    brew(database, slow, MANY)
    asked, free = threading.Event(), threading.Event()

    def hang() -> None:
        asked.set()
        free.wait(PATIENCE)

    with running(deps, hang):
        assert asked.wait(PATIENCE)
        comes_true(lambda: not still_there(database))
        assert not free.is_set()
        free.set()
    assert slow.held == set()


def test_half_of_a_lane_is_the_most_that_one_account_takes() -> None:
    """Rounded up, so that a lane of one thread still works."""
    assert [fair_share(each) for each in (1, 2, 3, 4, 8)] == [1, 1, 2, 2, 4]
