"""One life of the bot's process in the company: wired as the program wires it, but one thing after the other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.aws_side import AwsFinder
from bot.ends_first import EndsFirst
from bot.scheduler import sweep
from bot.worker import THREADS, Claims
from operations.deps import Deps
from operations.keep_sets import keep_standard_sets
from operations.perform import perform
from operations.revoke_anyway import RevokeAnyway
from operations.started import record_configuration
from sandbox.aws.wire import Wire
from slackapi.messenger import Messenger
from slackapi.people import People
from storage.outbox import Claimed, Lane
from tests.access.given import a_catalogue
from tests.faults.world import Attempt, World
from tests.faults.world_wires import aws_clients, slack_clients
from tests.operations.company import RULES

log = logging.getLogger(__name__)


class Process:
    """The bot from its start to its death; everything that it remembers is its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        slack = slack_clients(world.workspace, world.app, world.gates)
        amazon = aws_clients(Wire(world=world.aws.world), world.gates)
        numbers = iter(range(1, 1000))
        self.deps = Deps(
            clock=world.clock,
            database=world.store.engine.open(),
            people=People(slack.reading, world.clock.monotonic),
            aws=AwsFinder(amazon, None),
            messenger=Messenger(slack),
            catalogue=a_catalogue,
            rules=RULES,
            wait=self._wait,
            new_id=lambda: f"se_{world.deaths}_{next(numbers)}",
            suffix=lambda: f"{world.deaths % 10}{next(numbers):03d}",
        )

        self._ends_first = EndsFirst(self.deps)
        self._revoke_anyway = RevokeAnyway(self.deps)

    def start(self) -> None:
        """Do what the program does before it takes gestures; raises what the database refuses."""
        record_configuration(self.deps, "jitbot.yml", "0" * 64, "two accounts, two permission sets")
        try:
            keep_standard_sets(self.deps)
        except Exception:
            log.warning("AWS could not be asked yet", exc_info=True)

    def work(self) -> None:
        """Let the sweeps and the workers come by until nothing is due, as a running bot does all the time."""
        sweep(self.deps)
        try:
            self._revoke_anyway()
        except Exception:
            log.exception("what is over could not be removed without a record")
        while sum(self._drain(lane) for lane in Lane):
            pass

    def _wait(self, seconds: float) -> None:
        self._world.clock.move(timedelta(seconds=seconds))

    def _drain(self, lane: Lane) -> int:
        claimed = self._claim(lane)
        for each in claimed:
            with self._noted(each):
                self._perform(each)
        return len(claimed)

    def _claim(self, lane: Lane) -> list[Claimed]:
        """Claim as the dispatcher of a lane does, which goes on after an error."""
        claims = Claims(deps=self.deps, lane=lane, worker=f"w{self._world.deaths}", threads=THREADS[lane])
        try:
            return claims.take(THREADS[lane], self._ends_first if lane is Lane.GRANT else lambda: True)
        except Exception:
            log.exception("claiming from the outbox failed")
            return []

    def _perform(self, claimed: Claimed) -> None:
        """Perform as a worker's thread does, which leaves what it could not settle to its lease."""
        try:
            perform(self.deps, claimed)
        except Exception:
            log.exception("an effect could not be settled")

    @contextmanager
    def _noted(self, claimed: Claimed) -> Iterator[None]:
        first = self._world.gates.count + 1
        try:
            yield
        finally:
            last = self._world.gates.count
            self._world.attempts.append(Attempt(key=claimed.effect.key, first=first, last=last))
