"""Rendering rich_text blocks, which parse nothing: every mention in them is an element of its own."""

from collections.abc import Callable, Iterator

from sandbox.slack.dates import render_date
from sandbox.slack.mrkdwn import Segment, Show
from sandbox.slack.reader import Reader
from sandbox.slack.wire import Json


def rich_segments(block: Json, reader: Reader) -> Iterator[list[Segment]]:
    """Show a rich_text block, one list of segments for each paragraph or list item."""
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            yield from rich_segments(element, reader)
        else:
            yield [inline_segment(each, reader) for each in element["elements"]]


def inline_segment(element: Json, reader: Reader) -> Segment:
    """Show one element inside a section, quote or preformatted text."""
    return _INLINE[element["type"]](element, reader)


def _text(element: Json, _reader: Reader) -> Segment:
    styles = frozenset(key for key, on in element.get("style", {}).items() if on)
    return Segment(text=element["text"], styles=styles)


def _link(element: Json, _reader: Reader) -> Segment:
    return Segment(text=element.get("text") or element["url"], show=Show.LINK, target=element["url"])


def _person(element: Json, reader: Reader) -> Segment:
    target = element["user_id"]
    return Segment(text=reader.person(target) or f"<@{target}>", show=Show.PERSON, target=target)


def _group(element: Json, reader: Reader) -> Segment:
    target = element["usergroup_id"]
    return Segment(text=reader.group(target) or f"<!subteam^{target}>", show=Show.GROUP, target=target)


def _channel(element: Json, reader: Reader) -> Segment:
    target = element["channel_id"]
    return Segment(text=reader.channel(target) or f"<#{target}>", show=Show.CHANNEL, target=target)


def _broadcast(element: Json, _reader: Reader) -> Segment:
    return Segment(text=f"@{element['range']}", show=Show.BROADCAST, target=element["range"])


def _date(element: Json, reader: Reader) -> Segment:
    body = f"!date^{element['timestamp']}^{element['format']}|{element.get('fallback', '')}"
    return Segment(text=render_date(body, reader), show=Show.DATE)


_INLINE: dict[str, Callable[[Json, Reader], Segment]] = {
    "text": _text,
    "link": _link,
    "user": _person,
    "usergroup": _group,
    "channel": _channel,
    "broadcast": _broadcast,
    "date": _date,
    "emoji": lambda element, _reader: Segment(text=f":{element['name']}:"),
    "color": lambda element, _reader: Segment(text=element["value"]),
}
