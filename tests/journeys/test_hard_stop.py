"""Access that really ends: AWS itself denies everything from the end on, in AWS sessions that are open too."""

import json
from datetime import datetime, timedelta

from access.hard_stop import expiry_of
from sandbox.aws import FaultKind
from tests.aws.evaluation import allowed
from tests.journeys.tale import OWNERS, PAYMENTS, Tale

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


def can_work(tale: Tale, name: str, at: datetime | None = None) -> bool:
    """Tell whether somebody who once opened an AWS session with a set can do anything with it, by what AWS holds."""
    policy = tale.world.aws.in_force(PAYMENTS, name)
    moment = at or tale.world.clock.now()
    return policy is not None and allowed([EVERYTHING, policy], "s3:GetObject", {"aws:CurrentTime": f"{moment:%FT%TZ}"})


def custom(tale: Tale) -> tuple[str, str]:
    """Let rita have a set of her own for an hour; give the request's number and the set's name."""
    label = tale.asks_custom()
    tale.approves("olga", label)
    tale.approves("ada", label, "#sso-admins")
    tale.hears("rita", label, "you have")
    tale.settles()
    (name,) = tale.holds()
    return label, name


def test_a_custom_set_ends_by_itself(fresh: Tale) -> None:
    """With the bot down since before the end, the assignment is still there, and nothing can be done with it."""
    label, name = custom(fresh)
    shown = fresh.card("olga", label, OWNERS, "Active").text
    assert "AWS sessions are cut at" in shown
    end = fresh.world.clock.now() + timedelta(hours=1)
    fresh.world.stop_bot()

    assert can_work(fresh, name, end - timedelta(minutes=2))
    fresh.passes(hours=1, seconds=2)

    assert fresh.holds() == [name]
    assert not can_work(fresh, name)
    fresh.world.start_bot()
    fresh.card("olga", label, OWNERS, "Expired")
    assert fresh.made_sets() == []


def test_the_cut_is_the_end_that_is_shown(tale: Tale) -> None:
    """What AWS holds is the session's end, to the second, and the audit log says since when."""
    label, name = custom(tale)
    (entry,) = [each for each in tale.entries(label) if each["kind"] == "hard_stop"]
    (granted,) = [each for each in tale.entries(label) if each["kind"] == "granted"]
    policy = tale.world.aws.in_force(PAYMENTS, name)
    assert policy is not None
    cut = expiry_of(policy)
    assert cut == datetime.fromisoformat(granted["details"]["until"]).replace(microsecond=0)
    assert entry["details"]["until"] == granted["details"]["until"]
    tale.hears("rita", label, "you have").press("I'm done")
    tale.hears("rita", label, "you ended")


def test_an_early_end_cuts_before_it_removes(tale: Tale) -> None:
    """I'm done: first AWS denies everything, then the assignment goes, then the set; the message says when."""
    label, name = custom(tale)
    before = len(tale.world.aws.calls)
    tale.hears("rita", label, "you have").press("I'm done")

    told = tale.hears("rita", label, "you ended").text

    assert "AWS sessions were cut at" in told
    asked = [each.operation for each in tale.world.aws.calls[before:]]
    wanted = [
        "PutInlinePolicyToPermissionSet",
        "ProvisionPermissionSet",
        "DeleteAccountAssignment",
        "DeletePermissionSet",
    ]
    assert [each for each in asked if each in wanted] == wanted
    assert not can_work(tale, name)


def test_a_cut_that_fails_delays_no_removal(tale: Tale) -> None:
    """AWS refuses to bring the deny to the account: the assignment goes all the same, and the truth is told."""
    label, _ = custom(tale)
    tale.world.aws.faults.add("ProvisionPermissionSet", FaultKind.ACCESS_DENIED)
    tale.hears("rita", label, "you have").press("I'm done")

    told = tale.hears("rita", label, "you ended").text

    assert "AWS sessions were cut at" in told  # at the end that AWS has held since the grant
    assert tale.holds() == []


def test_a_standard_set_is_copied_where_configured(tale: Tale) -> None:
    """PowerUser is `hard_stop: clone`: a copy of it for this session alone, which ends by itself and is deleted."""
    label = tale.granted(what="prod-payments PowerUser 2h")
    (name,) = tale.holds()
    assert name.startswith("JIT-PowerUser-")
    (made,) = tale.made_sets()
    assert made.managed_policies == ("arn:aws:iam::aws:policy/PowerUserAccess",)
    assert not can_work(tale, name, tale.world.clock.now() + timedelta(hours=2, seconds=2))
    assert "AWS sessions are cut at" in tale.card("olga", label, OWNERS, "Active").text

    tale.later(hours=2, seconds=3)

    tale.card("olga", label, OWNERS, "Expired")
    assert tale.made_sets() == []


def test_two_copies_do_not_end_each_other(tale: Tale) -> None:
    """Two sessions on one copied set and account are two sets: the first end leaves the second as it is."""
    first = tale.granted(what="prod-payments PowerUser 1h")
    second = tale.granted(what="prod-payments PowerUser 4h")
    assert len(tale.holds()) == 2

    tale.later(hours=1, seconds=3)

    tale.card("olga", first, OWNERS, "Expired")
    (left,) = tale.holds()
    assert can_work(tale, left)
    tale.hears("rita", second, "you have").press("I'm done")
    tale.hears("rita", second, "you ended")
    assert tale.holds() == []


def test_without_a_hard_stop_the_latest_end_is_told(tale: Tale) -> None:
    """ReadOnly has none: card and messages say until when an open AWS session can work, an hour after the end."""
    label = tale.granted(what="prod-payments ReadOnly 1h")
    assert "An open AWS session can work until" in tale.hears("rita", label, "you have").text
    assert "An open AWS session can work until" in tale.card("olga", label, OWNERS, "Active").text

    tale.later(hours=1, seconds=3)

    assert "An open AWS session can work until" in tale.hears("rita", label, "has expired").text
