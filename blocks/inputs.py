"""Builders of the inputs of modals.

Limits: https://docs.slack.dev/reference/block-kit/blocks/input-block and .../block-elements
"""

from collections.abc import Sequence

from blocks.message import Block
from blocks.parts import plain

OPTIONS_MOST = 100
TEXT_INPUT_MOST = 3_000


def field(label: str, element: Block, block_id: str, *, hint: str = "", optional: bool = False) -> Block:
    """Make an input block."""
    made: Block = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    if hint:
        made["hint"] = plain(hint)
    if optional:
        made["optional"] = True
    return made


def redrawing(block: Block) -> Block:
    """Make an input block report each change at once, so that the form can be redrawn."""
    return {**block, "dispatch_action": True}


def text_input(action_id: str, *, most: int, initial: str = "", multiline: bool = False) -> Block:
    """Make a text input of at most `most` characters."""
    made: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": most, "multiline": multiline}
    if initial:
        made["initial_value"] = initial[:most]
    return made


def choice(action_id: str, options: Sequence[Block], chosen: str = "", *, radio: bool = False) -> Block:
    """Make a select of at most 100 options, or radio buttons of at most 10."""
    made: Block = {"type": "radio_buttons" if radio else "static_select", "action_id": action_id}
    made["options"] = list(options)
    initial = next((each for each in options if each["value"] == chosen), None)
    if initial:
        made["initial_option"] = initial
    return made


def search(action_id: str, initial: Block | None = None) -> Block:
    """Make a select that asks us for options: it lists some on opening, and looks further while somebody types."""
    made: Block = {"type": "external_select", "action_id": action_id, "min_query_length": 0}
    if initial:
        made["initial_option"] = initial
    return made


def search_many(action_id: str, initial: Sequence[Block], most: int) -> Block:
    """Make a select of several options that asks us for them."""
    made: Block = {
        "type": "multi_external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "max_selected_items": most,
    }
    if initial:
        made["initial_options"] = list(initial)[:most]
    return made
