"""The program waits for whoever is not there yet, says for whom, and goes on by itself."""

import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from access.changes import Event, EventKind
from access.people import SlackId
from bot.addresses import Address
from bot.clock import SystemClock
from bot.demo.world import World
from bot.http import HttpTransport
from bot.program import Program
from operations.settle import record
from storage import outbox
from storage.outbox import Lane
from storage.transactions import Database

PATIENCE = 20.0


class OnPort(World):
    """A world whose bot takes Slack's requests at a given port, and is not waited for."""

    def __init__(self, database_url: str, port: int) -> None:
        super().__init__(database_url)
        self._http_port = port

    def start_bot(self) -> None:
        """Start the bot, and return at once."""
        self.parts = self._build()
        transport = HttpTransport(self.parts.app, Address("127.0.0.1", self._http_port))
        self.program = Program(self.parts, self.configuration, "jitbot.demo.yml", transport)
        self.program.start()
        self.bot_runs = True


def comes_true(look: Callable[[], object]) -> bool:
    """Look until it is so, or patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not look() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(look())


def test_a_taken_port_is_said_and_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot ends sessions meanwhile, /readyz names HTTP_ADDR, and it listens as soon as the port is free."""
    monkeypatch.setattr("bot.program._ASK_SLACK_EVERY", 0.05)
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, OnPort(f"sqlite:///{tmp_path}/jitbot.db", taken.getsockname()[1]) as world:
        assert comes_true(lambda: "Is HTTP_ADDR right?" in (world.program.check_slack() or ""))
        taken.close()
        assert comes_true(lambda: world.program.check_slack() is None)


def test_what_a_killed_process_held_on_sqlite_is_performed_at_once(tmp_path: Path) -> None:
    """The lease of the dead still lasts hours; the next process knows that nobody else works on the file."""
    url = f"sqlite:///{tmp_path}/jitbot.db"
    database = Database(url)
    database.upgrade()
    now = SystemClock().now()
    with database.begin() as db:
        record(db, [Event(kind=EventKind.REQUESTED, at=now, actor=SlackId("U1"), request="REQ-7")], now)
        assert outbox.claim(db, Lane.SLACK, now, "dead", timedelta(hours=8), 9)
    database.close()
    with World(url) as world:
        world.people["sam"].waits_for("REQ-7", "#jit-audit", PATIENCE)


def test_aws_that_is_away_at_the_start_is_asked_again_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that starts before its network is ready within a minute, not at the next round in 10."""
    monkeypatch.setattr("bot.program._ASK_AWS_EVERY", 0.05)
    asked: list[bool] = []

    class Late(World):
        def start_bot(self) -> None:
            self.parts = self._build()
            program = Program(self.parts, self.configuration, "jitbot.demo.yml", self.make_transport())
            refreshed = program._refreshed

            def late() -> bool:
                asked.append(True)
                return len(asked) > 2 and refreshed()

            monkeypatch.setattr(program, "_refreshed", late)
            self.program = program
            program.start()

    with Late(f"sqlite:///{tmp_path}/jitbot.db") as world:
        assert comes_true(lambda: world.parts.aws.trouble is None)
    assert len(asked) == 3
