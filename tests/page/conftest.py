"""One browser for all tests of the page, and one company for each file of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.tale import PATIENCE
from tests.page.office import Office, opened_office

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # in containers there is none to be had
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start the browser that is on the PATH; CI must have one.

    It ends with the last test of the page: while it runs, no other test in this process could begin an event loop.
    """
    path = next((found for each in BROWSERS if (found := shutil.which(each))), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(f"CI has no browser: none of {', '.join(BROWSERS)} is on the PATH")
    if path is None:
        pytest.skip(f"the page is tried in a browser, and none of {', '.join(BROWSERS)} is on the PATH")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, browser: Browser) -> Iterator[Office]:
    """Found the company that all tests of one file share."""
    path = tmp_path_factory.mktemp("page") / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    with opened_office(f"sqlite:///{path}", browser) as office:
        yield office


@pytest.fixture
def office(company: Office) -> Iterator[Office]:
    """Give the company; afterwards its windows are closed, nothing is broken, and no console had to complain."""
    yield company
    company.world.aws.faults.clear()
    company.world.slack.faults.clear()
    assert company.close_windows() == []
