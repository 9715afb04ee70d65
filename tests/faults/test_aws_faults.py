"""AWS in trouble, row by row of the table of faults, where no other test has the row."""

import logging
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from access.catalogue import Account
from access.changes import EffectKind
from access.request import Request
from access.session import SessionStatus, ShownStatus, shown_status
from aws.errors import Busy, Refused
from operations.backoff import wait_before
from operations.end import revoke_session
from operations.remove import GIVEN_UP_BY_AWS
from sandbox.aws.faults import FaultKind, When
from storage import outbox
from storage.outbox import Lane
from storage.tables import outbox as table
from tests.access.given import ADA, HOUR, MINUTE, OLAF, RITA, a_custom_form, a_form
from tests.operations.company import IN_AWS, OWNER_CHANNEL, Company
from tests.operations.gate import raises

CREATE, DELETE = "CreateAccountAssignment", "DeleteAccountAssignment"
LEDGER = "444455556666"
WHY = "The incident is over."


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def with_ledger(company: Company) -> None:
    """Let the company have a second account."""
    company.aws.world.accounts[LEDGER] = "ledger"
    company.use_account(
        Account(
            id=LEDGER,
            name="ledger",
            owners=(OLAF.email,),
            owner_channel=OWNER_CHANNEL,
            permission_sets=("ReadOnly",),
        )
    )


def status(company: Company, request: Request) -> SessionStatus:
    return company.session(request).status


def test_throttling_does_not_starve_other_accounts(company: Company) -> None:
    """While AWS throttles the changes in one account, another account's grant and end are done at once."""
    with_ledger(company)
    other = company.active(a_form(account_id=LEDGER))
    throttled = company.approved()
    company.center.before("request_assignment", raises(Busy("AWS is busy.", code="ThrottlingException")))
    company.drain()
    assert status(company, throttled) is SessionStatus.GRANTING
    company.center.before("request_removal", *[raises(Busy("AWS is busy.", code="ThrottlingException"))] * 3)
    revoke_session(company.deps, throttled.id, OLAF.slack_id, WHY)
    company.drain()

    revoke_session(company.deps, other.id, OLAF.slack_id, WHY)
    company.drain()
    company.pass_time(MINUTE)

    assert status(company, other) is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_conflict_exception_retried_with_jitter(company: Company) -> None:
    """Each wait lies in the upper half of its step, the steps double, and no two workers come back together."""
    request = company.approved()
    company.aws.faults.add(CREATE, FaultKind.CONFLICT, times=5)
    waits = []
    for attempt in range(1, 6):
        before = company.clock.now()
        assert company.drain(Lane.GRANT) == 1
        waits.append((next_due(company) - before).total_seconds())
        assert 2 ** (attempt - 1) / 2 <= waits[-1] <= 2 ** (attempt - 1) + 1
        company.clock.move_to(next_due(company))
    assert len({wait % 1 for wait in waits}) > 1

    company.drain()

    assert status(company, request) is SessionStatus.ACTIVE
    assert wait_before(3, 0.0) < wait_before(3, 0.5) < wait_before(3, 1.0)


def next_due(company: Company) -> datetime:
    """Tell when the grant is tried next."""
    with company.database.read() as db:
        found: datetime = db.execute(select(table.c.due_at).where(table.c.kind == EffectKind.GRANT)).scalar_one()
    return found


def test_a_removal_that_aws_never_ends_is_read_back(company: Company) -> None:
    """AWS leaves the removal in progress for ever: still Active, until a read-back finds the assignment gone."""
    request = company.active()
    company.aws.faults.never_end(DELETE)
    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.pass_time(GIVEN_UP_BY_AWS - MINUTE)
    assert shown_status(company.request(request), company.session(request)) is ShownStatus.ACTIVE
    company.aws.world.holdings.clear()

    company.pass_time(6 * MINUTE)

    assert status(company, request) is SessionStatus.REVOKED


def test_a_creation_that_aws_forgot_and_does_after_the_end_is_taken_back(company: Company) -> None:
    """AWS no longer knew the order, so that another one was sent; the first has its effect when all is over."""
    request = company.approved()
    company.center.after("request_assignment", company.aws.world.operations.clear)
    company.drain()
    company.pass_time(MINUTE)
    assert status(company, request) is SessionStatus.ACTIVE
    assert company.aws_calls().count(CREATE) == 2
    held = dict(company.aws.world.holdings)
    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.drain()
    assert status(company, request) is SessionStatus.REVOKED
    company.aws.world.holdings.update(held)

    company.pass_time(6 * MINUTE)

    assert company.aws.assignments() == []


def test_an_orphan_that_aws_does_not_let_go_is_told_once(company: Company) -> None:
    """An hour of denials: it is asked for again and again, and stands once in the audit log."""
    request = company.approved()
    company.aws.faults.add(CREATE, FaultKind.DROP, When.AFTER)
    company.drain()
    company.pass_time(MINUTE)
    held = dict(company.aws.world.holdings)
    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.drain()
    assert (status(company, request), company.aws.assignments()) == (SessionStatus.REVOKED, [])
    company.aws.world.holdings.update(held)
    company.aws.faults.add(DELETE, FaultKind.ACCESS_DENIED, times=8)

    for _ in range(6):
        company.pass_time(10 * MINUTE)

    assert company.aws_calls().count(DELETE) >= 9
    assert company.aws.assignments() == []
    assert company.events(request).count("orphan_removed") == 1


def test_a_removal_that_aws_forgets_in_progress_is_ordered_anew(company: Company) -> None:
    """The assignment still stands a quarter of an hour later: it is asked for again, as often as it takes."""
    request = company.active()
    company.aws.faults.never_end(DELETE)
    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.pass_time(GIVEN_UP_BY_AWS - MINUTE)
    assert company.aws_calls().count(DELETE) == 1
    company.pass_time(6 * MINUTE)
    assert company.aws_calls().count(DELETE) >= 2
    company.aws.world.operations.clear()

    company.pass_time(6 * MINUTE)

    assert status(company, request) is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_a_user_deleted_in_aws_ends_like_any_other(company: Company) -> None:
    """The assignment of somebody who is gone from the directory is removed at the end of the session."""
    request = company.active()
    (user,) = [each.id for each in company.aws.world.users.values() if each.user_name == "rita"]
    del company.aws.world.users[user]

    company.pass_time(2 * HOUR + MINUTE)

    assert status(company, request) is SessionStatus.EXPIRED
    assert not company.aws.world.holdings


def test_a_removal_that_aws_refuses_for_a_deleted_user_is_reported_and_never_given_up(company: Company) -> None:
    """AWS says that it does not find the person: the residue is told, and asked for until AWS lets it go."""
    request = company.active()
    reason = "Received a 404 status error: the USER assignee 906 was not found in directory d-1234567890"
    company.aws.faults.fail(DELETE, reason, times=4)
    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.pass_time(MINUTE)
    assert "no longer in the Identity Center directory" in company.session(request).trouble
    assert company.events(request).count("revoke_delayed") == 1

    company.pass_time(20 * MINUTE)

    assert status(company, request) is SessionStatus.REVOKED


def test_a_set_deleted_during_a_session_ends_it_at_its_time(company: Company) -> None:
    """A deleted permission set holds no assignment: there is nothing to remove, and the session expires."""
    request = company.active(a_form(set_name="PowerUser"))
    world = company.aws.world
    world.holdings.clear()
    world.sets.clear()

    company.pass_time(2 * HOUR + MINUTE)

    assert status(company, request) is SessionStatus.EXPIRED


def test_a_set_deleted_during_the_grant_does_not_keep_the_end_waiting(company: Company) -> None:
    """The assignment was ordered and AWS had lost the set: revoked before it is found again, it ends all the same."""
    request = company.approved(a_form(set_name="PowerUser"))
    company.center.before("request_assignment", company.aws.world.sets.clear)
    company.drain()
    assert (company.session(request).set_arn, status(company, request)) == ("", SessionStatus.GRANTING)

    revoke_session(company.deps, request.id, OLAF.slack_id, WHY)
    company.pass_time(MINUTE)

    assert status(company, request) is SessionStatus.REVOKED


QUOTA = "ServiceQuotaExceededException"
QUOTAS: list[tuple[str, Callable[[Company], None]]] = [
    ("at once", lambda company: company.center.before("request_assignment", raises(Refused("A quota.", code=QUOTA)))),
    ("later", lambda company: company.aws.faults.fail(CREATE, "IAM role quota of this account reached")),
    ("by the set", lambda company: company.center.before("create_set", raises(Refused("A quota.", code=QUOTA)))),
]


@pytest.mark.parametrize("used_up", [each[1] for each in QUOTAS], ids=[each[0] for each in QUOTAS])
def test_a_quota_that_is_used_up_fails_in_words_and_leaves_nothing(
    company: Company, used_up: Callable[[Company], None]
) -> None:
    """Whoever asked is told; the half of it that AWS made is undone."""
    request = company.approved(a_custom_form())
    used_up(company)

    company.drain()
    company.pass_time(6 * MINUTE, *Lane)

    assert status(company, request) is SessionStatus.FAILED
    assert any("quota" in each for each in company.slack.told(RITA.slack_id))
    assert company.aws.assignments() == []
    assert [each.name for each in company.aws.permission_sets() if each.name.startswith("JIT-")] == []


def test_expired_credentials_stop_nothing_for_good(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    """Each call is refused: it is an error in the log, and once the credentials are mended all that waits is done."""
    ending = company.active()
    granting = company.approved(a_form(set_name="PowerUser"))
    revoke_session(company.deps, ending.id, ADA.slack_id, WHY)
    company.aws.faults.add("*", FaultKind.EXPIRED_CREDENTIALS, times=8)
    company.drain()
    assert any(each.levelno == logging.ERROR and "ExpiredToken" in each.getMessage() for each in caplog.records)
    assert (status(company, ending), status(company, granting)) == (SessionStatus.REVOKING, SessionStatus.GRANTING)

    company.aws.faults.clear()
    company.pass_time(6 * MINUTE)

    assert (status(company, ending), status(company, granting)) == (SessionStatus.REVOKED, SessionStatus.ACTIVE)


def test_a_lost_answer_during_an_outage_is_one_assignment(company: Company) -> None:
    """The order had its effect, the answer was lost, and AWS denies reading for a while: it is adopted, not doubled."""
    request = company.approved()
    company.aws.faults.add(CREATE, FaultKind.DROP, When.AFTER)
    company.drain()
    company.aws.faults.add("ListAccountAssignments", FaultKind.ACCESS_DENIED, times=3)

    company.pass_time(6 * MINUTE)

    assert status(company, request) is SessionStatus.ACTIVE
    assert not company.session(request).existed_before
    assert company.aws_calls().count(CREATE) == 1
    with company.database.read() as db:
        assert outbox.state(db, company.clock.now())[Lane.GRANT].ready == 0
