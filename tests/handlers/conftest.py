"""A desk on SQLite; the operations themselves are tested on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.aws import AwsSandbox
from storage.transactions import Database
from tests.handlers.desk import AtOnce, Desk, SmallDirectory, open_desk
from tests.operations.company import a_clock, found_company
from tests.slackapi.fake import FakeSlack, serving


@pytest.fixture(name="desk")
def make_desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """Open a desk where everything happens in the test's own thread."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    database, clock = Database(f"sqlite:///{path}"), a_clock()
    company = found_company(database, AwsSandbox(clock.now), object(), SmallDirectory(), clock)
    with serving(FakeSlack()) as slack:
        yield open_desk(company, slack, AtOnce(), AtOnce())
    database.close()
