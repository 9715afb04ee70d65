"""What a message is made of, and how much of it Slack takes."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""One Block Kit block, element or object, ready for JSON."""

MESSAGE_BUDGET = 8_000
"""Our limit for the text of all blocks of one message: Slack's own is undocumented (`msg_blocks_too_long`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: `text` stands alone (notifications, screen readers) and is escaped; `blocks` are what is shown."""

    text: str
    blocks: list[Block]


def text_length(part: object) -> int:
    """Count the characters of all texts in a block or in a list of blocks."""
    if isinstance(part, list):
        return sum(text_length(each) for each in part)
    if not isinstance(part, dict):
        return 0
    own = part.get("text")
    rest = sum(text_length(each) for each in part.values())
    return rest + len(own) if isinstance(own, str) else rest
