"""Pressing buttons and choosing in elements: block_actions out of messages, modals and the Home tab."""

from sandbox.slack.elements import TEXT_INPUTS, VALUE_KEYS, WITHOUT_STATE, Placed
from sandbox.slack.gestures.stage import Stage
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.views import View
from sandbox.slack.wire import Json


def press_payload(stage: Stage, who: Profile, source: View | Message, placed: Placed, state: Json) -> Json:
    """Build the block_actions payload of a press without sending it."""
    with stage.workspace.lock:
        action = stage.payloads.action(placed, state)
        if isinstance(source, View):
            return stage.payloads.view_action(who, source, action)
        return stage.payloads.message_action(who, source, action)


def press(stage: Stage, who: Profile, source: View | Message, placed: Placed) -> None:
    """Press a button (its confirm dialog, if any, was agreed to before)."""
    stage.interact(who, press_payload(stage, who, source, placed, {}))


def choose(stage: Stage, who: Profile, source: View | Message, placed: Placed, value: object) -> None:
    """Put a value into an element; Slack tells the app only where the element fires block_actions."""
    state = {"type": placed.kind, VALUE_KEYS[placed.kind]: value}
    if placed.kind not in WITHOUT_STATE:
        _keep(stage, who, source, placed, state)
    if fires(placed):
        stage.interact(who, press_payload(stage, who, source, placed, state))


def _keep(stage: Stage, who: Profile, source: View | Message, placed: Placed, state: Json) -> None:
    with stage.workspace.lock:
        if isinstance(source, View):
            source.inputs[placed.key] = state
            source.errors.pop(placed.key[0], None)
        else:
            source.inputs.setdefault(who.id, {})[placed.key] = state
        stage.workspace.announce("input_changed", user=who.id)


def fires(placed: Placed, *, on_enter: bool = False) -> bool:
    """Tell whether a change here sends block_actions: outside inputs always, in them only with dispatch_action.

    Text inputs fire on Enter unless dispatch_action_config says on_character_entered; typing fires once with the
    whole text, not for each character (C).
    """
    if placed.block["type"] != "input":
        return True
    if not placed.block.get("dispatch_action"):
        return False
    if placed.kind not in TEXT_INPUTS:
        return True
    config = placed.element.get("dispatch_action_config") or {}
    wanted = config.get("trigger_actions_on") or ["on_enter_pressed"]
    return ("on_enter_pressed" if on_enter else "on_character_entered") in wanted


def press_enter(stage: Stage, who: Profile, view: View, placed: Placed) -> None:
    """Press Enter in a text input."""
    if fires(placed, on_enter=True):
        stage.interact(who, press_payload(stage, who, view, placed, view.inputs[placed.key]))
