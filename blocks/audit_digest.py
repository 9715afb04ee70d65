"""One message for many entries of the audit log, when so many wait that a line each would come hours late."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from access.changes import Event
from blocks.audit_line import shown_kind, witness
from blocks.message import Message
from blocks.parts import context, section
from blocks.text import inline, when

NUMBERS_MOST = 15
"""Requests named for one kind; the range names every entry, whatever happens to this list."""
_NAMED_MOST = 300
"""Requests named in one message, whatever kinds there are."""
_LINES = 8
"""Kinds in one block, whose text may have 3,000 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Entries `first` to `last` of the log: `events` had no line yet, `anchor` is the last one's `seq:hash`."""

    first: int
    last: int
    events: Sequence[Event]
    anchor: str


def audit_digest(digest: Digest) -> Message:
    """Render the digest: the range, how many of each kind about which requests, and the anchor of the last."""
    count = len(digest.events)
    top = f"🗞️ *{count} entries at once* · {digest.first} to {digest.last} of the audit log"
    counts = Counter(each.kind for each in digest.events)
    most = min(NUMBERS_MOST, _NAMED_MOST // len(counts)) if counts else NUMBERS_MOST
    lines = [
        f"{shown_kind(kind)}: *{times}* {_about(digest, kind, most)}".rstrip() for kind, times in counts.most_common()
    ]
    span = f"{when(digest.events[0].at)} to {when(digest.events[-1].at)}"
    foot = context(f"{span} · every entry: `jitbot audit export` · {witness(digest.anchor)}")
    text = f"🗞️ {count} entries at once: {digest.first} to {digest.last} of the audit log"
    rows = [section(*lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
    return Message(text=text, blocks=[section(top), *rows, foot])


def _about(digest: Digest, kind: str, most: int) -> str:
    numbers = list(dict.fromkeys(each.request for each in digest.events if each.kind == kind and each.request))
    if not numbers:
        return ""
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return f"({', '.join(inline(each, 20) for each in numbers[:most])}{more})"
