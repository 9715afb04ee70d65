"""Text objects and rich text as stretches a template can draw."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.slack.mrkdwn import Segment
from sandbox.slack.reader import Reader
from sandbox.slack.rich_text import inline_segment
from sandbox.slack.visible import text_segments
from sandbox.slack.wire import Json

_QUOTE = re.compile(r"^(?:&gt;|>) ?")
_FENCE = "```"
_SAFE = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Lines of mrkdwn that belong together: quoted or not."""

    quoted: bool
    segments: list[Segment]


def runs(text: Json | str, reader: Reader) -> list[Run]:
    """Split a text object into quoted and other lines; Slack draws a bar beside lines that begin with `>`."""
    if isinstance(text, str) or text["type"] != "mrkdwn":
        return [Run(quoted=False, segments=text_segments(text, reader))]
    parts = [(quoted, text_segments(text | {"text": lines}, reader)) for quoted, lines in _grouped(text["text"])]
    return [Run(quoted=quoted, segments=segments) for quoted, segments in parts]


def _grouped(text: str) -> Iterator[tuple[bool, str]]:
    held: list[str] = []
    state = fenced = False
    for line in text.split("\n"):
        quoted = not fenced and bool(_QUOTE.match(line))
        fenced ^= line.count(_FENCE) % 2 == 1
        if held and quoted != state:
            yield state, "\n".join(held)
            held = []
        held.append(_QUOTE.sub("", line, count=1) if quoted else line)
        state = quoted
    yield state, "\n".join(held)


def inline(elements: list[Json], reader: Reader) -> list[Segment]:
    """Show the inside of one rich text section."""
    return [inline_segment(each, reader) for each in elements]


def address(target: str) -> str:
    """Give an address that may be followed, empty for every scheme but the web's and mail's."""
    return target if target.lower().startswith(_SAFE) else ""
