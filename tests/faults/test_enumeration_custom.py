"""A custom request, revoked early, with a crash or a fault at every single gate."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.effort import rounds
from tests.faults.world_runs import CUSTOM_LIFE, beginnings, run_from, singles
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


def test_a_fault_at_any_gate_of_a_custom_request_breaks_no_promise(store: SqliteStore) -> None:
    """Whatever goes wrong at whichever gate, the bot comes to the same end and keeps I1 to I7."""
    every = [(each, plan) for each in beginnings(store, CUSTOM_LIFE) for plan in singles(each)]
    chosen = sample(seeded("custom request"), every, rounds(150, len(every)))
    all_well(
        f"custom request, {len(chosen)} of {len(every)} plans", (partial(run_from, store, *each) for each in chosen)
    )
