"""Buttons, pictures and fields one types into, and which element may stand where (docs.slack.dev, elements)."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_rules.basics import anything, boolean, items, one_of, shape, text, whole
from sandbox.slack.block_rules.choices import CHOICES
from sandbox.slack.block_rules.findings import Finding, Rule, wrong
from sandbox.slack.block_rules.objects import CONFIRM, IDENTIFIER, PLACEHOLDER, URL, image_source, mrkdwn, plain

LONGEST_TYPED = 3000
_LARGEST_FILE_COUNT = 10

_TYPE: dict[str, Rule] = {"type": anything}
_ON_TYPING = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})
_TYPED: dict[str, Rule] = {
    "action_id": IDENTIFIER,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": _ON_TYPING,
}


def _lengths_fit(value: Any, pointer: str) -> Iterator[Finding]:
    low, high = value.get("min_length") or 0, value.get("max_length") or LONGEST_TYPED
    if low > high:
        yield from wrong(f"{pointer}/min_length", "must not be more than max_length")
    if len(value.get("initial_value") or "") > high:
        yield from wrong(f"{pointer}/initial_value", f"must be less than {high + 1} characters")


def _number(value: Any, pointer: str) -> Iterator[Finding]:
    """Want a number written as a string (docs.slack.dev, number input)."""
    try:
        sound = isinstance(value, str) and float(value) is not None
    except ValueError:
        sound = False
    if not sound:
        yield from wrong(pointer, "must provide a number as a string")


def _numbers_fit(value: Any, pointer: str) -> Iterator[Finding]:
    low, high = float(value.get("min_value") or "-inf"), float(value.get("max_value") or "inf")
    if low > high:
        yield from wrong(f"{pointer}/min_value", "must not be more than max_value")
    if value.get("initial_value") and not low <= float(value["initial_value"]) <= high:
        yield from wrong(f"{pointer}/initial_value", "must be between min_value and max_value")


BUTTON = shape(
    {"type": anything, "text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "value": text(2000),
        "url": URL,
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
)
IMAGE_ELEMENT = shape(
    {"type": anything, "alt_text": text(2000)}, {"image_url": URL, "slack_file": anything}, also=[image_source]
)

TYPED: dict[str, Rule] = {
    "plain_text_input": shape(
        _TYPE,
        _TYPED
        | {
            "initial_value": text(LONGEST_TYPED, 0),
            "multiline": boolean,
            "min_length": whole(0, LONGEST_TYPED),
            "max_length": whole(1, LONGEST_TYPED),
        },
        also=[_lengths_fit],
    ),
    "email_text_input": shape(_TYPE, _TYPED | {"initial_value": text(LONGEST_TYPED, 0)}),
    "url_text_input": shape(_TYPE, _TYPED | {"initial_value": text(LONGEST_TYPED, 0)}),
    "number_input": shape(
        _TYPE | {"is_decimal_allowed": boolean},
        _TYPED | {"initial_value": _number, "min_value": _number, "max_value": _number},
        also=[_numbers_fit],
    ),
    "rich_text_input": shape(_TYPE, _TYPED | {"initial_value": anything}),
}
FILE_INPUT: dict[str, Rule] = {
    "file_input": shape(
        _TYPE,
        {"action_id": IDENTIFIER, "filetypes": items(text(50), 1, 100), "max_files": whole(1, _LARGEST_FILE_COUNT)},
    )
}

CONTEXT_ELEMENTS = {"image": IMAGE_ELEMENT, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}
ACTION_ELEMENTS = {"button": BUTTON, **CHOICES, "rich_text_input": TYPED["rich_text_input"]}
ACCESSORIES = {key: rule for key, rule in CHOICES.items() if key != "datetimepicker"} | {
    "button": BUTTON,
    "image": IMAGE_ELEMENT,
}
INPUT_ELEMENTS = {key: rule for key, rule in CHOICES.items() if key != "overflow"} | TYPED
