"""Floods: many effects of one subject wait, and one message stands for all of them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from access.changes import EffectKind
from storage.tables import open_effects, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """One effect that is not performed yet, held or not."""

    id: int
    key: str
    arguments: Mapping[str, str]


def waiting(db: Connection, subject: str, kind: EffectKind, most: int) -> list[Undone]:
    """List at most `most` effects of a subject and kind that are not performed yet, the oldest first."""
    which = select(outbox.c.id, outbox.c.dedup_key, outbox.c.payload).where(open_effects, outbox.c.subject == subject)
    found = db.execute(which.where(outbox.c.kind == kind).order_by(outbox.c.id).limit(most)).all()
    return [Undone(id=row.id, key=row.dedup_key, arguments=json.loads(row.payload)) for row in found]


def finish_too(db: Connection, ids: Collection[int], now: datetime) -> None:
    """Mark effects as performed together with one of their subject that is held and finished in this transaction.

    Nobody else can hold them meanwhile: effects of one subject are never held at the same time.
    """
    done = update(outbox).where(outbox.c.id.in_(ids), open_effects)
    db.execute(done.values(done_at=now, leased_by=None, leased_until=None))
