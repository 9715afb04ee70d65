"""Several sessions, one assignment: it stands as long as one of them does, and what is not ours is never removed."""

from datetime import timedelta

import pytest

from access.request import Request
from access.session import SessionStatus
from blocks.progress import EXISTED_BEFORE
from operations.end import end_session_early, revoke_session
from sandbox.aws.faults import FaultKind, When
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, OLAF, RITA, a_form
from tests.operations.company import IN_AWS, PAYMENTS, Company

RITAS_ACCESS = (PAYMENTS, "rita", "ReadOnly")
BY_HAND = (PAYMENTS, "rita", "PowerUser")


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def given_by_hand(company: Company) -> None:
    """Let an administrator assign PowerUser to Rita, outside the bot."""
    user = next(each.id for each in company.aws.world.users.values() if each.user_name == "rita")
    company.aws.assign(PAYMENTS, user, next(iter(company.aws.world.sets)))


def revoke(company: Company, request: Request) -> None:
    """Order the end, without performing it."""
    revoke_session(company.deps, request.id, OLAF.slack_id, "Not needed any more.")


def test_overlap_keeps_access_until_last_session_ends(company: Company) -> None:
    """The first session ends and the second still has its access; with the second it goes."""
    first = company.active()
    company.pass_time(HOUR)
    second = company.active()
    company.pass_time(HOUR + MINUTE)
    assert company.session(first).status is SessionStatus.EXPIRED
    assert company.session(second).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [RITAS_ACCESS]
    company.pass_time(HOUR)
    assert company.session(second).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_early_revoke_of_one_session_keeps_other(company: Company) -> None:
    """Revoking the second session leaves the first its access."""
    first, second = company.active(), company.active()
    revoke(company, second)
    company.drain()
    assert company.session(second).status is SessionStatus.REVOKED
    assert company.session(first).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [RITAS_ACCESS]
    end_session_early(company.deps, first.id, RITA.slack_id)
    company.drain()
    assert company.aws.assignments() == []


def test_sessions_on_other_sets_end_alone(company: Company) -> None:
    """The end of one session touches no other permission set of the same person."""
    first, other = company.active(), company.active(a_form(set_name="PowerUser"))
    revoke(company, first)
    company.drain()
    assert company.aws.assignments() == [(PAYMENTS, "rita", "PowerUser")]
    assert company.session(other).status is SessionStatus.ACTIVE


def test_pre_existing_assignment_is_never_removed(company: Company) -> None:
    """What an administrator gave by hand stands after the session as before it, and the holder is told so."""
    given_by_hand(company)
    request = company.active(a_form(set_name="PowerUser"))
    assert company.session(request).existed_before
    company.drain(Lane.SLACK)
    assert any(EXISTED_BEFORE in each for each in company.slack.told(RITA.slack_id))
    company.pass_time(3 * HOUR)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == [BY_HAND]
    assert "DeleteAccountAssignment" not in company.aws_calls()


def test_two_sessions_on_what_was_given_by_hand_remove_nothing(company: Company) -> None:
    """Neither the first nor the second session makes an administrator's assignment its own."""
    given_by_hand(company)
    company.active(a_form(set_name="PowerUser"))
    company.active(a_form(set_name="PowerUser"))
    company.pass_time(4 * HOUR)
    assert company.aws.assignments() == [BY_HAND]


def test_a_grant_that_waits_inherits_the_assignment(company: Company) -> None:
    """The first session ends while the second, on the same set, waits to be granted: at its end it is removed."""
    first = company.active()
    second = company.approved()
    revoke(company, first)
    company.drain(Lane.REVOKE)
    company.drain()
    assert company.session(second).status is SessionStatus.ACTIVE
    company.pass_time(3 * HOUR)
    assert company.aws.assignments() == []


def test_a_grant_during_the_removal_of_another_session_is_removed_at_its_end(company: Company) -> None:
    """AWS delays the removal of the first session, the second is granted meanwhile: its end removes the access."""
    first = company.active()
    revoke(company, first)
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.CONFLICT)
    company.drain()
    assert company.session(first).status is SessionStatus.REVOKING
    second = company.active()
    assert not company.session(second).existed_before
    company.pass_time(MINUTE)
    assert company.session(first).status is SessionStatus.REVOKED
    assert company.aws.assignments() == [RITAS_ACCESS]
    company.pass_time(3 * HOUR)
    assert company.session(second).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


@pytest.mark.parametrize("ends_first", ["first", "second"])
def test_a_grant_beside_one_whose_answer_was_lost_is_removed_at_its_end(company: Company, ends_first: str) -> None:
    """AWS assigned for the first session without answering, the second finds that: it is ours, whoever ends first."""
    company.aws.world.takes = timedelta(0)
    company.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    first = company.approved()
    company.drain()
    second = company.approved()
    company.drain()
    company.pass_time(MINUTE)
    assert [company.session(each).status for each in (first, second)] == [SessionStatus.ACTIVE] * 2
    early = first if ends_first == "first" else second
    revoke(company, early)
    company.drain()
    assert company.aws.assignments() == [RITAS_ACCESS]
    company.pass_time(3 * HOUR)
    assert company.aws.assignments() == []


def test_an_heir_that_ends_while_it_inherits_leaves_nothing(company: Company) -> None:
    """The second session is revoked in the moment in which the first hands over: nothing stands afterwards."""
    first = company.active()
    company.drain()
    second = company.approved()
    company.aws.faults.add("ListAccountAssignments", FaultKind.THROTTLING)
    company.drain(Lane.GRANT)
    assert company.session(second).set_arn
    revoke(company, first)
    claimed = company.claim(Lane.REVOKE)
    assert len(claimed) == 1
    revoke(company, second)
    company.restart()
    company.pass_time(10 * MINUTE)
    assert company.session(second).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_an_orphan_that_another_session_adopts_is_removed_with_it(company: Company) -> None:
    """A paused worker made an assignment after the end; a new session finds it first: its end removes it."""
    first = company.approved()
    company.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(first).granted_at is not None
    held = dict(company.aws.world.holdings)
    revoke(company, first)
    company.drain()
    company.aws.world.holdings.update(held)
    second = company.active()
    company.pass_time(3 * HOUR)
    assert company.session(second).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_a_session_that_never_asked_hands_nothing_over(company: Company) -> None:
    """Revoked before AWS was asked, beside a session on what was given by hand: nothing becomes ours to remove."""
    given_by_hand(company)
    company.active(a_form(set_name="PowerUser"))
    second = company.approved(a_form(set_name="PowerUser"))
    company.aws.faults.add("ListAccountAssignments", FaultKind.THROTTLING)
    company.drain(Lane.GRANT)
    revoke(company, second)
    company.pass_time(3 * HOUR)
    assert company.session(second).status is SessionStatus.REVOKED
    assert company.aws.assignments() == [BY_HAND]


def test_a_grant_while_aws_removes_the_same_is_active_only_on_what_stays(company: Company) -> None:
    """AWS is at the removal for the first session when the second is granted: in the end the second has its access."""
    first = company.active()
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000
    revoke(company, first)
    company.drain()
    assert company.session(first).removal_operation
    second = company.approved()
    company.drain()
    assert company.session(second).status is SessionStatus.GRANTING
    company.pass_time(6 * MINUTE)
    assert company.session(first).status is SessionStatus.REVOKED
    assert company.session(second).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [RITAS_ACCESS]
