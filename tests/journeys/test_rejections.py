"""Rejected with a reason, at each level; nothing is granted, and the requester reads why."""

from tests.journeys.tale import ADMINS, DM, OWNERS, Tale

WHY = "Use the read replica; this is *not* for <!channel> production"


def test_an_owner_rejects_a_standard_request(tale: Tale) -> None:
    """The reason reaches the requester, every card shows who rejected, and no button is left."""
    label = tale.asks()

    tale.rejects("olga", label, WHY)

    told = tale.hears("rita", label, "@olga (Olga Owner) rejected ReadOnly in prod-payments")
    assert WHY in told.text
    assert "channel" not in told.notifies
    for name, where in (("olga", OWNERS), ("rita", DM)):
        card = tale.card(name, label, where, "Rejected")
        assert card.buttons() == (["Ask again"] if name == "rita" else [])
        assert WHY in card.text
        assert "Rejected by @olga (Olga Owner) as owner" in card.text
    tale.settles()
    assert tale.kinds(label) == ["requested", "rejected"]
    assert tale.entries(label)[-1]["details"]["reason"] == WHY
    assert tale.holds() == []


def test_an_owner_rejecting_a_custom_request_rejects_the_whole(tale: Tale) -> None:
    """After a no at the first level the SSO admins are not asked."""
    label = tale.asks_custom(Name="nothing")

    tale.rejects("omar", label, "Too broad")

    tale.hears("rita", label, "@omar (Omar Owner) rejected JIT-nothing")
    tale.settles()
    assert not [each for each in tale["ada"].channel(ADMINS) if label in each.text]
    assert tale.holds() == []


def test_an_sso_admin_rejecting_the_second_level_rejects_the_whole(tale: Tale) -> None:
    """A yes and then a no is a no, and both names stand on the cards."""
    label = tale.asks_custom(Name="nothing")
    tale.approves("olga", label)

    tale.rejects("alan", label, "Not in the week of the audit", ADMINS)

    assert "Not in the week of the audit" in tale.hears("rita", label, "@alan (Alan Admin) rejected").text
    card = tale.card("olga", label, OWNERS, "Rejected")
    assert "Approved by @olga (Olga Owner) as owner" in card.text
    assert "Rejected by @alan (Alan Admin) as SSO admin" in card.text
    assert tale.card("ada", label, ADMINS, "Rejected").buttons() == []
    tale.settles()
    assert tale.kinds(label) == ["requested", "approved", "rejected"]
    assert tale.holds() == []


def test_a_rejection_needs_a_reason(tale: Tale) -> None:
    """Without a reason the form stays open and the request undecided, whatever the client lets through."""
    label = tale.asks()
    tale.card("olga", label).press("Reject")
    form = tale["olga"].modal
    form.waits_until(lambda: form.title == f"Reject {label}")

    form.submit()
    assert "Reason" in form.errors()

    form.fills("Reason", "   \n ")
    answer = tale.world.slack.deliver_raw("interactive", form.submit_payload())
    assert answer.body["response_action"] == "errors"
    assert "A rejection needs a reason." in str(answer.body["errors"])
    assert tale.card("olga", label, OWNERS, "Pending").buttons() == ["Approve", "Reject"]

    form.fills("Reason", "No ticket").submit()
    assert not form.is_open
    tale.card("olga", label, OWNERS, "Rejected")


def test_a_reason_given_too_late_is_kept_and_answered(tale: Tale) -> None:
    """Somebody who writes a reason while another approves is told so beside the reason, and can copy it."""
    label = tale.asks()
    tale.card("olga", label).press("Reject")
    form = tale["olga"].modal
    form.waits_until(lambda: form.title == f"Reject {label}")
    form.fills("Reason", "A long and careful explanation")
    tale.approves("omar", label)
    tale.hears("rita", label, "you have ReadOnly")

    form.submit()

    assert form.errors() == {"Reason": f"{label} was already approved by Omar Owner. Nothing was changed."}
    assert form.value("Reason") == "A long and careful explanation"
    form.close()
    assert tale.holds() == ["ReadOnly"]
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []
