"""Ends that something else could hold up for ever: a creation that AWS never finishes, a hard stop that takes long."""

from datetime import datetime, timedelta

import pytest

from access.hard_stop import expiry_of, with_expiry
from access.request import Request
from access.session import SessionStatus
from operations.end import revoke_session
from operations.remove import GIVEN_UP_BY_AWS
from sandbox.aws.world import Holding, Kind
from storage import sessions
from tests.access.given import ADA, HOUR, MINUTE, OLAF, a_custom_form
from tests.operations.company import IN_AWS, PAYMENTS, Company

CREATE, DELETE = "CreateAccountAssignment", "DeleteAccountAssignment"
WHY = "The incident is over."


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone."""
    company.lanes = IN_AWS


def status(company: Company, request: Request) -> SessionStatus:
    return company.session(request).status


def test_a_creation_that_aws_never_ends_does_not_keep_its_removal_waiting_for_ever(company: Company) -> None:
    """AWS holds the assignment and calls its creation unfinished for ever: it is asked to remove it all the same."""
    request = company.approved()
    company.aws.faults.never_end(CREATE)
    company.drain()
    session = company.session(request)
    assert (session.status, bool(session.grant_operation)) == (SessionStatus.GRANTING, True)
    held = Holding(PAYMENTS, session.set_arn, "USER", session.principal_id)
    company.aws.world.holdings[held] = None

    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.pass_time(GIVEN_UP_BY_AWS + 6 * MINUTE)
    assert DELETE in company.aws_calls()
    company.aws.world.operations.clear()
    company.pass_time(6 * MINUTE)

    assert status(company, request) is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_a_hard_stop_that_aws_takes_long_to_bring_does_not_starve_the_removal(company: Company) -> None:
    """Bringing the hard stop to the account takes a minute and conflicts with the removal: it is over soon after."""
    request = company.active(a_custom_form())
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000

    revoke_session(company.deps, request.id, ADA.slack_id, WHY)
    end = company.clock.now() + 10 * MINUTE
    while company.clock.now() < end:
        company.clock.move(timedelta(seconds=1))
        company.drain()

    assert status(company, request) is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_a_hard_stop_that_aws_takes_long_to_bring_is_known_in_the_end(company: Company) -> None:
    """The exact end takes a minute to reach the account: it is ordered once, and noted once the account has it."""
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000
    request = company.approved(a_custom_form())
    end = company.clock.now() + 10 * MINUTE
    while company.clock.now() < end:
        company.clock.move(timedelta(seconds=1))
        company.drain()

    session = company.session(request)
    assert (session.status, session.cut_at) == (SessionStatus.ACTIVE, session.ends_at)
    assert company.events(request).count("hard_stop") == 1
    assert len([each for each in company.aws.world.operations.values() if each.kind is Kind.PROVISIONING]) == 1


def test_a_hard_stop_that_was_moved_and_not_noted_is_cut_all_the_same(company: Company) -> None:
    """AWS holds a later end than is noted, as after an extension and a crash: an early end cuts it, then removes."""
    request = company.active(a_custom_form())
    noted = company.session(request)
    later = noted.ends_at + 2 * HOUR
    with company.database.begin() as db:
        sessions.save(db, noted.changed(cut_at=noted.ends_at, ends_at=later))
    held = company.aws.world.sets[noted.set_arn]
    held.inline_policy = with_expiry(held.inline_policy, later)
    company.clock.move_to(noted.ends_at + HOUR)
    cuts: list[datetime | None] = []
    company.center.before("request_removal", lambda: cuts.append(expiry_of(held.inline_policy)))

    revoke_session(company.deps, request.id, ADA.slack_id, WHY)
    company.drain()

    assert status(company, request) is SessionStatus.REVOKED
    assert cuts == [company.session(request).end_ordered_at]
