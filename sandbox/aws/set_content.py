"""What a permission set gives: managed policies, one inline policy, a permissions boundary."""

import json

from sandbox.aws.errors import conflict, invalid, missing, over_quota
from sandbox.aws.managed_policies import policy_arns
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import World

MOST_MANAGED = 20
MOST_INLINE = 10_240


def attach_managed_policy(world: World, params: Params) -> Answer:
    """Attach an AWS managed policy that exists under exactly this path."""
    found = world.permission_set(params["PermissionSetArn"])
    arn = params["ManagedPolicyArn"]
    if arn not in policy_arns():
        missing(f"Policy {arn} does not exist or is not attachable.")
    if arn in found.managed_policies:
        conflict(f"Policy {arn} is already attached.")
    if len(found.managed_policies) >= MOST_MANAGED:
        over_quota(f"A permission set takes {MOST_MANAGED} managed policies.")
    found.managed_policies[arn] = arn.rpartition("/")[2]
    found.version += 1
    return {}


def detach_managed_policy(world: World, params: Params) -> Answer:
    """Detach an attached managed policy."""
    found = world.permission_set(params["PermissionSetArn"])
    if params["ManagedPolicyArn"] not in found.managed_policies:
        missing(f"Policy {params['ManagedPolicyArn']} is not attached.")
    del found.managed_policies[params["ManagedPolicyArn"]]
    found.version += 1
    return {}


def list_managed_policies(world: World, params: Params) -> Answer:
    """List the attached managed policies."""
    attached = world.permission_set(params["PermissionSetArn"]).managed_policies
    rows = [{"Arn": arn, "Name": name} for arn, name in attached.items()]
    return page(world, params, "AttachedManagedPolicies", rows)


def put_inline_policy(world: World, params: Params) -> Answer:
    """Put the inline policy: a JSON object with statements, at most 10,240 characters without white space."""
    found = world.permission_set(params["PermissionSetArn"])
    text = params["InlinePolicy"]
    try:
        document = json.loads(text)
    except ValueError:
        invalid("The inline policy is not valid JSON.")
    if not isinstance(document, dict) or "Statement" not in document:
        invalid("The inline policy is malformed.")
    if len("".join(text.split())) > MOST_INLINE:
        invalid(f"The inline policy is longer than {MOST_INLINE} characters.")
    found.inline_policy = text
    found.version += 1
    return {}


def get_inline_policy(world: World, params: Params) -> Answer:
    """Read the inline policy; nothing at all where there is none."""
    policy = world.permission_set(params["PermissionSetArn"]).inline_policy
    return {"InlinePolicy": policy} if policy else {}


def delete_inline_policy(world: World, params: Params) -> Answer:
    """Remove the inline policy."""
    found = world.permission_set(params["PermissionSetArn"])
    if not found.inline_policy:
        missing("The permission set has no inline policy.")
    found.inline_policy = ""
    found.version += 1
    return {}


def put_boundary(world: World, params: Params) -> Answer:
    """Put the permissions boundary: exactly one of the two kinds."""
    found = world.permission_set(params["PermissionSetArn"])
    if len(params["PermissionsBoundary"]) != 1:
        invalid("A permissions boundary is either an AWS managed policy or a customer managed policy.")
    found.boundary = dict(params["PermissionsBoundary"])
    found.version += 1
    return {}


def get_boundary(world: World, params: Params) -> Answer:
    """Read the permissions boundary."""
    boundary = world.permission_set(params["PermissionSetArn"]).boundary
    if not boundary:
        missing("The permission set has no permissions boundary.")
    return {"PermissionsBoundary": boundary}


def delete_boundary(world: World, params: Params) -> Answer:
    """Remove the permissions boundary."""
    get_boundary(world, params)
    found = world.permission_set(params["PermissionSetArn"])
    found.boundary = {}
    found.version += 1
    return {}


SET_CONTENT = {
    "AttachManagedPolicyToPermissionSet": attach_managed_policy,
    "DetachManagedPolicyFromPermissionSet": detach_managed_policy,
    "ListManagedPoliciesInPermissionSet": list_managed_policies,
    "PutInlinePolicyToPermissionSet": put_inline_policy,
    "GetInlinePolicyForPermissionSet": get_inline_policy,
    "DeleteInlinePolicyFromPermissionSet": delete_inline_policy,
    "PutPermissionsBoundaryToPermissionSet": put_boundary,
    "GetPermissionsBoundaryForPermissionSet": get_boundary,
    "DeletePermissionsBoundaryFromPermissionSet": delete_boundary,
}
