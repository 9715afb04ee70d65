"""The instance of Identity Center, and the tags of permission sets."""

from sandbox.aws.errors import AwsError, invalid, missing
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import PermissionSet, World

MOST_TAGS = 75


def check_instance(world: World, operation: str, params: Params) -> None:
    """Refuse a call that names another instance; DescribeInstance has no error for a missing one."""
    named = params.get("InstanceArn", world.instance_arn)
    if named == world.instance_arn:
        return
    if operation == "DescribeInstance":
        raise AwsError("AccessDeniedException", f"Access to {named} denied.")
    missing(f"Instance with ARN {named} not found.")


def _described(world: World) -> Answer:
    return {
        "InstanceArn": world.instance_arn,
        "IdentityStoreId": world.store_id,
        "OwnerAccountId": world.management_account,
        "Status": "ACTIVE",
        "PrimaryRegion": "eu-west-1",
    }


def list_instances(world: World, params: Params) -> Answer:
    """List the one instance there is."""
    return page(world, params, "Instances", [_described(world)])


def describe_instance(world: World, _params: Params) -> Answer:
    """Describe it."""
    return {**_described(world), "PermissionSetsEnabled": world.permission_sets_enabled}


def _tagged(world: World, params: Params) -> PermissionSet:
    return world.permission_set(params["ResourceArn"])


def list_tags(world: World, params: Params) -> Answer:
    """List the tags of a permission set."""
    tags = [{"Key": key, "Value": value} for key, value in _tagged(world, params).tags.items()]
    return page(world, params, "Tags", tags)


def tag_resource(world: World, params: Params) -> Answer:
    """Put tags on a permission set."""
    found = _tagged(world, params)
    merged = found.tags | {each["Key"]: each["Value"] for each in params["Tags"]}
    if len(merged) > MOST_TAGS:
        invalid("Too many tags.")
    found.tags = merged
    return {}


def untag_resource(world: World, params: Params) -> Answer:
    """Take tags off a permission set."""
    found = _tagged(world, params)
    found.tags = {key: value for key, value in found.tags.items() if key not in params["TagKeys"]}
    return {}


INSTANCES = {
    "ListInstances": list_instances,
    "DescribeInstance": describe_instance,
    "ListTagsForResource": list_tags,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}
