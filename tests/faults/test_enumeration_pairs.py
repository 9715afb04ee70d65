"""Two faults in one life, the second often while the bot mends what the first one broke."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.effort import rounds
from tests.faults.world_runs import CUSTOM_LIFE, STANDARD_LIFE, beginnings, run_from
from tests.faults.world_samples import a_pair, all_well, seeded
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


def test_two_faults_break_no_promise(store: SqliteStore) -> None:
    """Whatever goes wrong twice, the bot comes to the same end and keeps I1 to I7."""
    chance = seeded("pairs")
    every = [each for life in (STANDARD_LIFE, CUSTOM_LIFE) for each in beginnings(store, life)]
    chosen = [chance.choice(every) for _ in range(rounds(150, 6000))]
    all_well("pairs of gates", (partial(run_from, store, each, a_pair(chance, each)) for each in chosen))
