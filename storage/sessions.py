"""Sessions, stored; the sweeps find them by their end."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, or_, select, update

from access.people import SlackId
from access.request import RequestId
from access.session import Assignment, Session, SessionId, SessionStatus
from storage.tables import (
    ended_sessions,
    ending_sessions,
    live_sessions,
    requests,
    running_sessions,
    sessions,
    unannounced_sessions,
)
from storage.transactions import LostRace


def add(db: Connection, session: Session) -> None:
    """Store a new session; a request has at most one."""
    db.execute(insert(sessions).values(_to_row(session)))


def get(db: Connection, session_id: SessionId, *, lock: bool = False) -> Session | None:
    """Find a session; `lock` makes others wait for this transaction before they get it with `lock`."""
    return _one(db, sessions.c.id == session_id, lock=lock)


def of_request(db: Connection, request_id: RequestId, *, lock: bool = False) -> Session | None:
    """Find the session of a request."""
    return _one(db, sessions.c.request_id == request_id, lock=lock)


def of_number(db: Connection, number: int, *, lock: bool = False) -> Session | None:
    """Find the session of the request that people call `REQ-<number>`."""
    which = select(requests.c.id).where(requests.c.number == number).scalar_subquery()
    return _one(db, sessions.c.request_id == which, lock=lock)


def of_requests(db: Connection, ids: Collection[RequestId]) -> dict[RequestId, Session]:
    """Find the sessions of many requests at once; requests without one are left out."""
    return {each.request_id: each for each in _all(db, _which(sessions.c.request_id.in_(ids)))} if ids else {}


def save(db: Connection, session: Session) -> None:
    """Store the next version of a session.

    Raises `LostRace` where the stored version is not the one before, or where it has ended for good.
    """
    row = _to_row(session)
    saved = db.execute(
        update(sessions)
        .where(sessions.c.id == row.pop("id"), sessions.c.version == session.version - 1)
        .where(or_(live_sessions, sessions.c.status == session.status))
        .values(row)
    )
    if saved.rowcount != 1:
        raise LostRace(f"session {session.id} is no longer at version {session.version - 1}")


def to_end(db: Connection, now: datetime, limit: int, skip: int = 0) -> list[Session]:
    """List granting and active sessions whose end has come, longest over first and without the first `skip`."""
    return _all(db, _TO_END, now=now, limit=limit, skip=skip)


def to_announce(db: Connection, now: datetime, ends_before: datetime, limit: int) -> list[Session]:
    """List active sessions that end after now and by `ends_before`, and whose end was not announced."""
    return _all(db, _TO_ANNOUNCE, now=now, ends_before=ends_before, limit=limit)


def to_call_overdue(db: Connection, now: datetime, ordered_before: datetime, limit: int) -> list[Session]:
    """List revoking sessions that are to be called overdue: ordered to end by `ordered_before`, or called so long ago.

    The longest overdue come first; those to be called so again have their time in `overdue_again_at`.
    """
    return _all(db, _TO_CALL_OVERDUE, now=now, ordered_before=ordered_before, limit=limit)


def count_overdue(db: Connection, ordered_before: datetime) -> int:
    """Count the sessions that were to be gone by then: revoking ones by their order, running ones by their end."""
    ending = select(func.count()).where(ending_sessions, sessions.c.end_ordered_at <= ordered_before)
    running = select(func.count()).where(running_sessions, sessions.c.ends_at <= ordered_before)
    return int(db.execute(ending).scalar_one()) + int(db.execute(running).scalar_one())


def sharing(db: Connection, assignment: Assignment, besides: SessionId) -> list[Session]:
    """List other granting and active sessions that stand on the same assignment; none where its set is not known."""
    if not assignment.set_arn:
        return []
    same = _which(
        running_sessions,
        sessions.c.principal_id == assignment.principal_id,
        sessions.c.account_id == assignment.account_id,
        sessions.c.set_arn == assignment.set_arn,
        sessions.c.id != besides,
    )
    return _all(db, same.order_by(sessions.c.ends_at))


def live(db: Connection, limit: int) -> list[Session]:
    """List granting, active and revoking sessions, the one that ends first first."""
    return _all(db, _which(live_sessions).order_by(sessions.c.ends_at, sessions.c.id).limit(limit))


def live_of_holder(db: Connection, slack_id: SlackId) -> list[Session]:
    """List somebody's granting, active and revoking sessions, the one that ends first first."""
    held = _which(live_sessions).join(requests, requests.c.id == sessions.c.request_id)
    return _all(db, held.where(requests.c.requester_id == slack_id).order_by(sessions.c.ends_at))


def counts(db: Connection) -> dict[str, int]:
    """Count the sessions in each status, statuses without any included; it reads an index entry per session."""
    found = {each.value: 0 for each in SessionStatus}
    for which in (live_sessions, ended_sessions):
        counted = select(sessions.c.status, func.count()).where(which).group_by(sessions.c.status)
        found |= {status.value: count for status, count in db.execute(counted)}
    return found


def next_end(db: Connection) -> datetime | None:
    """Tell when the next granting or active session ends (in the past: it is overdue), or None."""
    found: datetime | None = db.execute(_NEXT_END).scalar_one()
    return found


def _which(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(sessions).where(*conditions)


def _one(db: Connection, condition: ColumnElement[bool], *, lock: bool) -> Session | None:
    which = _which(condition)
    found = _all(db, which.with_for_update() if lock else which)
    return found[0] if found else None


def _all(db: Connection, which: Select[*tuple[Any, ...]], **values: object) -> list[Session]:
    return [Session(**row) for row in db.execute(which, values).mappings()]


def _to_row(session: Session) -> dict[str, object]:
    return {each.name: getattr(session, each.name) for each in fields(session)}


# The sweeps ask these every two seconds; made once, they cost a third.
_TO_END = (
    _which(running_sessions, sessions.c.ends_at <= bindparam("now"))
    .order_by(sessions.c.ends_at)
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
)
_TO_CALL_OVERDUE = (
    _which(
        ending_sessions,
        sessions.c.end_ordered_at <= bindparam("ordered_before"),
        or_(sessions.c.overdue_again_at.is_(None), sessions.c.overdue_again_at <= bindparam("now")),
    )
    .order_by(sessions.c.end_ordered_at)
    .limit(bindparam("limit"))
)
_TO_ANNOUNCE = (
    _which(
        unannounced_sessions,
        sessions.c.ends_at > bindparam("now"),
        sessions.c.ends_at <= bindparam("ends_before"),
    )
    .order_by(sessions.c.ends_at)
    .limit(bindparam("limit"))
)
_NEXT_END = select(func.min(sessions.c.ends_at)).where(running_sessions)
