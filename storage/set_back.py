"""What a wall clock that was set back puts out of reach: effects due, or leased, further ahead than any ever is."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from access.changes import EffectKind
from storage.tables import one_of, open_effects, outbox

FURTHEST = timedelta(minutes=15)
"""How far ahead a next attempt may lie at most; the back-off and Slack's own wishes stay below."""
_PUT_OFF_AT_BIRTH = frozenset({EffectKind.REVOKE_ALL, EffectKind.REFRESH_HOMES})
"""Kinds that may be ordered for a quarter of an hour later, or for when Slack says."""
_SOON = one_of(outbox.c.kind, [each for each in EffectKind if each not in _PUT_OFF_AT_BIRTH])
"""Kinds that are ordered for within minutes, so that only a clock set back lets them wait longer for their first time.
"""


def out_of_reach(db: Connection, now: datetime, lease: timedelta) -> bool:
    """Tell whether anything was put off or leased by a clock that went ahead of this one."""
    far = and_(open_effects, or_(_due_too_late(now), _held_too_long(now, lease)))
    return db.execute(select(outbox.c.id).where(far).limit(1)).first() is not None


def pull_back(db: Connection, now: datetime, lease: timedelta) -> int:
    """Make due now what is due too far ahead, and let leases end as if they were new; returns how many were changed."""
    held = update(outbox).where(open_effects, _held_too_long(now, lease)).values(leased_until=now + lease)
    due = update(outbox).where(open_effects, _due_too_late(now)).values(due_at=now)
    return db.execute(held).rowcount + db.execute(due).rowcount


def _due_too_late(now: datetime) -> ColumnElement[bool]:
    return and_(outbox.c.due_at > now + FURTHEST, or_(outbox.c.attempts > 0, _SOON))


def _held_too_long(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    return outbox.c.leased_until > now + lease
