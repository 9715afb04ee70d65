"""Rules over a whole message, view or list of options."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_rules.basics import anything, boolean, by_type, items, no_repeats, only_one, shape, text
from sandbox.slack.block_rules.blocks import BLOCKS, Surface
from sandbox.slack.block_rules.findings import Finding, Rule, wrong
from sandbox.slack.block_rules.newer import LONGEST_MARKDOWN
from sandbox.slack.block_rules.objects import MOST_OPTIONS, SELECT_OPTION, option_groups, options, plain
from sandbox.slack.wire import Json

MOST_IN_MESSAGE, MOST_IN_VIEW = 50, 100
_MOST_OF = {"data_visualization": 2}
_TABLES = ("table", "data_table")


def check_message(blocks: list[Any]) -> list[Finding]:
    """Check the blocks of a message; pointers start at `/blocks`."""
    return list(_checked(blocks, "/blocks", Surface.MESSAGE, 0, MOST_IN_MESSAGE))


def check_view(view: Json) -> list[Finding]:
    """Check a modal or Home tab; pointers start at `/view`."""
    return list(_VIEW(view, "/view"))


def check_options(body: Any) -> list[Finding]:
    """Check an app's answer to block_suggestion: at most 100 options, or 100 groups of 100; none is fine."""
    return list(_SUGGESTIONS(body, ""))


def _checked(blocks: Any, pointer: str, surface: Surface, low: int, high: int) -> Iterator[Finding]:
    findings = list(items(by_type(BLOCKS[surface]), low, high)(blocks, pointer))
    yield from findings or _together(blocks, pointer)


def _together(blocks: list[Json], pointer: str) -> Iterator[Finding]:
    """Look at sound blocks together: ids, counts and sums."""
    yield from no_repeats([each["block_id"] for each in blocks if each.get("block_id")], pointer, "block_id")
    kinds = [each["type"] for each in blocks]
    if sum(kinds.count(each) for each in _TABLES) > 1:
        yield from wrong(pointer, "only one table allowed")
    for kind, most in _MOST_OF.items():
        if kinds.count(kind) > most:
            yield from wrong(pointer, f"no more than {most} {kind} blocks allowed")
    if sum(len(each["text"]) for each in blocks if each["type"] == "markdown") > LONGEST_MARKDOWN:
        yield from wrong(pointer, f"must be less than {LONGEST_MARKDOWN + 1} characters of markdown")


def _blocks_of(surface: Surface) -> Rule:
    def rule(blocks: Any, pointer: str) -> Iterator[Finding]:
        yield from _checked(blocks, pointer, surface, 1, MOST_IN_VIEW)

    return rule


def _one_focus(view: Json, pointer: str) -> Iterator[Finding]:
    held = [each for block in view["blocks"] for each in [block.get("element"), *block.get("elements", [])] if each]
    if sum(bool(each.get("focus_on_load")) for each in held) > 1:
        yield from wrong(pointer, "only one element may have focus_on_load")


def _submit_with_inputs(view: Json, pointer: str) -> Iterator[Finding]:
    if any(each["type"] == "input" for each in view["blocks"]) and not view.get("submit"):
        yield from wrong(pointer, "missing required field: submit")


_COMMON: dict[str, Rule] = {
    "private_metadata": text(3000, 0),
    "callback_id": text(255, 0),
    "external_id": text(255, 0),
}
_MODAL = shape(
    {"type": anything, "title": plain(24), "blocks": _blocks_of(Surface.MODAL)},
    _COMMON
    | {
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    also=[_one_focus, _submit_with_inputs],
)
_HOME = shape({"type": anything, "blocks": _blocks_of(Surface.HOME)}, _COMMON, also=[_one_focus])
_VIEW = by_type({"modal": _MODAL, "home": _HOME})

_SUGGESTIONS = shape(
    {},
    {"options": options(SELECT_OPTION, 0, MOST_OPTIONS), "option_groups": option_groups(0)},
    also=[only_one("options", "option_groups")],
)


def text_length(blocks: Any) -> int:
    """Count the characters of every text in blocks."""
    if isinstance(blocks, dict):
        own = len(blocks["text"]) if isinstance(blocks.get("text"), str) else 0
        return own + sum(text_length(each) for each in blocks.values())
    if isinstance(blocks, list):
        return sum(text_length(each) for each in blocks)
    return 0
