"""Permission sets: created with unique names, changed, listed, and deleted only when no account has them."""

import re
from uuid import uuid4

from sandbox.aws.errors import conflict, invalid
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import PermissionSet, World

_DURATION = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_SHORTEST, _LONGEST = 3600, 12 * 3600


def check_duration(duration: str) -> str:
    """Take 1 to 12 hours; the service model's pattern admits much more (User Guide, session duration)."""
    found = _DURATION.fullmatch(duration)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if not _SHORTEST <= hours * 3600 + minutes * 60 + seconds <= _LONGEST:
        invalid(f"The session duration {duration} is not between PT1H and PT12H.")
    return duration


def create_permission_set(world: World, params: Params) -> Answer:
    """Create a set; a name is taken once per instance."""
    if any(each.name == params["Name"] for each in world.sets.values()):
        conflict(f"PermissionSet with name {params['Name']} already exists.")
    instance = world.instance_arn.rpartition("/")[2]
    made = PermissionSet(
        arn=f"arn:aws:sso:::permissionSet/{instance}/ps-{uuid4().hex[:16]}",
        name=params["Name"],
        created=world.now(),
        description=params.get("Description", ""),
        session_duration=check_duration(params.get("SessionDuration", "PT1H")),
        relay_state=params.get("RelayState", ""),
        tags={each["Key"]: each["Value"] for each in params.get("Tags", [])},
    )
    world.sets[made.arn] = made
    return {"PermissionSet": _described(made)}


def _described(found: PermissionSet) -> Answer:
    answer: Answer = {
        "Name": found.name,
        "PermissionSetArn": found.arn,
        "CreatedDate": found.created.timestamp(),
        "SessionDuration": found.session_duration,
    }
    if found.description:
        answer["Description"] = found.description
    if found.relay_state:
        answer["RelayState"] = found.relay_state
    return answer


def describe_permission_set(world: World, params: Params) -> Answer:
    """Describe a set."""
    return {"PermissionSet": _described(world.permission_set(params["PermissionSetArn"]))}


def list_permission_sets(world: World, params: Params) -> Answer:
    """List the ARNs of all sets."""
    return page(world, params, "PermissionSets", list(world.sets))


def update_permission_set(world: World, params: Params) -> Answer:
    """Change a set; a relay state or description that is not sent is cleared (terraform-provider-aws#17411)."""
    found = world.permission_set(params["PermissionSetArn"])
    found.session_duration = check_duration(params.get("SessionDuration", "PT1H"))
    found.description = params.get("Description", "")
    found.relay_state = params.get("RelayState", "")
    found.version += 1
    return {}


def delete_permission_set(world: World, params: Params) -> Answer:
    """Delete a set that no account has and no operation works on."""
    arn = world.permission_set(params["PermissionSetArn"]).arn
    if world.busy(arn) or any(set_arn == arn for set_arn, _ in world.provisioned):
        conflict("The permission set cannot be deleted because it has assignments.")
    del world.sets[arn]
    return {}


PERMISSION_SETS = {
    "CreatePermissionSet": create_permission_set,
    "DescribePermissionSet": describe_permission_set,
    "ListPermissionSets": list_permission_sets,
    "UpdatePermissionSet": update_permission_set,
    "DeletePermissionSet": delete_permission_set,
}
