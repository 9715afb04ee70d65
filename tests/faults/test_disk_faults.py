"""A database that cannot be written: nothing is granted, what is over is removed all the same, and recorded later."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from access.session import SessionStatus
from operations.end import revoke_session
from operations.perform import perform
from operations.revoke_anyway import AGAIN_AFTER, GRACE, RevokeAnyway
from sandbox.aws.faults import FaultKind
from storage.outbox import Lane
from tests.access.given import HOUR, OLGA, a_custom_form, a_form
from tests.faults.full_disk import FullDisk
from tests.operations.company import IN_AWS, PAYMENTS, Company

Break = Callable[[], None]
LENGTH = 2 * HOUR
OVER = LENGTH + GRACE
REMOVAL = "DeleteAccountAssignment"


@pytest.fixture(name="disk")
def make_disk(company: Company) -> Iterator[FullDisk]:
    """Give the disk that the company's database lies on."""
    disk = FullDisk(company.database)
    yield disk
    disk.free()


@pytest.fixture(name="unwritable", params=["full", "read-only"])
def break_disk(request: pytest.FixtureRequest, disk: FullDisk) -> Break:
    """Give a way to break it: twice each test, for both ways."""
    return disk.fill if request.param == "full" else disk.lock


@pytest.fixture(name="anyway")
def make_anyway(company: Company) -> RevokeAnyway:
    """Give what the scheduler asks every ten seconds."""
    return RevokeAnyway(company.deps)


def attempt(company: Company) -> None:
    """Let sweeps and workers try their usual way once, as a running bot does."""
    company.sweep()
    for lane in Lane:
        try:
            company.drain(lane)
        except DBAPIError:
            logging.getLogger(__name__).info("not claimed")


def removals(company: Company) -> int:
    return company.aws_calls().count(REMOVAL)


def held(company: Company) -> list[tuple[str, str, str]]:
    return company.aws.assignments()


def test_an_end_is_carried_out_although_it_cannot_be_recorded(
    company: Company, disk: FullDisk, unwritable: Break, anyway: RevokeAnyway
) -> None:
    """The access ends on time in AWS; the session is called expired once that can be written, and is told once."""
    request = company.active()
    company.drain(*Lane)
    unwritable()
    company.clock.move(OVER)
    attempt(company)
    assert held(company) != []

    assert anyway() == 1

    company.clock.move(timedelta(seconds=5))
    assert held(company) == []
    assert company.session(request).status is SessionStatus.ACTIVE
    disk.free()
    company.pass_time(timedelta(minutes=6), *Lane)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.events(request)[-1] == "expired"
    assert company.events(request).count("expired") == 1


def test_an_ordered_end_is_carried_out_although_no_worker_can_claim_it(
    company: Company, disk: FullDisk, unwritable: Break, anyway: RevokeAnyway
) -> None:
    """Revoked by an approver just before the disk was full: the removal in the outbox cannot be claimed."""
    request = company.active()
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    unwritable()
    attempt(company)

    assert anyway() == 1

    company.clock.move(timedelta(seconds=5))
    assert held(company) == []
    disk.free()
    company.pass_time(timedelta(minutes=6), *Lane)
    assert company.session(request).status is SessionStatus.REVOKED


def test_nothing_is_granted_that_cannot_be_recorded(company: Company, disk: FullDisk, unwritable: Break) -> None:
    """An approved request waits: AWS is asked for no assignment, not even by a worker that holds the grant already."""
    request = company.approved()
    (claimed,) = company.claim(Lane.GRANT)
    unwritable()

    with pytest.raises(DBAPIError):
        perform(company.deps, claimed)
    attempt(company)

    assert "CreateAccountAssignment" not in company.aws_calls()
    assert company.session(request).sent_at is None
    disk.free()
    company.restart(*IN_AWS)
    assert company.session(request).status is SessionStatus.ACTIVE


def test_a_grant_asked_for_once_is_not_asked_for_again(company: Company, unwritable: Break) -> None:
    """The intent is committed anew before each order: an older one does not let a second order through."""
    request = company.approved()
    company.aws.faults.add("CreateAccountAssignment", FaultKind.THROTTLING)
    company.drain(*IN_AWS)
    assert company.session(request).sent_at is not None
    company.clock.move(timedelta(minutes=1))
    (claimed,) = company.claim(Lane.GRANT)
    unwritable()

    with pytest.raises(DBAPIError):
        perform(company.deps, claimed)

    assert company.aws_calls().count("CreateAccountAssignment") == 1
    assert held(company) == []


def test_nothing_is_asked_of_aws_while_the_database_can_be_written(company: Company, anyway: RevokeAnyway) -> None:
    """The usual way has the first word: it records, then removes."""
    company.active()
    company.clock.move(LENGTH + 10 * GRACE)

    assert anyway() == 0

    assert removals(company) == 0


def test_a_session_is_tried_at_most_once_a_minute(company: Company, disk: FullDisk, anyway: RevokeAnyway) -> None:
    """And again after a minute, as the removal may have failed in AWS."""
    company.active()
    disk.fill()
    company.clock.move(OVER)
    company.aws.faults.fail(REMOVAL, "Received a 500 status error")
    for _ in range(5):
        attempt(company)
        anyway()
        company.clock.move(timedelta(seconds=10))
    assert (removals(company), len(held(company))) == (1, 1)

    company.clock.move(AGAIN_AFTER)
    attempt(company)
    anyway()

    company.clock.move(timedelta(seconds=5))
    assert (removals(company), held(company)) == (2, [])


def test_what_another_session_needs_stays(company: Company, disk: FullDisk, anyway: RevokeAnyway) -> None:
    """Two sessions on one assignment: it goes with the second, although the first one's end was never recorded."""
    company.active()
    company.clock.move(HOUR)
    company.active()
    disk.fill()
    company.clock.move(HOUR + GRACE)
    attempt(company)
    assert anyway() == 0
    assert len(held(company)) == 1

    company.clock.move(HOUR)
    attempt(company)
    assert anyway() == 1

    company.clock.move(timedelta(seconds=5))
    assert held(company) == []


def test_what_was_there_before_the_bot_stays(company: Company, disk: FullDisk, anyway: RevokeAnyway) -> None:
    """An assignment that an administrator made is not the bot's to remove."""
    (user,) = [each.id for each in company.aws.world.users.values() if each.user_name == "rita"]
    company.aws.assign(PAYMENTS, user, company.aws.permission_sets()[0].arn)
    company.active(a_form(set_name="PowerUser"))
    disk.fill()
    company.clock.move(OVER)
    attempt(company)

    assert anyway() == 0

    assert len(held(company)) == 1


def test_an_account_in_trouble_does_not_hold_up_the_others(
    company: Company, disk: FullDisk, anyway: RevokeAnyway, caplog: pytest.LogCaptureFixture
) -> None:
    """What AWS refuses for now is said and tried again at the next round."""
    company.active()
    disk.fill()
    company.clock.move(OVER)
    company.aws.faults.add(REMOVAL, FaultKind.CONFLICT)
    attempt(company)
    assert anyway() == 0
    assert "the access could not be removed yet: AWS is doing something else" in caplog.text

    company.clock.move(AGAIN_AFTER)
    attempt(company)

    assert anyway() == 1


def test_more_sessions_than_a_page_holds_are_all_removed(
    company: Company, disk: FullDisk, anyway: RevokeAnyway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read a page at a time, so that ten thousand take no more memory than a hundred."""
    monkeypatch.setattr("operations.revoke_anyway.PAGE", 2)
    for name in ("one", "two", "three", "four", "five"):
        company.active(a_custom_form(name=name, duration="2 hours"))
    disk.fill()
    company.clock.move(OVER)
    attempt(company)

    assert anyway() == 5


def test_a_press_that_cannot_be_stored_is_not_taken(company: Company, disk: FullDisk, unwritable: Break) -> None:
    """Who asks or revokes meanwhile gets an error and not a lie; the same press counts afterwards."""
    request = company.active()
    unwritable()
    with pytest.raises(DBAPIError):
        revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    with pytest.raises(DBAPIError):
        company.ask()
    disk.free()

    assert revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.").session
    assert company.ask().label != request.label
