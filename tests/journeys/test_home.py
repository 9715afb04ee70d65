"""The home tab, from opening it to what is pressed there, through Slack's wire."""

from sandbox.slack.faults import RateLimited, Refuse
from tests.journeys.tale import Tale, reason


def test_it_opens_for_somebody_who_has_nothing(fresh: Tale) -> None:
    """Everything is empty, and said so in words; the way to ask is there."""
    home = fresh["rita"].opens_home().waits_for("Nothing waits for your decision.")

    assert "You have no access to AWS through jitbot now." in home.text
    assert "You have not asked for anything yet." in home.text
    assert home.buttons() == ["Request access"]


def test_a_request_lives_on_the_home_tabs(fresh: Tale) -> None:
    """Asked for, approved, running and over: the tabs of requester and owner follow, with the buttons of each."""
    mine, hers = fresh["rita"].opens_home(), fresh["olga"].opens_home()
    hers.waits_for("Nothing waits for your decision.")
    mine.press("Request access")
    form = fresh["rita"].modal
    why = reason()
    form.fills("AWS account", "prod-payments").fills("Permission set", "ReadOnly").fills("Access duration", "1 hour")
    label = fresh.sends(form.fills("Justification", why), why)

    hers.waits_for(why)
    mine.waits_for(f"{label} · ⏳ Pending")
    assert "Withdraw" in mine.buttons()
    hers.press("Approve")

    mine.waits_for(f"{label} · 🟢 Active")
    assert "I'm done" in mine.buttons()
    assert "Open the AWS console" in mine.text
    hers.waits_until(lambda: "Revoke" in hers.buttons())
    mine.press("I'm done")

    mine.waits_for(f"{label} · 🔒 Revoked")
    hers.waits_for("Nobody else has access to your accounts")
    assert fresh.holds() == []


def test_rejecting_at_home_asks_for_the_reason(fresh: Tale) -> None:
    """Reject opens the same modal as on a card; the requester reads the reason, and both tabs follow."""
    mine, hers = fresh["rita"].opens_home(), fresh["olga"].opens_home()
    label = fresh.asks()
    hers.waits_for(label)
    hers.press("Reject")
    fresh.reasons("olga", "Reject", label, "Not during the audit.")

    fresh.hears("rita", label, "Not during the audit.")
    mine.waits_for(f"{label} · ⛔ Rejected")
    hers.waits_for("Nothing waits for your decision.")
    assert "Ask again" in mine.buttons()


def test_a_press_that_came_too_late_is_answered_over_the_tab(fresh: Tale) -> None:
    """Slack does not take the newer drawing, and somebody was faster: the words come in a modal, on record."""
    hers = fresh["olga"].opens_home()
    label = fresh.asks()
    hers.waits_for(label)
    fresh.settles()
    fresh.world.slack.faults.on("views.publish", *[RateLimited(retry_after=60)] * 50)
    fresh.answer("alan", lambda: fresh.says("alan", "/jit pending").press("Approve"))
    fresh.hears("rita", label, "you have ReadOnly")
    hers.press("Approve")

    fresh["olga"].modal.waits_for(f"{label} was already approved by Alan")
    fresh["olga"].modal.close()
    fresh.world.slack.faults.clear()
    fresh.passes(minutes=2)
    hers.waits_until(lambda: "Revoke" in hers.buttons())


def test_where_no_modal_opens_the_answer_is_a_direct_message(fresh: Tale) -> None:
    """Nobody presses into nothing: what Slack opens no modal for is said in the app's messages."""
    hers = fresh["olga"].opens_home()
    label = fresh.asks()
    hers.waits_for(label)
    pressed = hers.press_payload("Approve")
    hers.press("Approve")
    hers.waits_for("Nothing waits for your decision.")
    fresh.settles()
    fresh.world.slack.faults.on("views.open", Refuse(code="expired_trigger_id"))
    fresh.world.slack.stage.interact(hers.screen.profile, pressed)

    fresh["olga"].waits_for(lambda: [each for each in fresh["olga"].dm() if "already approved by" in each.text])


def test_a_guest_is_told_why_not_in_words(tale: Tale) -> None:
    """Their tab opens as anybody's, says why they cannot ask, and offers nothing that would refuse."""
    home = tale["gus"].opens_home()

    home.waits_for("Only full members of this workspace may do this; you are a guest.")
    assert home.buttons() == []


def test_a_long_list_has_pages(tale: Tale) -> None:
    """Seven requests: five are shown, all of them on a page of their own, and the way back leads to everything."""
    for _ in range(7):
        tale.asks("oscar")
    home = tale["olga"].opens_home().waits_for("Waiting for me (7)")
    assert home.buttons().count("Approve") == 5
    home.press("Show all 7")
    home.waits_for("1 to 7 of 7")
    assert home.buttons().count("Approve") == 7
    home.press("Back to all")
    home.waits_for("My sessions")


def test_a_session_is_extended_from_home(fresh: Tale) -> None:
    """Extend opens the form; what it asks for waits on the owner's tab, and the new end shows on both."""
    hers = fresh["olga"].opens_home()
    label = fresh.granted()
    fresh.passes(minutes=45)
    mine = fresh["rita"].opens_home().waits_for(label)
    mine.press("Extend")
    form = fresh["rita"].modal
    form.fills("Access duration", "1 hour").fills("Justification", reason()).submit()

    hers.waits_for(f"(extends {label})")
    hers.press("Approve")
    mine.waits_for("extended once")


def test_what_is_drawn_is_counted(fresh: Tale) -> None:
    """One opening is two calls at first; a whole request is a handful for each who looks, however many steps it has."""
    fresh["rita"].opens_home().waits_for("Nothing waits for your decision.")
    fresh["olga"].opens_home().waits_for("Nothing waits for your decision.")
    calls = fresh.world.slack.calls
    assert calls["views.publish"] == 4
    label = fresh.granted()
    fresh["rita"].home.waits_for(f"{label} · 🟢 Active")
    fresh["olga"].home.waits_for(f"{label} · 🟢 Active")
    fresh.settles()

    assert calls["views.publish"] <= 4 + 2 * 4
