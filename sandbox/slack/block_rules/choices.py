"""Elements one chooses in: selects, checkboxes, radio buttons, overflow menus, dates (docs.slack.dev, elements)."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_rules.basics import anything, boolean, items, only_one, shape, text, whole
from sandbox.slack.block_rules.findings import Finding, Rule, wrong
from sandbox.slack.block_rules.objects import (
    CHOICE_OPTION,
    CONFIRM,
    IDENTIFIER,
    MOST_OPTIONS,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    SELECT_OPTION,
    option_groups,
    options,
)

_MANY = 1_000_000_000
_EARLIEST, _LATEST = 1_000_000_000, 9_999_999_999
"""Unix seconds of ten digits."""

_TYPE: dict[str, Rule] = {"type": anything}
_USUAL: dict[str, Rule] = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": boolean}
_SELECT = _USUAL | {"placeholder": PLACEHOLDER}
_MULTI = _SELECT | {"max_selected_items": whole(1, _MANY)}
_STANDING: dict[str, Rule] = {"options": options(SELECT_OPTION, 1, MOST_OPTIONS), "option_groups": option_groups(1)}


def _all_options(value: Any) -> list[Any]:
    grouped = [option for group in value.get("option_groups") or [] for option in group["options"]]
    return [*(value.get("options") or []), *grouped]


def _initial_stands(value: Any, pointer: str) -> Iterator[Finding]:
    """Want initial options to be among the options, exactly."""
    if value.get("initial_option") is not None and value["initial_option"] not in _all_options(value):
        yield from wrong(f"{pointer}/initial_option", "must be one of the provided options")
    for index, each in enumerate(value.get("initial_options") or []):
        if each not in _all_options(value):
            yield from wrong(f"{pointer}/initial_options/{index}", "must be one of the provided options")


def _initial_not_too_many(value: Any, pointer: str) -> Iterator[Finding]:
    lists = [held for key, held in value.items() if key.startswith("initial_") and isinstance(held, list)]
    initial = lists[0] if lists else []
    if len(initial) > (value.get("max_selected_items") or _MANY):
        yield from wrong(pointer, f"no more than {value['max_selected_items']} items allowed")


def _ids(*keys: str) -> dict[str, Rule]:
    return {key: items(text(255), 1, _MANY) if key.endswith("s") else text(255) for key in keys}


_CHOSEN = items(SELECT_OPTION, 1, _MANY)
_CONVERSATIONS: dict[str, Rule] = {
    "default_to_current_conversation": boolean,
    "response_url_enabled": boolean,
    "filter": anything,
}
_RADIO: dict[str, Rule] = {"options": options(CHOICE_OPTION, 1, 10)}

CHOICES: dict[str, Rule] = {
    "static_select": shape(
        _TYPE,
        _SELECT | _STANDING | {"initial_option": SELECT_OPTION},
        also=[only_one("options", "option_groups"), _initial_stands],
    ),
    "multi_static_select": shape(
        _TYPE,
        _MULTI | _STANDING | {"initial_options": _CHOSEN},
        also=[only_one("options", "option_groups"), _initial_stands, _initial_not_too_many],
    ),
    "external_select": shape(_TYPE, _SELECT | {"min_query_length": whole(0, _MANY), "initial_option": SELECT_OPTION}),
    "multi_external_select": shape(
        _TYPE,
        _MULTI | {"min_query_length": whole(0, _MANY), "initial_options": _CHOSEN},
        also=[_initial_not_too_many],
    ),
    "users_select": shape(_TYPE, _SELECT | _ids("initial_user")),
    "multi_users_select": shape(_TYPE, _MULTI | _ids("initial_users"), also=[_initial_not_too_many]),
    "conversations_select": shape(_TYPE, _SELECT | _CONVERSATIONS | _ids("initial_conversation")),
    "multi_conversations_select": shape(
        _TYPE, _MULTI | _CONVERSATIONS | _ids("initial_conversations"), also=[_initial_not_too_many]
    ),
    "channels_select": shape(_TYPE, _SELECT | {"response_url_enabled": boolean} | _ids("initial_channel")),
    "multi_channels_select": shape(_TYPE, _MULTI | _ids("initial_channels"), also=[_initial_not_too_many]),
    "radio_buttons": shape(_TYPE | _RADIO, _USUAL | {"initial_option": CHOICE_OPTION}, also=[_initial_stands]),
    "checkboxes": shape(
        _TYPE | _RADIO, _USUAL | {"initial_options": items(CHOICE_OPTION, 1, 10)}, also=[_initial_stands]
    ),
    "overflow": shape(
        _TYPE | {"options": options(OVERFLOW_OPTION, 1, 5)}, {"action_id": IDENTIFIER, "confirm": CONFIRM}
    ),
    "datepicker": shape(_TYPE, _SELECT | {"initial_date": text(10, 10)}),
    "timepicker": shape(_TYPE, _SELECT | {"initial_time": text(5, 5), "timezone": text(255)}),
    "datetimepicker": shape(_TYPE, _USUAL | {"initial_date_time": whole(_EARLIEST, _LATEST)}),
}
