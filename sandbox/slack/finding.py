"""Finding buttons, fields and options by the words on them."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sandbox.slack.elements import VALUE_KEYS, Placed, placed_elements
from sandbox.slack.mrkdwn import plain
from sandbox.slack.reader import Reader
from sandbox.slack.visible import text_segments
from sandbox.slack.wire import Json

Thing = TypeVar("Thing")


class NotSeenError(AssertionError):
    """What was looked for is not on this person's screen; the words say what is."""


def pick(things: Iterable[Thing], words: str, named: Callable[[Thing], str], what: str) -> Thing:
    """Pick the first thing with exactly these words, or the only one beginning with them; NotSeenError otherwise."""
    known = list(things)
    exact = [each for each in known if named(each) == words]
    found = exact or [each for each in known if words and named(each).startswith(words)]
    if len(found) != 1 and not exact:
        raise NotSeenError(f"no one {what} says {words!r}; there is {[named(each) for each in known]}")
    return found[0]


def buttons(blocks: list[Json]) -> list[Placed]:
    """List the buttons, in reading order."""
    return [each for each in placed_elements(blocks) if each.kind == "button"]


def button_label(placed: Placed) -> str:
    """Give the words on a button."""
    return str(placed.element["text"]["text"])


def fields(blocks: list[Json]) -> list[Placed]:
    """List the elements that hold a value, in reading order."""
    return [each for each in placed_elements(blocks) if each.kind in VALUE_KEYS]


def field_label(placed: Placed, reader: Reader) -> str:
    """Give the words beside a field: its label, its section's text, or its placeholder."""
    block, element = placed.block, placed.element
    text = block.get("label") or (block.get("text") if block["type"] == "section" else None)
    text = text or element.get("placeholder")
    return plain(text_segments(text, reader)) if text else ""


def option_text(option: Json) -> str:
    """Give the words of an option."""
    return str(option["text"]["text"])


def pick_option(options: list[Json], words: str) -> Json:
    """Pick an option by its words, or by its value."""
    by_value = [each for each in options if each.get("value") == words]
    by_text = [each for each in options if option_text(each) == words]
    if by_value and not by_text:
        return by_value[0]
    return pick(options, words, option_text, "option")
