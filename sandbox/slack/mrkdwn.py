"""Rendering mrkdwn as Slack does: escapes, mentions, links, dates, styles (docs.slack.dev, formatting message text)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.slack.dates import render_date
from sandbox.slack.reader import Reader

BROADCASTS = ("here", "channel", "everyone")


class Show(StrEnum):
    """What a segment is."""

    TEXT = "text"
    PERSON = "person"
    GROUP = "group"
    CHANNEL = "channel"
    BROADCAST = "broadcast"
    LINK = "link"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text as it is seen; `target` is the id, address or broadcast behind it."""

    text: str
    show: Show = Show.TEXT
    target: str = ""
    styles: frozenset[str] = frozenset()


_CONTROL = re.compile(r"<([^<>\n]+)>")
_BY_ITSELF = re.compile(
    r"(?P<link>https?://[^\s<>|]+)|(?<![\w@])@(?P<call>here|channel|everyone)\b|(?<![\w#&])#(?P<name>[a-z0-9_-]{1,80})\b"
)
_STYLED = re.compile(
    r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)",
    re.DOTALL,
)
_QUOTED_LINE = re.compile(r"^(?:&gt;|>) ?", re.MULTILINE)
_FIRST_STAND_IN = 0x10_0000
_STAND_INS = re.compile("[\U00100000-\U0010fffd]")
"""One private character stands for each control form while styles are read."""


def unescape(text: str) -> str:
    """Undo Slack's three escapes, and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def render(text: str, reader: Reader, *, verbatim: bool) -> list[Segment]:
    """Show mrkdwn to its reader; without `verbatim` Slack also reads bare addresses, #channels and @here."""
    forms: list[Segment] = []

    def stand_in(segment: Segment) -> str:
        forms.append(segment)
        return chr(_FIRST_STAND_IN + len(forms) - 1)

    clean = _STAND_INS.sub("\ufffd", text)
    marked = _CONTROL.sub(lambda found: stand_in(_control(found[1], reader)), clean)
    if not verbatim:
        marked = _BY_ITSELF.sub(lambda found: _bare(found, reader, stand_in), marked)
    pieces = _styled(_QUOTED_LINE.sub("", marked), frozenset())
    return [segment for piece, styles in pieces for segment in _filled(piece, styles, forms)]


def _control(body: str, reader: Reader) -> Segment:
    """Read the inside of one `<…>`."""
    target, _, label = body.partition("|")
    if target.startswith("@"):
        return _mention(Show.PERSON, target[1:], reader.person(target[1:]), body, label)
    if target.startswith("#"):
        return _mention(Show.CHANNEL, target[1:], reader.channel(target[1:]), body, label)
    if target.startswith("!subteam^"):
        group_id = target.removeprefix("!subteam^")
        return _mention(Show.GROUP, group_id, reader.group(group_id), body, label)
    if target.startswith("!date^"):
        return Segment(text=unescape(render_date(body, reader)), show=Show.DATE, target=target)
    if target.startswith("!"):
        return _broadcast(target[1:], body)
    return Segment(text=unescape(label or target.removeprefix("mailto:")), show=Show.LINK, target=unescape(target))


def _mention(show: Show, target: str, name: str | None, body: str, label: str) -> Segment:
    if name is None:
        return Segment(text=unescape(label) or f"<{unescape(body)}>")
    return Segment(text=name, show=show, target=target)


def _broadcast(word: str, body: str) -> Segment:
    if word in BROADCASTS:
        return Segment(text=f"@{word}", show=Show.BROADCAST, target=word)
    return Segment(text=f"<{unescape(body)}>")


def _bare(found: re.Match[str], reader: Reader, stand_in: Callable[[Segment], str]) -> str:
    """Read what Slack parses by itself where text is not verbatim."""
    if found["link"]:
        return stand_in(Segment(text=unescape(found["link"]), show=Show.LINK, target=unescape(found["link"])))
    if found["call"]:
        return stand_in(Segment(text=f"@{found['call']}", show=Show.BROADCAST, target=found["call"]))
    channel_id = reader.channel_called(found["name"])
    return stand_in(Segment(text=found[0], show=Show.CHANNEL, target=channel_id)) if channel_id else found[0]


def _styled(text: str, styles: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Split text by its style marks, taking the marks away; code keeps what is inside as it is."""
    at = 0
    for found in _STYLED.finditer(text):
        yield text[at : found.start()], styles
        style = str(found.lastgroup)
        if style in {"pre", "code"}:
            yield found[style], styles | {style}
        else:
            yield from _styled(found[style], styles | {style})
        at = found.end()
    yield text[at:], styles


def _filled(piece: str, styles: frozenset[str], forms: list[Segment]) -> Iterator[Segment]:
    at = 0
    for found in _STAND_INS.finditer(piece):
        if found.start() > at:
            yield Segment(text=unescape(piece[at : found.start()]), styles=styles)
        yield replace(forms[ord(found[0]) - _FIRST_STAND_IN], styles=styles)
        at = found.end()
    if at < len(piece):
        yield Segment(text=unescape(piece[at:]), styles=styles)


def plain(segments: list[Segment]) -> str:
    """Join segments to what a person reads."""
    return "".join(each.text for each in segments)
