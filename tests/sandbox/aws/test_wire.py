"""The sandbox on the wire: faults on demand, a log of calls, the directory, and moto for the rest."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError, ReadTimeoutError

from sandbox.aws import AwsSandbox, FaultKind, When
from sandbox.aws.service_model import request_problems
from tests.aws.conftest import Clock
from tests.sandbox.aws.conftest import ACCOUNT

Refused = Callable[..., str]
CODES = [FaultKind.THROTTLING, FaultKind.CONFLICT, FaultKind.SERVER_ERROR, FaultKind.ACCESS_DENIED]


@pytest.mark.parametrize("kind", [*CODES, FaultKind.EXPIRED_CREDENTIALS])
@pytest.mark.parametrize("when", list(When))
def test_an_ordered_error_comes_once_before_or_after_acting(
    sso: Any, instance: dict[str, str], sandbox: AwsSandbox, refused: Refused, kind: FaultKind, when: When
) -> None:
    sandbox.faults.add("CreatePermissionSet", kind, when)

    assert refused(sso.create_permission_set, **instance, Name="First") == kind.value
    assert [each.name for each in sandbox.permission_sets()] == (["First"] if when is When.AFTER else [])
    sso.create_permission_set(**instance, Name="Second")


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize(
    ("kind", "error"), [(FaultKind.HANG, ReadTimeoutError), (FaultKind.DROP, ConnectionClosedError)]
)
def test_an_answer_can_fail_to_come(
    client: Callable[..., Any],
    instance: dict[str, str],
    sandbox: AwsSandbox,
    when: When,
    kind: FaultKind,
    error: type[HTTPClientError],
) -> None:
    sandbox.faults.add("CreatePermissionSet", kind, when)

    with pytest.raises(error):
        client("sso-admin", read_timeout=0.3).create_permission_set(**instance, Name="First")
    assert len(sandbox.permission_sets()) == (1 if when is When.AFTER else 0)


def test_a_fault_can_befall_every_call_and_be_called_off(sso: Any, sandbox: AwsSandbox) -> None:
    sandbox.faults.add("*", FaultKind.THROTTLING, times=100)
    with pytest.raises(ClientError):
        sso.list_instances()

    sandbox.faults.clear()

    assert sso.list_instances()["Instances"]


def test_calls_are_logged_with_parameters_time_and_fault(
    client: Callable[..., Any], sandbox: AwsSandbox, clock: Clock
) -> None:
    sandbox.faults.add("ListPolicies", FaultKind.THROTTLING)
    with pytest.raises(ClientError, match=r"\(Throttling\)"):
        client("iam").list_policies(Scope="AWS")

    (call,) = sandbox.calls

    assert (call.service, call.operation, call.at) == ("query", "ListPolicies", clock.at)
    assert call.params["Scope"] == "AWS"
    assert call.fault is not None
    assert call.fault.kind is FaultKind.THROTTLING


def test_the_directory_knows_addresses_names_and_who_is_enabled(
    client: Callable[..., Any], sandbox: AwsSandbox, refused: Refused
) -> None:
    """A user without an address breaks no look-up, where moto would crash."""
    store = {"IdentityStoreId": sandbox.store_id}
    directory = client("identitystore")
    sandbox.add_user("robot")
    ann = sandbox.add_user("ann", "ann@example.com", enabled=False)

    def sought(path: str, value: str) -> dict[str, Any]:
        return {**store, "AlternateIdentifier": {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}}

    assert directory.get_user_id(**sought("emails.value", "ann@example.com"))["UserId"] == ann
    assert directory.get_user_id(**sought("userName", "ann"))["UserId"] == ann
    described = directory.describe_user(**store, UserId=ann)
    assert (described["UserStatus"], described["Emails"][0]["Value"]) == ("DISABLED", "ann@example.com")
    filtered = directory.list_users(**store, Filters=[{"AttributePath": "UserName", "AttributeValue": "ann"}])
    assert [each["UserId"] for each in filtered["Users"]] == [ann]

    assert refused(directory.get_user_id, **sought("emails.value", "ANN@example.com")) == "ResourceNotFoundException"
    assert refused(directory.get_user_id, **sought("displayName", "ann")) == "ValidationException"
    wrong = [{"AttributePath": "Emails", "AttributeValue": "ann@example.com"}]
    assert refused(directory.list_users, **store, Filters=wrong) == "ValidationException"
    assert refused(directory.describe_user, IdentityStoreId="d-0000000000", UserId=ann) == "ResourceNotFoundException"


def test_user_names_and_addresses_are_unique(sandbox: AwsSandbox) -> None:
    sandbox.add_user("ann", "ann@example.com")

    for user_name, email in (("ann", ""), ("other", "ann@example.com")):
        with pytest.raises(ValueError, match="is taken"):
            sandbox.add_user(user_name, email)


def test_the_organization_lists_twenty_accounts_a_page(
    client: Callable[..., Any], sandbox: AwsSandbox, refused: Refused
) -> None:
    for number in range(30):
        sandbox.add_account(f"{500000000000 + number}", f"account {number}")
    organizations = client("organizations")

    pages = list(organizations.get_paginator("list_accounts").paginate())

    assert [len(page["Accounts"]) for page in pages] == [20, 12]
    assert {each["Id"] for page in pages for each in page["Accounts"]} == set(sandbox.world.accounts)
    assert refused(organizations.list_accounts, MaxResults=50) == "InvalidInputException"


def test_what_the_sandbox_lacks_is_said_aloud(sso: Any, instance: dict[str, str], refused: Refused) -> None:
    assert refused(sso.list_applications, **instance) == "UnknownOperationException"


def test_two_sandboxes_know_nothing_of_each_other(client: Callable[..., Any], sandbox: AwsSandbox) -> None:
    with AwsSandbox() as other:
        other.add_account("777788889999", "elsewhere")
        mine = client("organizations").list_accounts()["Accounts"]

    assert {each["Id"] for each in mine} == {sandbox.management_account, ACCOUNT}


def test_it_starts_in_well_under_a_second_once_loaded() -> None:
    begin = time.perf_counter()
    with AwsSandbox() as running:
        took = time.perf_counter() - begin
        assert running.url.startswith("http://127.0.0.1:")

    assert took < 1


def test_a_sandbox_that_is_not_running_has_no_address() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = AwsSandbox().url


@pytest.mark.parametrize(
    ("service", "operation", "params", "words"),
    [
        ("sso-admin", "ListInstances", {"MaxResults": 0}, "below the least of 1"),
        ("sso-admin", "ListInstances", {"MaxResults": 101}, "over the most of 100"),
        ("sso-admin", "ListInstances", {"MaxResults": "7"}, "must be a whole number"),
        ("sso-admin", "ListInstances", {"Unknown": 1}, ".Unknown is unknown"),
        ("sso-admin", "DescribeInstance", {}, ".InstanceArn is required"),
        ("sso-admin", "NoSuchThing", {}, "has no operation"),
        ("sso-admin", "UntagResource", {"ResourceArn": "arn:aws:sso:::x", "TagKeys": "a"}, ".TagKeys must be a list"),
        ("sso-admin", "UntagResource", {"ResourceArn": "arn:aws:sso:::x", "TagKeys": ["\u0007"]}, ".TagKeys[0]"),
        ("identitystore", "GetUserId", {"IdentityStoreId": "d-1234567890", "AlternateIdentifier": {}}, "exactly one"),
    ],
)
def test_requests_are_held_against_the_service_model(
    service: str, operation: str, params: dict[str, Any], words: str
) -> None:
    assert words in "; ".join(request_problems(service, operation, params))


def test_unicode_categories_are_read_as_java_reads_them() -> None:
    """Python's `re` has none: tags take letters of every script, and no control characters."""

    def tagged(key: str) -> list[str]:
        tags = [{"Key": key, "Value": ""}]
        return request_problems("sso-admin", "TagResource", {"ResourceArn": "arn:aws:sso:::x", "Tags": tags})

    assert not [each for each in tagged("Größe 大きさ 7:/=+-@_.") if "Key" in each]
    assert [each for each in tagged("a!b") if "Key" in each]
