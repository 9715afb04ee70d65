"""What AWS has to offer: accounts and managed policies."""

import time

import pytest

from aws.catalog import AwsAccount, _account, list_accounts, management_account, offered_policies
from aws.clients import Clients
from aws.errors import Busy
from aws.managed_policies import (
    ManagedPolicies,
    fetch_policies,
    known_policies,
    offerable,
    policy_arn,
    shipped_policies,
)
from sandbox.aws import AwsSandbox, FaultKind
from tests.aws.conftest import PAYMENTS, STAGING


def test_all_accounts_are_listed_over_many_pages(clients: Clients, sandbox: AwsSandbox) -> None:
    """Organizations returns twenty at a time."""
    for number in range(45):
        sandbox.add_account(f"{700000000000 + number}", f"account {number}")

    found = list_accounts(clients)

    assert {each.id for each in found} == set(sandbox.world.accounts)
    assert AwsAccount(id=PAYMENTS, name="prod-payments", active=True) in found
    assert [call.operation for call in sandbox.calls] == ["ListAccounts"] * 3


def test_a_closed_account_is_listed_as_inactive(clients: Clients, sandbox: AwsSandbox) -> None:
    sandbox.suspend_account(STAGING)

    assert {each.id: each.active for each in list_accounts(clients)}[STAGING] is False


@pytest.mark.parametrize(
    ("found", "active"),
    [
        ({"Id": PAYMENTS, "State": "ACTIVE"}, True),
        ({"Id": PAYMENTS, "Status": "ACTIVE"}, True),
        ({"Id": PAYMENTS, "State": "PENDING_CLOSURE", "Status": "ACTIVE"}, False),
        ({"Id": PAYMENTS}, False),
    ],
)
def test_an_account_is_active_by_its_state_or_by_the_older_status(found: dict[str, str], active: bool) -> None:  # noqa: FBT001 - a table
    assert _account(found) == AwsAccount(id=PAYMENTS, name=PAYMENTS, active=active)


def test_the_management_account_is_known(clients: Clients, sandbox: AwsSandbox) -> None:
    assert management_account(clients) == sandbox.management_account


def test_half_a_list_of_accounts_is_never_taken_for_the_whole(clients: Clients, sandbox: AwsSandbox) -> None:
    sandbox.faults.add("ListAccounts", FaultKind.ACCESS_DENIED)

    with pytest.raises(Busy) as busy:
        list_accounts(clients)
    assert busy.value.alert


def test_the_shipped_list_holds_what_aws_offers(clients: Clients) -> None:
    """The fallback and the live list lead to the same choice."""
    live = offerable(fetch_policies(clients), service_roles=True)

    assert live == offerable(shipped_policies(), service_roles=True)
    assert len(live) > 1000


def test_aws_own_roles_and_root_tasks_are_never_offered(clients: Clients) -> None:
    everything = fetch_policies(clients)
    paths = {each.rpartition("/")[0] for each in everything}
    offered = {each.rpartition("/")[0] for each in offerable(everything)}
    with_services = {each.rpartition("/")[0] for each in offerable(everything, service_roles=True)}

    assert paths > {"aws-service-role", "root-task"}
    assert offered == {"", "job-function"}
    assert with_services == {"", "job-function", "service-role"}


@pytest.mark.parametrize("kind", [FaultKind.ACCESS_DENIED, FaultKind.EXPIRED_CREDENTIALS])
def test_the_shipped_list_stands_in_when_aws_does_not_answer(
    clients: Clients, sandbox: AwsSandbox, kind: FaultKind
) -> None:
    sandbox.faults.add("ListPolicies", kind)

    assert known_policies(clients) == shipped_policies()


def test_an_arn_holds_the_path() -> None:
    assert policy_arn("job-function/ViewOnlyAccess") == "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    assert policy_arn("ReadOnlyAccess", "aws-cn") == "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture(scope="module")
def offered() -> ManagedPolicies:
    return ManagedPolicies(shipped_policies())


def test_names_that_begin_with_the_query_come_first(offered: ManagedPolicies) -> None:
    assert offered.search("readonly")[0] == "ReadOnlyAccess"
    assert offered.search("viewonly")[0] == "job-function/ViewOnlyAccess"


def test_every_word_counts_whatever_the_case(offered: ManagedPolicies) -> None:
    found = offered.search("s3 READONLY")

    assert found
    assert all("s3" in each.lower() and "readonly" in each.lower() for each in found)


def test_a_search_returns_at_most_a_hundred(offered: ManagedPolicies) -> None:
    assert len(offered.search("")) == 100
    assert offered.search("no such policy") == []


def test_a_search_takes_a_few_milliseconds_at_most(offered: ManagedPolicies) -> None:
    """The best of many, so that a busy machine does not count; it is a third of a millisecond when nothing traces."""

    def once() -> float:
        begin = time.perf_counter()
        offered.search("amazon full")
        return time.perf_counter() - begin

    assert min(once() for _ in range(50)) < 0.005


def test_a_policy_that_is_not_offered_is_named_with_its_neighbours(offered: ManagedPolicies) -> None:
    assert "ReadOnlyAccess" in offered
    assert offered.problem("ReadOnlyAccess") is None
    assert str(offered.problem("ViewOnlyAccess")).startswith(
        "There is no AWS managed policy ViewOnlyAccess to choose. Did you mean job-function/ViewOnlyAccess,"
    )
    assert offered.problem("Nonsense") == "There is no AWS managed policy Nonsense to choose."


def test_what_is_offered_is_read_from_aws(clients: Clients, sandbox: AwsSandbox) -> None:
    assert "job-function/ViewOnlyAccess" in offered_policies(clients)
    assert {call.operation for call in sandbox.calls} == {"ListPolicies"}
