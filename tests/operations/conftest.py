"""A company on each database, with the real AWS side over HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config

from aws.clients import READ, WRITE, Clients, build_clients
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


@pytest.fixture(scope="session", name="running_aws")
def run_aws() -> Iterator[AwsSandbox]:
    """Run one AWS for all tests: a new server and new clients for each would take longer than most tests do."""
    with AwsSandbox() as running:
        yield running


@pytest.fixture(scope="session", name="clients")
def make_clients(running_aws: AwsSandbox) -> Clients:
    """Make the bot's own clients, without retries of their own: those belong to the outbox."""
    once = Config(connect_timeout=20, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 1})
    return build_clients(
        "eu-west-1",
        throttle=Throttle(rate=1_000_000),
        endpoint_url=running_aws.url,
        read=READ.merge(once),
        write=WRITE.merge(once),
        session=boto3.session.Session("testing", "testing", region_name="eu-west-1"),
    )


@pytest.fixture(name="aws")
def empty_aws(running_aws: AwsSandbox, clock: MovableClock) -> AwsSandbox:
    """Give an organization with one account, Rita and Max, and the set PowerUser that an administrator made."""
    running_aws.faults.clear()
    running_aws.calls.clear()
    world = running_aws.world
    for held in (world.users, world.accounts, world.sets, world.holdings, world.provisioned, world.operations):
        held.clear()
    world.now, world.takes, world.patience = clock.now, timedelta(seconds=1), 1
    world.accounts[PAYMENTS] = "prod-payments"
    running_aws.add_user("rita", RITA.email)
    running_aws.add_user("max", MAX.email)
    running_aws.add_permission_set("PowerUser", managed_policies=("PowerUserAccess",))
    return running_aws


@pytest.fixture(name="company")
def found(database: Database, aws: AwsSandbox, clients: Clients, clock: MovableClock) -> Company:
    """Found a company whose bot speaks to the strict AWS over HTTP."""
    instance = Instance(arn=aws.instance_arn, store_id=aws.store_id)
    return found_company(database, aws, IdentityCenter(clients, instance), Directory(clients, instance), clock)
