"""Access that an administrator gave by hand, seen in the browser: reported, adopted, and gone at its end."""

from playwright.sync_api import expect

from tests.page.office import Office


def test_an_assignment_made_by_hand_is_reported_adopted_and_ends(office: Office) -> None:
    """A lever assigns it in AWS; the bot looks as time passes, an SSO admin adopts it, and its end removes it."""
    ada = office.window("ada", "sso-admins")
    ada.presses("Assign by hand", ada.opens_pane("Faults"))
    expect(ada.opens_pane("AWS")).to_contain_text("Omar Owner has Billing")

    ada.presses("15 min", ada.opens_pane("Clock"))
    report = ada.card("omar@example.com has Billing")
    ada.presses("Adopt as session", report)
    expect(ada.modal).to_contain_text("omar@example.com")
    ada.page.get_by_label("Access duration").select_option("1 hour")
    ada.page.get_by_label("Reason").fill("INC-9: he was given it by phone")
    ada.presses("Adopt", ada.modal)

    expect(report).to_contain_text("Adopted as REQ-")
    office.tale.later(hours=1, minutes=1)
    expect(ada.opens_pane("AWS")).not_to_contain_text("Omar Owner has Billing")
