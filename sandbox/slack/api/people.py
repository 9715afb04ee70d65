"""users.* and usergroups.*: who is there."""

from sandbox.slack.api.call import ApiError, Call, Method
from sandbox.slack.api.paging import page_of
from sandbox.slack.people import Group, Profile
from sandbox.slack.wire import Json

_USUAL_PAGE = 100


def _told(call: Call, profile: Profile) -> Json:
    with_email = "users:read.email" in call.app.manifest.scopes
    return profile.as_slack(at=call.workspace.now(), home_team=call.workspace.team_id, with_email=with_email)


def info(call: Call) -> Json:
    """users.info: one person, those of other workspaces included (docs.slack.dev, users.info)."""
    profile = call.workspace.people.by_id.get(call.text("user"))
    if profile is None:
        raise ApiError("user_not_found")
    return {"user": _told(call, profile)}


def list_people(call: Call) -> Json:
    """users.list: everybody of this workspace, deactivated people included; never strangers."""
    own = [each for each in call.workspace.people.by_id.values() if each.team_id == call.workspace.team_id]
    page, metadata = page_of(call, own, _USUAL_PAGE)
    return {"members": [_told(call, each) for each in page], "response_metadata": metadata}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: the active member with an address."""
    profile = call.workspace.people.with_email(call.need("email", "users_not_found"))
    if profile is None:
        raise ApiError("users_not_found")
    return {"user": _told(call, profile)}


def list_groups(call: Call) -> Json:
    """usergroups.list: the user groups, with members on request."""
    _refuse_free_plan(call)
    groups = call.workspace.people.groups.values()
    shown = [each for each in groups if call.flag("include_disabled") or not each.disabled]
    team, with_users = call.workspace.team_id, call.flag("include_users")
    return {"usergroups": [each.as_slack(team_id=team, include_users=with_users) for each in shown]}


def list_group_members(call: Call) -> Json:
    """usergroups.users.list: who is in one user group."""
    _refuse_free_plan(call)
    group: Group | None = call.workspace.people.groups.get(call.need("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.members)}


def _refuse_free_plan(call: Call) -> None:
    if call.workspace.free_plan:
        raise ApiError("plan_upgrade_required")


METHODS = {
    "users.info": Method(run=info, scopes=("users:read",), tier=4),
    "users.list": Method(run=list_people, scopes=("users:read",), tier=2),
    "users.lookupByEmail": Method(run=lookup_by_email, scopes=("users:read.email",), tier=3),
    "usergroups.list": Method(run=list_groups, scopes=("usergroups:read",), tier=2),
    "usergroups.users.list": Method(run=list_group_members, scopes=("usergroups:read",), tier=2),
}
