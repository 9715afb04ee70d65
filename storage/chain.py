"""The chain of the audit log: how an entry is hashed onto the one before, and how the whole is verified."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785
from sqlalchemy import Connection, select

from storage.tables import audit, audit_head

FORMAT = 1
GENESIS = "genesis"
"""The kind of the first entry, which names the log."""
NO_HASH = "0" * 64
"""What stands before the first entry."""
PAGE = 1000


SHORTEST_ANCHOR = 16
"""Hexadecimal digits of a hash that an anchor must have; nobody finds another log with the same 64 bits in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it is stored: `body` is what was hashed, the other columns repeat what stands in it."""

    seq: int
    at: datetime
    kind: str
    actor: str
    request: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification found; `problem` says in words where the chain is broken, and is empty where it is not."""

    ok: bool
    entries: int
    head_seq: int
    head_hash: str
    problem: str


def chained(last: int, prev: str, at: datetime, content: Mapping[str, object]) -> Entry:
    """Make the entry after number `last` whose hash is `prev`; `content` holds kind, actor and request at least."""
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = rfc8785.dumps({"v": FORMAT, "seq": last + 1, "at": stamp, "prev": prev, **content})  # type: ignore[dict-item]
    return Entry(
        seq=last + 1,
        at=at,
        kind=str(content["kind"]),
        actor=str(content["actor"]),
        request=str(content["request"]),
        body=body.decode(),
        prev=prev,
        hash=hashlib.sha256(body).hexdigest(),
    )


def entries(db: Connection) -> Iterator[Entry]:
    """Read the log from its start, a page in memory at a time."""
    last = -1
    while True:
        page = db.execute(select(audit).where(audit.c.seq > last).order_by(audit.c.seq).limit(PAGE)).mappings().all()
        yield from (Entry(**row) for row in page)
        if len(page) < PAGE:
            return
        last = page[-1]["seq"]


def verify(db: Connection, anchor: tuple[int, str] | None = None) -> Verified:
    """Check every entry, the head, and an `anchor` (number and hash noted elsewhere) where one is given.

    `db` must be a reading transaction, so that nothing is appended meanwhile. Without an anchor neither a tail cut off
    together with the head nor a log written anew can be noticed.
    """
    seq, prev, problem = 0, NO_HASH, ""
    for entry in entries(db):
        problem = _entry_problem(entry, seq, prev) or _anchor_problem(entry, anchor)
        if problem:
            break
        seq, prev = entry.seq, entry.hash
    problem = problem or _end_problem(db, seq, prev, anchor)
    return Verified(ok=not problem, entries=seq, head_seq=seq, head_hash=prev, problem=problem)


def head_row(db: Connection, *, lock: bool = False) -> tuple[int, str]:
    """Read the head: number and hash of the newest entry; `lock` makes others wait for this transaction."""
    which = select(audit_head.c.seq, audit_head.c.hash)
    found = db.execute(which.with_for_update() if lock else which).one_or_none()
    return (found.seq, found.hash) if found else (0, NO_HASH)


def _entry_problem(entry: Entry, last: int, prev: str) -> str:
    if entry.seq != last + 1:
        return f"broken at {last + 1}: the next entry is {entry.seq}"
    if hashlib.sha256(entry.body.encode()).hexdigest() != entry.hash:
        return f"broken at {entry.seq}: the body was changed"
    body = json.loads(entry.body)
    if entry.prev != prev or body["prev"] != prev:
        return f"broken at {entry.seq}: it does not follow the entry before"
    said = (body["seq"], datetime.fromisoformat(body["at"]), body["kind"], body["actor"], body["request"])
    if said != (entry.seq, entry.at, entry.kind, entry.actor, entry.request):
        return f"broken at {entry.seq}: its columns do not say what its body says"
    return "" if (entry.kind == GENESIS) == (entry.seq == 1) else f"broken at {entry.seq}: the log's name is misplaced"


def _anchor_problem(entry: Entry, anchor: tuple[int, str] | None) -> str:
    if anchor is None or anchor[0] != entry.seq:
        return ""
    if len(anchor[1]) >= SHORTEST_ANCHOR and entry.hash.startswith(anchor[1]):
        return ""
    return f"mismatch at {entry.seq}: the anchor names another hash, so the log was written anew"


def _end_problem(db: Connection, seq: int, last: str, anchor: tuple[int, str] | None) -> str:
    if anchor and anchor[0] > seq:
        return f"truncated: the anchor names entry {anchor[0]}, the log ends at {seq}"
    head = head_row(db)
    return "" if head == (seq, last) else f"truncated: the head names entry {head[0]}, the log ends at {seq}"
