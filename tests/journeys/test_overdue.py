"""When AWS refuses to take access away: red for the admins, tried for ever, by hand too, and put right at the end."""

from sandbox.aws.faults import FaultKind
from sandbox.slack.seen_message import SeenMessage
from tests.journeys.tale import ADMINS, DM, OWNERS, Tale

FOR_EVER = 10_000


def denied_at_its_end(tale: Tale) -> str:
    """Grant an hour, and let AWS deny its removal from then on; the session has just been called overdue."""
    label = tale.granted()
    tale.world.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED, times=FOR_EVER)
    tale.later(hours=1)
    tale.later(minutes=3)
    return label


def alert(tale: Tale, label: str, begins: str = "🔴") -> SeenMessage:
    """Wait until Ada sees the newest alert about a request, in this colour."""

    def newest() -> SeenMessage | None:
        seen = [each for each in tale["ada"].channel(ADMINS) if each.text.startswith(f"{begins} {label} · ")]
        return seen[-1] if seen else None

    return tale["ada"].waits_for(newest)


def test_an_hour_of_denials_ends_by_hand(tale: Tale) -> None:
    """Everybody sees Overdue, the access is still there, an SSO admin mends AWS and presses: over, and said so."""
    label = denied_at_its_end(tale)

    red = alert(tale, label)
    assert f"🔴 {label} · Overdue" in red.text
    for words in ("ReadOnly", "prod-payments", "Rita Requester", "AWS denied jitbot access", "What to do now"):
        assert words in red.text
    assert red.buttons() == ["Retry now"]
    assert tale.card("olga", label, OWNERS, "🟢 Active · 🔴 Overdue").buttons() == ["Retry now"]
    assert tale.card("rita", label, DM, "🟢 Active · 🔴 Overdue").buttons() == []
    for _ in range(12):
        tale.later(minutes=5)
    assert tale.holds() == ["ReadOnly"]
    assert tale.kinds(label).count("overdue") == 2, "at once, and again after an hour"

    tale.world.aws.faults.clear()
    told = tale.answer("ada", lambda: alert(tale, label).press("Retry now"), ADMINS)

    assert told.text.startswith(f"Trying now… {label} is overdue")
    green = alert(tale, label, "✅")
    assert "late." in green.text
    assert green.buttons() == []
    tale.card("olga", label, OWNERS, "🏁 Expired")
    tale.hears("rita", label, "has expired")
    assert tale.holds() == []
    tale.settles()
    assert not [each for each in tale["ada"].channel(ADMINS) if each.text.startswith(f"🔴 {label}")]
    assert tale.kinds(label)[-2:] == ["retry_ordered", "expired"]
    assert tale.entries(label)[-2]["actor_name"] == "Ada Admin"


def test_an_owner_presses_on_the_card(tale: Tale) -> None:
    """Owners need not be in the admins' channel: their own card has the button."""
    label = denied_at_its_end(tale)
    tale.world.aws.faults.clear()

    told = tale.answer("olga", lambda: tale.card("olga", label, OWNERS, "Overdue").press("Retry now"), OWNERS)

    assert told.text.startswith("Trying now…")
    tale.hears("rita", label, "has expired")
    assert tale.holds() == []


def test_a_number_is_enough(tale: Tale) -> None:
    """`/jit revoke REQ-n` on what is overdue tries again, and asks for no reason."""
    label = denied_at_its_end(tale)
    tale.world.aws.faults.clear()

    tale["ada"].types(f"/jit revoke {label}")

    tale["ada"].modal.waits_for("Trying now…")
    tale.hears("rita", label, "has expired")
    tale["ada"].modal.close()


def test_the_wrong_person_is_refused(tale: Tale) -> None:
    """A member of the owners' channel who owns nothing, and the holder: refused in words, recorded, nothing tried."""
    label = denied_at_its_end(tale)
    tale.joins("sven", OWNERS)
    card = tale.card("sven", label, OWNERS, "Overdue")
    asked = len([each for each in tale.world.aws.calls if each.operation == "DeleteAccountAssignment"])

    with tale.refuses("NotAnApprover"):
        told = tale.answer("sven", lambda: card.press("Retry now"), OWNERS)

    assert "Only an owner of prod-payments or an SSO admin can revoke this session." in told.text
    assert len([each for each in tale.world.aws.calls if each.operation == "DeleteAccountAssignment"]) == asked
    tale.world.aws.faults.clear()
    for _ in range(3):
        tale.later(minutes=5)
    tale.hears("rita", label, "has expired")
    assert tale.holds() == []
