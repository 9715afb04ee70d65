"""Two sessions on one target: what AWS is removing for the one is never shown as the other's."""

import pytest

from access.request import Request
from access.session import SessionStatus
from operations.end import revoke_session
from operations.perform import perform
from sandbox.aws.faults import FaultKind, When
from storage.outbox import Lane
from tests.access.given import ADA, HOUR, MINUTE, OLAF, a_custom_form
from tests.operations.company import IN_AWS, PAYMENTS, Company
from tests.operations.gate import Crash, crash

DELETE = "DeleteAccountAssignment"
RITAS_ACCESS = (PAYMENTS, "rita", "ReadOnly")


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone."""
    company.lanes = IN_AWS


def revoked_and_asked_for_again(company: Company) -> tuple[Request, Request]:
    """Let AWS take a minute for everything, end Rita's session, and have another one approved on the same target."""
    first = company.active()
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000
    revoke_session(company.deps, first.id, OLAF.slack_id, "Not needed any more.")
    return first, company.approved()


def is_active_on_what_stays(company: Company, first: Request, second: Request) -> None:
    """See, as time passes, that the second is active only while AWS holds the access, and that it comes to that."""
    for _ in range(40):
        company.pass_time(MINUTE / 4)
        if company.session(second).status is SessionStatus.ACTIVE:
            assert company.aws.assignments() == [RITAS_ACCESS]
    assert company.session(first).status is SessionStatus.REVOKED
    assert company.session(second).status is SessionStatus.ACTIVE
    company.pass_time(3 * HOUR)
    assert company.aws.assignments() == []


def test_a_removal_whose_answer_was_lost_is_seen_through_before_another_is_granted(company: Company) -> None:
    """AWS took the order to remove, its answer was lost, and the same is asked for again meanwhile."""
    first, second = revoked_and_asked_for_again(company)
    company.aws.faults.add(DELETE, FaultKind.DROP, When.AFTER)
    company.drain(Lane.REVOKE)
    assert company.session(first).status is SessionStatus.REVOKING
    company.drain(Lane.GRANT)

    is_active_on_what_stays(company, first, second)


def test_a_crash_right_after_the_order_to_remove_is_seen_through_too(company: Company) -> None:
    """The process dies when AWS has taken the order; another one grants the same before it looks at the removal."""
    first, second = revoked_and_asked_for_again(company)
    company.center.after("request_removal", crash)
    with pytest.raises(Crash):
        company.drain(Lane.REVOKE)
    company.aws.world.takes = HOUR
    company.clock.move(4 * MINUTE)
    company.drain(Lane.GRANT)
    company.aws.world.takes = MINUTE

    is_active_on_what_stays(company, first, second)


def test_a_removal_that_aws_did_not_take_keeps_nobody_waiting(company: Company) -> None:
    """AWS denied the removal: the second session is granted on what stands there, and the first has ended with it."""
    first, second = revoked_and_asked_for_again(company)
    company.aws.faults.add(DELETE, FaultKind.ACCESS_DENIED)
    company.drain(Lane.REVOKE)
    company.drain(Lane.GRANT)
    assert company.session(second).status is SessionStatus.ACTIVE

    is_active_on_what_stays(company, first, second)


def test_who_has_asked_aws_waits_for_a_removal_too(company: Company) -> None:
    """AWS lists the assignment late: the second session asks for it in vain, and finds then what is being removed."""
    first, second = revoked_and_asked_for_again(company)
    company.drain(Lane.REVOKE)
    assert company.session(first).removal_operation
    held = dict(company.aws.world.holdings)
    company.center.before("is_assigned", company.aws.world.holdings.clear)
    company.center.after("is_assigned", lambda: company.aws.world.holdings.update(held))
    company.drain(Lane.GRANT)
    assert company.session(second).sent_at is not None

    is_active_on_what_stays(company, first, second)


def test_a_set_that_took_another_name_is_granted_and_removed_one_after_the_other(company: Company) -> None:
    """The name was taken, so the session's own set has another: its removal still waits for the grant at work."""
    request = company.approved(a_custom_form())
    company.aws.add_permission_set(company.session(request).set_name)
    company.drain(Lane.GRANT)
    company.clock.move(MINUTE)
    [granting] = company.claim(Lane.GRANT)

    revoke_session(company.deps, request.id, ADA.slack_id, "Not needed any more.")

    assert company.claim(Lane.REVOKE, "w2") == []
    perform(company.deps, granting)
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKED
