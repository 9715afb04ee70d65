"""What AWS holds that is not the bot's, as it was reported; and what the bot may have left there itself."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from access.drift import key_of
from access.people import SlackId
from access.session import Assignment, Session, SessionId
from storage.tables import counters, drift, ended_sessions, live_sessions, outbox, sessions

_TURN = "reconcile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An assignment that was reported at `seen_at`; ignored or adopted until `settled_until`, by whom."""

    assignment: Assignment
    seen_at: datetime
    settled_until: datetime | None = None
    settled_by: SlackId | None = None

    def open(self, now: datetime) -> bool:
        """Tell whether somebody still has to say what becomes of it."""
        return self.settled_until is None or self.settled_until <= now

    def due(self, now: datetime) -> bool:
        """Tell whether it is to be reported again: it was settled for a time that is over."""
        return self.settled_until is not None and self.settled_until <= now


def take_turn(db: Connection, now: datetime, every: timedelta) -> bool:
    """Take the next round, of which there is one in `every` over all replicas; a clock set back never stops them."""
    at = int(now.timestamp())
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    db.execute(build(counters).values(name=_TURN, value=0).on_conflict_do_nothing(index_elements=["name"]))
    due = or_(counters.c.value <= at - int(every.total_seconds()), counters.c.value > at)
    return db.execute(update(counters).where(counters.c.name == _TURN, due).values(value=at)).rowcount == 1


def reported(db: Connection) -> dict[Assignment, Reported]:
    """Read all that was reported and still stands in AWS."""
    return {each.assignment: each for each in _all(db, select(drift))}


def find(db: Connection, key: str) -> Reported | None:
    """Find one by what its button carries."""
    return next((each for each in reported(db).values() if key_of(each.assignment) == key), None)


def together(db: Connection, seen_at: datetime) -> list[Reported]:
    """List what was reported in one message."""
    which = select(drift).where(drift.c.seen_at == seen_at)
    return _all(db, which.order_by(drift.c.account_id, drift.c.set_arn, drift.c.principal_id))


def report(db: Connection, found: Iterable[Assignment], now: datetime) -> None:
    """Note that these are reported in one message, and that nobody has settled them."""
    for each in found:
        forget(db, [each])
        db.execute(insert(drift).values({**_row(each), "seen_at": now}))


def settle(db: Connection, which: Reported, until: datetime, by: SlackId) -> bool:
    """Let it rest until then; False where somebody else said something about it meanwhile."""
    unchanged = drift.c.ignored_until.is_not_distinct_from(which.settled_until)
    rests = update(drift).where(_is(which.assignment), drift.c.seen_at == which.seen_at, unchanged)
    return db.execute(rests.values(ignored_until=until, ignored_by=by)).rowcount == 1


def forget(db: Connection, gone: Collection[Assignment]) -> None:
    """Forget what AWS does not hold any more: it is reported anew if it comes back."""
    for each in gone:
        db.execute(delete(drift).where(_is(each)))


def doubtful(db: Connection, since: datetime) -> list[Session]:
    """List sessions ended since then that may have left an assignment or a set of their own (`may_have_left`)."""
    return [Session(**row) for row in db.execute(_doubtful(sessions.c.ended_at >= since)).mappings()]


def may_have_left(db: Connection, session_id: SessionId) -> bool:
    """Tell whether the bot may have asked AWS for an ended session's assignment so late that it came after the end.

    It cannot have where one worker alone ever held the order to grant, had every answer of AWS, and finished it when
    the assignment was read back: whatever stands there after the proven end was made by somebody else. Otherwise an
    answer was lost, or a worker was paused and another took over. A session's own set is nobody else's.
    """
    return db.execute(_doubtful(sessions.c.id == session_id)).first() is not None


def ended_since(db: Connection, since: datetime) -> list[Session]:
    """List sessions that ended while the bot was looking."""
    which = select(sessions).where(ended_sessions, sessions.c.ended_at >= since)
    return [Session(**row) for row in db.execute(which).mappings()]


def live_on(db: Connection, assignment: Assignment) -> Session | None:
    """Find a live session on an assignment, the one that ends last."""
    which = select(sessions).where(
        live_sessions,
        sessions.c.principal_id == assignment.principal_id,
        sessions.c.account_id == assignment.account_id,
        sessions.c.set_arn == assignment.set_arn,
    )
    row = db.execute(which.order_by(sessions.c.ends_at.desc()).limit(1)).mappings().first()
    return Session(**row) if row else None


def with_own_sets(db: Connection, names: Collection[str]) -> list[Session]:
    """List sessions whose own set has or had one of these names."""
    which = select(sessions).where(sessions.c.own_set, sessions.c.set_name.in_(list(names)))
    return [Session(**row) for row in db.execute(which).mappings()] if names else []


def _doubtful(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    order = outbox.c.dedup_key == "grant:" + sessions.c.id
    lost = and_(outbox.c.id.is_not(None), or_(outbox.c.outcome_unknown, outbox.c.done_at.is_(None)))
    unproven = or_(sessions.c.own_set, sessions.c.granted_at.is_(None), lost)
    asked = and_(sessions.c.sent_at.is_not(None), ~sessions.c.existed_before)
    return select(sessions).outerjoin(outbox, order).where(ended_sessions, asked, unproven, *conditions)


def _all(db: Connection, which: Select[*tuple[Any, ...]]) -> list[Reported]:
    return [
        Reported(
            assignment=Assignment(principal_id=row.principal_id, account_id=row.account_id, set_arn=row.set_arn),
            seen_at=row.seen_at,
            settled_until=row.ignored_until,
            settled_by=SlackId(row.ignored_by) if row.ignored_by else None,
        )
        for row in db.execute(which)
    ]


def _row(assignment: Assignment) -> dict[str, str]:
    return {
        "principal_id": assignment.principal_id,
        "account_id": assignment.account_id,
        "set_arn": assignment.set_arn,
    }


def _is(assignment: Assignment) -> ColumnElement[bool]:
    return and_(
        drift.c.principal_id == assignment.principal_id,
        drift.c.account_id == assignment.account_id,
        drift.c.set_arn == assignment.set_arn,
    )
