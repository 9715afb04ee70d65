"""Whether all granting is frozen: one row while it is, none otherwise, for all replicas."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from access.changes import EffectKind
from access.freeze import Freeze
from storage.listening import notify
from storage.tables import freezes, open_effects, outbox
from storage.transactions import LostRace


def current(db: Connection) -> Freeze | None:
    """Read the freeze, None where nothing is frozen."""
    found = db.execute(_CURRENT).one_or_none()
    return Freeze(by=found.by, by_name=found.by_name, at=found.at, reason=found.reason) if found else None


def put_on(db: Connection, freeze: Freeze) -> None:
    """Store a freeze; raises `LostRace` where somebody else was faster."""
    row = {"id": 1, "by": freeze.by, "by_name": freeze.by_name, "at": freeze.at, "reason": freeze.reason}
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    new = build(freezes).values(row).on_conflict_do_nothing(index_elements=["id"]).returning(freezes.c.id)
    if db.execute(new).one_or_none() is None:
        raise LostRace("somebody else has frozen it")


def lift(db: Connection, freeze: Freeze) -> None:
    """Take away this freeze and no other; raises `LostRace` where it is gone."""
    if db.execute(delete(freezes).where(freezes.c.at == freeze.at, freezes.c.by == freeze.by)).rowcount != 1:
        raise LostRace("somebody else has lifted it")


def release_grants(db: Connection, now: datetime) -> None:
    """Make the grants due now that waited for the end of a freeze."""
    waiting = update(outbox).where(open_effects, outbox.c.kind == EffectKind.GRANT, outbox.c.leased_until.is_(None))
    db.execute(waiting.where(outbox.c.due_at > now).values(due_at=now))
    notify(db)


_CURRENT = select(freezes)
