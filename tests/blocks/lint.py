"""Our Block Kit linter: what Slack refuses, what slack_sdk's models let pass, and our own habits.

Sources: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/surfaces/modals
"""

import json
from collections.abc import Iterator
from typing import Any

from blocks.message import Message
from tests.blocks.lint_rules import (
    boolean,
    both,
    distinct,
    loose_markup,
    one_of,
    plain,
    rows,
    shape,
    string,
    typed,
    whole,
    words,
)

SUM_OF_TEXT = 8_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOP_LEVEL = 4_000
VIEW_BYTES = 250_000
BUTTON_SHOWN = 30

_ID = string(255)
_OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_OPTIONS = both(rows(_OPTION, 1, 100), distinct("value"))
_CONFIRM = shape(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def _initial_offered(value: Any, at: str) -> Iterator[str]:
    if "initial_option" in value and value["initial_option"] not in value.get("options", []):
        yield f"{at}: initial_option is not among the options"


def _initial_fits(value: Any, at: str) -> Iterator[str]:
    if len(value.get("initial_value", "")) > value.get("max_length", 3_000):
        yield f"{at}: initial_value over max_length"
    if value.get("min_length", 0) > value.get("max_length", 3_000):
        yield f"{at}: min_length over max_length"


_BUTTON = shape(
    {"text": plain(BUTTON_SHOWN), "action_id": _ID},
    {
        "value": string(2_000),
        "url": string(3_000),
        "style": one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
_COMMON = {"placeholder": plain(150), "focus_on_load": boolean}
_INPUTS = {
    "plain_text_input": both(
        shape(
            {"action_id": _ID},
            {
                **_COMMON,
                "initial_value": string(3_000),
                "multiline": boolean,
                "min_length": whole(0, 3_000),
                "max_length": whole(1, 3_000),
            },
        ),
        _initial_fits,
    ),
    "static_select": both(
        shape({"action_id": _ID, "options": _OPTIONS}, {**_COMMON, "initial_option": _OPTION}), _initial_offered
    ),
    "radio_buttons": both(
        shape(
            {"action_id": _ID, "options": both(rows(_OPTION, 1, 10), distinct("value"))}, {"initial_option": _OPTION}
        ),
        _initial_offered,
    ),
    "external_select": shape(
        {"action_id": _ID, "min_query_length": whole(0, 3_000)}, {**_COMMON, "initial_option": _OPTION}
    ),
    "multi_external_select": shape(
        {"action_id": _ID, "min_query_length": whole(0, 3_000)},
        {**_COMMON, "initial_options": both(_OPTIONS, distinct("value")), "max_selected_items": whole(1, 100)},
    ),
}


def _one_primary(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, list) and sum(each.get("style") == "primary" for each in value) > 1:
        yield f"{at}: two primary buttons"


_STYLED = shape({"text": string(32_768)}, {"style": shape({}, {"bold": boolean, "code": boolean})})
_RICH = rows(typed({"text": _STYLED}), 1, 100)
_RICH_PARTS = {
    name: shape({"elements": _RICH}) for name in ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
}
_EITHER = {
    "header": shape({"text": plain(150)}, {"block_id": _ID}),
    "section": shape(
        {"text": words(3_000)},
        {
            "fields": rows(words(2_000), 1, 10),
            "block_id": _ID,
            "expand": boolean,
            "accessory": typed({"button": _BUTTON}),
        },
    ),
    "context": shape({"elements": rows(words(3_000), 1, 10)}, {"block_id": _ID}),
    "actions": shape(
        {"elements": both(rows(typed({"button": _BUTTON}), 1, 25), distinct("action_id"), _one_primary)},
        {"block_id": _ID},
    ),
    "divider": shape({}, {"block_id": _ID}),
    "rich_text": shape({"elements": rows(typed(_RICH_PARTS), 1, 100)}, {"block_id": _ID}),
}
_MODAL_ONLY = {
    "alert": shape({"text": words(3_000)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    "input": shape(
        {"label": plain(2_000), "element": typed(_INPUTS), "block_id": _ID},
        {"hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
    ),
}
_MESSAGE_BLOCKS = both(rows(typed(_EITHER), 1, MESSAGE_BLOCKS), distinct("block_id"))
_VIEW_BLOCKS = both(rows(typed({**_EITHER, **_MODAL_ONLY}), 1, VIEW_BLOCKS), distinct("block_id"))
_MODAL = shape(
    {"title": plain(24), "blocks": _VIEW_BLOCKS},
    {
        "callback_id": _ID,
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": string(3_000, 0),
        "notify_on_close": boolean,
    },
)
_VIEW = typed({"modal": _MODAL})
_HOME = typed({"home": shape({"blocks": both(rows(typed(_EITHER), 1, VIEW_BLOCKS), distinct("block_id"))})})


def lint_message(message: Message) -> list[str]:
    """Say what is wrong with a message; empty where Slack would take it."""
    problems = list(_MESSAGE_BLOCKS(message.blocks, "/blocks"))
    problems += string(TOP_LEVEL)(message.text, "/text")
    if loose_markup(message.text):
        problems.append(f"/text: unescaped markup in {message.text!r}")
    if len("".join(texts(message.blocks))) > SUM_OF_TEXT:
        problems.append("/blocks: too much text in all")
    return problems


def lint_view(view: dict[str, Any]) -> list[str]:
    """Say what is wrong with a modal; empty where Slack would take it."""
    problems = list(_VIEW(view, ""))
    blocks = [each for each in view.get("blocks", []) if isinstance(each, dict)]
    inputs = [each for each in blocks if each.get("type") == "input"]
    if inputs and "submit" not in view:
        problems.append("inputs without submit")
    if "submit" in view and not view.get("callback_id"):
        problems.append("something to send and nobody who would know it")
    if sum(bool(each.get("element", {}).get("focus_on_load")) for each in inputs) > 1:
        problems.append("two inputs take the focus")
    problems += distinct("action_id")([each.get("element", {}) for each in inputs], "/blocks")
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        problems.append("view over 250 kB")
    return problems


def lint_home(view: dict[str, Any]) -> list[str]:
    """Say what is wrong with a home tab; empty where Slack would take it."""
    problems = list(_HOME(view, ""))
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        problems.append("view over 250 kB")
    return problems


def lint_options(options: list[dict[str, Any]]) -> list[str]:
    """Say what is wrong with the answer to a block_suggestion."""
    return list(both(rows(_OPTION, 0, 100), distinct("value"))(options, "/options"))


def texts(part: object) -> Iterator[str]:
    """Give all texts of a block, in reading order."""
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
