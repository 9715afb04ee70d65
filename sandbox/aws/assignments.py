"""Assignments: taken at once, done later, practically idempotent, one at a time per set and account."""

from sandbox.aws.errors import invalid, missing
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import Holding, Kind, Operation, Status, World


def _holding(world: World, params: Params) -> Holding:
    world.permission_set(params["PermissionSetArn"])
    return Holding(params["TargetId"], params["PermissionSetArn"], params["PrincipalType"], params["PrincipalId"])


def _described(operation: Operation) -> Answer:
    holding = operation.holdings[0]
    answer: Answer = {
        "Status": operation.status.value,
        "RequestId": operation.id,
        "TargetId": holding.account_id,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": holding.set_arn,
        "PrincipalType": holding.principal_type,
        "PrincipalId": holding.principal_id,
        "CreatedDate": operation.started.timestamp(),
    }
    if operation.status is Status.FAILED:
        answer["FailureReason"] = operation.reason
    return answer


def create_assignment(world: World, params: Params) -> Answer:
    """Take the order to assign; an unknown principal or account is found out later."""
    operation = world.begin(Kind.CREATION, "CreateAccountAssignment", (_holding(world, params),))
    return {"AccountAssignmentCreationStatus": _described(operation)}


def delete_assignment(world: World, params: Params) -> Answer:
    """Take the order to remove an assignment; one that is not there is refused at once."""
    holding = _holding(world, params)
    if holding not in world.holdings and not world.busy(holding.set_arn, holding.account_id):
        missing("Received a 404 status error: Assignment not found.")
    operation = world.begin(Kind.DELETION, "DeleteAccountAssignment", (holding,))
    return {"AccountAssignmentDeletionStatus": _described(operation)}


def describe_creation(world: World, params: Params) -> Answer:
    """Say how far an assignment is."""
    operation = world.describe(params["AccountAssignmentCreationRequestId"], Kind.CREATION)
    return {"AccountAssignmentCreationStatus": _described(operation)}


def describe_deletion(world: World, params: Params) -> Answer:
    """Say how far a removal is."""
    operation = world.describe(params["AccountAssignmentDeletionRequestId"], Kind.DELETION)
    return {"AccountAssignmentDeletionStatus": _described(operation)}


def rows(world: World, kind: Kind, params: Params) -> list[Answer]:
    """List operations of one kind, filtered by status as asked for."""
    wanted = params.get("Filter", {}).get("Status")
    found = [each for each in world.operations.values() if each.kind is kind and wanted in {None, each.status.value}]
    return [
        {"Status": each.status.value, "RequestId": each.id, "CreatedDate": each.started.timestamp()} for each in found
    ]


def list_creations(world: World, params: Params) -> Answer:
    """List orders to assign."""
    return page(world, params, "AccountAssignmentsCreationStatus", rows(world, Kind.CREATION, params))


def list_deletions(world: World, params: Params) -> Answer:
    """List orders to remove."""
    return page(world, params, "AccountAssignmentsDeletionStatus", rows(world, Kind.DELETION, params))


def list_assignments(world: World, params: Params) -> Answer:
    """List who has one set in one account."""
    place = (params["AccountId"], world.permission_set(params["PermissionSetArn"]).arn)
    found = [_row(each) for each in world.holdings if (each.account_id, each.set_arn) == place]
    return page(world, params, "AccountAssignments", found)


def list_assignments_for_principal(world: World, params: Params) -> Answer:
    """List what one principal has, everywhere or in one account."""
    account = params.get("Filter", {}).get("AccountId")
    principal = (params["PrincipalType"], params["PrincipalId"])
    if params["PrincipalType"] == "GROUP":
        invalid("This Identity Center has no groups.")
    found = [
        _row(each)
        for each in world.holdings
        if (each.principal_type, each.principal_id) == principal and account in {None, each.account_id}
    ]
    return page(world, params, "AccountAssignments", found)


def _row(holding: Holding) -> Answer:
    return {
        "AccountId": holding.account_id,
        "PermissionSetArn": holding.set_arn,
        "PrincipalType": holding.principal_type,
        "PrincipalId": holding.principal_id,
    }


ASSIGNMENTS = {
    "CreateAccountAssignment": create_assignment,
    "DeleteAccountAssignment": delete_assignment,
    "DescribeAccountAssignmentCreationStatus": describe_creation,
    "DescribeAccountAssignmentDeletionStatus": describe_deletion,
    "ListAccountAssignmentCreationStatus": list_creations,
    "ListAccountAssignmentDeletionStatus": list_deletions,
    "ListAccountAssignments": list_assignments,
    "ListAccountAssignmentsForPrincipal": list_assignments_for_principal,
}
