"""How the page behaves beside its stories: narrow, dark, by keyboard, and for somebody who cannot see it."""

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.demo.world import BOT_TOKEN
from sandbox.slack.tickets import ResponseUrl
from tests.page.office import NARROW, WIDE, Office, Window

OWNERS = "payments-owners"
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], '
    '"Resource": "arn:aws:s3:::a-very-long-name-of-a-bucket-that-nobody-should-have-given-it/*"}]}'
)
NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !(each.ariaLabel || each.innerText || each.labels?.length || each.title))
  .map((each) => each.outerHTML)"""
"""Finds what a screen reader could not name."""


def fits(window: Window) -> bool:
    """Tell whether nothing sticks out to the side."""
    return bool(window.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_everything_fits_and_has_a_name(office: Office, size: tuple[int, int]) -> None:
    """A card, the form and the menus stay inside the window at both widths, and every control has a name."""
    office.tale.asks_custom(Inline_policy=POLICY)
    olga = office.window("olga", OWNERS, size)
    expect(olga.card("JIT-invoices")).to_be_visible()
    assert fits(olga)
    olga.types("/jit request prod-payments ReadOnly")
    expect(olga.modal).to_be_visible()
    assert fits(olga)
    assert olga.page.evaluate(NAMELESS) == []
    olga.presses("Cancel", olga.modal)
    expect(olga.modal).to_have_count(0)


def test_side_bar_and_panes_are_drawers_where_it_is_narrow(office: Office) -> None:
    """On a phone both open by a button, close by Escape, and lead on."""
    rita = office.window("rita", "general", NARROW)
    link = rita.page.get_by_role("link", name=OWNERS)
    expect(link).to_be_hidden()
    rita.presses("Channels")
    expect(link).to_be_visible()
    rita.page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    rita.presses("Behind the scenes")
    expect(rita.page.get_by_role("button", name="+1 h")).to_be_visible()
    rita.page.keyboard.press("Escape")
    expect(rita.page.get_by_role("button", name="+1 h")).to_be_hidden()
    rita.presses("Channels")
    link.click()
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text(OWNERS)


def test_dark_is_the_systems_choice_until_somebody_switches(office: Office) -> None:
    """The page follows the system, and keeps what somebody chose from place to place."""
    rita = office.window("rita", scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = rita.page.evaluate(ground)
    rita.presses("Switch between light and dark")
    light = rita.page.evaluate(ground)
    assert light != dark
    rita.page.get_by_role("link", name=OWNERS).click()
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text(OWNERS)
    assert rita.page.evaluate(ground) == light


def test_a_request_is_made_and_approved_by_keyboard_alone(office: Office) -> None:
    """The composer completes commands, the form is filled in order, and a button is pressed where the focus is."""
    rita, olga = office.window("rita"), office.window("olga", OWNERS)
    composer = rita.page.get_by_label("Message", exact=True)
    expect(composer).to_be_focused()
    rita.page.keyboard.type("/jit r")
    rita.page.keyboard.press("ArrowDown")
    rita.page.keyboard.press("Enter")
    expect(composer).to_have_value("/jit request ")
    rita.page.keyboard.type("prod-payments ReadOnly 1h keys only, please")
    rita.page.keyboard.press("Enter")
    expect(rita.modal.locator(":focus")).to_have_count(1)
    rita.page.get_by_label("Justification").focus()
    rita.page.keyboard.press("Control+Enter")
    expect(rita.modal).to_have_count(0)

    approve = olga.card("keys only").get_by_role("button", name="Approve")
    approve.focus()
    olga.page.keyboard.press("Enter")
    expect(olga.card("keys only")).to_contain_text("Active")


def test_escape_closes_a_modal(office: Office) -> None:
    """Escape is the close button of the modal on top."""
    rita = office.window("rita")
    rita.types("/jit request")
    expect(rita.modal).to_be_visible()
    rita.page.keyboard.press("Escape")
    expect(rita.modal).to_have_count(0)


def test_somebody_at_the_keyboard_goes_on_where_they_were(office: Office) -> None:
    """When a modal closes its opener has the focus again; when a pressed button is gone, its message has it."""
    label = office.tale.asks()
    olga = office.window("olga", OWNERS)
    olga.card(label).get_by_role("button", name="Reject").focus()
    olga.page.keyboard.press("Enter")
    expect(olga.page.get_by_label("Reason")).to_be_focused()
    olga.page.keyboard.press("Escape")
    expect(olga.card(label).get_by_role("button", name="Reject")).to_be_focused()
    olga.card(label).get_by_role("button", name="Approve").focus()
    olga.page.keyboard.press("Enter")
    expect(olga.card(label)).to_contain_text("Active")
    expect(olga.card(label)).to_be_focused()
    olga.types("/jit request")
    expect(olga.modal).to_be_visible()
    olga.page.keyboard.press("Escape")
    expect(olga.page.get_by_label("Message", exact=True)).to_be_focused()


def test_no_list_covers_what_is_wrong(office: Office) -> None:
    """The first wrong field has the focus, with its list shut so that the error is read; an arrow opens it."""
    rita = office.window("rita")
    rita.types("/jit request")
    rita.presses("Send request", rita.modal)
    account = rita.page.get_by_label("AWS account")
    expect(account).to_be_focused()
    expect(rita.modal.get_by_role("alert").first).to_have_text("Please complete this required field.")
    expect(account).to_have_attribute("aria-expanded", "false")
    rita.page.keyboard.press("ArrowDown")
    expect(rita.page.get_by_role("option", name="data-lake")).to_be_visible()
    rita.page.keyboard.press("Escape")
    rita.page.keyboard.press("Escape")
    expect(rita.modal).to_have_count(0)


def test_unread_messages_are_marked_until_they_are_looked_at(office: Office) -> None:
    """A channel with news is marked in the side bar, and no longer once somebody was there."""
    olga = office.window("olga")
    label = office.tale.asks()
    place = olga.page.get_by_role("link", name=OWNERS)
    expect(place).to_have_class("place unread")
    place.click()
    expect(olga.card(label)).to_be_visible()
    expect(olga.page.get_by_role("link", name=OWNERS)).to_have_class("place here")
    olga.page.get_by_role("link", name="general").click()
    expect(olga.page.get_by_role("link", name=OWNERS)).to_have_class("place")


def test_what_is_typed_stays_while_the_page_changes(office: Office) -> None:
    """A change elsewhere redraws the window, and neither the composer nor an open form loses a letter."""
    rita = office.window("rita")
    rita.types("/jit request prod-payments ReadOnly")
    rita.page.get_by_label("Justification").press_sequentially("half a sent")
    office.tale["olga"].types("hello rita", channel="#general")
    expect(rita.message("hello rita")).to_have_count(1)
    expect(rita.page.get_by_label("Justification")).to_have_value("half a sent")
    expect(rita.page.get_by_label("Justification")).to_be_focused()
    rita.page.keyboard.press("Escape")
    expect(rita.modal).to_have_count(0)


def test_a_refused_block_is_shown_with_slacks_own_words(office: Office) -> None:
    """What Slack refuses of a bot's blocks stands on the page, with the place of the mistake."""
    rita = office.window("rita")
    client = WebClient(token=BOT_TOKEN, base_url=office.world.slack.api_url)
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel="C0GENERAL", text="too long", blocks=blocks)
    office.world.workspace.announce("looked")
    expect(rita.page.get_by_text("Slack refused chat.postMessage: invalid_blocks")).to_be_visible()
    expect(rita.page.locator(".refused code")).to_contain_text("json-pointer:/blocks/0/text/text")


def test_a_refused_answer_is_shown_too(office: Office) -> None:
    """What a bot answers to a gesture is judged as strictly, and the page says where the mistake is."""
    sandbox = office.world.slack
    sandbox.answers.clear()
    rita = office.window("rita")
    with sandbox.workspace.lock:
        who = office.tale["rita"].profile.id
        right = ResponseUrl(user=who, channel="C0GENERAL", born=sandbox.workspace.now())
        key = sandbox.workspace.tickets.response(right)
    answer = WebhookClient(f"{sandbox.origin}/response/{key}").send(blocks=[{"type": "marquee"}])
    assert answer.status_code == 400
    expect(rita.page.get_by_text("Slack refused response_url: invalid_blocks")).to_be_visible()
    expect(rita.page.locator(".refused code")).to_contain_text(
        "unsupported type: marquee [json-pointer:/blocks/0/type]"
    )
    sandbox.answers.clear()
