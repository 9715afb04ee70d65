"""A small company for every file of journeys, and a fresh one for those that turn it upside down."""

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
        yield Tale(world)


@pytest.fixture(autouse=True)
def no_faults_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let AWS and Slack work again after each journey, so that one that fails spoils no other."""
    yield
    if "tale" in request.fixturenames:
        told: Tale = request.getfixturevalue("tale")
        told.world.aws.faults.clear()
        told.world.slack.faults.clear()


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
