"""What the machine found, each played again in order: these went wrong once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.outbox import Lane
from tests.faults.machine_gates import Happening
from tests.faults.machine_play import Play
from tests.faults.machine_store import heard, on_sqlite

HOURS_LATER = 2
"""How a pause is filled: the lease runs out, the other replica grants, and ends, and looks that all is gone."""


@pytest.fixture(name="play")
def begin(sqlite_template: Path, tmp_path: Path) -> Iterator[Play]:
    store, fresh = on_sqlite(sqlite_template, tmp_path / "machine.db")
    with heard(store):
        yield Play(fresh())
    store.close()


def test_an_effect_claimed_before_a_long_pause_is_not_begun_after_it(play: Play) -> None:
    """A replica claims two lines for the audit channel and stands still over the first: each stands there once."""
    play.another()
    play.pause_soon(1, Happening.PAUSE_BEFORE, HOURS_LATER, name="post")
    play.work(0, Lane.SLACK, 2)
    counted = Counter(each.key for each in play.world.slack.postings if each.key.startswith("audit_line"))
    assert sorted(counted.values())[:-1] == [1] * (len(counted) - 1)
    play.rest()


def test_a_worker_that_wakes_hours_after_the_end_leaves_nothing(play: Play) -> None:
    """A replica stands still right before it asks AWS for the assignment, and asks hours after the session ended."""
    play.another(duration=0)
    play.pause_soon(1, Happening.PAUSE_BEFORE, HOURS_LATER, name="CreateAccountAssignment")
    play.work(0, Lane.GRANT)
    assert [each.status for each in play.promises.sessions] == ["expired"]
    assert len(play.world.aws.holdings) + sum(1 for _ in play.world.aws.running()) == 1
    play.rest()
