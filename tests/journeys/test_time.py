"""What time does: it reminds, asks the SSO admins, lets requests lapse, announces ends, and ends sessions."""

from datetime import datetime, timedelta

from sandbox.aws.faults import FaultKind
from tests.journeys.tale import ADMINS, DM, OWNERS, Tale


def test_the_end_is_announced_fifteen_minutes_before(tale: Tale) -> None:
    """Not earlier, once, with the time left and a button to end it now."""
    label = tale.granted()

    tale.later(minutes=44)
    assert not [each for each in tale.heard("rita", label) if "ends" in each]
    tale.later(minutes=1)
    told = tale.hears("rita", label, "ReadOnly in prod-payments ends to")
    assert "min left" in told.text
    assert told.buttons() == ["Extend", "I'm done"]
    tale.later(minutes=5)
    assert len([each for each in tale.heard("rita", label) if "in prod-payments ends to" in each]) == 1

    told.press("I'm done")
    tale.hears("rita", label, "you ended ReadOnly in prod-payments early")
    assert tale.holds() == []


def test_access_lasts_to_its_end_and_not_longer(tale: Tale) -> None:
    """A minute before the end AWS holds the access, a minute after it does not."""
    label = tale.granted()
    ends = datetime.fromisoformat(tale.entries(label)[-1]["details"]["until"])
    tale.settles()

    tale.later(seconds=(ends - tale.world.clock.now() - timedelta(minutes=1)).total_seconds())
    assert tale.holds() == ["ReadOnly"]
    tale.later(minutes=2)

    assert tale.holds() == []
    tale.card("olga", label, OWNERS, "Expired")


def test_the_clock_starts_when_aws_confirms(tale: Tale) -> None:
    """An hour of access is an hour, even where AWS took twenty minutes to grant it."""
    label = tale.asks()
    tale.world.aws.faults.add("CreateAccountAssignment", FaultKind.CONFLICT, times=4)
    tale.approves("olga", label)
    tale.card("olga", label, OWNERS, "Approved")
    for _ in range(4):
        tale.later(minutes=5)
    tale.hears("rita", label, "you have ReadOnly")

    (granted,) = [each for each in tale.entries(label) if each["kind"] == "granted"]

    asked = datetime.fromisoformat(tale.entries(label)[0]["at"])
    confirmed, until = datetime.fromisoformat(granted["at"]), datetime.fromisoformat(granted["details"]["until"])
    assert confirmed - asked >= timedelta(minutes=15)
    assert until - confirmed == timedelta(hours=1)
    tale.later(minutes=50)
    assert tale.holds() == ["ReadOnly"]
    tale.later(minutes=11)
    assert tale.holds() == []


def test_approvers_are_reminded_once(fresh: Tale) -> None:
    """After an hour the owners' channel reads one reminder, and no second one."""
    label = fresh.asks()

    fresh.later(minutes=59)
    assert reminders(fresh, label) == []
    fresh.later(minutes=2)
    assert len(reminders(fresh, label)) == 1
    fresh.later(hours=10)

    assert len(reminders(fresh, label)) == 1
    assert "still waits for a decision" in reminders(fresh, label)[0]
    assert fresh.kinds(label).count("reminded") == 1


def test_each_level_is_reminded_for_itself(fresh: Tale) -> None:
    """The SSO admins' hour begins when the owner has approved, and the reminder goes to their channel."""
    label = fresh.asks_custom()
    fresh.later(minutes=90)
    fresh.approves("olga", label)
    fresh.card("ada", label, ADMINS, "Pending Admin")

    fresh.later(minutes=50)
    assert reminders(fresh, label, "ada", ADMINS) == []
    fresh.later(minutes=20)

    assert len(reminders(fresh, label, "ada", ADMINS)) == 1
    assert len(reminders(fresh, label)) == 1


def reminders(tale: Tale, label: str, name: str = "olga", where: str = OWNERS) -> list[str]:
    """List the reminders of a request in a channel."""
    return [each.text for each in tale[name].channel(where) if f"{label}: still waits" in each.text]


def test_the_sso_admins_are_asked_after_half_an_hour(fresh: Tale) -> None:
    """A standard request that no owner decided comes to the admin channel, and all its copies stay in step."""
    label = fresh.asks()

    fresh.later(minutes=29)
    assert not [each for each in fresh["ada"].channel(ADMINS) if label in each.text]
    fresh.later(minutes=2)
    fresh.card("ada", label, ADMINS, "Pending").press("Approve")
    fresh.hears("rita", label, "@ada (Ada Admin) approved")
    fresh.hears("rita", label, "you have ReadOnly")

    for name, where in (("olga", OWNERS), ("ada", ADMINS)):
        assert fresh.card(name, label, where, "Active").buttons() == ["Revoke"]
    assert fresh.kinds(label).count("escalated") == 1


def test_an_undecided_request_lapses_after_a_day(fresh: Tale) -> None:
    """After 24 hours nobody can approve it any more; the requester is told, and the cards have no buttons."""
    label, custom = fresh.asks(), fresh.asks_custom()
    stale = fresh.card("olga", label)

    fresh.later(hours=23, minutes=58)
    fresh.card("olga", label, OWNERS, "Pending")
    fresh.later(minutes=4)

    for each in (label, custom):
        fresh.hears("rita", each, "nobody decided in time")
        assert fresh.card("olga", each, OWNERS, "Lapsed").buttons() == []
        assert fresh.card("rita", each, DM, "Lapsed").buttons() == ["Ask again"]
        assert fresh.kinds(each)[-1] == "lapsed"
    told = fresh.answer("olga", lambda: stale.press("Approve"), OWNERS)
    assert f"{label} lapsed: nobody decided in time." in told.text
    assert fresh.holds() == []
