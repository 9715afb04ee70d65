"""`jitbot reconcile`: a table and an exit code, beside a running bot too where it only reads."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.demo import world as demo
from bot.demo.world import World

CONFIGURATION = Path(demo.__file__).with_name("jitbot.demo.yml")
PAYMENTS = "111122223333"


@pytest.fixture
def world(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Run a bot on SQLite, and point the command at its database and its AWS."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    with World(f"sqlite:///{path}") as running:
        running.aws.add_permission_set("ReadOnly2")
        monkeypatch.setenv("DATABASE_URL", running.database_url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws.url)
        yield running


def left_with(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Type the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["jitbot", "reconcile", "--config", str(CONFIGURATION), *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def by_hand(world: World, name: str) -> None:
    """Assign Billing in prod-payments as an administrator would."""
    user = next(each.id for each in world.aws.world.users.values() if each.user_name == name)
    arn = next(each.arn for each in world.aws.world.sets.values() if each.name == "Billing")
    world.aws.assign(PAYMENTS, user, arn)


def test_a_dry_run_beside_a_running_bot_only_reads(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 where nothing differs, 1 and a row for what does; nothing is written, posted or removed."""
    assert left_with(monkeypatch, "--dry-run") == 0
    assert capsys.readouterr().out == "0 ours and expected, 0 differ.\n"
    by_hand(world, "sam")

    assert left_with(monkeypatch, "--dry-run") == 1

    titles, row, count = capsys.readouterr().out.splitlines()
    assert titles.split() == ["what", "user", "account", "permission", "set", "session"]
    assert row.split() == ["not", "ours", "sam@example.com", PAYMENTS, "Billing"]
    assert count == "0 ours and expected, 1 differ."
    assert world.aws.assignments() == [(PAYMENTS, "sam", "Billing")]
    assert not [each for each in world.people["ada"].channel("#sso-admins") if "Billing" in each.text]


def test_acting_needs_the_database_for_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On SQLite a running bot does it itself every ten minutes; without one the command reports and leaves with 1."""
    by_hand(world, "sam")
    assert left_with(monkeypatch) == 2
    assert "Another jitbot" in capsys.readouterr().err

    world.stop_bot()
    monkeypatch.setenv("SLACK_API_URL", world.slack.api_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", demo.BOT_TOKEN)
    assert left_with(monkeypatch) == 1

    assert "sam@example.com" in capsys.readouterr().out
    world.people["ada"].waits_for("sam@example.com has Billing", "#sso-admins", 30)
    assert world.aws.assignments() == [(PAYMENTS, "sam", "Billing")]


@pytest.mark.usefixtures("world")
def test_an_aws_that_does_not_answer_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """2, and why: half a look is no answer."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert left_with(monkeypatch, "--dry-run") == 2
    assert "AWS could not be asked" in capsys.readouterr().err
