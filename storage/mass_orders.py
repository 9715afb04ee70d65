"""Orders to revoke all, stored: whose sessions they are about, and where their message stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, true, update

from access.mass_order import MassOrder, OrderId, Progress, Scope, ScopeKind
from access.request import RequestId
from access.session import SessionId
from storage.tables import live_sessions, mass_order_ends, mass_orders, requests, running_sessions, sessions
from storage.transactions import LostRace


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where the message of an order stands, and which state it shows; empty before it is posted."""

    channel: str
    ts: str
    state: str


def add(db: Connection, order: MassOrder) -> None:
    """Store a new order."""
    db.execute(insert(mass_orders).values(_to_row(order)))


def get(db: Connection, order_id: OrderId, *, lock: bool = False) -> MassOrder | None:
    """Find an order; `lock` makes others wait for this transaction before they get it with `lock`."""
    which = select(mass_orders).where(mass_orders.c.id == order_id)
    found = db.execute(which.with_for_update() if lock else which).one_or_none()
    return _to_order(found) if found else None


def save(db: Connection, order: MassOrder) -> None:
    """Store the next version of an order; raises `LostRace` where the stored one is not the one before."""
    row = _to_row(order)
    same = update(mass_orders).where(mass_orders.c.id == row.pop("id"), mass_orders.c.version == order.version - 1)
    if db.execute(same.values(row)).rowcount != 1:
        raise LostRace(f"order {order.id} is no longer at version {order.version - 1}")


def shown(db: Connection, order_id: OrderId) -> Shown:
    """Tell where an order's message stands."""
    columns = (mass_orders.c.channel, mass_orders.c.ts, mass_orders.c.shown)
    found = db.execute(select(*columns).where(mass_orders.c.id == order_id)).one()
    return Shown(channel=found.channel, ts=found.ts, state=found.shown)


def note_shown(db: Connection, order_id: OrderId, now_shown: Shown) -> None:
    """Remember where an order's message stands and what it shows."""
    same = update(mass_orders).where(mass_orders.c.id == order_id)
    db.execute(same.values(channel=now_shown.channel, ts=now_shown.ts, shown=now_shown.state))


def count(db: Connection, scope: Scope) -> int:
    """Count the granting and active sessions that an order of this scope would end now."""
    which = select(func.count()).select_from(sessions).join(requests, requests.c.id == sessions.c.request_id)
    return int(db.execute(which.where(running_sessions, _within(scope))).scalar_one())


def concerned(db: Connection, scope: Scope, approved_by: datetime, limit: int) -> list[RequestId]:
    """List the requests whose granting and active sessions are within a scope and were approved by then."""
    which = select(requests.c.id).join(sessions, requests.c.id == sessions.c.request_id)
    old = which.where(running_sessions, _within(scope), requests.c.closed_at <= approved_by)
    return list(db.execute(old.order_by(sessions.c.ends_at).limit(limit)).scalars())


def note_ended(db: Connection, order_id: OrderId, session_id: SessionId) -> None:
    """Remember that an order has ended a session, in the transaction that orders its end."""
    db.execute(insert(mass_order_ends).values(order_id=order_id, session_id=session_id))


def progress(db: Connection, order_id: OrderId) -> Progress:
    """Tell how many sessions an order has ended, and how many of them are not proven gone yet."""
    ended = select(func.count(), func.count().filter(live_sessions)).select_from(mass_order_ends)
    joined = ended.join(sessions, sessions.c.id == mass_order_ends.c.session_id)
    total, live = db.execute(joined.where(mass_order_ends.c.order_id == order_id)).one()
    return Progress(ordered=total, live=live)


def _within(scope: Scope) -> ColumnElement[bool]:
    match scope.kind:
        case ScopeKind.PERSON:
            return requests.c.requester_id == scope.target
        case ScopeKind.ACCOUNT:
            return sessions.c.account_id == scope.target
        case ScopeKind.EVERYTHING:
            return true()


def _to_row(order: MassOrder) -> dict[str, Any]:
    return {
        "id": order.id,
        "scope": order.scope.kind,
        "target": order.scope.target,
        "target_name": order.scope.name,
        "by": order.by,
        "by_name": order.by_name,
        "by_email": order.by_email,
        "role": order.role,
        "reason": order.reason,
        "ordered_at": order.ordered_at,
        "status": order.status,
        "confirmed_by": order.confirmed_by,
        "confirmed_by_name": order.confirmed_by_name,
        "started_at": order.started_at,
        "done_at": order.done_at,
        "version": order.version,
    }


def _to_order(row: Row[*tuple[Any, ...]]) -> MassOrder:
    return MassOrder(
        id=OrderId(row.id),
        scope=Scope(kind=row.scope, target=row.target, name=row.target_name),
        by=row.by,
        by_name=row.by_name,
        by_email=row.by_email,
        role=row.role,
        reason=row.reason,
        ordered_at=row.ordered_at,
        status=row.status,
        confirmed_by=row.confirmed_by,
        confirmed_by_name=row.confirmed_by_name,
        started_at=row.started_at,
        done_at=row.done_at,
        version=row.version,
    )
