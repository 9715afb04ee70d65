"""What people do with the bot, done with real clicks and read off real windows."""

import pytest
from playwright.sync_api import expect

from sandbox.aws.faults import FaultKind
from tests.page.office import Office, Window

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}'
OWNERS = "payments-owners"


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> None:
    """Let every session of the test before be over."""
    office.tale.later(days=2)


def asked(office: Office, why: str, duration: str = "1h") -> tuple[Window, Window]:
    """Let rita ask for ReadOnly in prod-payments; give her window and olga's, who owns the account.

    `why` is found on cards by its words, so it must be unlike the reasons that a tale makes up.
    """
    rita, olga = office.window("rita"), office.window("olga", OWNERS)
    rita.sends_request(f"prod-payments ReadOnly {duration} {why}")
    expect(olga.card(why)).to_contain_text("Pending")
    return rita, olga


def test_a_standard_request_is_asked_approved_and_granted(office: Office) -> None:
    """A command opens the form, one approval is enough, and the access is seen in AWS and told to the requester."""
    rita, olga = asked(office, "the queue is stuck")
    olga.presses("Approve", olga.card("queue is stuck"))

    expect(olga.card("queue is stuck")).to_contain_text("Active")
    expect(olga.card("queue is stuck")).to_contain_text("Approved by @olga")
    expect(rita.opens_pane("AWS")).to_contain_text("Rita Requester has ReadOnly")
    expect(rita.page.get_by_label("for you").first).to_be_visible()
    rita.page.get_by_role("link", name="jitbot").first.click()
    expect(rita.message("you have ReadOnly in prod-payments")).to_be_visible()
    rita.presses("I'm done", rita.card("queue is stuck"))
    expect(rita.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")


def test_a_custom_request_needs_both_levels(office: Office) -> None:
    """The form changes in place, policies are found by typing, and an owner and an SSO admin approve one by one."""
    rita, olga, ada = office.window("rita"), office.window("olga", OWNERS), office.window("ada", "sso-admins")
    rita.page.get_by_label("Shortcuts").click()
    rita.presses("Request AWS access")
    rita.page.get_by_label("AWS account").fill("pay")
    rita.page.get_by_role("option", name="prod-payments").click()
    rita.page.get_by_label("Custom").check()
    rita.page.get_by_label("Name").fill("invoices")
    rita.page.get_by_label("Managed policies").fill("AmazonS3Read")
    rita.page.locator(".combo").get_by_role("option", name="AmazonS3ReadOnlyAccess").click()
    rita.page.get_by_label("Inline policy").fill(POLICY)
    rita.page.get_by_label("Justification").fill("compare invoices")
    rita.sends()

    olga.presses("Approve", olga.card("compare invoices"))
    confirm = olga.page.locator("dialog.confirm[open]")
    expect(confirm).to_contain_text("Have you read its policies?")
    olga.presses("Approve", confirm)
    expect(olga.card("compare invoices")).to_contain_text("Pending Admin")
    expect(olga.card("compare invoices").get_by_role("button")).to_have_count(0)

    expect(ada.card("compare invoices")).to_contain_text("s3:GetObject")
    ada.presses("Approve", ada.card("compare invoices"))
    ada.presses("Approve", ada.page.locator("dialog.confirm[open]"))
    expect(ada.opens_pane("AWS")).to_contain_text("Rita Requester has JIT-invoices")


def test_a_confirm_dialog_that_is_denied_sends_nothing(office: Office) -> None:
    """Not yet means that nothing has happened."""
    label = office.tale.asks_custom(Name="later")
    olga = office.window("olga", OWNERS)
    calls = len(office.tale.entries())
    olga.presses("Approve", olga.card(label))
    olga.presses("Not yet", olga.page.locator("dialog.confirm[open]"))
    expect(olga.page.locator("dialog.confirm[open]")).to_have_count(0)
    expect(olga.card(label)).to_contain_text("Pending Owner")
    assert len(office.tale.entries()) == calls


def test_a_rejection_gives_its_reason(office: Office) -> None:
    """Rejecting asks for a reason in a modal; too short a form is answered beside the field, the reason is told."""
    _, olga = asked(office, "not for me, you say")
    olga.presses("Reject", olga.card("not for me"))
    expect(olga.modal).to_contain_text("The requester reads this.")
    olga.presses("Reject", olga.modal)
    expect(olga.modal.get_by_role("alert")).to_have_text("Please complete this required field.")
    expect(olga.page.get_by_label("Reason")).to_be_focused()
    olga.page.get_by_label("Reason").fill("Use the read replica")
    olga.presses("Reject", olga.modal)

    expect(olga.card("not for me")).to_contain_text("Rejected")
    expect(office.window("rita", "dm").message("rejected ReadOnly")).to_contain_text("Use the read replica")


def test_a_form_is_kept_until_the_bot_knows_who_sends_it(office: Office) -> None:
    """While AWS is slow to tell who somebody is, the form says so beside its field and loses nothing."""
    office.world.aws.faults.add("GetUserId", FaultKind.HANG, times=20)
    sam = office.window("sam")
    sam.types("/jit request prod-payments ReadOnly 1h who am I, after all")
    sam.presses("Send request", sam.modal)
    expect(sam.modal.get_by_role("alert")).to_contain_text("Press Send request again")
    expect(sam.page.get_by_label("Justification")).to_have_value("who am I, after all")

    office.world.aws.faults.clear()
    sam.sends()
    expect(office.window("sam", "dm").card("who am I")).to_contain_text("Pending")


def test_a_wrong_person_is_refused_alone(office: Office) -> None:
    """Somebody without the right sees why, and nobody else sees that."""
    rita, olga = asked(office, "this is my own")
    seat = office.window("rita", OWNERS)
    seat.presses("Approve", seat.card("my own"))

    refusal = seat.message("Nobody decides their own request")
    expect(refusal).to_contain_text("Only visible to you")
    expect(olga.page.get_by_role("main")).not_to_contain_text("Nobody decides")
    expect(olga.card("my own")).to_contain_text("Pending")
    assert rita.modal.count() == 0


def test_an_approver_revokes(office: Office) -> None:
    """Revoke asks why, and the access is gone from AWS and from every card."""
    label = office.tale.granted()
    olga = office.window("olga", OWNERS)
    expect(olga.opens_pane("AWS")).to_contain_text("Rita Requester has ReadOnly")
    olga.presses("Revoke", olga.card(label))
    olga.page.get_by_label("Reason").fill("The incident is over")
    olga.presses("Revoke", olga.modal)

    expect(olga.card(label)).to_contain_text("Revoked")
    expect(olga.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")


def test_a_session_expires_by_the_clock(office: Office) -> None:
    """The clock goes to the next end, and the access vanishes with its announcement."""
    label = office.tale.granted()
    rita = office.window("rita", "dm")
    clock = rita.opens_pane("Clock")
    rita.presses("To the next end", clock)

    expect(rita.message(f"{label}:")).to_contain_text("has expired")
    expect(rita.card(label)).to_contain_text("Expired")
    expect(rita.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")
    expect(rita.opens_pane("Audit")).to_contain_text("The chain is whole")


def test_two_windows_see_the_same_card_change(office: Office) -> None:
    """What one owner decides changes the card before the other's eyes, without a reload and without dead buttons."""
    _, olga = asked(office, "both have a look")
    omar = office.window("omar", OWNERS)
    expect(omar.card("both have").get_by_role("button", name="Approve")).to_be_visible()
    olga.presses("Approve", olga.card("both have"))

    for window in (olga, omar):
        expect(window.card("both have")).to_contain_text("Active")
        expect(window.card("both have").get_by_role("button", name="Approve")).to_have_count(0)


def test_a_killed_bot_finds_its_work_again(office: Office) -> None:
    """While the bot is down gestures fail as in Slack; started again, it ends what ended meanwhile."""
    label = office.tale.granted()
    rita = office.window("rita")
    faults = rita.opens_pane("Faults")
    rita.presses("Kill it", faults)
    expect(rita.page.get_by_text("The bot is not running.")).to_be_visible()
    rita.types("/jit mine")
    expect(rita.page.locator("#toasts")).to_contain_text('/jit failed with the error "dispatch_failed"')
    rita.presses("+1 day", rita.opens_pane("Clock"))
    expect(rita.opens_pane("AWS")).to_contain_text("Rita Requester has ReadOnly")

    rita.presses("Start it again", faults)
    expect(rita.page.get_by_text("The bot is not running.")).to_have_count(0)
    expect(rita.opens_pane("AWS")).not_to_contain_text("Rita Requester has ReadOnly")
    expect(office.window("olga", OWNERS).card(label)).to_contain_text("Expired")


def test_faults_heal(office: Office) -> None:
    """AWS throttles and Slack loses an answer: the page shows both calls go wrong, and the access comes in the end."""
    _, olga = asked(office, "stormy weather")
    label = olga.label("stormy")
    faults = olga.opens_pane("Faults")
    olga.presses("Throttle", faults)
    olga.presses("Lost answer", faults)
    expect(faults.locator("#ordered")).to_contain_text("the bot never hears of it")
    olga.presses("Approve", olga.card("stormy"))

    calls = olga.opens_pane("What the bot calls")
    expect(calls.locator(".wrong").first).to_contain_text("ordered")
    office.tale.until(lambda: _later(office))
    expect(olga.card("stormy")).to_contain_text("Active")
    told = office.window("rita", "dm").page.locator("[data-message]").filter(has_text=f"{label}: you have ReadOnly")
    expect(told).to_be_visible()
    office.tale.settles()
    expect(told).to_have_count(1)
    expect(olga.page.locator("[data-message]:has(h3)").filter(has_text="stormy")).to_have_count(1)


def _later(office: Office) -> bool:
    """Let time pass until AWS holds the assignment: what was put off is tried again.

    Nothing may be on its way meanwhile: a leap beyond its lease would give it to another worker.
    """
    office.tale.later(seconds=30)
    return "ReadOnly" in office.tale.holds()


def test_no_answer_is_a_timeout(office: Office) -> None:
    """A gesture that the bot does not acknowledge in three seconds ends in Slack's own words."""
    rita = office.window("rita")
    rita.presses("Lose a gesture", rita.opens_pane("Faults"))
    rita.types("/jit help")
    expect(rita.page.locator("#toasts")).to_contain_text('/jit failed with the error "operation_timeout"')


def test_an_operation_that_fails_is_shown_and_tried_again(office: Office) -> None:
    """AWS takes a grant and ends it as FAILED: the page says so with the reason, and the bot grants in the end."""
    _, olga = asked(office, "a bad day for AWS")
    olga.presses("FAILED", olga.opens_pane("Faults"))
    olga.presses("Approve", olga.card("bad day"))

    calls = olga.opens_pane("What the bot calls")
    expect(calls.locator(".wrong").first).to_contain_text("Received a 500 status error: as ordered on the page.")
    office.tale.until(lambda: _later(office))
    expect(olga.card("bad day")).to_contain_text("Active")


def test_a_press_lost_with_the_socket_is_made_again(office: Office) -> None:
    """While the connection is cut a press fails in Slack's words; the bot comes back, and the next press counts."""
    _, olga = asked(office, "a cut cable")
    olga.presses("Drop the socket", olga.opens_pane("Faults"))
    olga.presses("Approve", olga.card("cut cable"))
    expect(olga.page.locator("#toasts")).to_contain_text("We had some trouble connecting")
    expect(olga.card("cut cable")).to_contain_text("Pending")

    office.tale.until(lambda: office.world.slack.sockets.links)
    olga.presses("Approve", olga.card("cut cable"))
    expect(olga.card("cut cable")).to_contain_text("Active")
