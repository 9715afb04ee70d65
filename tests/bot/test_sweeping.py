"""`jitbot sweep`: with the bot dead, what is over goes all the same, and somebody hears that the bot is dead."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.build
from bot.cli import main
from bot.clock import MovableClock
from bot.demo import world as demo
from bot.demo.world import World
from sandbox.aws import FaultKind
from tests.journeys.tale import OWNERS, Tale

CONFIGURATION = Path(demo.__file__).with_name("jitbot.demo.yml")


@pytest.fixture
def tale(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tale]:
    """Run a bot on SQLite, and point the command at its database, its AWS and its time."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    with World(f"sqlite:///{path}") as running:
        monkeypatch.setenv("DATABASE_URL", running.database_url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws.url)
        monkeypatch.setattr(bot.build, "SystemClock", lambda: running.clock)
        yield Tale(running)


def swept(monkeypatch: pytest.MonkeyPatch) -> int:
    """Type the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["jitbot", "sweep", "--config", str(CONFIGURATION)])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_while_the_bot_does_its_work_there_is_nothing_to_sweep(
    tale: Tale, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a running bot, with an active session: 0, and nothing is touched."""
    tale.granted()
    assert swept(monkeypatch) == 0
    assert capsys.readouterr().out == "0 over, 0 gone now.\n"
    assert tale.holds() == ["ReadOnly"]


def test_what_a_dead_bot_left_is_removed_and_the_bot_is_called_dead(
    tale: Tale, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The assignment goes without the bot; started again, the bot finds it gone and says Expired."""
    label = tale.granted()
    tale.world.stop_bot()
    tale.passes(hours=1, minutes=4)
    assert swept(monkeypatch) == 1  # no bot for an hour; the session has five minutes of patience
    assert "No bot has swept since" in capsys.readouterr().out
    assert tale.holds() == ["ReadOnly"]

    tale.passes(minutes=2)
    assert swept(monkeypatch) == 1

    said = capsys.readouterr().out
    assert f"{label}  ReadOnly in prod-payments of rita@example.com, over since" in said
    assert "1 over, 1 gone now." in said
    assert tale.holds() == []
    tale.world.start_bot()
    tale.card("olga", label, OWNERS, "Expired")


def test_what_another_session_needs_is_left(tale: Tale, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sessions on one assignment: the net waits for the later end, as the bot does."""
    tale.granted(what="prod-payments ReadOnly 1h")
    tale.granted(what="prod-payments ReadOnly 4h")
    tale.world.stop_bot()
    tale.passes(hours=2)
    swept(monkeypatch)
    assert tale.holds() == ["ReadOnly"]
    tale.passes(hours=3)
    swept(monkeypatch)
    assert tale.holds() == []


def test_what_aws_refuses_is_said_and_stays(
    tale: Tale, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason of AWS stands in the line, and the exit code calls somebody."""
    tale.granted()
    tale.world.stop_bot()
    tale.passes(hours=2)
    tale.world.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED)
    assert swept(monkeypatch) == 1
    assert "1 over, 0 gone now." in capsys.readouterr().out
    assert tale.holds() == ["ReadOnly"]
    assert isinstance(tale.world.clock, MovableClock)
    assert swept(monkeypatch) == 1
    assert tale.holds() == []


def test_a_fresh_database_has_nothing_to_miss(
    tmp_path: Path, sqlite_template: Path, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first bot ever ran there is no dead one."""
    path = tmp_path / "fresh.db"
    shutil.copyfile(sqlite_template, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    tale.passes(hours=1)
    assert swept(monkeypatch) == 0
