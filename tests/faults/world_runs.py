"""One run: a company lives through its requests with faults at some gates, and every promise is checked."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from access.extension import ExtensionForm
from access.request import RequestId
from tests.access.given import ADA, MINUTE, OLAF, a_custom_form, a_form
from tests.faults.gates import Gates, Kind, Mode, Passed
from tests.faults.invariants import Lasting, broken_promises
from tests.faults.invariants_watch import Onlooker, Watch
from tests.faults.world import Saved, Store, World, found_world, resume_world, save
from tests.faults.world_people import FOR_EVER, Story, Stuck
from tests.faults.world_standing import Standing, standing
from tests.operations.company import AUDIT_CHANNEL, RULES

BOUND = 15 * MINUTE
"""After its end: a lease of three minutes, a restart, five minutes of back-off at most, for each of two faults."""
STANDARD, CUSTOM, MORE = RequestId("rq_standard"), RequestId("rq_custom"), RequestId("rq_more")
Plan = Mapping[int, Mode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of one run."""

    plan: Plan
    passed: list[Passed]
    problems: list[str]
    merged: bool = False

    def __str__(self) -> str:
        """Say what went wrong at which gates, and what came of it."""
        names = {each.number: each.kind.name for each in self.passed}
        met = ", ".join(f"gate {number} ({names.get(number, 'never')}): {mode}" for number, mode in self.plan.items())
        return f"{met or 'nothing went wrong'} → {'; '.join(self.problems) or 'all well'}"


def ask_for_standard(story: Story) -> None:
    """Rita asks for ReadOnly."""
    story.asks(STANDARD, a_form(duration="1 hour"))


def approve_standard(story: Story) -> None:
    """Olaf approves, and AWS grants."""
    story.approves(STANDARD, OLAF)


def ask_for_custom(story: Story) -> None:
    """Rita asks for a permission set of her own."""
    story.asks(CUSTOM, a_custom_form())


def approve_as_owner(story: Story) -> None:
    """Olaf approves at the first level."""
    story.approves(CUSTOM, OLAF)


def approve_as_admin(story: Story) -> None:
    """Ada approves at the second level, and AWS makes the set and grants it."""
    story.approves(CUSTOM, ADA)


def ask_for_more(story: Story) -> None:
    """More than half of its time is gone, and Rita asks for another hour."""
    story.world.clock.move(65 * MINUTE)
    story.extends(CUSTOM, MORE, ExtensionForm(duration="1 hour", justification="The ledger is still wrong."))


def extend_as_owner(story: Story) -> None:
    """Olaf approves the extension at the first level."""
    story.approves(MORE, OLAF)


def extend_as_admin(story: Story) -> None:
    """Ada approves it at the second level: the end moves, and what AWS denies from moves along."""
    story.approves(MORE, ADA)


def revoke_custom(story: Story) -> None:
    """Ada revokes it early."""
    story.revokes(CUSTOM, ADA)


def expire(story: Story) -> None:
    """Time passes: what has an end is announced, and ends."""
    story.rests(FOR_EVER)


Chapter = Callable[[Story], None]
Play = Sequence[Chapter]
"""The chapters of a life; the company comes to rest after each."""
STANDARD_LIFE: Play = (ask_for_standard, approve_standard, expire)
CUSTOM_LIFE: Play = (ask_for_custom, approve_as_owner, approve_as_admin, revoke_custom, expire)
EXTENDED_LIFE: Play = (
    ask_for_custom, approve_as_owner, approve_as_admin, ask_for_more, extend_as_owner, extend_as_admin, expire,
)  # fmt: skip
EXTENDING_FROM = 3
"""The first chapter of the extended life that no other life has."""
BOTH_LIVES: Play = (
    ask_for_standard, ask_for_custom, approve_standard, approve_as_owner, approve_as_admin, revoke_custom, expire,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A chapter to begin with, and what is left of the life from there.

    `saved` is the company before it (None: a new one), `gates` those that it passes without faults, and `after` is how
    the company then stands.
    """

    saved: Saved | None
    play: Play
    gates: list[Passed]
    after: Standing


def beginnings(store: Store, play: Play) -> list[Beginning]:
    """Play without faults, and give each chapter as one to begin with."""
    found, saved = [], None
    for number in range(len(play)):
        with _staged(store, {}, saved, BOUND) as stage:
            stage.play(play[number])
            passed, after = list(stage.world.gates.passed), standing(stage.world)
            found.append(Beginning(saved=saved, play=play[number:], gates=passed, after=after))
            saved = save(stage.world)
    return found


def run(store: Store, play: Play, plan: Plan, bound: timedelta = BOUND) -> Ran:
    """Let a new company live with faults at the gates of `plan`, until nothing is due any more; check everything."""
    with _staged(store, plan, None, bound) as stage:
        for chapter in play:
            stage.play(chapter)
        return stage.ran(plan)


def run_from(store: Store, beginning: Beginning, plan: Plan, bound: timedelta = BOUND) -> Ran:
    """Let a company go on from the beginning of a chapter; it may stop where it stands as if nothing had happened."""
    with _staged(store, plan, beginning.saved, bound) as stage:
        stage.play(beginning.play[0])
        if len(beginning.play) > 1 and standing(stage.world) == beginning.after:
            return stage.ran(plan, merged=True)
        for chapter in beginning.play[1:]:
            stage.play(chapter)
        return stage.ran(plan)


def singles(beginning: Beginning) -> list[Plan]:
    """List each way in which one gate of a chapter can go wrong, of those that differ."""
    return [{each.number: mode} for each in beginning.gates for mode in each.kind.modes]


@dataclass(slots=True, kw_only=True)
class _Stage:
    world: World
    story: Story
    watch: Watch
    problems: list[str]

    def play(self, chapter: Chapter) -> None:
        """Play a chapter and let the company come to rest; who is stuck plays no further."""
        if self.problems:
            return
        try:
            chapter(self.story)
            self.story.rests()
        except Stuck as stuck:
            self.problems.append(f"stuck: {stuck}")
        self.watch.look()

    def ran(self, plan: Plan, *, merged: bool = False) -> Ran:
        """Check every promise, and tell what came of the run."""
        broken = self.problems or broken_promises(_lasting(self.world, ended=not merged))
        passed = self.world.gates.passed
        return Ran(plan=plan, passed=passed, problems=[*self.watch.problems, *broken], merged=merged)


@contextmanager
def _staged(store: Store, plan: Plan, begin: Saved | None, bound: timedelta) -> Iterator[_Stage]:
    random.seed(1)  # the jitter of the back-off
    gates = Gates(plan)
    world = found_world(store, gates) if begin is None else resume_world(store, gates, begin)
    onlooker = Onlooker(store.engine.url)
    watch = Watch(onlooker, world.aws, world.clock.now, bound)
    gates.watch = lambda kind: watch.look(committed=_commits(kind))
    story = Story(world, lambda: onlooker.next_due(RULES.announce_before))
    try:
        yield _Stage(world=world, story=story, watch=watch, problems=[])
    finally:
        onlooker.close()


def _commits(kind: Kind) -> bool:
    return kind.name == "commit"


def _lasting(world: World, *, ended: bool) -> Lasting:
    bad = [each.number for each in world.gates.met]

    def lost_answers(key: str) -> int:
        return sum(
            any(each.first <= number <= each.last for number in bad) for each in world.attempts if each.key == key
        )

    return Lasting(
        database=world.store.engine.open(),
        aws=world.aws,
        workspace=world.workspace,
        audit_channel=AUDIT_CHANNEL,
        seen=world.seen,
        lost_answers=lost_answers,
        ended=ended,
    )
