"""Assignments in the sandbox: asynchronous, one at a time per set and account, and never two of the same."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws import AwsSandbox
from tests.aws.conftest import Clock
from tests.sandbox.aws.conftest import ACCOUNT

Refused = Callable[..., str]


def creation(sso: Any, order: dict[str, str], request_id: str) -> dict[str, Any]:
    """Describe an ordered assignment."""
    answer = sso.describe_account_assignment_creation_status(
        InstanceArn=order["InstanceArn"], AccountAssignmentCreationRequestId=request_id
    )
    return dict(answer["AccountAssignmentCreationStatus"])


def test_an_order_is_done_after_it_was_described_once(sso: Any, order: dict[str, str], sandbox: AwsSandbox) -> None:
    taken = sso.create_account_assignment(**order)["AccountAssignmentCreationStatus"]

    assert taken["Status"] == "IN_PROGRESS"
    assert sandbox.assignments() == []
    assert creation(sso, order, taken["RequestId"])["Status"] == "IN_PROGRESS"
    assert creation(sso, order, taken["RequestId"])["Status"] == "SUCCEEDED"
    assert sandbox.assignments() == [(ACCOUNT, "ann", "ReadOnly")]


def test_an_order_is_done_when_its_time_is_over(
    sso: Any, order: dict[str, str], sandbox: AwsSandbox, clock: Clock
) -> None:
    """Also where nobody asks: the process that ordered it may be gone."""
    sso.create_account_assignment(**order)
    clock.move(seconds=1)

    assert sandbox.assignments() == [(ACCOUNT, "ann", "ReadOnly")]


def test_a_duplicate_is_taken_and_makes_no_second_one(
    sso: Any, order: dict[str, str], sandbox: AwsSandbox, clock: Clock
) -> None:
    for _ in range(2):
        sso.create_account_assignment(**order)
        clock.move(seconds=1)

    assert sandbox.assignments() == [(ACCOUNT, "ann", "ReadOnly")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"PrincipalId": "11111111-2222-3333-4444-555555555555"}, "was not found in directory d-"),
        ({"TargetId": "999999999999"}, "the account 999999999999 was not found"),
    ],
)
def test_unknown_people_and_accounts_fail_later(
    sso: Any, order: dict[str, str], sandbox: AwsSandbox, clock: Clock, changes: dict[str, str], reason: str
) -> None:
    taken = sso.create_account_assignment(**{**order, **changes})["AccountAssignmentCreationStatus"]
    clock.move(seconds=1)

    outcome = creation(sso, order, taken["RequestId"])

    assert outcome["Status"] == "FAILED"
    assert reason in outcome["FailureReason"]
    assert sandbox.assignments() == []


@pytest.mark.parametrize(
    "changes", [{"PrincipalId": "ann"}, {"TargetType": "OU"}, {"TargetId": "12345678901x"}, {"PrincipalType": "ROLE"}]
)
def test_malformed_orders_are_refused_at_once(
    sso: Any, order: dict[str, str], refused: Refused, changes: dict[str, str]
) -> None:
    assert refused(sso.create_account_assignment, **{**order, **changes}) == "ValidationException"


def test_a_second_operation_on_the_same_set_and_account_conflicts(
    sso: Any, order: dict[str, str], refused: Refused, sandbox: AwsSandbox
) -> None:
    sandbox.add_account("444455556666", "staging")
    sso.create_account_assignment(**order)

    assert refused(sso.create_account_assignment, **order) == "ConflictException"
    assert refused(sso.delete_account_assignment, **order) == "ConflictException"
    sso.create_account_assignment(**{**order, "TargetId": "444455556666"})


def test_more_than_ten_operations_at_a_time_are_throttled(
    sso: Any, order: dict[str, str], refused: Refused, sandbox: AwsSandbox
) -> None:
    for _ in range(10):
        arn = sandbox.add_permission_set(f"Set{len(sandbox.world.sets)}")
        sso.create_account_assignment(**{**order, "PermissionSetArn": arn})

    assert refused(sso.create_account_assignment, **order) == "ThrottlingException"


def test_a_removal_is_done_later_and_a_missing_one_is_refused(
    sso: Any, order: dict[str, str], refused: Refused, sandbox: AwsSandbox
) -> None:
    assert refused(sso.delete_account_assignment, **order) == "ResourceNotFoundException"
    sandbox.assign(ACCOUNT, order["PrincipalId"], order["PermissionSetArn"])

    taken = sso.delete_account_assignment(**order)["AccountAssignmentDeletionStatus"]
    statuses = [
        sso.describe_account_assignment_deletion_status(
            InstanceArn=order["InstanceArn"], AccountAssignmentDeletionRequestId=taken["RequestId"]
        )["AccountAssignmentDeletionStatus"]["Status"]
        for _ in range(2)
    ]

    assert statuses == ["IN_PROGRESS", "SUCCEEDED"]
    assert sandbox.assignments() == []


def test_the_id_of_a_creation_is_none_of_a_removal(sso: Any, order: dict[str, str], refused: Refused) -> None:
    taken = sso.create_account_assignment(**order)["AccountAssignmentCreationStatus"]

    code = refused(
        sso.describe_account_assignment_deletion_status,
        InstanceArn=order["InstanceArn"],
        AccountAssignmentDeletionRequestId=taken["RequestId"],
    )

    assert code == "ResourceNotFoundException"


def test_assignments_are_listed_by_place_and_by_person(sso: Any, order: dict[str, str], sandbox: AwsSandbox) -> None:
    sandbox.assign(ACCOUNT, order["PrincipalId"], order["PermissionSetArn"])
    person = {"PrincipalId": order["PrincipalId"], "PrincipalType": "USER", "InstanceArn": order["InstanceArn"]}
    place = {key: order[key] for key in ("InstanceArn", "PermissionSetArn")}

    by_place = sso.list_account_assignments(**place, AccountId=ACCOUNT)["AccountAssignments"]

    assert [each["PrincipalId"] for each in by_place] == [order["PrincipalId"]]
    assert sso.list_account_assignments_for_principal(**person)["AccountAssignments"] == by_place
    elsewhere = sso.list_account_assignments_for_principal(**person, Filter={"AccountId": "444455556666"})
    assert elsewhere["AccountAssignments"] == []


def test_operations_are_listed_by_status(sso: Any, order: dict[str, str], clock: Clock) -> None:
    taken = sso.create_account_assignment(**order)["AccountAssignmentCreationStatus"]

    def listed(status: str) -> list[str]:
        answer = sso.list_account_assignment_creation_status(
            InstanceArn=order["InstanceArn"], Filter={"Status": status}
        )
        return [each["RequestId"] for each in answer["AccountAssignmentsCreationStatus"]]

    assert listed("IN_PROGRESS") == [taken["RequestId"]]
    clock.move(seconds=1)
    assert (listed("IN_PROGRESS"), listed("SUCCEEDED")) == ([], [taken["RequestId"]])


def test_a_changed_set_reaches_accounts_only_by_provisioning(
    sso: Any, order: dict[str, str], a_set: dict[str, str], sandbox: AwsSandbox, clock: Clock
) -> None:
    sandbox.assign(ACCOUNT, order["PrincipalId"], a_set["PermissionSetArn"])
    sso.update_permission_set(**a_set, SessionDuration="PT2H")
    outdated = {**a_set, "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}
    assert sso.list_accounts_for_provisioned_permission_set(**outdated)["AccountIds"] == [ACCOUNT]

    taken = sso.provision_permission_set(**a_set, TargetType="ALL_PROVISIONED_ACCOUNTS")
    request_id = taken["PermissionSetProvisioningStatus"]["RequestId"]
    clock.move(seconds=1)
    status = sso.describe_permission_set_provisioning_status(
        InstanceArn=a_set["InstanceArn"], ProvisionPermissionSetRequestId=request_id
    )["PermissionSetProvisioningStatus"]

    assert status["Status"] == "SUCCEEDED"
    assert sso.list_accounts_for_provisioned_permission_set(**outdated)["AccountIds"] == []
    listed = sso.list_permission_sets_provisioned_to_account(InstanceArn=a_set["InstanceArn"], AccountId=ACCOUNT)
    assert listed["PermissionSets"] == [a_set["PermissionSetArn"]]
    statuses = sso.list_permission_set_provisioning_status(InstanceArn=a_set["InstanceArn"])
    assert [each["RequestId"] for each in statuses["PermissionSetsProvisioningStatus"]] == [request_id]


def test_provisioning_a_set_that_no_account_has_fails(sso: Any, a_set: dict[str, str], clock: Clock) -> None:
    """terraform-provider-aws#35158."""
    taken = sso.provision_permission_set(**a_set, TargetType="ALL_PROVISIONED_ACCOUNTS")
    clock.move(seconds=1)

    status = sso.describe_permission_set_provisioning_status(
        InstanceArn=a_set["InstanceArn"],
        ProvisionPermissionSetRequestId=taken["PermissionSetProvisioningStatus"]["RequestId"],
    )["PermissionSetProvisioningStatus"]

    assert status["FailureReason"] == "Received a 404 status error: Assignment not found."
