"""A standard request with a crash or a fault at every single gate."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.world_runs import (
    BOTH_LIVES,
    CUSTOM_LIFE,
    STANDARD_LIFE,
    Play,
    beginnings,
    run,
    run_from,
    singles,
)
from tests.faults.world_samples import all_well
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


@pytest.mark.parametrize("life", [STANDARD_LIFE, CUSTOM_LIFE, BOTH_LIVES], ids=["standard", "custom", "both"])
def test_without_faults_every_promise_is_kept(store: SqliteStore, life: Play) -> None:
    """A life in which nothing goes wrong passes commits, AWS and Slack, and the checker has nothing to say."""
    ran = run(store, life, {})
    assert not ran.problems
    assert {each.kind.name.split()[0] for each in ran.passed} == {"commit", "aws", "slack"}


def test_a_fault_at_any_gate_of_a_standard_request_breaks_no_promise(store: SqliteStore) -> None:
    """Whatever goes wrong at whichever gate, the bot comes to the same end and keeps I1 to I7."""
    every = [(each, plan) for each in beginnings(store, STANDARD_LIFE) for plan in singles(each)]
    all_well("standard request, every single gate", (partial(run_from, store, *each) for each in every))
