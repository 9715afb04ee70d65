"""The bot dies at any border of AWS, before or after the effect: started again, it comes to the same end."""

from datetime import timedelta

import pytest

from access.form import RequestForm
from access.session import SessionStatus
from bot.worker import LEASE
from operations.end import revoke_session
from operations.perform import LONGEST_ATTEMPT, perform
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, OLAF, a_custom_form, a_form
from tests.operations.company import IN_AWS, PAYMENTS, Company
from tests.operations.gate import Crash, crash

CUSTOM, STANDARD = a_custom_form(), a_form()
AT_THE_GRANT = [
    (CUSTOM, "create_set"),
    (STANDARD, "is_assigned"),
    (STANDARD, "request_assignment"),
    (STANDARD, "assignment_status"),
]
AT_THE_END = [
    (STANDARD, "request_removal"),
    (STANDARD, "removal_status"),
    (STANDARD, "is_assigned"),
    (CUSTOM, "put_inline_policy"),
    (CUSTOM, "request_provisioning"),
    (CUSTOM, "provisioning_status"),
    (CUSTOM, "delete_set"),
]


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def die(company: Company, method: str, moment: str) -> None:
    """Let the bot die before or after the next call of a method, and see that it does."""
    (company.center.before if moment == "before" else company.center.after)(method, crash)
    with pytest.raises(Crash):
        company.drain()
    assert company.center.unused == 0


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("form", "method"), AT_THE_GRANT, ids=[method for _, method in AT_THE_GRANT])
def test_crash_at_a_step_of_the_grant_then_restart_converges(
    company: Company, form: RequestForm, method: str, moment: str
) -> None:
    """After the restart the session is active on one assignment of the bot's own, and ends at its time."""
    request = company.approved(form)
    die(company, method, moment)
    assert company.session(request).status is SessionStatus.GRANTING
    company.restart()
    company.pass_time(2 * MINUTE)
    session = company.session(request)
    assert session.status is SessionStatus.ACTIVE
    assert not session.existed_before
    assert company.aws.assignments() == [(PAYMENTS, "rita", session.set_name)]
    company.pass_time(3 * HOUR)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []
    assert not any("jit:request" in each.tags for each in company.aws.permission_sets())


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("form", "method"), AT_THE_END, ids=[method for _, method in AT_THE_END])
def test_crash_at_a_step_of_the_end_then_restart_converges(
    company: Company, form: RequestForm, method: str, moment: str
) -> None:
    """After the restart the assignment is gone, a custom set too, and the end stands in the log once."""
    request = company.active(form)
    revoke_session(company.deps, request.id, OLAF.slack_id, "Not needed any more.")
    die(company, method, moment)
    assert company.session(request).status is SessionStatus.REVOKING
    company.restart()
    company.pass_time(2 * MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []
    assert not any("jit:request" in each.tags for each in company.aws.permission_sets())
    assert company.events(request).count("revoked") == 1


def test_ends_that_came_while_the_bot_was_dead_are_done_at_the_start(company: Company) -> None:
    """The bot dies during a grant and stays dead past its end: started again, it leaves nothing in AWS."""
    request = company.approved()
    die(company, "request_assignment", "after")
    company.clock.move(24 * HOUR)
    company.restart()
    company.pass_time(10 * MINUTE)
    assert company.session(request).status is SessionStatus.FAILED
    assert company.aws.assignments() == []


def test_grant_by_a_paused_worker_after_the_end_is_found_and_removed(company: Company) -> None:
    """A worker pauses right before the order and sends it when the session has ended: the second look removes it."""
    request = company.approved()

    def meanwhile() -> None:
        company.clock.move(LEASE + timedelta(seconds=1))
        company.drain()
        revoke_session(company.deps, request.id, OLAF.slack_id, "Not needed any more.")
        company.drain()
        assert company.session(request).status is SessionStatus.REVOKED

    company.center.before("request_assignment", meanwhile)
    company.drain()
    company.clock.move(timedelta(seconds=5))
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]
    company.pass_time(10 * MINUTE)
    assert company.aws.assignments() == []
    assert company.session(request).status is SessionStatus.REVOKED
    company.clock.move(HOUR)
    assert company.drain() == 0


def test_verify_absent_leaves_a_session_that_shares_the_assignment(company: Company) -> None:
    """The second look after an end takes nothing from another session on the same assignment."""
    first = company.active()
    second = company.active()
    revoke_session(company.deps, first.id, OLAF.slack_id, "Not needed any more.")
    company.pass_time(10 * MINUTE)
    assert company.session(first).status is SessionStatus.REVOKED
    assert company.session(second).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]


def test_worker_that_lost_its_lease_finishes_nothing(company: Company) -> None:
    """Two workers hold the same grant, one after the other: the later one stores the outcome, once."""
    request = company.approved()
    late = company.claim(Lane.GRANT, "slow")[0]
    company.clock.move(LEASE + timedelta(seconds=1))
    company.drain()
    assert company.session(request).status is SessionStatus.ACTIVE
    before = company.session(request)
    assert perform(company.deps, late) is False
    assert company.session(request) == before
    assert company.events(request).count("granted") == 1


def test_an_effect_is_not_begun_when_little_of_its_lease_is_left(company: Company) -> None:
    """Claimed, and begun only after a pause: AWS is asked nothing, and whoever claims it next performs it."""
    request = company.approved()
    (claimed,) = company.claim(Lane.GRANT)
    before = len(company.aws.calls)
    company.clock.move_to(claimed.leased_until - LONGEST_ATTEMPT + timedelta(seconds=1))

    assert not perform(company.deps, claimed)

    assert len(company.aws.calls) == before
    company.drain()
    assert company.session(request).status is SessionStatus.ACTIVE
