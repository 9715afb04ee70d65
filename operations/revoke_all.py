"""Order to revoke all: of a person, of an account, or everything, which another SSO admin has to confirm."""

from collections.abc import Callable

from sqlalchemy import Connection

from access import mass
from access.mass import may_revoke_all
from access.mass_order import MassOrder, Ordered, OrderId, Ordering, Scope, ScopeKind
from access.people import SlackId
from access.refusals import NotFound, TooLate
from operations.acting_alone import acting_alone
from operations.deps import Deps
from operations.settle import narrate, record
from storage import mass_orders, outbox
from storage.transactions import LostRace

_TRIES = 5
Judge = Callable[[MassOrder], Ordered]


def judge_revoke_all(deps: Deps, slack_id: SlackId, scope: Scope) -> int:
    """Tell beforehand whether somebody may revoke all this, and how many sessions that concerns now."""
    with acting_alone(deps, slack_id, "revoke all", _account_of(scope)) as actor:
        may_revoke_all(scope, actor.person, actor.roster)
        with deps.database.read() as db:
            found = mass_orders.count(db, scope)
    if found == 0:
        raise NotFound(f"There is nothing to revoke: {scope.words} has ended or is ending.", "Nothing was changed.")
    return found


def order_revoke_all(deps: Deps, slack_id: SlackId, order_id: OrderId, scope: Scope, given: Ordering) -> MassOrder:
    """Give the order, once for each id: a form that is sent twice is one order."""
    with acting_alone(deps, slack_id, "revoke all", _account_of(scope)) as actor:
        ordered = mass.order(order_id, scope, actor.person, actor.roster, deps.clock.now(), given)
    with deps.database.begin() as db:
        known = mass_orders.get(db, order_id)
        if known is not None:
            return known
        mass_orders.add(db, ordered.order)
        _order(db, ordered)
    narrate([ordered.event])
    return ordered.order


def confirm_revoke_all(deps: Deps, slack_id: SlackId, order_id: OrderId) -> MassOrder:
    """Confirm the order to revoke everything, as another SSO admin; whoever comes second hears who was faster."""
    with acting_alone(deps, slack_id, "confirm to revoke all") as actor:
        return settle_order(
            deps, order_id, lambda order: mass.confirm(order, actor.person, actor.roster, deps.clock.now())
        )


def lapse_order(deps: Deps, order_id: OrderId) -> MassOrder:
    """Close an order that nobody confirmed in time."""
    return settle_order(deps, order_id, lambda order: mass.lapse(order, deps.clock.now()))


def settle_order(deps: Deps, order_id: OrderId, judge: Judge) -> MassOrder:
    """Load an order, judge it, and store what came of it; a lost race is judged anew."""
    for _ in range(_TRIES):
        try:
            with deps.database.begin() as db:
                current = mass_orders.get(db, order_id, lock=True)
                if current is None:
                    raise NotFound("There is no such order.", "The button may be forged or very old.")
                ordered = judge(current)
                mass_orders.save(db, ordered.order)
                _order(db, ordered)
        except LostRace:
            continue
        narrate([ordered.event])
        return ordered.order
    raise TooLate("Others change this order right now.", "Look at it again in a moment.")


def _order(db: Connection, ordered: Ordered) -> None:
    outbox.add(db, ordered.effects, ordered.event.at, urgent=True)
    record(db, [ordered.event], ordered.event.at)


def _account_of(scope: Scope) -> str:
    return scope.target if scope.kind is ScopeKind.ACCOUNT else ""
