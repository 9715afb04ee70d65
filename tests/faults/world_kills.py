"""A company whose bot is a real process: Slack, AWS and the database outlive it, and it is started anew when killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.clock import MovableClock
from bot.demo import world as demo
from bot.worker import LEASE
from sandbox.slack.person import Person
from storage.transactions import Database
from tests.faults.invariants import Lasting, broken_promises
from tests.faults.invariants_watch import Onlooker, Watch

PATIENCE = 240.0
"""Real seconds until something that should come to be counts as never coming; the machine may be busy."""
AWAY = LEASE + timedelta(seconds=20)
"""How long the bot is gone: what it held is free again when it comes back."""
_LOOK_EVERY = 0.1
_PRESS_AGAIN_AFTER = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """At which gate of one process to kill it, before or after the effect."""

    at: int
    moment: str


class KilledWorld(demo.World):
    """The demo's company with the bot in a process of its own, killed once for each of `kills`."""

    def __init__(self, database_url: str, folder: Path, kills: Sequence[Kill]) -> None:
        self.time = MovableClock()
        super().__init__(database_url, clock=self.time)
        self.slack.limits.on = False
        self.journal = folder / "gates"
        self._clock_file = folder / "clock"
        self._clock_file.write_text("0")
        self._log = folder / "log"
        self._ahead = timedelta(0)
        self._kills = list(kills)
        self._process: subprocess.Popen[bytes] | None = None
        self.killed_at: list[str] = []

    def start_bot(self) -> None:
        """Start the process, with the next kill in wait for it; nobody waits until it is ready."""
        kill = self._kills[0] if self._kills else Kill(at=0, moment="before")
        self.people = {name: Person(self.slack, each.profile, patience=5) for name, each in self.people.items()}
        command = [sys.executable, "-m", "tests.faults.world_kill_child", "run", "--config"]
        config = str(Path(demo.__file__).parent / "jitbot.demo.yml")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([*command, config], env=self._environment(kill), stderr=log)  # noqa: S603 - ours

    def _environment(self, kill: Kill) -> dict[str, str]:
        return {
            **os.environ,
            "AWS_ACCESS_KEY_ID": "demo",
            "AWS_SECRET_ACCESS_KEY": "demo",
            "AWS_ENDPOINT_URL": self.aws.url,
            "SLACK_BOT_TOKEN": demo.BOT_TOKEN,
            "SLACK_APP_TOKEN": demo.APP_TOKEN,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": self.database_url,
            "HEALTH_ADDR": "127.0.0.1:0",
            "LOG_LEVEL": "ERROR",
            "CRASH_AT": str(kill.at),
            "CRASH_MOMENT": kill.moment,
            "GATES_JOURNAL": str(self.journal),
            "CLOCK_FILE": str(self._clock_file),
        }

    def keep_alive(self) -> None:
        """Do what a supervisor does: start the bot again where it was killed; any other end is a failure."""
        process = self._process
        if process is None or process.poll() is None:
            return
        assert process.returncode == -signal.SIGKILL, f"it ended by itself: {self.said()}"
        kill = self._kills.pop(0)
        passed = [each for each in self.journal.read_text().splitlines() if each.startswith(f"{kill.at} ")]
        self.killed_at.append(f"{kill.moment} {passed[-1]}")  # each process counts anew
        self.passes(AWAY)
        self.start_bot()

    def passes(self, span: timedelta) -> None:
        """Let time pass for everybody."""
        self._ahead += span
        fresh = self._clock_file.with_suffix(".new")
        fresh.write_text(str(self._ahead.total_seconds()))
        fresh.replace(self._clock_file)
        self.time.move(span)

    @property
    def deaths(self) -> int:
        """How often the process was killed; some kills never come, because so many gates are not passed any more."""
        return len(self.killed_at)

    def said(self) -> str:
        """Read what the bot wrote to its log."""
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def stop_bot(self) -> None:
        """End the process, by force: it must bear that."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass(slots=True, kw_only=True)
class Siege:
    """A company under kills, with a watch at every look."""

    world: KilledWorld
    onlooker: Onlooker
    watch: Watch

    def until(self, goal: Callable[[], object], press: Callable[[], object] = lambda: None) -> None:
        """Press, and press again as people do, until the goal is reached; the bot is started again meanwhile."""
        deadline, again = time.monotonic() + PATIENCE, 0.0
        while not self._reached(goal):
            assert time.monotonic() < deadline, f"it did not come to be: {self.watch.problems} {self.world.said()}"
            self.world.keep_alive()
            if time.monotonic() > again and self.world.slack.sockets.links:
                _try(press)
                again = time.monotonic() + _PRESS_AGAIN_AFTER
            time.sleep(_LOOK_EVERY)

    def _reached(self, goal: Callable[[], object]) -> bool:
        self.watch.look()
        return bool(goal())

    def broken(self) -> list[str]:
        """Check everything that must be so when all is done; each death may have doubled a direct message."""
        database = Database(self.world.database_url)
        lasting = Lasting(
            database=database,
            aws=self.world.aws,
            workspace=self.world.workspace,
            audit_channel="C0AUDIT",
            seen=[],
            lost_answers=lambda _: self.world.deaths,
        )
        try:
            return [*self.watch.problems, *broken_promises(lasting)]
        finally:
            database.close()


@contextmanager
def besieged(database_url: str, folder: Path, kills: Sequence[Kill]) -> Iterator[Siege]:
    """Found a company under kills; its database has its tables already."""
    world = KilledWorld(database_url, folder, kills)
    onlooker = Onlooker(database_url)
    try:
        with world:
            bound = timedelta(minutes=15) + AWAY * len(kills)
            yield Siege(world=world, onlooker=onlooker, watch=Watch(onlooker, world.aws, world.time.now, bound))
    finally:
        onlooker.close()


def _try(press: Callable[[], object]) -> None:
    """Make a gesture; what was not there, or not answered, is tried again."""
    try:
        press()
    except AssertionError:
        return
