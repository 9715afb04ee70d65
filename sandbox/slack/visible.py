"""What a person reads of blocks and messages, and whom a message notifies."""

from collections.abc import Iterator

from sandbox.slack.messages import Message
from sandbox.slack.mrkdwn import BROADCASTS, Segment, Show, plain, render
from sandbox.slack.reader import Reader
from sandbox.slack.rich_text import rich_segments
from sandbox.slack.wire import Json

_LOUD = frozenset({Show.PERSON, Show.GROUP, Show.BROADCAST})


def text_segments(text: Json | str, reader: Reader) -> list[Segment]:
    """Show one text object; plain_text as it is written."""
    if isinstance(text, str):
        return [Segment(text=text)]
    if text["type"] == "mrkdwn":
        return render(text["text"], reader, verbatim=bool(text.get("verbatim", False)))
    return [Segment(text=text["text"])]


def _texts_of(block: Json, reader: Reader) -> Iterator[list[Segment]]:
    """Show every text of one block, in reading order."""
    match block["type"]:
        case "rich_text":
            yield from rich_segments(block, reader)
        case "context":
            for element in block["elements"]:
                yield text_segments(element["alt_text"] if element["type"] == "image" else element, reader)
        case "table" | "data_table":
            for row in block["rows"]:
                yield _row(row, reader)
        case _:
            texts = [block.get(key) for key in ("title", "subtitle", "label", "text", "body", "hint", "alt_text")]
            for text in [each for each in texts if each] + block.get("fields", []):
                yield text_segments(text, reader)
            for child in block.get("child_blocks", []):
                yield from _texts_of(child, reader)


def _row(cells: list[Json], reader: Reader) -> list[Segment]:
    joined: list[Segment] = []
    for cell in cells:
        shown = (
            list(rich_segments(cell, reader)) if cell["type"] == "rich_text" else [[Segment(text=str(cell["text"]))]]
        )
        joined += [*(each for line in shown for each in line), Segment(text="\t")]
    return joined[:-1]


def block_lines(blocks: list[Json], reader: Reader) -> list[str]:
    """List the visible texts of blocks, one for each text object."""
    return [plain(segments) for block in blocks for segments in _texts_of(block, reader)]


def message_text(message: Message, reader: Reader) -> str:
    """Give the full visible text of a message: of its blocks, or of its text where it has none."""
    if message.blocks:
        return "\n".join(block_lines(message.blocks, reader))
    return notification_text(message, reader)


def notification_text(message: Message, reader: Reader) -> str:
    """Give the top-level text as notifications and screen readers have it."""
    return plain(render(message.text, reader, verbatim=True))


def notified(message: Message, reader: Reader) -> list[str]:
    """Name whom a message notifies: `channel`, `here`, `everyone`, and the ids of people and groups.

    Both the blocks and the top-level text count (C); plain "@here" in the top-level text does not, since
    chat.postMessage parses it only with link_names.
    """
    shown = [segments for block in message.blocks for segments in _texts_of(block, reader)]
    shown.append(render(message.text, reader, verbatim=True))
    targets = {each.target for segments in shown for each in segments if each.show in _LOUD}
    return sorted(targets, key=lambda each: (each not in BROADCASTS, each))
