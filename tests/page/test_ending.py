"""How access ends, and how it does not, seen in the browser: extended, overlapping, cut though the bot is dead."""

import pytest
from playwright.sync_api import expect

from tests.page.office import Office, Window

OWNERS = "payments-owners"


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> None:
    """Let every session of the test before be over."""
    office.tale.later(days=2)


def granted(office: Office, why: str, words: str = "ReadOnly 1h") -> tuple[Window, Window]:
    """Let rita have access, in two clicks; give her window and olga's, who owns the account."""
    rita, olga = office.window("rita"), office.window("olga", OWNERS)
    rita.sends_request(f"prod-payments {words} {why}")
    olga.presses("Approve", olga.card(why))
    expect(olga.card(why)).to_contain_text("Active until")
    return rita, olga


def test_a_session_is_extended(office: Office) -> None:
    """Extend on the card opens a form with what can be had; approved, the same session goes on."""
    rita, olga = granted(office, "migrating ledgers")
    rita.page.get_by_role("link", name="jitbot").first.click()
    office.tale.later(minutes=40)
    label = rita.label("migrating ledgers")

    rita.presses("Extend", rita.card("migrating ledgers"))
    expect(rita.modal).to_contain_text(f"Extend {label}")
    rita.page.get_by_label("Justification").fill("the copy is not through")
    rita.sends()
    olga.presses("Approve", olga.card("the copy is not through"))

    expect(olga.card("migrating ledgers")).to_contain_text("extended once")
    expect(rita.message(f"{label} goes on until")).to_be_visible()
    office.tale.later(minutes=30)
    expect(rita.opens_pane("AWS")).to_contain_text("Rita Requester has ReadOnly")
    office.tale.later(minutes=60)
    expect(rita.card("migrating ledgers")).to_contain_text("Expired")
    expect(rita.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")


def test_the_end_of_one_session_leaves_an_overlapping_one(office: Office) -> None:
    """Two sessions on one set and account: the first end takes nothing away, the second does."""
    rita, olga = granted(office, "reading queues")
    rita.sends_request("prod-payments ReadOnly 2h reading other queues")
    olga.presses("Approve", olga.card("reading other queues"))
    expect(olga.card("reading other queues")).to_contain_text("Active until")

    office.tale.later(minutes=61)
    expect(olga.card("reading queues")).to_contain_text("Expired")
    expect(rita.opens_pane("AWS")).to_contain_text("Rita Requester has ReadOnly")
    office.tale.later(minutes=60)
    expect(olga.card("reading other queues")).to_contain_text("Expired")
    expect(rita.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")


def test_a_dead_bot_cuts_nobody_some_slack(office: Office) -> None:
    """The bot is dead before the end: AWS still lists the copied set, and says that it denies everything by now."""
    rita, olga = granted(office, "restarting queues", "PowerUser 1h")
    expect(olga.card("restarting queues")).to_contain_text("AWS sessions are cut at")
    office.world.stop_bot()
    office.tale.passes(hours=1, seconds=2)
    rita.page.reload()
    expect(rita.opens_pane("AWS")).to_contain_text("denies everything since")
    office.world.start_bot()
    expect(olga.card("restarting queues")).to_contain_text("Expired")


def test_the_same_is_asked_for_again(office: Office) -> None:
    """Ask again on a finished card opens the form as it was filled in."""
    rita, olga = granted(office, "counting invoices")
    rita.page.get_by_role("link", name="jitbot").first.click()
    rita.presses("I'm done", rita.card("counting invoices"))
    expect(olga.card("counting invoices")).to_contain_text("Revoked")
    rita.presses("Ask again", rita.card("counting invoices"))
    expect(rita.page.get_by_label("Justification")).to_have_value("counting invoices")
    rita.sends()
    expect(olga.card("counting invoices")).to_contain_text("Pending")
