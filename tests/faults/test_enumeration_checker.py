"""The checker can fail: bots that each take one short cut, of which it must see what it leads to."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from access.request import Request
from access.session import Session
from operations import grant, perform, remove
from operations.deps import Deps
from operations.outcome import Later
from slackapi.messenger import Messenger
from storage import outbox
from storage.outbox import Claimed
from tests.faults.world_runs import STANDARD_LIFE, beginnings, run_from, singles
from tests.faults.world_stores import SqliteStore

pytestmark = pytest.mark.timeout(3600)  # a patience: hundreds of runs on a machine that may be busy


@pytest.fixture(name="store")
def make_store(sqlite_template: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a SQLite file for many runs, and keep quiet about the errors that they provoke."""
    logging.disable(logging.CRITICAL)
    store = SqliteStore(sqlite_template, tmp_path / "jitbot.db")
    yield store
    store.engine.close()
    logging.disable(logging.NOTSET)


def ask_first(deps: Deps, _: Claimed, request: Request, session: Session) -> Session:
    """Ask AWS before it is on disk that AWS is asked."""
    operation = deps.identity_center.request_assignment(session.assignment)
    return grant._note(deps, request, session, sent_at=deps.clock.now(), grant_operation=operation)


def never_look(*_: object) -> None:
    """Post again after a lost answer, without a look whether the message stands there."""


def give_up(deps: Deps, claimed: Claimed, _: Later) -> None:
    """Count what failed as done."""
    with deps.database.begin() as db:
        outbox.finish(db, claimed, deps.clock.now())


def call_it_gone(deps: Deps, _claimed: Claimed, _: Request, session: Session) -> None:
    """Call the assignment removed when its removal was ordered."""
    deps.identity_center.request_removal(session.assignment)


Naive = tuple[object, str, Callable[..., object], str, tuple[str, str]]
NAIVE: list[Naive] = [
    (grant, "_ask", ask_first, "I1", ("approve_standard", "aws CreateAccountAssignment")),
    (Messenger, "find_posted", never_look, "I3", ("ask_for_standard", "slack chat.postMessage")),
    (perform, "_put_off", give_up, "I3", ("ask_for_standard", "slack chat.postMessage")),
    (remove, "_remove", call_it_gone, "I2", ("expire", "aws DeleteAccountAssignment")),
]


@pytest.mark.parametrize("case", NAIVE, ids=[each[2].__name__ for each in NAIVE])
def test_a_naive_bot_is_caught(store: SqliteStore, monkeypatch: pytest.MonkeyPatch, case: Naive) -> None:
    """A bot that takes one short cut breaks a promise at some gate, and the checker says which."""
    where, name, naive, promise, (chapter, gate) = case
    begun = next(each for each in beginnings(store, STANDARD_LIFE) if each.play[0].__name__ == chapter)
    monkeypatch.setattr(where, name, naive)
    there = {each.number for each in begun.gates if each.kind.name == gate}
    runs = (run_from(store, begun, plan) for plan in singles(begun) if there & plan.keys())
    assert any(each.startswith(promise) for ran in runs for each in ran.problems)
