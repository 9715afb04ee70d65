"""What the page may do to the demo's world: its clock, its bot, and a look at the audit log."""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import MovableClock
from bot.demo.world import World
from operations.reconcile import EVERY
from sandbox.page.controls import AuditLine, AuditShown, Controls
from storage import chain, outbox, sessions

ROLES = {
    "rita": "asks for access; owns playground",
    "olga": "owns prod-payments",
    "omar": "owns prod-payments, by user group",
    "oscar": "owns data-lake",
    "ada": "SSO admin",
    "alan": "SSO admin, by user group",
    "sam": "security, watches #jit-audit",
    "gus": "guest in #payments-owners",
}
_NEWEST = 40
_ENDS_LOOKED_AT = 100
_SETTLED_WITHIN = 3.0
"""Real seconds that a leap of the clock waits for what the bot has in hand."""
_LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBot:
    """The bot behind the page; starting and stopping happen one after the other."""

    world: World
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.world.bot_runs

    def kill(self) -> None:
        """Cut its connection to Slack, then stop it."""
        with self.lock:
            if self.running:
                self.world.slack.on_loop(self.world.slack.sockets.cut())
                self.world.stop_bot()

    def start(self) -> None:
        """Start it again."""
        with self.lock:
            if not self.running:
                self.world.start_bot()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClock:
    """The clock of the demo's world, which Slack, AWS and the bot share."""

    world: World

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return self.world.clock.now()

    def moves(self, by: timedelta) -> None:
        """Move time forward; a bot that runs first finishes what is due, and sweeps at once afterwards.

        A leap in the midst of a call would end its lease, as if the process had stood still for so long.
        """
        if self.world.bot_runs:
            self._settles()
            self.world.clock_moves(by)
            if by >= EVERY:
                self.world.program.scheduler.reconcile_now()  # its timer goes by the wall clock
        elif isinstance(self.world.clock, MovableClock):
            self.world.clock.move(by)

    def _settles(self) -> None:
        deps = self.world.parts.deps
        deadline = time.monotonic() + _SETTLED_WITHIN
        while time.monotonic() < deadline:
            with deps.database.read() as db:
                waiting = outbox.state(db, deps.clock.now())
            if not any(each.ready for each in waiting.values()):
                return
            time.sleep(_LOOK_EVERY)

    def next_end(self) -> datetime | None:
        """Tell when the next session ends."""
        with self.world.parts.deps.database.read() as db:
            ends = [each.ends_at for each in sessions.live(db, _ENDS_LOOKED_AT)]
        return min((each for each in ends if each > self.now()), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAudit:
    """The bot's audit log, read from its database."""

    world: World

    def read(self) -> AuditShown:
        """Read the newest entries and verify all of them."""
        with self.world.parts.deps.database.read() as db:
            verified = chain.verify(db)
            newest = deque(chain.entries(db), maxlen=_NEWEST)
        lines = tuple(_line(each) for each in reversed(newest))
        return AuditShown(lines=lines, entries=verified.entries, problem=verified.problem)


def _line(entry: chain.Entry) -> AuditLine:
    told = json.loads(entry.body)
    return AuditLine(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind.replace("_", " "),
        actor=told.get("actor_name") or entry.actor,
        request=entry.request,
        details=told.get("details", {}),
        hash=entry.hash,
    )


def controls_of(world: World) -> Controls:
    """Hand the page what it may see and move of this world."""
    return Controls(
        aws=world.aws,
        audit=DemoAudit(world=world),
        clock=DemoClock(world=world),
        bot=DemoBot(world=world),
        roles=ROLES,
    )
