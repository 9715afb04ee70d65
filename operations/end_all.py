"""Carry out an order to revoke all: each session by the path of a revocation; one that was not confirmed lapses."""

import logging
import time

from access import mass
from access.changes import Change
from access.mass import revoke_by_order
from access.mass_order import MassOrder, OrderId, OrderStatus, show_order
from access.refusals import Refusal
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.outcome import Done, Later, Outcome
from operations.revoke_all import lapse_order
from operations.settle import settle, there
from storage import mass_orders, outbox, sessions
from storage.outbox import Claimed

log = logging.getLogger(__name__)
_BATCH = 200
_LONGEST = 30.0
"""Seconds that one attempt works on, well within its lease; the rest comes in the next."""
_NEXT = 0.5


def end_all(deps: Deps, claimed: Claimed) -> Outcome:
    """Order the end of every session that an order is about; safe to repeat at any point."""
    order = load_order(deps, claimed)
    if order.status is OrderStatus.WAITING:
        lapse_order(deps, order.id)  # refused before its time: nothing is left to do then
    if order.status is not OrderStatus.RUNNING:
        return Done.FINISH
    failed = _end_batch(deps, order)
    if failed:
        return Later(words=f"{failed} sessions could not be ordered to end")
    if _concerned(deps, order):
        return Later(words="more sessions are to be ended", after=_NEXT, polite=True)
    done = mass.finish(order, deps.clock.now())
    with deps.database.begin() as db:
        mass_orders.save(db, done)
        outbox.add(db, [show_order(done)], deps.clock.now())
        outbox.finish(db, claimed, deps.clock.now())
    return Done.FINISHED


def load_order(deps: Deps, claimed: Claimed) -> MassOrder:
    """Load the order that an effect is about."""
    with deps.database.read() as db:
        order = mass_orders.get(db, OrderId(claimed.effect.arguments["order"]))
    if order is None:
        raise LookupError(f"effect {claimed.effect.key} is about an order that is not there")
    return order


def _concerned(deps: Deps, order: MassOrder) -> list[RequestId]:
    with deps.database.read() as db:
        return mass_orders.concerned(db, order.scope, order.started_at or order.ordered_at, _BATCH)


def _end_batch(deps: Deps, order: MassOrder) -> int:
    """Order the ends one by one, so that one bad row never blocks the others; returns how many could not be."""
    failed = 0
    until = time.monotonic() + _LONGEST
    for request_id in _concerned(deps, order):
        if time.monotonic() >= until:
            break
        try:
            _end(deps, order, request_id)
        except Refusal as refusal:
            log.info("not to be ended any more: %s", refusal.words, extra={"request": request_id})
        except Exception:
            log.exception("revoking all failed for one request", extra={"request": request_id})
            failed += 1
    return failed


def _end(deps: Deps, order: MassOrder, request_id: RequestId) -> None:
    def judge(request: Request, session: Session | None) -> Change:
        return revoke_by_order(request, session, order, deps.clock.now())

    settle(
        deps,
        request_id,
        judge,
        also=lambda db: mass_orders.note_ended(db, order.id, there(sessions.of_request(db, request_id)).id),
    )
