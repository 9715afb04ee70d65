"""Two requests at a time, played whole with a fault in each of the five ways, on SQLite and on PostgreSQL."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.effort import rounds
from tests.faults.world_runs import BOTH_LIVES, run
from tests.faults.world_samples import all_well, every_mode, sample, seeded
from tests.faults.world_stores import PostgresqlStore, SqliteStore

pytestmark = pytest.mark.timeout(3600)  # a patience: hundreds of runs on a machine that may be busy


@pytest.fixture(name="store")
def make_store(sqlite_template: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a SQLite file for many runs, and keep quiet about the errors that they provoke."""
    logging.disable(logging.CRITICAL)
    store = SqliteStore(sqlite_template, tmp_path / "jitbot.db")
    yield store
    store.engine.close()
    logging.disable(logging.NOTSET)


def test_all_five_ways_at_any_gate_of_two_requests_break_no_promise(store: SqliteStore) -> None:
    """Two requests at a time, from their beginning to their end without a short cut, and no way left out."""
    plans = every_mode(run(store, BOTH_LIVES, {}).passed)
    chosen = sample(seeded("two requests"), plans, rounds(20, len(plans)))
    all_well("two requests, single gates", (partial(run, store, BOTH_LIVES, each) for each in chosen))


@pytest.fixture(name="postgresql_store")
def make_postgresql_store(postgresql_url: str) -> Iterator[PostgresqlStore]:
    """Give the PostgreSQL of the test run for many runs, as quietly."""
    logging.disable(logging.CRITICAL)
    store = PostgresqlStore(postgresql_url)
    yield store
    store.engine.close()
    logging.disable(logging.NOTSET)


def test_postgresql_keeps_the_promises_too(postgresql_store: PostgresqlStore) -> None:
    """The same lives with the same faults at gates chosen by chance, on PostgreSQL."""
    plans = every_mode(run(postgresql_store, BOTH_LIVES, {}).passed)
    chosen = sample(seeded("PostgreSQL"), plans, rounds(10, 300))
    all_well("single gates on PostgreSQL", (partial(run, postgresql_store, BOTH_LIVES, each) for each in chosen))
