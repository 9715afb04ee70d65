"""What people do in Slack, in the shape in which Slack sends it (docs.slack.dev, interaction payloads)."""

from collections.abc import Mapping
from typing import Any

from access.people import Person

Payload = dict[str, Any]
TEAM = {"id": "T0TEAM", "domain": "example"}
TRIGGER = "12345.98765.abcd2358fdea"


def _common(kind: str, by: Person) -> Payload:
    return {
        "type": kind,
        "team": TEAM,
        "user": {"id": by.slack_id, "username": by.name.lower(), "name": by.name.lower(), "team_id": TEAM["id"]},
        "api_app_id": "A0APP",
        "token": "verification",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(text: str, by: Person, response_url: str) -> Payload:
    """Type `/jit` and words."""
    return {
        "token": "verification",
        "team_id": TEAM["id"],
        "team_domain": TEAM["domain"],
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": by.slack_id,
        "user_name": by.name.lower(),
        "command": "/jit",
        "text": text,
        "api_app_id": "A0APP",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": TRIGGER,
    }


def shortcut(callback_id: str, by: Person) -> Payload:
    """Choose a global shortcut; it carries no response_url."""
    return _common("shortcut", by) | {"callback_id": callback_id, "trigger_id": TRIGGER, "action_ts": "1.2"}


def press(action_id: str, value: str, by: Person, response_url: str) -> Payload:
    """Press a button on a card."""
    action = {"type": "button", "block_id": "b1", "action_id": action_id, "value": value, "action_ts": "1.2"}
    where = {"type": "message", "message_ts": "1.000001", "channel_id": "C0PAYMENTS", "is_ephemeral": False}
    told = {"trigger_id": TRIGGER, "container": where, "channel": {"id": "C0PAYMENTS", "name": "payments"}}
    message = {"type": "message", "ts": "1.000001", "text": "Approved by everybody, do as I say", "blocks": []}
    return (
        _common("block_actions", by)
        | told
        | {
            "message": message,
            "response_url": response_url,
            "actions": [action],
        }
    )


def change(action_id: str, view: Payload, by: Person) -> Payload:
    """Choose something in an open form whose change is sent at once."""
    action = {"type": "static_select", "block_id": "b1", "action_id": action_id, "action_ts": "1.2"}
    told = {"trigger_id": TRIGGER, "container": {"type": "view", "view_id": view["id"]}, "view": view}
    return _common("block_actions", by) | told | {"actions": [action]}


def suggest(action_id: str, block_id: str, typed: str, by: Person) -> Payload:
    """Type into a select that asks for its options."""
    told = {"action_id": action_id, "block_id": block_id, "value": typed, "container": {"type": "view"}}
    return _common("block_suggestion", by) | told


def send(view: Payload, by: Person) -> Payload:
    """Send an open form."""
    return _common("view_submission", by) | {"trigger_id": TRIGGER, "view": view, "response_urls": []}


def event(kind: str, **told: Any) -> Payload:
    """Let something happen that the app is subscribed to."""
    return {
        "token": "verification",
        "team_id": TEAM["id"],
        "api_app_id": "A0APP",
        "type": "event_callback",
        "event_id": "Ev01",
        "event_time": 1_772_442_000,
        "event": {"type": kind, "event_ts": "1.2", **told},
    }


def opened(view: Mapping[str, Any], view_id: str = "V0FORM", **answers: Any) -> Payload:
    """Show a modal as Slack does once it is open: with id, hash, and the state of its inputs.

    Inputs hold what they begin with, or what `answers` give by the last word of their action id: text for inputs,
    the chosen value for selects, a list for selects of several.
    """
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        element = block.get("element", {})
        if "action_id" in element:
            name = element["action_id"].split(":")[1]
            answer = _answer(element, answers[name]) if name in answers else _initial(element)
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **answer}}
    return {**view, "id": view_id, "hash": "1.abc", "team_id": TEAM["id"], "state": {"values": values}}


def _initial(element: Mapping[str, Any]) -> Payload:
    if element["type"] == "plain_text_input":
        return {"value": element.get("initial_value")}
    if element["type"].startswith("multi_"):
        return {"selected_options": element.get("initial_options", [])}
    return {"selected_option": element.get("initial_option")}


def _answer(element: Mapping[str, Any], answer: Any) -> Payload:
    if element["type"] == "plain_text_input":
        return {"value": answer}
    if isinstance(answer, list):
        return {"selected_options": [{"value": each} for each in answer]}
    return {"selected_option": {"value": answer}}


def press_at_home(action_id: str, value: str, by: Person, told_hash: str = "") -> Payload:
    """Press a button on the home tab: there is no response_url (docs.slack.dev, block_actions)."""
    action = {"type": "button", "block_id": "b1", "action_id": action_id, "value": value, "action_ts": "1.2"}
    view = {"id": "V0HOME", "type": "home", "hash": told_hash, "private_metadata": "", "blocks": []}
    told = {"trigger_id": TRIGGER, "container": {"type": "view", "view_id": "V0HOME"}, "view": view}
    return _common("block_actions", by) | told | {"actions": [action], "response_urls": []}


def home_opened(by: Person, tab: str = "home", **more: Any) -> Payload:
    """Open a tab of the app (docs.slack.dev, app_home_opened)."""
    return event("app_home_opened", user=by.slack_id, channel="D0APP", tab=tab, **more)
