"""The machine's world: one database, one AWS, one Slack, people, and two replicas of the bot on a clock that stands."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import OperationalError

from access.catalogue import Catalogue
from access.extension import ExtensionLimits
from access.refusals import Refusal
from bot.clock import MovableClock
from bot.scheduler import sweep
from bot.worker import LEASE
from operations.deps import Deps
from operations.perform import perform
from operations.ports import Messenger, People
from sandbox.aws.world import World as Aws
from storage import outbox
from storage.outbox import Claimed, Lane
from storage.tables import open_effects, undecided_requests
from storage.tables import outbox as outbox_rows
from storage.tables import requests as request_rows
from storage.tables import sessions as session_rows
from storage.transactions import Database
from tests.access.given import ABEL, NOW, OLGA, a_catalogue
from tests.faults.machine_aws import found_aws, reach
from tests.faults.machine_gates import Bordered, Borders, Crash, Side
from tests.faults.machine_people import ACCOUNTS, PEOPLE, STAGING
from tests.operations.company import PAYMENTS, RULES, GatedAws
from tests.operations.slack import KnownPeople, RecordingMessenger

MOST_AT_ONCE = 60
"""Effects in one bout of work: nothing of the bot's may run for ever."""


class Store(Database):
    """The database, whose commits are borders too; `committed` is called after each that wrote something."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.borders = Borders()
        if self.dialect == "sqlite":
            event.listen(self._engine, "connect", _hurry)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Begin a write transaction between two borders."""
        plan = self.borders.before(Side.DATABASE, "commit")
        with super().begin() as db:
            yield db
        self.borders.after(plan, Side.DATABASE, "commit")


def _hurry(dbapi: Any, _record: object) -> None:
    dbapi.execute("PRAGMA synchronous=OFF")  # no process dies here: crashes are exceptions


@dataclass(slots=True, kw_only=True)
class Skewed:
    """A replica's clock: the world's, and off by so much."""

    clock: MovableClock
    off: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Tell the time as this replica sees it."""
        return self.clock.now() + self.off


@dataclass(slots=True, kw_only=True)
class Doing:
    """An effect that a replica performs at this moment, and what it asked AWS so far."""

    claimed: Claimed
    asked: list[str] = field(default_factory=list)


class MachineWorld:
    """Everything that outlives a crash, and the two replicas that do not."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.borders = store.borders = Borders()
        self.clock = MovableClock(NOW, frozen=True)
        self.aws: Aws = found_aws(self.clock.now, (PAYMENTS, STAGING), tuple(each.email for each in PEOPLE))
        self.slack = RecordingMessenger()
        self.people = KnownPeople(*PEOPLE)
        self.people.groups = {"S0PAYMENTS": (OLGA,), "S0SSOADMINS": (ABEL,)}
        self.catalogue: Catalogue = a_catalogue(*ACCOUNTS)
        self.numbers = itertools.count(1)
        self.doing: list[Doing] = []
        self.late: set[str] = set()
        self.changed_aws: Callable[[str], None] = lambda _: None
        self.replicas = (Replica(self, "one"), Replica(self, "two"))

    def told(self, operation: str) -> None:
        """Hear of an operation that reached AWS."""
        if self.doing:
            self.doing[-1].asked.append(operation)
        self.changed_aws(operation)

    def pass_time(self, by: timedelta) -> None:
        """Let time pass; whoever holds an effect for longer than its lease is late from now on."""
        self.clock.move(by)
        for each in self.doing:
            if self.clock.now() + timedelta(minutes=1) >= each.claimed.leased_until:
                self.late.add(each.claimed.effect.subject)
        self.aws.settle()  # AWS goes on by itself
        self.changed_aws("")


class Replica:
    """One process of the bot: it can die at any border, and then begins anew without memories."""

    def __init__(self, world: MachineWorld, name: str) -> None:
        self._world = world
        self._name = name
        self.clock = Skewed(clock=world.clock)
        self.deaths = 0
        self.deps = self._begin()

    def _begin(self) -> Deps:
        world, borders = self._world, self._world.borders
        center, directory = reach(world.aws, borders, world.told)
        numbers = world.numbers
        return Deps(
            clock=self.clock,
            database=world.store,
            people=cast(People, Bordered(world.people, Side.PEOPLE, borders)),
            aws=lambda: GatedAws(center, directory),
            messenger=cast(Messenger, Bordered(world.slack, Side.SLACK, borders)),
            catalogue=lambda: world.catalogue,
            rules=replace(RULES, extension_limits=ExtensionLimits(most=2, after_percent=0)),
            wait=lambda seconds: world.pass_time(timedelta(seconds=seconds)),
            new_id=lambda: f"se_{next(numbers)}",
            suffix=lambda: f"{next(numbers):04d}"[-4:],
        )

    def living(self, act: Callable[[], object]) -> bool:
        """Let something happen in this process, which may die of it; tells whether it came to its end."""
        depth = len(self._world.doing)
        try:
            act()
        except Crash:
            del self._world.doing[depth:]
            self.deaths += 1
            self.deps = self._begin()
            return False
        return True

    def come_by(self, limit: int = 2) -> bool:
        """Sweep and work, as the scheduler and the workers do."""

        def go() -> None:
            sweep(self.deps)
            self._work(tuple(Lane), limit)

        return self.living(go)

    def work(self, lanes: tuple[Lane, ...], limit: int) -> bool:
        """Perform what is due in these lanes."""
        return self.living(lambda: self._work(lanes, limit))

    def hold(self, lane: Lane) -> None:
        """Claim what is due in a lane, and die."""
        self.living(lambda: self._claim(lane, 2))
        self.living(_die)

    def _work(self, lanes: tuple[Lane, ...], limit: int) -> None:
        done = 0
        while claimed := [each for lane in lanes for each in self._claim(lane, limit)]:
            for each in claimed:
                self._perform(each)
            done += len(claimed)
            if done > MOST_AT_ONCE:
                return

    def _claim(self, lane: Lane, limit: int) -> list[Claimed]:
        now = self.deps.clock.now()
        try:
            with self.deps.database.read() as db:
                if not outbox.due(db, lane, now):
                    return []
            with self.deps.database.begin() as db:
                return outbox.claim(db, lane, now, self._worker, LEASE, limit)
        except OperationalError as error:
            self._must_be_ordered(error)
            return []

    def _perform(self, claimed: Claimed) -> None:
        self._world.doing.append(Doing(claimed=claimed))
        try:
            perform(self.deps, claimed)
        except OperationalError as error:
            self._must_be_ordered(error)
        self._world.doing.pop()

    def _must_be_ordered(self, error: Exception) -> None:
        if error not in self._world.borders.errors:
            raise error

    @property
    def _worker(self) -> str:
        return f"{self._name}-{self.deaths}"

    def pressed(self, act: Callable[[], object]) -> Refusal | None:
        """Let somebody press in this process; whatever failed as ordered is theirs to try again."""
        refused: list[Refusal] = []

        def press() -> None:
            try:
                act()
            except Refusal as refusal:
                refused.append(refusal)
            except OperationalError as error:
                self._must_be_ordered(error)

        self.living(press)
        return refused[0] if refused else None


def _die() -> None:
    raise Crash


def next_moment(store: Store, now: datetime, *, ends_only: bool = False) -> datetime | None:
    """Tell when something is next due: an end, a lapse, an effect or the end of a lease."""
    ends = [
        select(func.min(session_rows.c.ends_at)).where(session_rows.c.status.in_(["granting", "active"])),
        select(func.min(request_rows.c.lapses_at)).where(undecided_requests),
    ]
    effects = [
        select(func.min(outbox_rows.c.due_at)).where(open_effects, outbox_rows.c.due_at > now),
        select(func.min(outbox_rows.c.leased_until)).where(open_effects, outbox_rows.c.leased_until > now),
    ]
    with store.read() as db:
        found = [db.execute(each).scalar_one() for each in (ends if ends_only else ends + effects)]
    return min((max(each, now) for each in found if each is not None), default=None)
