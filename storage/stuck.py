"""Lanes of the outbox that nobody drains: something has been due for long, and nothing is held or was done since."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from storage.lanes import Lane
from storage.tables import open_effects, outbox


def stuck_lanes(db: Connection, now: datetime, patience: timedelta) -> dict[Lane, timedelta]:
    """Tell for how long each lane that nobody works on keeps an effect waiting, where that is longer than `patience`.

    A long queue is not stuck while it is worked on; an effect that fails again and again is put off, not kept waiting.
    """
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    waiting = select(outbox.c.lane, func.min(outbox.c.due_at)).where(open_effects, free).group_by(outbox.c.lane)
    late = {lane: now - due_at for lane, due_at in db.execute(waiting) if now - due_at > patience}
    return {lane: wait for lane, wait in late.items() if not _worked_on(db, lane, now, patience)}


def _worked_on(db: Connection, lane: Lane, now: datetime, patience: timedelta) -> bool:
    lately = or_(outbox.c.leased_until > now, outbox.c.done_at > now - patience)
    return db.execute(select(outbox.c.id).where(outbox.c.lane == lane, lately).limit(1)).first() is not None
