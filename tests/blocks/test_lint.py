"""The linter itself: it takes what Slack takes, and refuses each thing that Slack refuses."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from access.changes import Place
from blocks import parts
from blocks.message import Message, text_length
from blocks.request_card import request_card
from blocks.request_form import request_form
from tests.access.given import a_catalogue, a_custom_form, a_custom_request
from tests.blocks.lint import lint_message, lint_options, lint_view, texts
from tests.blocks.states import CHANNELS, LATER, every_state, with_policy

Change = Callable[[Any], object]
ELEVEN = [parts.option("x", str(number)) for number in range(11)]


def a_card() -> Message:
    """Give a card that keeps all rules: header, section, quote, policy, sections, context, actions."""
    return request_card(with_policy(a_custom_request()), None, place=Place.OWNERS, channels=CHANNELS, now=LATER)


def a_view() -> dict[str, Any]:
    """Give a modal that keeps all rules."""
    return request_form(a_catalogue(), a_custom_form(), notice="Hello", admin_channel="C0ADMINS")


def put(*path: str | int, value: Any) -> Change:
    """Change one thing, deep inside."""

    def change(whole: Any) -> None:
        *way, last = path
        for step in way:
            whole = whole[step]
        whole[last] = value

    return change


MESSAGE_MISTAKES: dict[str, Change] = {
    "header too long": put(0, "text", "text", value="x" * 151),
    "header in mrkdwn": put(0, "text", value=parts.mrkdwn("x")),
    "section too long": put(1, "text", "text", value="x" * 3_001),
    "empty text": put(1, "text", "text", value=""),
    "not verbatim": put(1, "text", "verbatim", value=False),
    "a channel called": put(1, "text", "text", value="<!channel>"),
    "a link of somebody's": put(1, "text", "text", value="<javascript:x|y>"),
    "a loose ampersand": put(1, "text", "text", value="a & b"),
    "eleven fields": put(1, "fields", value=[parts.mrkdwn("x")] * 11),
    "a field too long": put(1, "fields", value=[parts.mrkdwn("x" * 2_001)]),
    "unknown key": put(1, "color", value="red"),
    "unknown block": put(1, "type", value="sektion"),
    "alert in a message": put(1, value=parts.alert("x")),
    "input in a message": put(1, value={"type": "input", "label": parts.plain("x"), "element": {}}),
    "empty quote": put(2, "elements", 1, "elements", value=[]),
    "empty rich text": put(2, "elements", 1, "elements", 0, "text", value=""),
    "empty actions": put(-1, "elements", value=[]),
    "twenty-six buttons": put(-1, "elements", value=[parts.button("x", f"a{n}") for n in range(26)]),
    "two primaries": put(-1, "elements", value=[parts.button("x", f"a{n}", style="primary") for n in range(2)]),
    "the same action twice": put(-1, "elements", value=[parts.button("x", "a"), parts.button("y", "a")]),
    "button label too long": put(-1, "elements", 0, "text", "text", value="x" * 31),
    "button value too long": put(-1, "elements", 0, "value", value="x" * 2_001),
    "unknown style": put(-1, "elements", 0, "style", value="loud"),
    "confirm without title": put(-1, "elements", 0, "confirm", value={"text": parts.plain("x")}),
    "confirm in mrkdwn": put(-1, "elements", 0, "confirm", "text", value=parts.mrkdwn("x")),
    "label for screen readers too long": put(-1, "elements", 0, "accessibility_label", value="x" * 76),
    "empty context": put(-2, "elements", value=[]),
    "no dictionary": put(1, value="x"),
}
VIEW_MISTAKES: dict[str, Change] = {
    "title too long": put("title", value=parts.plain("x" * 25)),
    "inputs without submit": lambda view: view.pop("submit"),
    "nobody who would know it": lambda view: view.pop("callback_id"),
    "no title": lambda view: view.pop("title"),
    "no blocks": put("blocks", value=[]),
    "a hundred and one blocks": put("blocks", value=[{"type": "divider"}] * 101),
    "metadata too long": put("private_metadata", value="x" * 3_001),
    "block id twice": put("blocks", 2, "block_id", value="account"),
    "action id twice": put("blocks", 2, "element", "action_id", value="jit:account:v1"),
    "unknown element": put("blocks", 1, "element", "type", value="selekt"),
    "unknown key": put("blocks", 1, "element", "opacity", value=1),
    "no options": put("blocks", 2, "element", "options", value=[]),
    "eleven radio buttons": put(
        "blocks", 2, "element", "options", value=[parts.option("x", str(n)) for n in range(11)]
    ),
    "initial option not offered": put("blocks", 2, "element", "initial_option", value=parts.option("x", "x")),
    "options alike": put("blocks", 2, "element", "options", value=[parts.option("x", "x")] * 2),
    "initial value over the maximum": put("blocks", 3, "element", "initial_value", value="x" * 28),
    "minimum over maximum": put("blocks", 3, "element", "min_length", value=28),
    "maximum over Slack's": put("blocks", 3, "element", "max_length", value=3_001),
    "query length as text": put("blocks", 5, "element", "min_query_length", value="0"),
    "nothing may be chosen": put("blocks", 5, "element", "max_selected_items", value=0),
    "label in mrkdwn": put("blocks", 1, "label", value=parts.mrkdwn("x")),
    "hint too long": put("blocks", 3, "hint", value=parts.plain("x" * 2_001)),
    "unknown level": put("blocks", 0, "level", value="loud"),
    "two that take the focus": lambda view: [
        put("blocks", number, "element", "focus_on_load", value=True)(view) for number in (1, 3)
    ],
    "too big": put("blocks", value=[parts.preformatted("", "x" * 30_000)] * 9),
}


def test_a_card_and_a_form_are_without_problems() -> None:
    assert lint_message(a_card()) == []
    assert lint_view(a_view()) == []


@pytest.mark.parametrize("mistake", MESSAGE_MISTAKES)
def test_each_mistake_in_a_message_is_found(mistake: str) -> None:
    blocks = deepcopy(a_card().blocks)
    MESSAGE_MISTAKES[mistake](blocks)

    assert lint_message(Message(text="x", blocks=blocks))


@pytest.mark.parametrize("mistake", VIEW_MISTAKES)
def test_each_mistake_in_a_modal_is_found(mistake: str) -> None:
    view = deepcopy(a_view())
    VIEW_MISTAKES[mistake](view)

    assert lint_view(view)


@pytest.mark.parametrize("text", ["", "x" * 4_001, "<!here>", "a & b"])
def test_a_top_level_text_must_stand_alone_and_be_escaped(text: str) -> None:
    assert lint_message(Message(text=text, blocks=[parts.section("x")]))


def test_too_many_blocks_or_too_much_text_in_all_is_found() -> None:
    assert lint_message(Message(text="x", blocks=[parts.section("x")] * 51))
    assert lint_message(Message(text="x", blocks=[parts.section("x" * 2_900)] * 3))
    assert lint_message(Message(text="x", blocks=[parts.section("x")] * 50)) == []


@pytest.mark.parametrize(
    "option",
    [
        {"text": parts.plain("x" * 76), "value": "x"},
        {"text": parts.plain("x"), "value": "x" * 151},
        {"text": parts.plain("x"), "value": ""},
        {"text": parts.mrkdwn("x"), "value": "x"},
        {"text": parts.plain("x"), "value": "x", "description": parts.plain("x" * 76)},
    ],
)
def test_options_that_slack_refuses_are_found(option: dict[str, Any]) -> None:
    assert lint_options([option])
    assert lint_options([parts.option("x", str(number)) for number in range(101)])


def test_the_texts_are_counted_alike_here_and_there() -> None:
    for state in every_state():
        blocks = request_card(*state, place=None, channels=CHANNELS, now=LATER).blocks
        assert text_length(blocks) == len("".join(texts(blocks)))


def test_slacks_own_library_takes_them_too() -> None:
    for block in SdkBlock.parse_all(a_card().blocks):
        block.validate_json()
    SdkView(**a_view()).validate_json()
