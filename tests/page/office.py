"""A company with windows: people at real browsers, the real bot behind them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page

from bot.demo.control import controls_of
from bot.demo.world import World
from sandbox.page.server import PageServer
from tests.journeys.tale import PATIENCE, Tale

_LABEL = re.compile(r"REQ-\d+")
WIDE, NARROW = (1280, 800), (390, 844)
SENT_AT_LAST = """() => {
  const modal = document.querySelector("dialog.modal[open]");
  const again = modal && !modal.dataset.busy && modal.textContent.includes("Press Send request again");
  if (again) modal.querySelector("[type=submit]").click();
  return !modal;
}"""
"""Looks and presses in one step: between two steps the form might be gone."""


class Window:
    """One person's window at one place; what its console complains about is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def goes_to(self, url: str) -> None:
        """Open an address of the page."""
        self.page.goto(url)
        self.page.wait_for_selector("body[data-live]")

    def empties(self) -> None:
        """Forget what this window has shown and remembered."""
        self.page.evaluate("sessionStorage.clear()")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")
        self.complaints.clear()

    def types(self, text: str) -> None:
        """Type into the composer and press Enter."""
        self.page.get_by_label("Message", exact=True).fill(text)
        self.page.keyboard.press("Enter")

    @property
    def modal(self) -> Locator:
        """The modal on top."""
        return self.page.locator("dialog.modal[open]")

    def message(self, words: str) -> Locator:
        """Find the newest message that says these words."""
        return self.page.locator("[data-message]").filter(has_text=words).last

    def card(self, words: str) -> Locator:
        """Find the card, a message with a header, that says these words."""
        return self.page.locator("[data-message]:has(h3)").filter(has_text=words).last

    def label(self, words: str) -> str:
        """Read the request's number off the card that says these words."""
        found = _LABEL.search(self.card(words).locator("h3").inner_text())
        assert found
        return found[0]

    def presses(self, name: str, within: Locator | None = None) -> None:
        """Press a button by its words."""
        (within or self.page.locator("body")).get_by_role("button", name=name).first.click()

    def opens_pane(self, name: str) -> Locator:
        """Open a pane behind the scenes, and give it."""
        pane = self.page.locator("details.pane").filter(has=self.page.locator("> summary", has_text=name))
        if not pane.get_attribute("open") and pane.get_attribute("open") != "":
            pane.locator("> summary").click()
        return pane

    def sends_request(self, words: str) -> None:
        """Ask with a command, and send the form as it opens."""
        self.types(f"/jit request {words}")
        self.sends()

    def sends(self) -> None:
        """Press Send request, and again where the bot does not know yet who somebody is in AWS, until it is taken."""
        self.presses("Send request", self.modal)
        self.page.wait_for_function(SENT_AT_LAST)


class Office:
    """The company, its page, and the browser that opens windows on it."""

    def __init__(self, world: World, url: str, browser: Browser) -> None:
        self.world = world
        self.tale = Tale(world)
        self.url = url
        self.browser = browser
        self.open: list[Window] = []
        self.idle: list[Window] = []

    def window(self, name: str, place: str = "general", size: tuple[int, int] = WIDE, scheme: str = "light") -> Window:
        """Open a window on somebody's place; each is a browser of its own, for a tab behind another is drawn seldom."""
        window = self.idle.pop() if self.idle else Window(self.browser.new_context().new_page())
        self.open.append(window)
        window.page.set_viewport_size({"width": size[0], "height": size[1]})
        window.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        window.goes_to(f"{self.url}/as/{name}/{place}")
        return window

    def close_windows(self) -> list[str]:
        """Empty every window, and tell what their consoles complained about."""
        complaints = [each for window in self.open for each in window.complaints]
        for each in self.open:
            each.empties()
        self.idle += self.open
        self.open = []
        return complaints

    def leave(self) -> None:
        """Close all browsers."""
        for each in (*self.open, *self.idle):
            each.page.context.close()


@contextmanager
def opened_office(database_url: str, browser: Browser) -> Iterator[Office]:
    """Found a company whose Slack has no rate limits, and give it a page."""
    world = World(database_url)
    world.slack.limits.on = False
    with world, PageServer(world.slack, controls_of(world)) as server:
        office = Office(world, server.url, browser)
        yield office
        office.leave()
