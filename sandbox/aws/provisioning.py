"""Provisioning: a changed set reaches the accounts that have it only when AWS is told to."""

from sandbox.aws.assignments import rows
from sandbox.aws.errors import invalid
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import Holding, Kind, Operation, Status, World

_NOT_LATEST = "LATEST_PERMISSION_SET_NOT_PROVISIONED"


def _described(operation: Operation, set_arn: str) -> Answer:
    answer: Answer = {
        "Status": operation.status.value,
        "RequestId": operation.id,
        "PermissionSetArn": set_arn,
        "CreatedDate": operation.started.timestamp(),
    }
    if operation.status is Status.FAILED:
        answer["FailureReason"] = operation.reason
    return answer


def provision(world: World, params: Params) -> Answer:
    """Bring one account, or all accounts that have the set, up to its latest version."""
    arn = world.permission_set(params["PermissionSetArn"]).arn
    if ("TargetId" in params) != (params["TargetType"] == "AWS_ACCOUNT"):
        invalid("TargetId goes with TargetType AWS_ACCOUNT, and only with it.")
    accounts = [account for set_arn, account in world.provisioned if set_arn == arn]
    wanted = [each for each in accounts if params.get("TargetId", each) == each]
    holdings = tuple(Holding(account, arn, "", "") for account in wanted)
    operation = world.begin(Kind.PROVISIONING, "ProvisionPermissionSet", holdings)
    if not holdings:
        operation.reason = "Received a 404 status error: Assignment not found."
    return {"PermissionSetProvisioningStatus": _described(operation, arn)}


def describe_provisioning(world: World, params: Params) -> Answer:
    """Say how far a provisioning is."""
    operation = world.describe(params["ProvisionPermissionSetRequestId"], Kind.PROVISIONING)
    arn = operation.holdings[0].set_arn if operation.holdings else ""
    answer = _described(operation, arn)
    return {"PermissionSetProvisioningStatus": {key: value for key, value in answer.items() if value}}


def list_provisionings(world: World, params: Params) -> Answer:
    """List orders to provision."""
    return page(world, params, "PermissionSetsProvisioningStatus", rows(world, Kind.PROVISIONING, params))


def list_accounts(world: World, params: Params) -> Answer:
    """List the accounts that have a set, all of them or those (not) up to date."""
    latest = world.permission_set(params["PermissionSetArn"])
    found = [
        account
        for (arn, account), version in world.provisioned.items()
        if arn == latest.arn and _asked_for(params, up_to_date=version == latest.version)
    ]
    return page(world, params, "AccountIds", found)


def list_sets(world: World, params: Params) -> Answer:
    """List the sets that an account has, all of them or those (not) up to date."""
    found = [
        arn
        for (arn, account), version in world.provisioned.items()
        if account == params["AccountId"] and _asked_for(params, up_to_date=version == world.sets[arn].version)
    ]
    return page(world, params, "PermissionSets", found)


def _asked_for(params: Params, *, up_to_date: bool) -> bool:
    status = params.get("ProvisioningStatus")
    return status is None or (status != _NOT_LATEST) == up_to_date


PROVISIONING = {
    "ProvisionPermissionSet": provision,
    "DescribePermissionSetProvisioningStatus": describe_provisioning,
    "ListPermissionSetProvisioningStatus": list_provisionings,
    "ListAccountsForProvisionedPermissionSet": list_accounts,
    "ListPermissionSetsProvisionedToAccount": list_sets,
}
