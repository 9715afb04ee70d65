"""views.*: opening, stacking, changing and publishing views."""

from sandbox.slack.api.call import ApiError, Call, Method
from sandbox.slack.api.places import find_person
from sandbox.slack.block_rules import check_view
from sandbox.slack.tickets import TicketError
from sandbox.slack.views import View
from sandbox.slack.wire import Json, compact_size

LARGEST_VIEW = 250_000
"""Bytes of one view's JSON (docs.slack.dev, views.open)."""


def checked_view(view: object, kind: str) -> Json:
    """Check a view as views.* do: `invalid_arguments` with pointers under /view, or `view_too_large`."""
    if not isinstance(view, dict):
        raise _invalid(["must provide an object [json-pointer:/view]"])
    if compact_size(view) > LARGEST_VIEW:
        raise ApiError("view_too_large")
    if findings := check_view(view):
        raise _invalid([each.line for each in findings])
    if view["type"] != kind:
        raise _invalid([f"must be of type {kind} [json-pointer:/view/type]"])
    return view


def _invalid(lines: list[str]) -> ApiError:
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {each}" for each in lines]})


def refuse_taken_external_id(call: Call, content: Json, besides: View | None = None) -> None:
    """Refuse an external_id that another open view of the team carries."""
    taken = call.workspace.views.find("", content["external_id"]) if content.get("external_id") else None
    if taken is not None and taken is not besides:
        raise ApiError("duplicate_external_id")


def _viewer(call: Call) -> str:
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger:
        raise _invalid(["missing required field: trigger_id [json-pointer:/trigger_id]"])
    try:
        return call.workspace.tickets.exchange(trigger, call.workspace.now())
    except TicketError as error:
        raise ApiError(str(error)) from None


def open_view(call: Call) -> Json:
    """views.open: show a modal to whoever's trigger_id this is."""
    content = checked_view(call.args.get("view"), "modal")
    refuse_taken_external_id(call, content)
    return _shown(call, call.workspace.views.open(_viewer(call), content, call.workspace.now()), "view_opened")


def push_view(call: Call) -> Json:
    """views.push: lay a modal upon the one that is open."""
    content = checked_view(call.args.get("view"), "modal")
    refuse_taken_external_id(call, content)
    view = call.workspace.views.push(_viewer(call), content, call.workspace.now())
    if view is None:
        raise ApiError("push_limit_reached")
    return _shown(call, view, "view_opened")


def _fresh_enough(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict")


def update_view(call: Call) -> Json:
    """views.update: change an open view in place; a stale hash is a `hash_conflict`."""
    view = call.workspace.views.find(call.text("view_id"), call.text("external_id"))
    content = checked_view(call.args.get("view"), view.content["type"] if view else "modal")
    if view is None:
        raise ApiError("not_found")
    _fresh_enough(call, view)
    refuse_taken_external_id(call, content, besides=view)
    call.workspace.views.replace(view, content, call.workspace.now())
    return _shown(call, view, "view_changed")


def publish_view(call: Call) -> Json:
    """views.publish: set somebody's Home tab."""
    if not call.app.manifest.home_on:
        raise ApiError("not_enabled")
    content, person = checked_view(call.args.get("view"), "home"), find_person(call, "user_id")
    before = call.workspace.views.homes.get(person.id)
    if before is not None:
        _fresh_enough(call, before)
    refuse_taken_external_id(call, content, besides=before)
    return _shown(call, call.workspace.views.publish(person.id, content, call.workspace.now()), "home_published")


def _shown(call: Call, view: View, kind: str) -> Json:
    workspace = call.workspace
    workspace.announce(kind, view=view.id, user=view.user)
    told = view.as_slack(team_id=workspace.team_id, app_id=workspace.app_id, bot_id=workspace.bot_id)
    return {"view": told}


METHODS = {
    "views.open": Method(run=open_view, tier=4),
    "views.push": Method(run=push_view, tier=4),
    "views.update": Method(run=update_view, tier=4),
    "views.publish": Method(run=publish_view, tier=4),
}
