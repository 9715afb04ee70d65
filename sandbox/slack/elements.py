"""What the interactive elements of Block Kit hold: their values, and how they travel."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.slack.wire import Json

Inputs = dict[tuple[str, str], Json]
"""What stands in the elements of one view or message: (block_id, action_id) to the state value."""

VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
"""Where each element's value stands in `state.values` and in actions (docs.slack.dev, block elements)."""

TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})
WITHOUT_STATE = frozenset({"button", "overflow", "image", "workflow_button"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An element where it stands."""

    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        """Its block_id and action_id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.element["type"])


def placed_elements(blocks: list[Json]) -> Iterator[Placed]:
    """Walk over every interactive element of the blocks, in reading order."""
    for block in blocks:
        held: dict[str, list[Json | None]] = {"input": [block.get("element")], "section": [block.get("accessory")]}
        for element in held.get(block["type"]) or block.get("elements") or []:
            if element and block["type"] != "rich_text" and "action_id" in element:
                yield Placed(block=block, element=element)


def _initial(element: Json) -> object:
    key = VALUE_KEYS[element["type"]]
    initial_key = "initial_value" if key in {"value", "rich_text_value"} else key.replace("selected_", "initial_")
    empty: object = [] if key.endswith("s") and key != "files" else None
    return element.get(initial_key, empty)


def initial_state(element: Json) -> Json:
    """Give the state value of an element nobody has touched: its initial value, or its empty one."""
    return {"type": element["type"], VALUE_KEYS[element["type"]]: _initial(element)}


def fresh_inputs(blocks: list[Json]) -> Inputs:
    """Give what stands in untouched blocks."""
    placed = (each for each in placed_elements(blocks) if each.kind not in WITHOUT_STATE)
    return {each.key: initial_state(each.element) for each in placed}


def kept_inputs(before: Inputs, blocks: list[Json]) -> Inputs:
    """Carry input over to new blocks: only the same block_id and action_id keep it (docs.slack.dev, modals).

    An element of another type starts anew even under the same ids (C).
    """
    fresh = fresh_inputs(blocks)
    kept = {key: before[key] for key, state in fresh.items() if before.get(key, {}).get("type") == state["type"]}
    return fresh | kept


def as_values(inputs: Inputs) -> Json:
    """Write inputs as the `state.values` of a payload: block_id, then action_id, then the value."""
    values: Json = {}
    for (block_id, action_id), state in inputs.items():
        values.setdefault(block_id, {})[action_id] = state
    return values


def value_of(state: Json) -> object:
    """Read the bare value out of a state value."""
    return state.get(VALUE_KEYS[state["type"]])


def all_options(element: Json) -> list[Json]:
    """List the options of an element, those in groups included."""
    grouped = (option for group in element.get("option_groups") or [] for option in group["options"])
    return [*(element.get("options") or []), *grouped]
