"""The home tab as people see and press it, wide and narrow."""

import pytest
from playwright.sync_api import expect

from sandbox.slack.faults import RateLimited
from tests.page.office import NARROW, WIDE, Office


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_owner_approves_on_the_home_tab(office: Office, size: tuple[int, int]) -> None:
    """What waits appears by itself; Approve on it grants, and what is active takes its place; nothing overflows."""
    hers = office.window("olga", "home", size)
    home = hers.page.locator(".home")
    expect(home).to_contain_text("Nothing waits for your decision.")
    label = office.tale.asks()

    expect(home).to_contain_text(f"{label} · ⏳ Pending")
    hers.presses("Approve", home)

    expect(home).to_contain_text(f"{label} · 🟢 Active")
    expect(home.get_by_role("button", name="Revoke").first).to_be_visible()
    assert hers.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    office.tale.later(hours=1, minutes=1)
    expect(home).to_contain_text("Nobody else has access to your accounts")


def test_a_refusal_opens_over_the_home_tab(office: Office) -> None:
    """Somebody else was faster and the tab is older: the words stand in a modal over it."""
    hers = office.window("olga", "home")
    home = hers.page.locator(".home")
    label = office.tale.asks()
    expect(home).to_contain_text(label)
    office.tale.settles()
    office.world.slack.faults.on("views.publish", *[RateLimited(retry_after=60)] * 20)
    office.tale.says("rita", f"/jit withdraw {label}")
    hers.presses("Approve", home)

    expect(hers.modal).to_contain_text(f"{label} was withdrawn by Rita Requester.")
