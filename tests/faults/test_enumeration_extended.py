"""An extension of a custom session with a crash or a fault at every single gate of it."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.effort import rounds
from tests.faults.world_runs import EXTENDED_LIFE, EXTENDING_FROM, beginnings, run, run_from, singles
from tests.faults.world_samples import all_well, sample, seeded
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


def test_an_extended_life_without_faults_keeps_every_promise(store: SqliteStore) -> None:
    """One grant, one end two hours and an hour later, and the checker has nothing to say."""
    ran = run(store, EXTENDED_LIFE, {})
    assert not ran.problems


def test_a_fault_at_any_gate_of_an_extension_breaks_no_promise(store: SqliteStore) -> None:
    """Whatever goes wrong from the asking for more time to the new end, the bot keeps I1 to I7."""
    extending = beginnings(store, EXTENDED_LIFE)[EXTENDING_FROM:]
    every = [(each, plan) for each in extending for plan in singles(each)]
    chosen = sample(seeded("extension"), every, rounds(60, len(every)))
    all_well(f"extension, {len(chosen)} of {len(every)} plans", (partial(run_from, store, *each) for each in chosen))
