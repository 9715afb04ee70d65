"""An Identity Center with two accounts and three people, reached by real boto3 clients under the strict checker."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import boto3
import botocore.endpoint
import pytest
from botocore.config import Config

from access.session import Assignment
from aws.clients import WRITE, Clients, build_clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.throttle import Throttle
from sandbox.aws import AwsSandbox
from tests.aws.strict import check_strictly

PAYMENTS = "111122223333"
STAGING = "444455556666"


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 12, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass: `seconds=1`, `hours=2`."""
        self.at += timedelta(**by)


class Naps:
    """Stands in for botocore's `time`: remembers what would have been slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Remember, and go on at once."""
        self.slept.append(seconds)


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    """Keep botocore's retries from sleeping, and from looking for credentials outside."""
    made = Naps()
    monkeypatch.setattr(botocore.endpoint, "time", made)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[AwsSandbox]:
    with AwsSandbox(clock) as running:
        running.add_account(PAYMENTS, "prod-payments")
        running.add_account(STAGING, "staging")
        yield running


@pytest.fixture(scope="session")
def session() -> boto3.session.Session:
    """One session for all tests, because it reads botocore's large models."""
    return boto3.session.Session("testing", "testing", region_name="eu-west-1")


def strict_clients(sandbox: AwsSandbox, session: boto3.session.Session, **write: float) -> Clients:
    """Build real clients with the bot's own settings; `write` changes those of the client for changes."""
    made = build_clients(
        "eu-west-1",
        throttle=Throttle(rate=1_000_000),
        endpoint_url=sandbox.url,
        write=WRITE.merge(Config(**write)),  # type: ignore[arg-type]
        session=session,
    )
    for client in (made.reads, made.changes, made.identity_store, made.iam):
        check_strictly(client)
    return made


@pytest.fixture
def clients(sandbox: AwsSandbox, session: boto3.session.Session) -> Clients:
    return strict_clients(sandbox, session)


@pytest.fixture
def instance(sandbox: AwsSandbox) -> Instance:
    return Instance(arn=sandbox.instance_arn, store_id=sandbox.store_id)


@pytest.fixture
def center(clients: Clients, instance: Instance) -> IdentityCenter:
    return IdentityCenter(clients, instance)


@pytest.fixture
def directory(clients: Clients, instance: Instance) -> Directory:
    return Directory(clients, instance)


@pytest.fixture
def ann(sandbox: AwsSandbox) -> str:
    """Ann's id in the directory."""
    return sandbox.add_user("ann", "ann@example.com")


@pytest.fixture
def wanted(sandbox: AwsSandbox, ann: str) -> Assignment:
    """Ann in prod-payments with a set named ReadOnly."""
    set_arn = sandbox.add_permission_set("ReadOnly", managed_policies=("ReadOnlyAccess",))
    return Assignment(principal_id=ann, account_id=PAYMENTS, set_arn=set_arn)
