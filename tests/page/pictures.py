"""`make screenshots`: plays a story with real clicks and writes pictures of it to docs/pictures."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect, sync_playwright

from tests.page.conftest import BROWSERS, FLAGS
from tests.page.office import NARROW, Office, Window, opened_office

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
WHY = "INC-4711: payments are stuck in the queue"
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::invoices/*"}]
}"""
OWNERS = "payments-owners"
LARGEST = 300_000
"""Bytes of one picture: they are part of the repository."""


def picture(window: Window, name: str) -> None:
    """Write one picture, when nothing moves any more."""
    window.page.wait_for_timeout(1800)
    path = FOLDER / f"{name}.png"
    window.page.screenshot(path=path, animations="disabled")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} is larger than {LARGEST} bytes")


def asks_standard(office: Office) -> Window:
    """Let rita type a command; the form is pictured before she sends it."""
    rita = office.window("rita")
    rita.types(f"/jit request prod-payments ReadOnly 2h {WHY}")
    expect(rita.modal).to_be_visible()
    picture(rita, "form")
    rita.sends()
    return rita


def asks_custom(rita: Window) -> None:
    """Let rita define a permission set of her own."""
    rita.types("/jit request prod-payments")
    rita.page.get_by_label("Custom").check()
    rita.page.get_by_label("Name").fill("invoices")
    rita.page.get_by_label("Inline policy").fill(POLICY)
    rita.page.get_by_label("Justification").fill("Compare the invoices of October with the bank's list")
    rita.sends()


def at_top(card: Locator) -> None:
    """Scroll a card to the top of its window."""
    card.evaluate("each => each.scrollIntoView({block: 'start'})")


def play(office: Office) -> None:
    """Play the story and take the pictures."""
    rita = asks_standard(office)
    asks_custom(rita)
    olga = office.window("olga", OWNERS)
    olga.presses("Approve", olga.card(WHY))
    expect(olga.card(WHY)).to_contain_text("Active")
    olga.opens_pane("Audit")
    at_top(olga.card(WHY))
    picture(olga, "workspace")
    picture(office.window("rita", "dm", scheme="dark"), "granted-dark")
    office.window("ada", "sso-admins")
    olga.presses("Approve", olga.card("JIT-invoices"))
    olga.presses("Approve", olga.page.locator("dialog.confirm[open]"))
    phone = office.window("ada", "sso-admins", NARROW)
    expect(phone.card("JIT-invoices").get_by_role("button", name="Approve")).to_be_visible()
    picture(phone, "phone")


def with_browser(browser: Browser) -> None:
    """Found the company in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="jitbot-pictures-") as folder,
        opened_office(f"sqlite:///{folder}/jitbot.db", browser) as office,
    ):
        play(office)


def main() -> int:
    """Take the pictures with the browser that is on the PATH."""
    path = next((found for each in BROWSERS if (found := shutil.which(each))), None)
    if path is None:
        sys.stderr.write(f"No browser: none of {', '.join(BROWSERS)} is on the PATH.\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        with_browser(browser)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
