"""Any number of equal processes on one PostgreSQL, and exactly one on a SQLite file."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from access.people import SlackId
from access.request import RequestId
from bot.build import Parts
from bot.clock import SystemClock
from bot.demo.world import World
from bot.program import Program
from operations.identify import identify
from operations.submit import submit_request
from storage import outbox
from storage.listening import Listener
from storage.transactions import Database
from tests.access.given import a_form
from tests.faults.draining import drain, order_messages
from tests.faults.effort import FULL, rounds

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PATIENCE = 60.0
EXAMPLE = Path(__file__).parents[2] / "jitbot.example.yml"


class Idle(World):
    """A world whose own bot takes gestures but performs nothing."""

    def _build(self) -> Parts:
        parts = super()._build()
        if not self.bot_runs:
            parts.worker.start = parts.worker.wake = lambda: None  # type: ignore[method-assign]
            parts.worker.stop = lambda timeout: None  # type: ignore[method-assign]  # noqa: ARG005 - its signature
        return parts


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Run a bot that only takes gestures; workers look for work by themselves once in ten minutes."""
    monkeypatch.setattr("bot.worker._IDLE", 600.0)
    founded = Idle(database_url)
    founded.slack.limits.on = False
    with founded:
        yield founded


@pytest.fixture
def second(world: World) -> Iterator[Program]:
    """Run a second bot on the same database, which performs what is ordered."""
    program = Program(world._build(), world.configuration, "jitbot.demo.yml", world.make_transport())
    program.start()
    yield program
    program.stop()


def comes_true(look: Callable[[], object]) -> bool:
    """Look until it is so, or patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not look() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(look())


def listener_of(program: Program) -> Listener:
    """Give the listener of a program on PostgreSQL."""
    assert program.listener is not None
    assert comes_true(program.listener.listening.is_set)
    return program.listener


def ask_at_the_first(world: World, number: int) -> None:
    """Let the process that performs nothing take a request; its card is for others to post."""
    rita = SlackId(world.people["rita"].profile.id)
    identify(world.parts.deps, rita)
    submit_request(world.parts.deps, a_form(account_id="111122223333"), rita, RequestId(f"rq_{number}"))


@ON_POSTGRESQL
def test_an_effect_that_one_process_ordered_is_performed_by_another_at_once(world: World, second: Program) -> None:
    """The second process hears of the commit of the first, and posts the card."""
    listener_of(second)
    ask_at_the_first(world, 1)
    world.people["olga"].waits_for("REQ-1001", "#payments-owners", PATIENCE)


@ON_POSTGRESQL
def test_a_lost_listening_connection_is_made_anew_and_nothing_is_missed(
    world: World, second: Program, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What is ordered while the connection is cut is performed when it is back, and so is what comes after."""
    listener_of(second)
    with psycopg.connect(database_url, autocommit=True) as admin:
        cut = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query = 'LISTEN jitbot_outbox' AND datname = current_database()"
        ).fetchall()
    assert len(cut) == 2
    ask_at_the_first(world, 1)
    world.people["olga"].waits_for("REQ-1001", "#payments-owners", PATIENCE)
    assert "other processes cannot wake this one" in caplog.text
    listener_of(second)
    ask_at_the_first(world, 2)
    world.people["olga"].waits_for("REQ-1002", "#payments-owners", PATIENCE)


@ON_POSTGRESQL
def test_several_processes_drain_one_outbox_and_perform_each_effect_once(database: Database) -> None:
    """Two processes (four in full) send all messages, none twice, and each of them sends some."""
    keys = order_messages(database, rounds(600, 2000))

    def empty() -> bool:
        with database.read() as db:
            return all(each.ready == 0 for each in outbox.state(db, SystemClock().now()).values())

    sent = drain(database.url.render_as_string(hide_password=False), 4 if FULL else 2, empty)
    print(f"sent by each: {[len(each) for each in sent]}")  # noqa: T201 - the figures of the proof
    assert Counter(key for some in sent for key in some) == Counter(keys)
    assert all(sent)


def test_a_second_process_on_one_sqlite_file_is_refused_in_words(tmp_path: Path) -> None:
    """`jitbot run` beside a running one leaves with 2 and names the other process and the way out."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/jitbot.db",
        "SLACK_BOT_TOKEN": "xoxb-nothing",
        "SLACK_APP_TOKEN": "xapp-nothing",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "nothing",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "HEALTH_ADDR": "127.0.0.1:0",
    }
    command = [sys.executable, "-m", "bot", "run", "--config", str(EXAMPLE)]
    with (tmp_path / "first.log").open("wb") as log, subprocess.Popen(command, env=environment, stderr=log) as first:  # noqa: S603 - our own
        try:
            lock = tmp_path / "jitbot.db.lock"
            assert comes_true(lambda: lock.exists() and lock.read_text().strip() == str(first.pid))
            second = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603 - our own
        finally:
            first.terminate()
    assert second.returncode == 2
    said = json.loads(second.stderr.splitlines()[-1])["message"]
    assert f"Another jitbot (process {first.pid}) works on" in said
    assert "several bots at a time need PostgreSQL" in said
