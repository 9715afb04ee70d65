"""When AWS or Slack make trouble: it is told as it is, tried again, and nothing is given twice or forgotten."""

import pytest

from sandbox.aws.faults import FaultKind, When
from sandbox.slack.faults import Fault, LostAnswer, RateLimited, ServerError
from tests.journeys.tale import ADMINS, AUDIT, DM, OWNERS, PAYMENTS, Tale

NO_ACCOUNT = "Received a 404 status error: Could not find the account"


def test_a_grant_that_aws_refuses_has_failed(tale: Tale) -> None:
    """FAILED for good is told with AWS's own words; nothing is called active, and nothing is left."""
    label = tale.asks()
    tale.world.aws.faults.fail("CreateAccountAssignment", NO_ACCOUNT)

    tale.approves("olga", label)

    told = tale.hears("rita", label, "AWS did not grant ReadOnly in prod-payments. You have no access.")
    assert NO_ACCOUNT in told.text
    card = tale.card("olga", label, OWNERS, "Failed")
    assert card.buttons() == []
    assert NO_ACCOUNT in card.text
    tale.settles()
    assert tale.kinds(label) == ["requested", "approved", "grant_failed", "failed"]
    assert tale.holds() == []


def test_a_custom_grant_that_aws_refuses_leaves_no_set(tale: Tale) -> None:
    """The permission set made for a grant that failed for good is deleted again."""
    label = tale.asks_custom()
    tale.approves("olga", label)
    tale.world.aws.faults.fail("CreateAccountAssignment", NO_ACCOUNT)

    tale.approves("ada", label, ADMINS)

    tale.hears("rita", label, "AWS did not grant JIT-invoices")
    tale.card("ada", label, ADMINS, "Failed")
    tale.settles()
    assert tale.made_sets() == []
    assert tale.holds() == []


def test_a_grant_that_fails_for_now_is_tried_again(tale: Tale) -> None:
    """Throttling delays the grant: the requester is told that it takes longer, and then that it is there."""
    label = tale.asks()
    tale.world.aws.faults.add("CreateAccountAssignment", FaultKind.THROTTLING, times=4)
    tale.approves("olga", label)

    for _ in range(4):
        tale.later(minutes=5)
    tale.hears("rita", label, "AWS takes longer than usual to give you ReadOnly in prod-payments")
    tale.hears("rita", label, "you have ReadOnly")

    assert tale.holds() == ["ReadOnly"]
    card = tale.card("olga", label, OWNERS, "Active")
    assert "jitbot keeps trying" not in card.text
    assert len([each for each in tale.heard("rita", label) if "takes longer" in each]) == 1
    tale.later(hours=1, minutes=1)


def test_a_lost_answer_of_aws_is_one_grant(tale: Tale) -> None:
    """Where AWS assigned and the answer was lost, the assignment is found, used, and removed at the end."""
    label = tale.asks()
    tale.world.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    tale.approves("olga", label)
    tale.later(minutes=5)
    tale.later(minutes=5)

    told = tale.hears("rita", label, "you have ReadOnly in prod-payments until")
    assert "already" not in told.text
    assert tale.holds() == ["ReadOnly"]
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []


def test_a_removal_is_tried_until_it_is_proven(fresh: Tale, caplog: pytest.LogCaptureFixture) -> None:
    """A session is not called Expired before AWS shows the assignment gone, however often removing it fails.

    The last look after an earlier session's end on the same target leaves it to this removal.
    """
    earlier = fresh.granted()
    fresh.hears("rita", earlier, "you have ReadOnly").press("I'm done")
    fresh.hears("rita", earlier, "early")
    label = fresh.granted()
    fresh.world.aws.faults.add("DeleteAccountAssignment", FaultKind.CONFLICT, times=4)
    fresh.later(hours=1, minutes=1)
    fresh.later(minutes=1)

    assert fresh.holds() == ["ReadOnly"]
    assert not [each for each in fresh.heard("rita", label) if "has expired" in each]
    for _ in range(4):
        fresh.later(minutes=6)

    fresh.hears("rita", label, "has expired")
    assert fresh.holds() == []
    assert fresh.kinds(label)[-2:] == ["overdue", "expired"]
    assert "left an assignment" not in caplog.text


def test_access_that_existed_before_is_left_as_it_was(tale: Tale) -> None:
    """An assignment that an administrator made is neither given nor taken away by the bot, and the requester knows."""
    aws = tale.world.aws
    (user,) = [each.id for each in aws.world.users.values() if each.user_name == "oscar"]
    (arn,) = [each.arn for each in aws.permission_sets() if each.name == "ReadOnly"]
    aws.assign(PAYMENTS, user, arn)
    label = tale.asks("oscar", "prod-payments ReadOnly 1h")

    tale.approves("olga", label)

    told = tale.hears("oscar", label, "you had ReadOnly in prod-payments already")
    assert "jitbot did not give it and will not take it away" in told.text
    tale.later(hours=1, minutes=1)
    assert "AWS held this access before the request" in tale.hears("oscar", label, "has expired").text
    assert tale.holds("oscar") == ["ReadOnly"]


def test_somebody_disabled_in_aws_meanwhile_gets_nothing(tale: Tale) -> None:
    """A user disabled between asking and granting is not given access."""
    user_id = tale.world.aws.add_user("lena", "lena@example.com")
    tale.joins("lena")
    label = tale.asks("lena")
    tale.world.aws.set_user(user_id, enabled=False)

    tale.approves("olga", label)

    tale.hears("lena", label, "AWS did not grant ReadOnly")
    assert tale.holds("lena") == []


def test_an_owner_channel_that_is_archived_is_said_to_the_sso_admins(fresh: Tale) -> None:
    """Where the owners' channel takes no message, the SSO admins are asked at once, and the log says why."""
    channel = fresh.world.workspace.channels.named("payments-owners")
    assert channel is not None
    fresh.world.workspace.archive(channel)
    label = fresh.asks()

    card = fresh.card("ada", label, ADMINS, "Pending")

    assert "the owner channel could not be reached" in str(fresh.entries(label))
    card.press("Approve")
    fresh.hears("rita", label, "you have ReadOnly")


def test_a_bot_that_was_not_invited_asks_the_sso_admins(fresh: Tale) -> None:
    """The same where the bot is not in the owners' channel; a custom request still waits for an owner."""
    channel = fresh.world.workspace.channels.named("payments-owners")
    assert channel is not None
    fresh.world.workspace.leave(channel, fresh.world.workspace.bot)
    label = fresh.asks_custom()

    card = fresh.card("ada", label, ADMINS, "Pending Owner")

    with fresh.refuses("NotAnApprover"):
        fresh.answer("ada", lambda: card.press("Approve"), ADMINS)
    fresh.says("olga", "/jit pending").press("Approve")
    fresh.card("ada", label, ADMINS, "Pending Admin").press("Approve")
    fresh.hears("rita", label, "you have JIT-invoices")


def test_an_answer_of_slack_that_is_lost_makes_no_second_card(tale: Tale) -> None:
    """Where Slack posted and the answer was lost, the message is found again instead of posted twice."""
    faults = tale.world.slack.faults
    tale.settles()
    faults.on("chat.postMessage", *[LostAnswer()] * 3)

    why = tale.opens_form("rita", "prod-payments ReadOnly 1h the answers get lost today")
    label = tale.sends(why, "the answers get lost today")
    tale.later(minutes=1)
    tale.later(minutes=1)
    faults.clear()

    for name, where in (("olga", OWNERS), ("sam", AUDIT)):
        assert len([each for each in tale[name].channel(where) if label in each.text]) == 1
    tale.approves("olga", label)
    tale.hears("rita", label, "you have ReadOnly")
    tale.card("olga", label, OWNERS, "Active")
    tale.later(hours=1, minutes=1)


def test_slack_being_busy_delays_words_but_no_end(tale: Tale) -> None:
    """While Slack takes no message, the access still ends on time; what was to be said is said afterwards."""
    label = tale.granted()
    faults = tale.world.slack.faults
    trouble: list[Fault] = [RateLimited(retry_after=30), ServerError()] * 10
    faults.on("chat.postMessage", *trouble)
    faults.on("chat.update", *trouble)

    tale.later(hours=1, minutes=1)
    tale.until(lambda: tale.holds() == [])
    assert not [each for each in tale.heard("rita", label) if "has expired" in each]
    faults.clear()
    tale.later(minutes=6)
    tale.later(minutes=6)

    tale.hears("rita", label, "has expired")
    assert tale.card("olga", label, OWNERS, "Expired").buttons() == []


def test_a_bot_that_was_away_ends_what_is_due_when_it_comes_back(fresh: Tale) -> None:
    """Sessions whose end passed while the bot was stopped are ended at its start, and told."""
    label = fresh.granted()
    waiting = fresh.asks("rita", "data-lake ReadOnly 2h")
    fresh.settles()
    fresh.world.stop_bot()
    fresh.passes(hours=3)

    fresh.world.start_bot()

    fresh.hears("rita", label, "has expired")
    assert fresh.holds() == []
    fresh.card("olga", label, OWNERS, "Expired")
    fresh.card("oscar", waiting, "#data-lake-owners", "Pending").press("Approve")
    fresh.hears("rita", waiting, "you have ReadOnly in data-lake")
    assert fresh.audit_is_whole()


def test_a_bot_stopped_while_granting_goes_on_where_it_was(fresh: Tale) -> None:
    """A grant under way is taken up after the start: one assignment, one hour from its confirmation."""
    label = fresh.asks()
    fresh.world.aws.faults.add("DescribeAccountAssignmentCreationStatus", FaultKind.CONFLICT, times=3)
    fresh.approves("olga", label)
    fresh.until(lambda: fresh.holds() == ["ReadOnly"])
    fresh.world.stop_bot()
    assert not [each for each in fresh.heard("rita", label) if "you have" in each]

    fresh.world.start_bot()
    fresh.later(minutes=5)
    fresh.later(minutes=5)

    told = fresh.hears("rita", label, "you have ReadOnly in prod-payments until")
    assert "already" not in told.text
    made = [each for each in fresh.world.aws.calls if each.operation == "CreateAccountAssignment"]
    assert len(made) == 1
    fresh.later(hours=1, minutes=1)
    assert fresh.holds() == []
    assert fresh.card("rita", label, DM, "Expired").buttons() == ["Ask again"]
