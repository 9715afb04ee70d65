"""Which blocks stand on which surface, and what each may hold (docs.slack.dev, blocks)."""

from enum import StrEnum

from sandbox.slack.block_rules.basics import anything, at_least_one, boolean, by_type, items, one_of, shape, text
from sandbox.slack.block_rules.elements import (
    ACCESSORIES,
    ACTION_ELEMENTS,
    CONTEXT_ELEMENTS,
    FILE_INPUT,
    INPUT_ELEMENTS,
)
from sandbox.slack.block_rules.findings import Rule
from sandbox.slack.block_rules.newer import HOME_AND_MESSAGE_BLOCKS, MESSAGE_BLOCKS
from sandbox.slack.block_rules.objects import IDENTIFIER, URL, image_source, plain, words
from sandbox.slack.block_rules.rich_text import RICH_TEXT_ELEMENTS
from sandbox.slack.block_rules.sets import file_input_is_quiet, one_primary, unique_action_ids


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


_TYPE: dict[str, Rule] = {"type": anything}
_ID: dict[str, Rule] = {"block_id": IDENTIFIER}

EVERYWHERE: dict[str, Rule] = {
    "divider": shape(_TYPE, _ID),
    "section": shape(
        _TYPE,
        _ID
        | {
            "text": words(3000),
            "fields": items(words(2000), 1, 10),
            "accessory": by_type(ACCESSORIES),
            "expand": boolean,
        },
        also=[at_least_one("text", "fields")],
    ),
    "header": shape(_TYPE | {"text": plain(150)}, _ID),
    "context": shape(_TYPE | {"elements": items(by_type(CONTEXT_ELEMENTS), 1, 10)}, _ID),
    "actions": shape(
        _TYPE | {"elements": items(by_type(ACTION_ELEMENTS), 1, 25)}, _ID, also=[unique_action_ids, one_primary]
    ),
    "image": shape(
        _TYPE | {"alt_text": text(2000)},
        _ID | {"image_url": URL, "slack_file": anything, "title": plain(2000)},
        also=[image_source],
    ),
    "rich_text": shape(_TYPE | {"elements": items(by_type(RICH_TEXT_ELEMENTS), 1, 1000)}, _ID),
}


def _input(elements: dict[str, Rule]) -> Rule:
    return shape(
        _TYPE | {"label": plain(2000), "element": by_type(elements)},
        _ID | {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        also=[file_input_is_quiet],
    )


_ALERT = shape(_TYPE | {"text": words(3000)}, _ID | {"level": one_of("default", "info", "warning", "error", "success")})

BLOCKS: dict[Surface, dict[str, Rule]] = {
    Surface.MESSAGE: EVERYWHERE | {"input": _input(INPUT_ELEMENTS)} | HOME_AND_MESSAGE_BLOCKS | MESSAGE_BLOCKS,
    Surface.MODAL: EVERYWHERE | {"input": _input(INPUT_ELEMENTS | FILE_INPUT), "alert": _ALERT},
    Surface.HOME: EVERYWHERE | {"input": _input(INPUT_ELEMENTS)} | HOME_AND_MESSAGE_BLOCKS,
}
