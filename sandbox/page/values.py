"""What somebody put into an element on the page, as Slack keeps it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.page.render.fields import Source, inputs_of
from sandbox.slack.elements import TEXT_INPUTS, Placed, all_options, value_of
from sandbox.slack.finding import NotSeenError
from sandbox.slack.ids import random_id
from sandbox.slack.reader import Reader
from sandbox.slack.wire import Json

_BY_ID = ("users_select", "channels_select", "conversations_select")


def value_from_page(placed: Placed, raw: Any, reader: Reader, known: list[Json]) -> object:
    """Turn what the page sent into the value of an element: options by their value, moments by the reader's clock.

    `known` are the options it could hold; NotSeenError for any other.
    """
    if placed.kind in _TYPED:
        return _TYPED[placed.kind](raw, reader)
    if placed.kind.startswith("multi_") or placed.kind == "checkboxes":
        return [_one(placed, str(each), known) for each in raw or []]
    return _one(placed, str(raw), known) if raw else None


def _one(placed: Placed, value: str, known: list[Json]) -> object:
    if placed.kind.endswith(_BY_ID):
        return value
    found = next((each for each in known if each["value"] == value), None)
    if found is None:
        raise NotSeenError("That option is not offered any more.")
    return found


def known_options(placed: Placed, source: Source, reader: Reader) -> list[Json]:
    """List the options an element holds or stands with; what an app offered to somebody typing comes on top."""
    held = inputs_of(source, reader).get(placed.key)
    now = value_of(held) if held else None
    kept = now if isinstance(now, list) else [now]
    return [*all_options(placed.element), *(each for each in kept if isinstance(each, dict))]


def _text(raw: Any, _reader: Reader) -> object:
    return str(raw).replace("\r\n", "\n") if raw else None


def _rich(raw: Any, _reader: Reader) -> object:
    if not raw:
        return None
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(raw)}]}
    return {"type": "rich_text", "elements": [section]}


def _moment(raw: Any, reader: Reader) -> object:
    return int(datetime.fromisoformat(str(raw)).replace(tzinfo=reader.zone).timestamp()) if raw else None


def _files(raw: Any, _reader: Reader) -> object:
    """Keep names and sizes only: nothing is uploaded to this Slack (C)."""
    return [{"id": random_id("F0"), "name": str(each["name"]), "size": int(each["size"])} for each in raw or []]


_TYPED: dict[str, Callable[[Any, Reader], object]] = dict.fromkeys(
    (*TEXT_INPUTS, "datepicker", "timepicker"), _text
) | {
    "rich_text_input": _rich,
    "datetimepicker": _moment,
    "file_input": _files,
}
