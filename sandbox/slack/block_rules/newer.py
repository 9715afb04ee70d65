"""Blocks of 2025 and 2026, checked as far as their pages say; jitbot uses none of them but tables ([unverified])."""

from sandbox.slack.block_rules.basics import (
    anything,
    at_least_one,
    boolean,
    by_type,
    items,
    one_of,
    shape,
    text,
    whole,
)
from sandbox.slack.block_rules.elements import BUTTON, IMAGE_ELEMENT
from sandbox.slack.block_rules.findings import Rule
from sandbox.slack.block_rules.objects import IDENTIFIER, plain, words
from sandbox.slack.block_rules.rich_text import RICH_TEXT_ELEMENTS

LONGEST_MARKDOWN = 12_000
_WIDEST, _MOST_ROWS, _MOST_DATA_ROWS = 20, 100, 201

_TYPE: dict[str, Rule] = {"type": anything}
_ID: dict[str, Rule] = {"block_id": IDENTIFIER}
_RICH = shape(_TYPE | {"elements": items(by_type(RICH_TEXT_ELEMENTS), 1, 1000)}, _ID)
_CELL = by_type({"raw_text": shape(_TYPE | {"text": text(3000, 0)}), "rich_text": _RICH})
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _rows(most: int) -> Rule:
    return items(items(_CELL, 1, _WIDEST), 1, most)


_CARD = shape(
    _TYPE,
    _ID
    | {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "title": words(150),
        "subtitle": words(150),
        "body": words(200),
        "actions": items(by_type({"button": BUTTON}), 1, 2),
    },
    also=[at_least_one("hero_image", "title", "actions", "body")],
)
_CHILDREN: dict[str, Rule] = {"child_blocks": items(anything, 1, 10)}

HOME_AND_MESSAGE_BLOCKS: dict[str, Rule] = {
    "card": _CARD,
    "carousel": shape(_TYPE | {"elements": items(by_type({"card": _CARD}), 1, 10)}, _ID),
    "container": shape(
        _TYPE | _CHILDREN,
        _ID
        | {
            "title": plain(150),
            "rich_text_title": _RICH,
            "subtitle": words(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE_ELEMENT,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
}
MESSAGE_BLOCKS: dict[str, Rule] = {
    "markdown": shape(_TYPE | {"text": text(LONGEST_MARKDOWN)}, _ID),
    "table": shape(_TYPE | {"rows": _rows(_MOST_ROWS)}, _ID | {"column_settings": items(_COLUMN, 1, _WIDEST)}),
    "data_table": shape(
        _TYPE | {"rows": _rows(_MOST_DATA_ROWS)}, _ID | {"page_size": whole(1, 100), "column_settings": anything}
    ),
    "data_visualization": anything,
}
