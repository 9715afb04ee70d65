"""An order to revoke all as a value: whose access, who gave it, how far it is, and what must be done of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from access.changes import Effect, EffectKind, Event
from access.people import SlackId
from access.request import Level

OrderId = NewType("OrderId", str)
CONFIRM_WITHIN = timedelta(minutes=15)
"""How long the order to revoke everything waits for its second SSO admin."""
WORD = "REVOKE"
"""What has to be typed: a deliberate act, where a button alone may be pressed by mistake."""


class ScopeKind(StrEnum):
    """Whose access is to end."""

    PERSON = "person"
    ACCOUNT = "account"
    EVERYTHING = "everything"


class OrderStatus(StrEnum):
    """Where an order stands; only what is for everything waits."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose access: `target` is a Slack id or an account id, empty for everything; `name` is how people know it."""

    kind: ScopeKind
    target: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        """Say what it is that ends."""
        match self.kind:
            case ScopeKind.PERSON:
                return f"all access of {self.name}"
            case ScopeKind.ACCOUNT:
                return f"all access to {self.name}"
            case ScopeKind.EVERYTHING:
                return "all access of everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class MassOrder:
    """One order: who gave it and why, and who confirmed it.

    `started_at` is when it took effect: sessions approved later are not concerned.
    """

    id: OrderId
    scope: Scope
    by: SlackId
    by_name: str
    by_email: str
    role: Level
    reason: str
    ordered_at: datetime
    status: OrderStatus
    confirmed_by: SlackId | None = None
    confirmed_by_name: str = ""
    started_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 1

    @property
    def lapses_at(self) -> datetime:
        """Until when a second SSO admin can confirm it."""
        return self.ordered_at + CONFIRM_WITHIN

    def changed(self, **changes: object) -> "MassOrder":
        """Return the order with these changes and the next version."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an order is: sessions ordered to end, and those of them that AWS may still hold."""

    ordered: int = 0
    live: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """What somebody gave in the modal: the reason, and the word that confirms."""

    reason: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order in its new state, what happened, and what must be done."""

    order: MassOrder
    event: Event
    effects: tuple[Effect, ...]


def run_order(order: MassOrder) -> Effect:
    """Order that every session concerned is ended."""
    return _about(EffectKind.REVOKE_ALL, order, "run")


def show_order(order: MassOrder) -> Effect:
    """Bring the order's message in the admin channel up to date."""
    return _about(EffectKind.SHOW_BRAKES, order, f"show.{order.version}")


def lapse_later(order: MassOrder) -> Effect:
    """Order a look at it when its time to be confirmed is over."""
    return replace(_about(EffectKind.REVOKE_ALL, order, "lapse"), delay=CONFIRM_WITHIN)


def _about(kind: EffectKind, order: MassOrder, which: str) -> Effect:
    """Make an effect of an order; those of one kind are performed one after the other."""
    return Effect(
        kind=kind, subject=f"{kind}/{order.id}", key=f"mass:{order.id}:{which}", arguments={"order": order.id}
    )
