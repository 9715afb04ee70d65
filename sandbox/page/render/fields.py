"""Interactive elements as a template draws them: what stands in them, what can be chosen, what their ids are."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.slack.elements import WITHOUT_STATE, Inputs, Placed, all_options, initial_state, value_of
from sandbox.slack.messages import Message
from sandbox.slack.reader import Reader
from sandbox.slack.views import View
from sandbox.slack.wire import Json

Source = View | Message
NATIVE_LISTS = frozenset({"users_select", "channels_select", "conversations_select"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option: its value on the wire, and the option itself with its words."""

    value: str
    option: Json
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One element where it stands; `dom_id` is the same as long as Slack would keep its input."""

    placed: Placed
    source: str
    dom_id: str
    value: str
    choices: tuple[Choice, ...]
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]

    @property
    def kind(self) -> str:
        """Its type."""
        return self.placed.kind

    @property
    def element(self) -> Json:
        """The element as the app wrote it."""
        return self.placed.element

    @property
    def block_id(self) -> str:
        """Its block's id."""
        return self.placed.key[0]

    @property
    def action_id(self) -> str:
        """Its own id."""
        return self.placed.key[1]

    @property
    def chosen(self) -> list[Choice]:
        """What is chosen in it now."""
        return [each for each in self.choices if each.chosen]


def source_id(source: Source) -> str:
    """Name a view or message as gestures of the page do."""
    if isinstance(source, View):
        return f"view:{source.id}"
    return f"message:{source.channel}:{source.ts}"


def inputs_of(source: Source, reader: Reader) -> Inputs:
    """Give what stands in the elements of a view, or in those of a message for its reader."""
    return source.inputs if isinstance(source, View) else source.inputs.get(reader.profile.id, {})


def field_of(block: Json, element: Json, source: Source, reader: Reader) -> Field:
    """Look at one element."""
    placed = Placed(block=block, element=element)
    named = f"{source_id(source)} {placed.key[0]} {placed.key[1]} {placed.kind}"
    held = None if placed.kind in WITHOUT_STATE else _held(placed, source, reader)
    choices = tuple(_choices(placed, held, reader))
    return Field(
        placed=placed,
        source=source_id(source),
        dom_id="f" + hashlib.sha256(named.encode()).hexdigest()[:16],
        value=_WRITTEN.get(placed.kind, _as_text)(held, reader),
        choices=choices,
        groups=_groups(element, choices),
    )


def _held(placed: Placed, source: Source, reader: Reader) -> object:
    return value_of(inputs_of(source, reader).get(placed.key) or initial_state(placed.element))


def _choices(placed: Placed, held: object, reader: Reader) -> Iterable[Choice]:
    kept = held if isinstance(held, list) else [held] if held else []
    values = [each.get("value") if isinstance(each, dict) else each for each in kept]
    offered = _everybody(placed.kind, reader) or all_options(placed.element)
    known = {each["value"] for each in offered}
    offered += [each for each in kept if isinstance(each, dict) and "value" in each and each["value"] not in known]
    return (Choice(value=each["value"], option=each, chosen=each["value"] in values) for each in offered)


def _everybody(kind: str, reader: Reader) -> list[Json]:
    """List people or channels as options, for the elements that choose among them."""
    if "users_select" in kind:
        people = reader.workspace.people.by_id.values()
        return [_option(each.id, each.real_name) for each in people if not each.deleted]
    if "channels_select" in kind or "conversations_select" in kind:
        channels = reader.workspace.channels.of(reader.profile.id)
        return [_option(each.id, f"#{each.name}") for each in channels if each.name]
    return []


def _option(value: str, words: str) -> Json:
    return {"value": value, "text": {"type": "plain_text", "text": words}}


def _groups(element: Json, choices: tuple[Choice, ...]) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    by_value = {each.value: each for each in choices}
    return tuple(
        (group["label"]["text"], tuple(by_value[each["value"]] for each in group["options"]))
        for group in element.get("option_groups") or []
    )


def _as_text(held: object, _reader: Reader) -> str:
    return held if isinstance(held, str) else ""


def _rich_as_text(held: object, _reader: Reader) -> str:
    blocks = held["elements"] if isinstance(held, dict) else []
    return "\n".join("".join(part.get("text", "") for part in each.get("elements", [])) for each in blocks)


def _moment(held: object, reader: Reader) -> str:
    if not isinstance(held, int):
        return ""
    return f"{datetime.fromtimestamp(held, UTC).astimezone(reader.zone):%Y-%m-%dT%H:%M}"


def _file_names(held: object, _reader: Reader) -> str:
    return ", ".join(each["name"] for each in held) if isinstance(held, list) else ""


_WRITTEN: dict[str, Callable[[object, Reader], str]] = {
    "rich_text_input": _rich_as_text,
    "datetimepicker": _moment,
    "file_input": _file_names,
}
