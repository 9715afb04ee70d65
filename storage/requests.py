"""Requests and their decisions, stored."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from access.durations import SessionDuration
from access.people import SlackId
from access.permission_sets import RequestedSet, SetContent
from access.request import Decision, Request, Requester, RequestId, RequestStatus
from storage.tables import counters, decisions, one_of, requests, running_sessions, sessions, undecided_requests
from storage.transactions import LostRace


def next_number(db: Connection) -> int:
    """Take the next request number; the first is 1001, and one rolled back is taken again."""
    taken = update(counters).where(counters.c.name == "requests").values(value=counters.c.value + 1)
    return int(db.execute(taken.returning(counters.c.value)).scalar_one())


def add(db: Connection, request: Request) -> None:
    """Store a new request, with the decisions it has; raises `LostRace` where its id is stored already."""
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    new = build(requests).values(_to_row(request)).on_conflict_do_nothing(index_elements=["id"])
    if db.execute(new.returning(requests.c.id)).first() is None:
        raise LostRace(f"request {request.id} is stored already")
    _add_decisions(db, request, 0)


def get(db: Connection, request_id: RequestId, *, lock: bool = False) -> Request | None:
    """Find a request; `lock` makes others wait for this transaction before they get it with `lock`."""
    return _one(db, requests.c.id == request_id, lock=lock)


def by_number(db: Connection, number: int) -> Request | None:
    """Find the request that people call `REQ-<number>`."""
    return _one(db, requests.c.number == number)


def save(db: Connection, request: Request) -> None:
    """Store the next version of a request and its new decisions.

    Raises `LostRace` where the stored version is not the one before, or where it has left the undecided for good.
    """
    row = _to_row(request)
    saved = db.execute(
        update(requests)
        .where(requests.c.id == row.pop("id"), requests.c.version == request.version - 1)
        .where(or_(undecided_requests, requests.c.status == request.status))
        .values(row)
    )
    if saved.rowcount != 1:
        raise LostRace(f"{request.label} is no longer at version {request.version - 1}")
    known = db.execute(select(func.count()).select_from(decisions).where(decisions.c.request_id == request.id))
    _add_decisions(db, request, known.scalar_one())


def with_overdue_end(db: Connection, now: datetime) -> Iterator[Request]:
    """Walk through the requests whose session's end has come and is not ordered, longest over first, page by page."""
    ids = db.execute(_OVERDUE.order_by(sessions.c.ends_at), {"now": now}).scalars().all()
    for first in range(0, len(ids), _PAGE):
        page = ids[first : first + _PAGE]
        found = {each.id: each for each in _all(db, _which(requests.c.id.in_(page)), _PAGE)}
        yield from (found[RequestId(each)] for each in page)


def of_requester(db: Connection, slack_id: SlackId, limit: int) -> list[Request]:
    """List what somebody asked for, newest first."""
    return _all(db, _which(requests.c.requester_id == slack_id).order_by(requests.c.number.desc()), limit)


def undecided(db: Connection, limit: int) -> list[Request]:
    """List what waits for a decision, oldest first."""
    return _all(db, _which(undecided_requests).order_by(requests.c.requested_at, requests.c.number), limit)


def undecided_of(db: Connection, slack_id: SlackId) -> int:
    """Count somebody's own undecided requests."""
    mine = select(func.count()).where(undecided_requests, requests.c.requester_id == slack_id)
    return db.execute(mine).scalar_one()


def undecided_extension(db: Connection, number: int) -> Request | None:
    """Find the request, still undecided, that asks for more time for the session of `REQ-<number>`."""
    return _one(db, and_(undecided_requests, requests.c.extends == number))


def to_lapse(db: Connection, now: datetime, limit: int) -> list[Request]:
    """List undecided requests whose time is over, longest over first."""
    return _all(db, _TO_LAPSE, limit, now=now)


def to_remind(db: Connection, now: datetime, requested_before: datetime, limit: int) -> list[Request]:
    """List undecided requests that wait since `requested_before`, have not lapsed and were never reminded of.

    The wait begins with the request, and anew with the decision of the first level.
    """
    return _all(db, _TO_REMIND, limit, now=now, requested_before=requested_before)


def to_escalate(db: Connection, requested_before: datetime, limit: int) -> list[Request]:
    """List requests for standard sets that wait since `requested_before` and were never escalated."""
    return _all(db, _TO_ESCALATE, limit, requested_before=requested_before)


def _which(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(requests).where(*conditions).limit(bindparam("limit"))


def _one(db: Connection, condition: ColumnElement[bool], *, lock: bool = False) -> Request | None:
    which = _which(condition)
    found = _all(db, which.with_for_update() if lock else which, 1)
    return found[0] if found else None


def _all(db: Connection, which: Select[*tuple[Any, ...]], limit: int, **values: object) -> list[Request]:
    rows = db.execute(which, {"limit": limit, **values}).all()
    made = _decisions_of(db, [row.id for row in rows])
    return [_from_row(row, made.get(row.id, ())) for row in rows]


def _decisions_of(db: Connection, ids: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
    if not ids:
        return {}
    which = select(decisions).where(decisions.c.request_id.in_(ids)).order_by(decisions.c.position)
    found: dict[str, tuple[Decision, ...]] = {}
    for row in db.execute(which):
        found[row.request_id] = (*found.get(row.request_id, ()), _to_decision(row))
    return found


def _add_decisions(db: Connection, request: Request, known: int) -> None:
    new = list(enumerate(request.decisions))[known:]
    if new:
        db.execute(insert(decisions), list(_decision_rows(request.id, new)))


def _decision_rows(request_id: RequestId, numbered: Iterable[tuple[int, Decision]]) -> Iterable[dict[str, object]]:
    for position, decision in numbered:
        row = asdict(decision)
        row |= {
            "approver_id": row.pop("by"),
            "approver_name": row.pop("by_name"),
            "approver_email": row.pop("by_email"),
        }
        yield row | {"request_id": request_id, "position": position}


def _to_decision(row: Row[*tuple[Any, ...]]) -> Decision:
    return Decision(
        level=row.level,
        verdict=row.verdict,
        by=SlackId(row.approver_id),
        by_name=row.approver_name,
        by_email=row.approver_email,
        role=row.role,
        at=row.at,
        reason=row.reason,
        stand_in=row.stand_in,
    )


def _to_row(request: Request) -> dict[str, object]:
    requester, wanted = request.requester, request.permission_set
    return {
        "id": request.id,
        "number": request.number,
        "requester_id": requester.slack_id,
        "requester_name": requester.name,
        "requester_email": requester.email,
        "principal_id": requester.principal_id,
        "account_id": request.account_id,
        "account_name": request.account_name,
        "set_kind": wanted.kind,
        "set_name": wanted.name,
        "set_content": json.dumps(asdict(wanted.content), sort_keys=True) if wanted.content else None,
        "duration": request.duration,
        "justification": request.justification,
        "requested_at": request.requested_at,
        "lapses_at": request.lapses_at,
        "status": request.status,
        "closed_at": request.closed_at,
        "reminded_at": request.reminded_at,
        "escalated_at": request.escalated_at,
        "extends": request.extends,
        "version": request.version,
    }


def _from_row(row: Row[*tuple[Any, ...]], made: tuple[Decision, ...]) -> Request:
    return Request(
        id=RequestId(row.id),
        number=row.number,
        requester=Requester(
            slack_id=SlackId(row.requester_id),
            name=row.requester_name,
            email=row.requester_email,
            principal_id=row.principal_id,
        ),
        account_id=row.account_id,
        account_name=row.account_name,
        permission_set=RequestedSet(kind=row.set_kind, name=row.set_name, content=_to_content(row.set_content)),
        duration=row.duration,
        justification=row.justification,
        requested_at=row.requested_at,
        lapses_at=row.lapses_at,
        status=row.status,
        decisions=made,
        closed_at=row.closed_at,
        reminded_at=row.reminded_at,
        escalated_at=row.escalated_at,
        extends=row.extends,
        version=row.version,
    )


def _to_content(words: str | None) -> SetContent | None:
    if words is None:
        return None
    found = json.loads(words)
    return SetContent(
        session_duration=SessionDuration(found["session_duration"]),
        managed_policies=tuple(found["managed_policies"]),
        inline_policy=found["inline_policy"],
    )


_PAGE = 500
_OVERDUE = select(sessions.c.request_id).where(running_sessions, sessions.c.ends_at <= bindparam("now"))
# The sweeps ask these every two seconds; made once, they cost a third.
_waiting = requests.c.requested_at <= bindparam("requested_before")
_TO_LAPSE = _which(undecided_requests, requests.c.lapses_at <= bindparam("now")).order_by(requests.c.lapses_at)
_decided_lately = exists().where(
    decisions.c.request_id == requests.c.id, decisions.c.at > bindparam("requested_before")
)
_TO_REMIND = _which(
    undecided_requests,
    _waiting,
    requests.c.lapses_at > bindparam("now"),
    requests.c.reminded_at.is_(None),
    ~_decided_lately,
).order_by(requests.c.requested_at)
_TO_ESCALATE = _which(
    undecided_requests,
    one_of(requests.c.status, [RequestStatus.PENDING]),
    _waiting,
    requests.c.escalated_at.is_(None),
).order_by(requests.c.requested_at)
