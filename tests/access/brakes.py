"""Builders of orders to revoke all and of a freeze."""

from datetime import datetime
from typing import Any

from access.freeze import Freeze
from access.mass_order import MassOrder, OrderId, OrderStatus, Scope, ScopeKind
from access.request import Level
from tests.access.given import ABEL, ADA, MINUTE, NOW, RITA

EVERYTHING = Scope(kind=ScopeKind.EVERYTHING)
OF_RITA = Scope(kind=ScopeKind.PERSON, target=RITA.slack_id, name=RITA.name)
OF_PAYMENTS = Scope(kind=ScopeKind.ACCOUNT, target="111122223333", name="prod-payments")
WHY = "A laptop was stolen."


def a_freeze(**changes: Any) -> Freeze:
    """Give Ada's freeze."""
    return Freeze(**{"by": ADA.slack_id, "by_name": ADA.name, "at": NOW, "reason": "INC-9", **changes})


def an_order(status: OrderStatus = OrderStatus.WAITING, scope: Scope = EVERYTHING, **changes: Any) -> MassOrder:
    """Give Ada's order in a status, with what belongs to it."""
    started: datetime | None = None if status in {OrderStatus.WAITING, OrderStatus.LAPSED} else NOW + MINUTE
    confirmed = started is not None and scope.kind is ScopeKind.EVERYTHING
    given: dict[str, Any] = {
        "id": OrderId("mo_1"),
        "scope": scope,
        "by": ADA.slack_id,
        "by_name": ADA.name,
        "by_email": ADA.email,
        "role": Level.ADMIN,
        "reason": WHY,
        "ordered_at": NOW,
        "status": status,
        "confirmed_by": ABEL.slack_id if confirmed else None,
        "confirmed_by_name": ABEL.name if confirmed else "",
        "started_at": started,
        "done_at": NOW + 2 * MINUTE if status is OrderStatus.DONE else None,
    }
    return MassOrder(**{**given, **changes})
