"""A small company for every file of journeys, and a fresh one for those that turn it upside down."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.world import World
from tests.journeys.tale import Tale


def opened(world: World) -> Iterator[Tale]:
    """Start a company whose Slack has no rate limits, and stop it afterwards."""
    world.slack.limits.on = False
    with world:
        tale = Tale(world)
        yield tale
        tale.settles()
        assert tale.audit_is_whole()


@pytest.fixture(autouse=True)
def no_bug_met(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold every journey to leaving no error of the bot's own in its log, and let AWS and Slack work again after it."""
    yield
    if "tale" in request.fixturenames:
        told: Tale = request.getfixturevalue("tale")
        told.world.aws.faults.clear()
        told.world.slack.faults.clear()
    bugs = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.ERROR and each.exc_info]
    assert bugs == []


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Tale]:
    """Found the company that all journeys of one file share."""
    path = tmp_path_factory.mktemp("company") / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    yield from opened(World(f"sqlite:///{path}"))


@pytest.fixture
def fresh(tmp_path: Path, sqlite_template: Path) -> Iterator[Tale]:
    """Found a company for one journey alone."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    yield from opened(World(f"sqlite:///{path}"))
