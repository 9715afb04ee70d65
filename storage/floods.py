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
    """One effect that is not performed yet, held or not; `unknown` tells that an attempt may have had its effect."""

    id: int
    key: str
    arguments: Mapping[str, str]
    first_due: datetime
    unknown: bool


def waiting(db: Connection, subject: str, kind: EffectKind, most: int) -> list[Undone]:
    """List at most `most` effects of a subject and kind that are not performed yet, the oldest first."""
    which = select(outbox).where(open_effects, outbox.c.subject == subject, outbox.c.kind == kind)
    return [
        Undone(
            id=row.id,
            key=row.dedup_key,
            arguments=json.loads(row.payload),
            first_due=row.first_due_at,
            unknown=row.outcome_unknown or row.leased_until is not None,
        )
        for row in db.execute(which.order_by(outbox.c.id).limit(most))
    ]


def finish_too(db: Connection, ids: Collection[int], now: datetime) -> None:
    """Mark effects as performed together with one of their subject that is held and finished in this transaction.

    Nobody else can hold them meanwhile: effects of one subject are never held at the same time.
    """
    done = update(outbox).where(outbox.c.id.in_(ids), open_effects)
    db.execute(done.values(done_at=now, leased_by=None, leased_until=None))
