"""Sessions that an older version granted end on time after an upgrade, with the real sweep and AWS."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from access.session import Session, SessionId, SessionStatus
from aws.clients import Clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from bot.clock import MovableClock
from sandbox.aws import AwsSandbox
from sandbox.aws.faults import FaultKind
from storage import requests, sessions
from storage.transactions import Database
from tests.access.given import HOUR, MINUTE, NOW
from tests.operations.company import ADMIN_CHANNEL, OWNER_CHANNEL, PAYMENTS, Company, found_company
from tests.operations.slack import Posting, texts_of
from tests.storage.old_schema import make_old


@pytest.fixture(name="upgraded")
def upgrade(empty_database_url: str, aws: AwsSandbox, clients: Clients, clock: MovableClock) -> Iterator[Company]:
    """Give a company whose database was upgraded while sessions were being granted, active and being ended."""
    rita = next(each.id for each in aws.world.users.values() if each.user_name == "rita")
    arns = {name: aws.add_permission_set(name) for name in ("ReadOnly", "Audit")}
    power_user = next(each.arn for each in aws.world.sets.values() if each.name == "PowerUser")
    for arn in arns.values():
        aws.assign(PAYMENTS, rita, arn)
    ids = {"principal": rita, "power_user": power_user, "read_only": arns["ReadOnly"], "audit": arns["Audit"]}
    make_old(empty_database_url, "0001", ids)
    database = Database(empty_database_url)
    database.upgrade()
    instance = Instance(arn=aws.instance_arn, store_id=aws.store_id)
    company = found_company(database, aws, IdentityCenter(clients, instance), Directory(clients, instance), clock)
    company.slack.postings += [
        Posting(channel=OWNER_CHANNEL, ts=str(number), text="a card", blocks=[], key=f"card:{number}")
        for number in range(1001, 1013)
    ]
    yield company
    database.close()


def held(company: Company, name: str) -> Session:
    """Read a session by the status that it was in before the upgrade."""
    with company.database.read() as db:
        found = sessions.get(db, SessionId(f"se_{name}"))
    assert found is not None
    return found


def test_version_upgrade_keeps_running_sessions(upgraded: Company) -> None:
    """What was active ends at its minute, what was being ended ends now, what was being granted is granted and ends."""
    upgraded.sweep()
    upgraded.drain()
    assert held(upgraded, "active").status is SessionStatus.ACTIVE
    assert held(upgraded, "granting").status is SessionStatus.ACTIVE
    granted_until = held(upgraded, "granting").ends_at
    assert timedelta(0) <= granted_until - (NOW + HOUR) < MINUTE
    upgraded.clock.move_to(NOW + 5 * MINUTE)
    upgraded.drain()
    assert held(upgraded, "revoking").status is SessionStatus.REVOKED
    for name, end in (("active", NOW + 20 * MINUTE), ("granting", granted_until)):
        upgraded.clock.move_to(end - timedelta(seconds=1))
        upgraded.sweep()
        upgraded.drain()
        assert held(upgraded, name).status is SessionStatus.ACTIVE
        upgraded.clock.move_to(end)
        upgraded.sweep()
        upgraded.drain()
        assert held(upgraded, name).status is SessionStatus.EXPIRED
    assert upgraded.aws.assignments() == []
    upgraded.pass_time(HOUR)
    assert upgraded.waiting() == 0


def test_what_had_ended_before_the_upgrade_is_left_alone(upgraded: Company) -> None:
    """Terminal sessions are those of before, to the last field."""
    names = ("expired", "revoked", "failed")
    before = [held(upgraded, name) for name in names]
    upgraded.pass_time(3 * HOUR)
    assert [held(upgraded, name) for name in names] == before
    assert [each.status.value for each in before] == list(names)


def test_an_end_that_failed_for_the_older_version_is_overdue_for_the_new_one(upgraded: Company) -> None:
    """Ordered half an hour before the upgrade and denied ever since: called overdue by the first sweep, in red."""
    upgraded.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED, times=1000)
    upgraded.sweep()
    upgraded.drain()
    assert held(upgraded, "revoking").marked_overdue
    (alert,) = [each for each in upgraded.slack.in_channel(ADMIN_CHANNEL) if each.key.startswith("alert:")]
    assert "🔴 REQ-1009 · Overdue" in texts_of(alert.blocks)
    assert "AWS denied it." in texts_of(alert.blocks)


def test_undecided_requests_lapse_at_their_time(upgraded: Company) -> None:
    """A request asked for before the upgrade lapses a day after it was made."""
    upgraded.clock.move_to(NOW + 23 * HOUR)
    upgraded.sweep()
    with upgraded.database.read() as db:
        assert requests.undecided(db, 9) == []
