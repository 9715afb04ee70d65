"""People, two replicas, time and every kind of trouble in random order: the promises hold at every step."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage.outbox import Lane
from tests.faults.effort import rounds
from tests.faults.machine_gates import Happening
from tests.faults.machine_people import NAMED, REQUESTERS
from tests.faults.machine_play import Play
from tests.faults.machine_store import Fresh, heard, on_postgresql, on_sqlite

SEED = int(os.environ.get("MACHINE_SEED", "0")) or secrets.randbelow(2**32) + 1
"""Random, and printed: `MACHINE_SEED=n` plays the same again."""
STEPS_IN_A_PLAY = 200
WHO, WHICH, REPLICA = st.sampled_from(sorted(NAMED)), st.integers(0, 9), st.integers(0, 1)
REQUESTER = st.sampled_from([each.name for each in REQUESTERS])
STAGING = st.sampled_from([False, False, False, True])
FORM = st.sampled_from([0, 0, 1, 1, 2])
"""Standard sets in one account mostly: what goes wrong, goes wrong where sessions meet on one target."""
SOON = st.integers(1, 20)


class SessionMachine(RuleBasedStateMachine):
    """Plays at random; every promise is checked after every commit, and at the end all comes to rest."""

    fresh: ClassVar[Fresh]
    steps: ClassVar[int] = 0
    plays: ClassVar[int] = 0
    commits: ClassVar[int] = 0
    borders: ClassVar[int] = 0
    extended: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(type(self).fresh())
        type(self).plays += 1

    @rule(who=REQUESTER, staging=STAGING, form=FORM, duration=st.integers(0, 10))
    def ask(self, who: str, staging: bool, form: int, duration: int) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.ask(NAMED[who], staging=staging, form=form, duration=duration)

    @initialize(lives=st.lists(st.tuples(REQUESTER, STAGING, FORM, st.integers(0, 10)), min_size=1, max_size=2))
    def begin(self, lives: list[tuple[str, bool, int, int]]) -> None:
        for who, staging, form, duration in lives:
            self.another(who, staging, form, duration)

    @rule(who=REQUESTER, staging=STAGING, form=FORM, duration=st.integers(0, 10))
    def another(self, who: str, staging: bool, form: int, duration: int) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.another(NAMED[who], staging=staging, form=form, duration=duration)

    @rule(which=WHICH, who=WHO, replica=REPLICA)
    def approve(self, which: int, who: str, replica: int) -> None:
        self._step()
        self.play.approve(which, NAMED[who], replica)

    @rule(which=WHICH, replica=REPLICA)
    def approve_rightly(self, which: int, replica: int) -> None:
        self._step()
        self.play.approve_rightly(which, replica)

    @rule(which=WHICH, who=WHO, replica=REPLICA)
    def reject(self, which: int, who: str, replica: int) -> None:
        self._step()
        self.play.reject(which, NAMED[who], replica)

    @rule(which=WHICH, who=REQUESTER, replica=REPLICA)
    def withdraw(self, which: int, who: str, replica: int) -> None:
        self._step()
        self.play.withdraw(which, NAMED[who], replica)

    @rule(which=WHICH, who=WHO, replica=REPLICA)
    def revoke(self, which: int, who: str, replica: int) -> None:
        self._step()
        self.play.revoke(which, NAMED[who], replica)

    @rule(which=WHICH, who=REQUESTER, replica=REPLICA)
    def end_early(self, which: int, who: str, replica: int) -> None:
        self._step()
        self.play.end_early(which, NAMED[who], replica)

    @rule(which=WHICH, replica=REPLICA)
    def extend(self, which: int, replica: int) -> None:
        self._step()
        self.play.extend(which, replica)

    @rule(replica=REPLICA, limit=st.integers(1, 4))
    def come_by(self, replica: int, limit: int) -> None:
        self._step()
        self.play.come_by(replica, limit)

    @rule(replica=REPLICA, lane=st.sampled_from(Lane))
    def work(self, replica: int, lane: Lane) -> None:
        self._step()
        self.play.work(replica, lane)

    @rule(replica=REPLICA, lane=st.sampled_from(Lane))
    def hold(self, replica: int, lane: Lane) -> None:
        self._step()
        self.play.hold(replica, lane)

    @rule(seconds=st.sampled_from([1, 10, 31, 120, 200]), replica=REPLICA)
    def tick(self, seconds: int, replica: int) -> None:
        self._step()
        self.play.tick(seconds, replica)

    @rule(replica=REPLICA)
    def until_next(self, replica: int) -> None:
        self._step()
        self.play.until_next(replica)

    @rule(left=SOON, after=st.booleans())
    def crash_soon(self, left: int, after: bool) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.soon(left, Happening.CRASH_AFTER if after else Happening.CRASH_BEFORE)

    @rule(left=SOON, effect=st.booleans(), which=st.integers(0, 5))
    def fault_soon(self, left: int, effect: bool, which: int) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.soon(left, Happening.LOSE if effect else Happening.FAIL, which=which)

    @rule(left=SOON, after=st.booleans(), meanwhile=st.integers(0, 5), replica=REPLICA)
    def pause_soon(self, left: int, after: bool, meanwhile: int, replica: int) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        what = Happening.PAUSE_AFTER if after else Happening.PAUSE_BEFORE
        self.play.pause_soon(left, what, meanwhile, replica)

    @rule(calls=st.integers(1, 12), which=st.integers(0, 5))
    def aws_outage(self, calls: int, which: int) -> None:
        self._step()
        self.play.outage(calls, which)

    @rule(removal=st.booleans(), reason=st.integers(0, 3))
    def aws_fails_later(self, removal: bool, reason: int) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.fail_operation(removal=removal, reason=reason)

    @rule(seconds=st.sampled_from([0, 1, 40, 400]))
    def aws_is_slow(self, seconds: int) -> None:
        self._step()
        self.play.slowness(seconds)

    @rule(up=st.booleans())
    def slack_goes_or_comes(self, up: bool) -> None:  # noqa: FBT001 - Hypothesis gives them by name
        self._step()
        self.play.slack(up=up)

    @rule(replica=REPLICA, seconds=st.sampled_from([-30, -5, 0, 5, 30]))
    def set_clock(self, replica: int, seconds: int) -> None:
        self._step()
        self.play.skew(replica, seconds)

    @rule(who=REQUESTER)
    def by_hand(self, who: str) -> None:
        self._step()
        self.play.by_hand(NAMED[who])

    def _step(self) -> None:
        type(self).steps += 1

    def teardown(self) -> None:
        """Heal all, let 40 minutes pass, then all sessions end."""
        self.play.rest()
        type(self).commits += self.play.promises.commits
        type(self).borders += self.play.world.borders.passed
        type(self).extended += self.play.promises.extended()


def play_at_random(fresh: Fresh, least: int) -> type[SessionMachine]:
    """Play at least so many steps, and say with which seed."""
    machine: type[SessionMachine] = type("Machine", (SessionMachine,), {"fresh": staticmethod(fresh)})
    print(f"\nMACHINE_SEED={SEED}")  # noqa: T201 - whoever reads a failure needs it
    number = SEED
    while machine.steps < least:
        plays = -(-(least - machine.steps) // STEPS_IN_A_PLAY)
        profile = settings(
            max_examples=plays,
            stateful_step_count=STEPS_IN_A_PLAY,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(seed(number)(machine), settings=profile)
        number += 1
    passed = f"{machine.commits} commits, {machine.borders} borders passed, {machine.extended} extended"
    print(f"{machine.steps} steps, {machine.plays} plays, {passed}")  # noqa: T201 - whoever reads a failure needs it
    return machine


@pytest.fixture(name="sqlite")
def make_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Fresh]:
    store, fresh = on_sqlite(sqlite_template, tmp_path / "machine.db")
    with heard(store):
        yield fresh
    store.close()


@pytest.fixture(name="postgresql")
def make_postgresql(postgresql_url: str) -> Iterator[Fresh]:
    store, fresh = on_postgresql(postgresql_url)
    with heard(store):
        yield fresh
    store.close()


@pytest.mark.timeout(3600)
def test_promises_hold_through_ten_thousand_random_steps(sqlite: Fresh) -> None:
    """Whoever presses whatever, whatever fails or dies: every promise holds at every step, on SQLite."""
    played = play_at_random(sqlite, rounds(10_000, 200_000))
    assert played.steps >= 10_000
    assert played.extended


@pytest.mark.timeout(3600)
def test_promises_hold_on_postgresql_too(postgresql: Fresh) -> None:
    """The same on PostgreSQL, with fewer steps."""
    played = play_at_random(postgresql, rounds(500, 10_000))
    assert played.steps >= 500
