"""The audit log: append-only, each entry chained to the one before by its SHA-256.

An entry's body is RFC 8785 JSON (https://www.rfc-editor.org/rfc/rfc8785), stored verbatim and hashed as stored. The
first entry names the log. A chain alone shows neither a cut tail nor a log written anew: `verify` compares it with a
head that was noted elsewhere.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from access.changes import BOT, Event, EventKind
from access.people import SlackId
from storage.chain import GENESIS, Verified, chained, entries, head_row, verify
from storage.tables import audit, audit_head
from storage.transactions import LostRace

__all__ = ["Head", "NoSuchEntry", "Verified", "append", "export", "get", "head", "says", "verify"]


class NoSuchEntry(LookupError):  # noqa: N818 - it states a fact
    """The log has no event of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry of a log, to be noted where the database's administrators cannot rewrite it."""

    log_id: str
    seq: int
    hash: str


def append(db: Connection, event: Event) -> int:
    """Add an event and return its number; do it last in a transaction, because others then wait for its end."""
    before, prev = head_row(db, lock=True)
    new = []
    if before == 0:
        named = {"kind": GENESIS, "actor": str(BOT), "request": "", "log_id": secrets.token_hex(16)}
        new.append(chained(0, prev, event.at, named))
    new.append(chained(*((new[0].seq, new[0].hash) if new else (before, prev)), event.at, _to_content(event)))
    db.execute(insert(audit), [asdict(each) for each in new])
    moved = update(audit_head).where(audit_head.c.seq == before, audit_head.c.hash == prev)
    if db.execute(moved.values(seq=new[-1].seq, hash=new[-1].hash)).rowcount != 1:
        raise LostRace("somebody else appended to the audit log")
    return new[-1].seq


def get(db: Connection, seq: int) -> Event:
    """Read one event; raises `NoSuchEntry` where there is none, or where it is the first entry, which names the log."""
    body = db.execute(select(audit.c.body).where(audit.c.seq == seq)).scalar_one_or_none()
    found: dict[str, Any] = json.loads(body) if body else {"kind": GENESIS}
    if found["kind"] == GENESIS:
        raise NoSuchEntry(f"the audit log has no event {seq}")
    return Event(
        kind=EventKind(found["kind"]),
        at=datetime.fromisoformat(found["at"]),
        actor=SlackId(found["actor"]),
        actor_name=found["actor_name"],
        request=found["request"],
        details=found["details"],
    )


def says(db: Connection, kind: EventKind, request: str, since: datetime) -> bool:
    """Tell whether the log has an event of this kind about a request since a moment."""
    which = (audit.c.kind == kind.value, audit.c.request == request, audit.c.at >= since)
    return db.execute(select(audit.c.seq).where(*which).limit(1)).first() is not None


def anchor(db: Connection, seq: int) -> str:
    """Give an entry's number and hash as `seq:hash`, for `verify`: whoever keeps it notices a log written anew."""
    found = db.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar_one()
    return f"{seq}:{found}"


def head(db: Connection) -> Head:
    """Tell the newest entry; `seq` is 0 and `log_id` empty before the first event."""
    seq, last = head_row(db)
    first = db.execute(select(audit.c.body).where(audit.c.seq == 1)).scalar_one_or_none()
    return Head(log_id=json.loads(first)["log_id"] if first else "", seq=seq, hash=last)


def export(db: Connection) -> Iterator[str]:
    """Write the log as JSON Lines, a page in memory at a time.

    A line is `{"body":…,"hash":"…"}`; the bytes between are those that the hash was made of.
    """
    for each in entries(db):
        yield f'{{"body":{each.body},"hash":"{each.hash}"}}'


def _to_content(event: Event) -> dict[str, object]:
    return {
        "kind": event.kind.value,
        "actor": str(event.actor),
        "actor_name": event.actor_name,
        "request": event.request,
        "details": {str(key): str(value) for key, value in event.details.items()},
    }
