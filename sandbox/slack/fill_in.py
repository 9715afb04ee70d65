"""Putting values into the fields of a view as a person does: by words."""

from collections.abc import Callable

from sandbox.slack.elements import TEXT_INPUTS, Placed, all_options
from sandbox.slack.finding import NotSeenError, option_text, pick_option
from sandbox.slack.gestures.modals import suggest
from sandbox.slack.gestures.presses import choose
from sandbox.slack.screen import Screen
from sandbox.slack.views import View
from sandbox.slack.wire import Json

_MANY = ("multi_", "checkboxes")
_OF_PEOPLE = ("users_select", "multi_users_select")
_OF_CHANNELS = ("channels_select", "conversations_select", "multi_channels_select", "multi_conversations_select")


def offered_options(screen: Screen, view: View, placed: Placed, query: str) -> list[Json]:
    """List the options of a field, asking the app where it is an external select."""
    if "external" in placed.kind:
        return suggest(screen.stage, screen.profile, view, placed, query)
    shown = all_options(placed.element)
    return [each for each in shown if query.lower() in option_text(each).lower()]


def fill_in(screen: Screen, view: View, find: Callable[[], Placed], value: object, *, query: str | None = None) -> None:
    """Put a value into the field `find` gives; standing options are waited for."""
    placed = find()
    if value is None:
        chosen: object = [] if placed.kind.startswith(_MANY) else None
    elif placed.kind.startswith(_MANY):
        words = value if isinstance(value, list) else [value]
        chosen = [_one(screen, view, find, str(each), query) for each in words]
        _refuse_too_many(placed, len(words))
    else:
        chosen = _one(screen, view, find, str(value), query)
    choose(screen.stage, screen.profile, view, find(), chosen)


def _refuse_too_many(placed: Placed, count: int) -> None:
    most = placed.element.get("max_selected_items", count)
    if count > most:
        raise NotSeenError(f"only {most} can be chosen")


def _one(screen: Screen, view: View, find: Callable[[], Placed], words: str, query: str | None) -> object:
    """Give what one choice puts into the field."""
    placed = find()
    if placed.kind in _TYPED:
        return _TYPED[placed.kind](words)
    if placed.kind in _OF_PEOPLE:
        return _person(screen, words)
    if placed.kind in _OF_CHANNELS:
        return _channel(screen, words)
    if "external" in placed.kind:
        return pick_option(offered_options(screen, view, placed, words if query is None else query), words)
    return _standing(screen, find, words)


def _standing(screen: Screen, find: Callable[[], Placed], words: str) -> Json:
    def there() -> bool:
        options = all_options(find().element)
        return any(words == each["value"] or option_text(each).startswith(words) for each in options)

    shown = [option_text(each) for each in all_options(find().element)]
    screen.wait(there, f"an option {words!r}; there is {shown}")
    return pick_option(all_options(find().element), words)


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _person(screen: Screen, name: str) -> str:
    profile = screen.stage.workspace.people.named(name.removeprefix("@"))
    if profile is None:
        raise NotSeenError(f"nobody is called {name!r}")
    return profile.id


def _channel(screen: Screen, name: str) -> str:
    channel = screen.stage.workspace.channels.named(name)
    if channel is None:
        raise NotSeenError(f"no channel is called {name!r}")
    return channel.id


_TYPED: dict[str, Callable[[str], object]] = dict.fromkeys((*TEXT_INPUTS, "datepicker", "timepicker"), str) | {
    "rich_text_input": _rich,
    "datetimepicker": int,
}


def readable(value: object) -> object:
    """Give a field's bare value as a person reads it."""
    if isinstance(value, dict) and "text" in value:
        return option_text(value)
    if isinstance(value, list):
        return [readable(each) for each in value]
    return value
