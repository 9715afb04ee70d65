"""What AWS holds beside the bot: reported once, adopted or left alone by an SSO admin, and never removed unasked."""

import pytest

from operations.reconcile import reconcile
from sandbox.aws.faults import FaultKind, When
from sandbox.slack.seen_message import SeenMessage
from tests.journeys.tale import ADMINS, AUDIT, DM, OWNERS, PAYMENTS, Tale


def by_hand(tale: Tale, name: str = "rita", set_name: str = "ReadOnly") -> None:
    """Assign a permission set as an administrator would."""
    world = tale.world.aws.world
    user = next(each.id for each in world.users.values() if each.user_name == name)
    tale.until(lambda: any(each.name == set_name for each in world.sets.values()))
    arn = next(each.arn for each in world.sets.values() if each.name == set_name)
    tale.world.aws.assign(PAYMENTS, user, arn)


def looks(tale: Tale) -> None:
    """Let the bot compare AWS with its sessions, as it does every ten minutes."""
    tale.settles()
    reconcile(tale.world.parts.deps)
    tale.settles()


def report(tale: Tale, words: str) -> SeenMessage:
    """Wait until Ada sees a report that says this."""

    def newest() -> SeenMessage | None:
        seen = [each for each in tale["ada"].channel(ADMINS) if "jitbot did not make" in each.text or "✅" in each.text]
        return next((each for each in reversed(seen) if words in each.text), None)

    return tale["ada"].waits_for(newest)


def reports(tale: Tale) -> list[str]:
    """List the reports in the admins' channel."""
    return [each.text for each in tale["ada"].channel(ADMINS) if "not made by jitbot" in each.text
            or "that jitbot did not make" in each.text]  # fmt: skip


def test_an_assignment_made_by_hand_is_reported_adopted_and_expires(fresh: Tale) -> None:
    """Ada reads who has what, gives it two hours and a reason; the holder is told, and at its end it is gone."""
    by_hand(fresh)
    looks(fresh)
    seen = report(fresh, "rita@example.com has ReadOnly in prod-payments (111122223333).")
    assert seen.buttons() == ["Adopt as session", "Ignore 30 days"]
    looks(fresh)
    assert len(reports(fresh)) == 1, "it is reported once"
    assert fresh.holds() == ["ReadOnly"], "and never removed unasked"

    seen.press("Adopt as session")
    form = fresh["ada"].modal
    form.waits_until(lambda: "Rita" in form.text or "rita" in form.text, "who has it")
    form.fills("Access duration", "2 hours").fills("Reason", "INC-9: she was given it by phone").submit()
    assert not form.is_open, form.errors()

    adopted = report(fresh, "Adopted as REQ-")
    label = "REQ-" + adopted.text.partition("Adopted as REQ-")[2][:4]
    assert adopted.buttons() == []
    fresh.hears("rita", label, "until")
    card = fresh.card("olga", label, OWNERS, "Active")
    assert "INC-9: she was given it by phone" in card.text
    assert card.buttons() == ["Revoke"]
    assert fresh.entries(label)[0]["kind"] == "drift_adopted"
    assert fresh.entries(label)[0]["actor_name"] == "Ada Admin"
    looks(fresh)
    assert len(reports(fresh)) == 1

    fresh.later(hours=2, minutes=1)
    fresh.hears("rita", label, "has expired")
    assert fresh.holds() == []


def test_what_is_left_alone_is_reported_again_after_30_days_and_when_it_came_back(fresh: Tale) -> None:
    """Ignore says by whom and until when; nothing is removed; a removal by hand ends the silence, too."""
    by_hand(fresh, "gus")
    looks(fresh)
    told = fresh.answer("ada", lambda: report(fresh, "gus@example.com").press("Ignore 30 days"), ADMINS)
    assert "left alone" in told.text
    report(fresh, "Left alone by")
    assert [each["actor_name"] for each in fresh.entries() if each["kind"] == "drift_ignored"] == ["Ada Admin"]
    fresh["sam"].waits_for("Ignored", AUDIT)
    fresh.passes(days=29)
    looks(fresh)
    assert len(reports(fresh)) == 1

    fresh.passes(days=2)
    looks(fresh)
    assert len(reports(fresh)) == 2
    fresh.world.aws.world.holdings.clear()
    looks(fresh)
    by_hand(fresh, "gus")
    looks(fresh)
    assert len(reports(fresh)) == 3
    assert fresh.holds("gus") == ["ReadOnly"]


def test_standing_assignments_come_in_one_message(fresh: Tale) -> None:
    """What stood before the bot first looked does not flood the channel; as some are settled the rest come up."""
    for number in range(20):
        fresh.world.aws.add_user(f"old{number:02}", f"old{number:02}@example.com")
        by_hand(fresh, f"old{number:02}")
    looks(fresh)
    seen = report(fresh, "AWS holds 20 things")
    assert "old14@" in seen.text or "old19@" in seen.text
    assert "and 5 more" in seen.text
    assert seen.buttons() == ["Adopt as session", "Ignore 30 days"] * 15
    assert len(reports(fresh)) == 1


def test_the_wrong_people_are_refused(fresh: Tale) -> None:
    """An owner in the admins' channel, and the SSO admin who has the access: refused in words, nothing changed."""
    by_hand(fresh, "ada")
    looks(fresh)
    fresh.joins("sven", ADMINS)
    seen = report(fresh, "ada@example.com")
    card = next(each for each in fresh["sven"].channel(ADMINS) if each.ts == seen.ts)

    with fresh.refuses("NotAnApprover"):
        told = fresh.answer("sven", lambda: card.press("Ignore 30 days"), ADMINS)
    assert "Only an SSO admin" in told.text

    with fresh.refuses("OwnRequest"):
        seen.press("Adopt as session")
        fresh["ada"].modal.waits_for("Nobody adopts their own access.")
    fresh["ada"].modal.close()


def test_access_that_was_taken_away_by_hand_is_said_and_not_given_again(fresh: Tale) -> None:
    """The cards, the audit log and the SSO admins hear of it; the session stays; when it is back that is said too."""
    label = fresh.granted()
    held = dict(fresh.world.aws.world.holdings)
    fresh.world.aws.world.holdings.clear()

    looks(fresh)
    looks(fresh)

    fresh["ada"].waits_for(f"{label}: ReadOnly in prod-payments", ADMINS)
    card = fresh["rita"].waits_for("somebody else took it away there", DM)
    assert "jitbot keeps trying" not in card.text
    assert fresh.kinds(label).count("assignment_missing") == 1
    assert fresh.holds() == []
    fresh.world.aws.world.holdings.update(held)
    looks(fresh)
    assert fresh.kinds(label)[-1] == "assignment_returned"
    fresh.later(hours=1, minutes=1)
    assert fresh.holds() == []


def test_what_the_bot_may_have_left_is_removed(fresh: Tale) -> None:
    """An answer of AWS was lost: what stands there long after the end may be the bot's own, and goes the usual way."""
    label = fresh.asks()
    fresh.world.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    fresh.approves("olga", label)
    fresh.later(minutes=1)
    fresh.hears("rita", label, "until")
    fresh.later(hours=1, minutes=2)
    fresh.later(minutes=10)
    assert fresh.holds() == []

    by_hand(fresh)
    looks(fresh)
    fresh.later(minutes=1)

    assert fresh.holds() == []
    assert fresh.kinds(label)[-1] == "orphan_removed"
    assert reports(fresh) == []


def test_pre_existing_assignment_is_never_removed(fresh: Tale) -> None:
    """An administrator gives the same access again within five minutes after an end: reported, and left alone."""
    label = fresh.granted()
    fresh.later(hours=1, minutes=1)
    assert fresh.holds() == []
    by_hand(fresh)

    for _ in range(3):
        fresh.later(minutes=5)
    looks(fresh)

    assert fresh.holds() == ["ReadOnly"]
    assert "orphan_removed" not in fresh.kinds(label)
    report(fresh, "rita@example.com has ReadOnly in prod-payments")


@pytest.mark.parametrize("where", ["AWS", "Slack"])
def test_somebody_who_left_loses_all(fresh: Tale, where: str) -> None:
    """Disabled in Identity Center, or deactivated in Slack: the session ends in words, the request is closed."""
    label, waiting = fresh.granted(), fresh.asks("rita", "data-lake ReadOnly 2h")
    if where == "AWS":
        user = next(each.id for each in fresh.world.aws.world.users.values() if each.user_name == "rita")
        fresh.world.aws.set_user(user, enabled=False)
        looks(fresh)
    else:
        fresh.world.workspace.change_person(fresh["rita"].profile, deleted=True)
    fresh.until(lambda: fresh.holds() == [])
    fresh.settles()

    words = "Rita Requester's user in IAM Identity Center" if where == "AWS" else "Rita Requester's account in Slack"
    assert words in fresh.card("olga", label, OWNERS, "Revoked").text
    assert fresh.kinds(waiting)[-1] == "rejected"
    assert words in fresh.entries(waiting)[-1]["details"]["reason"]
    (left,) = [each for each in fresh.entries() if each["kind"] == "offboarded"]
    assert left["details"]["words"].endswith("Sessions ended: 1. Requests closed: 1.")
