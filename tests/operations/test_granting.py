"""Granting: nothing is active before AWS says so and a read-back shows it; the end is on disk before AWS is asked."""

from datetime import timedelta

import pytest

from access.session import SessionStatus, ShownStatus, shown_status
from sandbox.aws.faults import FaultKind, When
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, RITA, a_form
from tests.operations.company import IN_AWS, PAYMENTS, Company

RITAS_ACCESS = (PAYMENTS, "rita", "ReadOnly")


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def test_session_persisted_before_create_call(company: Company) -> None:
    """When AWS is asked to assign, the session, its end and that it was asked for can be read by everybody."""
    request = company.approved()
    seen = []
    company.center.before("request_assignment", lambda: seen.append(company.session(request)))
    company.drain()
    assert len(seen) == 1
    assert seen[0].status is SessionStatus.GRANTING
    assert seen[0].ends_at > company.clock.now()
    assert seen[0].sent_at is not None
    assert seen[0].set_arn


def test_a_granted_session_is_assigned_in_aws(company: Company) -> None:
    """Active means that AWS holds exactly this assignment."""
    request = company.active()
    assert company.aws.assignments() == [RITAS_ACCESS]
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.events(request) == ["requested", "approved", "granted"]


def test_clock_starts_at_confirmed_grant(company: Company) -> None:
    """However long AWS took, the holder has the whole duration from the confirmed grant on."""
    request = company.approved()
    company.clock.move(20 * MINUTE)
    company.drain()
    session = company.session(request)
    assert session.granted_at is not None
    assert session.granted_at >= request.requested_at + 20 * MINUTE
    assert session.ends_at == session.granted_at + 2 * HOUR


def test_async_create_failed_never_shows_active(company: Company) -> None:
    """AWS took the order and failed it later, for good: Failed, said in words, never Active."""
    company.aws.faults.fail("CreateAccountAssignment", "Received a 403 status error: Access denied.")
    request = company.approved()
    company.drain()
    session = company.session(request)
    assert session.status is SessionStatus.FAILED
    assert "granted" not in company.events(request)
    assert company.events(request)[-2:] == ["grant_failed", "failed"]
    company.drain(Lane.SLACK)
    assert any("may not change roles" in each for each in company.slack.told(RITA.slack_id))
    assert company.aws.assignments() == []


def test_a_failure_that_nobody_knows_is_tried_again(company: Company) -> None:
    """An unknown reason is no reason to give up: a new order follows and succeeds."""
    company.aws.faults.fail("CreateAccountAssignment", "Something odd happened.")
    request = company.approved()
    company.drain()
    assert company.session(request).status is SessionStatus.GRANTING
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE


def test_missing_account_is_an_error_not_silence(company: Company) -> None:
    """An account that AWS does not know ends as Failed with the account named as the reason, for the requester."""
    del company.aws.world.accounts[PAYMENTS]
    request = company.approved()
    company.drain()
    session = company.session(request)
    assert session.status is SessionStatus.FAILED
    assert "does not find the account" in session.end_reason
    company.drain(Lane.SLACK)
    assert any("does not find the account" in each for each in company.slack.told(RITA.slack_id))


def test_a_disabled_user_is_failed_in_words(company: Company) -> None:
    """Somebody disabled between asking and granting gets nothing, and is told why."""
    request = company.approved()
    user = next(each.id for each in company.aws.world.users.values() if each.user_name == "rita")
    company.aws.set_user(user, enabled=False)
    company.drain()
    assert company.session(request).status is SessionStatus.FAILED
    assert "CreateAccountAssignment" not in company.aws_calls()
    company.drain(Lane.SLACK)
    assert any("disabled in Identity Center" in each for each in company.slack.told(RITA.slack_id))


def test_a_set_that_aws_does_not_have_is_failed_in_words(company: Company) -> None:
    """A set that administrators should have made is named as missing, and the bot does not make it up."""
    company.aws.world.sets.clear()
    request = company.approved(a_form(set_name="PowerUser"))
    company.drain()
    assert company.session(request).status is SessionStatus.FAILED
    assert "PowerUser" in company.session(request).end_reason
    assert "CreatePermissionSet" not in company.aws_calls()


def test_lost_create_response_is_adopted_not_duplicated(company: Company) -> None:
    """AWS assigned, its answer was lost: the next attempt finds it, and AWS is not asked twice."""
    company.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    request = company.approved()
    company.drain()
    assert company.session(request).status is SessionStatus.GRANTING
    company.pass_time(MINUTE)
    session = company.session(request)
    assert session.status is SessionStatus.ACTIVE
    assert not session.existed_before
    assert company.aws_calls().count("CreateAccountAssignment") == 1


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("CreateAccountAssignment", FaultKind.THROTTLING),
        ("CreateAccountAssignment", FaultKind.CONFLICT),
        ("DescribeAccountAssignmentCreationStatus", FaultKind.SERVER_ERROR),
        ("ListAccountAssignments", FaultKind.EXPIRED_CREDENTIALS),
        ("DescribeUser", FaultKind.THROTTLING),
    ],
)
def test_trouble_that_passes_delays_a_grant_and_no_more(company: Company, operation: str, kind: FaultKind) -> None:
    """Whichever call AWS refuses for a moment, the grant comes to its end with one assignment."""
    request = company.approved()
    company.aws.faults.add(operation, kind)
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [RITAS_ACCESS]
    company.clock.move(HOUR / 2)
    assert company.drain(Lane.GRANT) == 0


def test_poll_is_bounded_and_resumable(company: Company) -> None:
    """An order that does not end gives its place to others after 15 s and is watched on later, not ordered anew."""
    company.aws.world.takes, company.aws.world.patience = timedelta(minutes=3), 1000
    request = company.approved()
    before = company.clock.now()
    company.drain(Lane.GRANT)
    assert company.clock.now() - before <= timedelta(seconds=15)
    session = company.session(request)
    assert session.status is SessionStatus.GRANTING
    assert session.grant_operation
    company.pass_time(5 * MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.aws_calls().count("CreateAccountAssignment") == 1


def test_a_grant_that_does_not_come_in_time_fails_and_is_undone(company: Company) -> None:
    """AWS never ends the order: after the duration and its margin it is Failed, and what comes later is removed."""
    company.aws.faults.never_end("CreateAccountAssignment")
    request = company.approved()
    company.drain()
    company.pass_time(3 * HOUR + 2 * MINUTE)
    session = company.session(request)
    assert session.status is SessionStatus.REVOKING
    assert shown_status(company.request(request), session) is ShownStatus.APPROVED
    assert "grant_failed" in company.events(request)
    company.drain(Lane.SLACK)
    assert any("did not grant it in time" in each for each in company.slack.told(RITA.slack_id))
    stuck = next(company.aws.world.running())
    stuck.stuck = False
    company.pass_time(20 * MINUTE)
    assert company.session(request).status is SessionStatus.FAILED
    assert company.aws.assignments() == []


def test_success_without_a_read_back_is_not_active(company: Company) -> None:
    """AWS says it succeeded, but nobody can read the assignment: the session waits until it can be read."""
    request = company.approved()
    holdings = company.aws.world.holdings
    company.center.after("assignment_status", holdings.clear)
    company.drain()
    assert company.session(request).status is SessionStatus.GRANTING
    assert "granted" not in company.events(request)


def test_trouble_is_told_once_also_after_patient_waiting(company: Company) -> None:
    """AWS was slow at first and denies then: the requester hears once that it takes longer, whatever came before."""
    company.aws.world.takes, company.aws.world.patience = timedelta(minutes=2), 1000
    request = company.approved()
    company.drain()
    company.pass_time(MINUTE)
    company.aws.faults.add("DescribeAccountAssignmentCreationStatus", FaultKind.ACCESS_DENIED, times=20)
    company.pass_time(6 * MINUTE)
    assert company.events(request).count("grant_delayed") == 1
    company.aws.faults.clear()
    company.pass_time(6 * MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE


@pytest.mark.parametrize(("fault", "said"), [(FaultKind.ACCESS_DENIED, 1), (FaultKind.THROTTLING, 0)])
def test_trouble_that_only_somebody_who_runs_the_bot_can_mend_is_an_error_in_the_log(
    company: Company, caplog: pytest.LogCaptureFixture, fault: FaultKind, said: int
) -> None:
    """AWS denies the bot: nobody in Slack can mend that; AWS being busy passes by itself."""
    company.approved()
    company.aws.faults.add("CreateAccountAssignment", fault)
    company.drain()
    assert sum(each.levelname == "ERROR" and "somebody should look" in each.message for each in caplog.records) == said


def test_a_set_made_anew_by_an_administrator_is_found_again(company: Company) -> None:
    """A set was deleted in AWS and made again under its name: the next grant uses the new one."""
    ended = company.active(a_form(set_name="PowerUser"))
    company.pass_time(2 * HOUR + MINUTE)
    assert company.session(ended).status is SessionStatus.EXPIRED
    old = company.session(ended).set_arn
    del company.aws.world.sets[old]
    company.aws.add_permission_set("PowerUser", managed_policies=("PowerUserAccess",))
    request = company.approved(a_form(set_name="PowerUser"))
    company.drain()
    company.pass_time(MINUTE)
    session = company.session(request)
    assert session.status is SessionStatus.ACTIVE
    assert session.set_arn != old
