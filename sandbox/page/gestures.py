"""What somebody does in the browser, done by the very gestures that tests and stories use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.page.places import HOME, Seat
from sandbox.page.render.fields import Source, source_id
from sandbox.page.values import known_options, value_from_page
from sandbox.slack.elements import Placed, all_options, placed_elements
from sandbox.slack.finding import NotSeenError
from sandbox.slack.gestures.commands import open_home, type_text, use_shortcut
from sandbox.slack.gestures.modals import close, dismiss, submit, suggest
from sandbox.slack.gestures.presses import choose, press, press_enter
from sandbox.slack.views import View
from sandbox.slack.wire import Json

CHANGED = "This has changed meanwhile. Look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gestures:
    """Every gesture of the page by its name; each takes what the page's script sent, and blocks until Slack is done.

    `offered` keeps what apps offered to somebody typing, until they choose: an option is known by its value only.
    """

    offered: dict[tuple[str, tuple[str, str]], list[Json]] = field(default_factory=dict)

    def do(self, seat: Seat, name: str, sent: Json) -> Json:
        """Make a gesture; NotSeenError with words for the person where it cannot be made."""
        known: dict[str, Callable[[Seat, Json], Json | None]] = {
            "type": self._type,
            "shortcut": self._shortcut,
            "press": self._press,
            "choose": self._choose,
            "suggest": self._suggest,
            "enter": self._enter,
            "submit": self._submit,
            "close": self._close,
            "dismiss": self._dismiss,
        }
        if name not in known:
            raise NotSeenError(f"There is no gesture {name}.")
        return known[name](seat, sent) or {}

    def _type(self, seat: Seat, sent: Json) -> None:
        place = seat.place(str(sent.get("place")))
        if place is None or place.channel is None:
            raise NotSeenError("You can't write here.")
        if text := str(sent.get("text", "")).strip():
            type_text(seat.sandbox.stage, seat.profile, place.channel, text)

    def _shortcut(self, seat: Seat, sent: Json) -> None:
        shortcuts = seat.sandbox.app.manifest.shortcuts
        if sent.get("name") not in shortcuts:
            raise NotSeenError("There is no such shortcut.")
        use_shortcut(seat.sandbox.stage, seat.profile, shortcuts[sent["name"]])

    def _press(self, seat: Seat, sent: Json) -> None:
        source, placed = _found(seat, sent)
        press(seat.sandbox.stage, seat.profile, source, placed)

    def _choose(self, seat: Seat, sent: Json) -> None:
        source, placed = _found(seat, sent)
        offered = self.offered.get((source_id(source), placed.key), [])
        known = [*known_options(placed, source, seat.reader), *offered]
        value = value_from_page(placed, sent.get("value"), seat.reader, known)
        choose(seat.sandbox.stage, seat.profile, source, placed, value)

    def _suggest(self, seat: Seat, sent: Json) -> Json:
        source, placed = _found(seat, sent)
        query = str(sent.get("query", ""))
        if "external" in placed.kind:
            options = suggest(seat.sandbox.stage, seat.profile, source, placed, query)
            self.offered[source_id(source), placed.key] = options
        else:
            options = _standing(placed, query)
        least = placed.element.get("min_query_length", 3) if "external" in placed.kind else 0
        return {"options": [_told(each) for each in options], "least": least}

    def _enter(self, seat: Seat, sent: Json) -> None:
        source, placed = _found(seat, sent)
        if isinstance(source, View):
            press_enter(seat.sandbox.stage, seat.profile, source, placed)

    def _submit(self, seat: Seat, sent: Json) -> Json:
        view = _top(seat, sent)
        submit(seat.sandbox.stage, seat.profile, view)
        return {"errors": view.errors}

    def _close(self, seat: Seat, sent: Json) -> None:
        close(seat.sandbox.stage, seat.profile, _top(seat, sent))

    def _dismiss(self, seat: Seat, _sent: Json) -> None:
        dismiss(seat.sandbox.stage, seat.profile)

    def arrives(self, seat: Seat, slug: str) -> None:
        """Come to a place: the Home tab tells the app."""
        if slug == HOME and seat.sandbox.app.manifest.home_on:
            open_home(seat.sandbox.stage, seat.profile)


def _standing(placed: Placed, query: str) -> list[Json]:
    return [each for each in all_options(placed.element) if query.lower() in each["text"]["text"].lower()]


def _told(option: Json) -> Json:
    described = option.get("description") or {}
    return {"value": option["value"], "text": option["text"]["text"], "description": described.get("text", "")}


def _top(seat: Seat, sent: Json) -> View:
    with seat.sandbox.workspace.lock:
        view = seat.sandbox.workspace.views.top(seat.profile.id)
        if view is None or view.id != sent.get("view"):
            raise NotSeenError(CHANGED)
        return view


def _found(seat: Seat, sent: Json) -> tuple[Source, Placed]:
    """Find the element a gesture is about, as it stands now."""
    with seat.sandbox.workspace.lock:
        source = _source(seat, str(sent.get("source", "")))
        blocks: list[Any] = source.content["blocks"] if isinstance(source, View) else source.blocks
        key = (sent.get("block"), sent.get("action"))
        placed = next((each for each in placed_elements(blocks) if each.key == key), None)
        if placed is None:
            raise NotSeenError(CHANGED)
        return source, placed


def _source(seat: Seat, named: str) -> Source:
    """Find a view of this person's, or a message that stands before them."""
    workspace = seat.sandbox.workspace
    kind, _, rest = named.partition(":")
    if kind == "view":
        view = workspace.views.find(rest)
        if view is not None and view.user == seat.profile.id:
            return view
    channel_id, _, ts = rest.partition(":")
    channel = workspace.channels.by_id.get(channel_id)
    if channel is not None and seat.profile.id in channel.members:
        found = next((each for each in seat.messages(channel) if each.ts == ts), None)
        if found is not None:
            return found
    raise NotSeenError(CHANGED)
