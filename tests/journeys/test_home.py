"""The home tab, from opening it to what is pressed there, through Slack's wire."""

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
