"""A company on each database, with the real AWS side over HTTP."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from aws.clients import READ, WRITE, build_clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.throttle import Throttle
from bot.clock import MovableClock
from sandbox.aws import AwsSandbox
from storage.transactions import Database
from tests.access.given import MAX, RITA
from tests.operations.company import PAYMENTS, Company, a_clock, found_company


@pytest.fixture(name="clock")
def make_clock() -> MovableClock:
    return a_clock()


@pytest.fixture(scope="session", name="boto_session")
def make_boto_session() -> boto3.session.Session:
    """Make one session for all tests, because it reads botocore's large models."""
    return boto3.session.Session("testing", "testing", region_name="eu-west-1")


@pytest.fixture(name="aws")
def run_aws(clock: MovableClock) -> Iterator[AwsSandbox]:
    """Run an organization with one account, Rita and Max, and the set PowerUser that an administrator made."""
    with AwsSandbox(clock.now) as running:
        running.add_account(PAYMENTS, "prod-payments")
        running.add_user("rita", RITA.email)
        running.add_user("max", MAX.email)
        running.add_permission_set("PowerUser", managed_policies=("PowerUserAccess",))
        yield running


@pytest.fixture(name="company")
def run_company(
    database: Database,
    aws: AwsSandbox,
    clock: MovableClock,
    boto_session: boto3.session.Session,
    monkeypatch: pytest.MonkeyPatch,
) -> Company:
    """Found a company whose bot speaks to the strict AWS with the bot's own clients."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    once = Config(connect_timeout=20, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 1})
    clients = build_clients(
        "eu-west-1",
        throttle=Throttle(rate=1_000_000),
        endpoint_url=aws.url,
        read=READ.merge(once),
        write=WRITE.merge(once),
        session=boto_session,
    )
    instance = Instance(arn=aws.instance_arn, store_id=aws.store_id)
    return found_company(database, aws, IdentityCenter(clients, instance), Directory(clients, instance), clock)
