"""Revoking all at once: of a person, of an account, or everything; the last takes two different SSO admins."""

from datetime import datetime

from access.changes import BOT, Change, Event, EventKind
from access.mass_order import (
    CONFIRM_WITHIN,
    WORD,
    MassOrder,
    Ordered,
    OrderId,
    Ordering,
    OrderStatus,
    Scope,
    ScopeKind,
    lapse_later,
    run_order,
    show_order,
)
from access.order_end import order_end
from access.people import Person, Roster
from access.policy import must_be_full_member
from access.refusals import (
    AlreadyDone,
    CannotTell,
    NotAnApprover,
    NotConfirmed,
    NotOffered,
    NotYet,
    ReasonNeeded,
    SecondPersonNeeded,
)
from access.request import Level, Request, cleaned
from access.session import Session


def may_revoke_all(scope: Scope, person: Person, roster: Roster) -> Level:
    """Tell in which role somebody may end all this: SSO admins anything, owners what is in their account."""
    must_be_full_member(person)
    if person.slack_id in roster.admins:
        return Level.ADMIN
    if scope.kind is ScopeKind.ACCOUNT and person.slack_id in roster.owners:
        return Level.OWNER
    if scope.kind is ScopeKind.ACCOUNT:
        raise NotAnApprover(
            f"Only an owner of {scope.name} or an SSO admin can revoke {scope.words}.", "Ask one of them."
        )
    raise NotAnApprover(
        f"Only an SSO admin can revoke {scope.words}.", "An owner can revoke all access to their own account."
    )


def order(order_id: OrderId, scope: Scope, person: Person, roster: Roster, now: datetime, given: Ordering) -> Ordered:
    """Give the order; for a person or an account it takes effect at once, for everything when it is confirmed."""
    role = may_revoke_all(scope, person, roster)
    why = cleaned(given.reason)
    if not why:
        raise ReasonNeeded("Revoking all needs a reason.", "Say in a sentence why; every holder reads it.")
    if given.typed.strip().upper() != WORD:
        raise NotConfirmed(f"Type {WORD} to confirm.", "Nothing was changed.")
    waits = scope.kind is ScopeKind.EVERYTHING
    if waits:
        _must_have_address(person)
    new = MassOrder(
        id=order_id,
        scope=scope,
        by=person.slack_id,
        by_name=person.name,
        by_email=person.email,
        role=role,
        reason=why,
        ordered_at=now,
        status=OrderStatus.WAITING if waits else OrderStatus.RUNNING,
        started_at=None if waits else now,
    )
    event = _event(EventKind.REVOKE_ALL_ORDERED, new, now, person, role=role.value, reason=why)
    return Ordered(order=new, event=event, effects=(show_order(new), lapse_later(new) if waits else run_order(new)))


def confirm(current: MassOrder, person: Person, roster: Roster, now: datetime) -> Ordered:
    """Confirm the order to revoke everything, as another SSO admin, in time."""
    must_be_full_member(person)
    if person.slack_id not in roster.admins:
        raise NotAnApprover(f"Only an SSO admin can confirm to revoke {current.scope.words}.", "Ask one of them.")
    _must_wait(current, now)
    _must_have_address(person)
    if person.slack_id == current.by or person.email.casefold() == current.by_email.casefold():
        raise SecondPersonNeeded("You ordered it; another SSO admin confirms.", "Ask another SSO admin.")
    if current.by not in roster.admins:
        raise NotOffered(f"{current.by_name}, who ordered it, is no SSO admin any more.", "Order it anew.")
    running = current.changed(
        status=OrderStatus.RUNNING, confirmed_by=person.slack_id, confirmed_by_name=person.name, started_at=now
    )
    event = _event(
        EventKind.REVOKE_ALL_CONFIRMED, current, now, person, role=Level.ADMIN.value, words=f"by {current.by_name}"
    )
    return Ordered(order=running, event=event, effects=(run_order(running), show_order(running)))


def lapse(current: MassOrder, now: datetime) -> Ordered:
    """Close an order that nobody confirmed in time."""
    if current.status is not OrderStatus.WAITING:
        raise _settled(current)
    if now < current.lapses_at:
        raise NotYet("The order does not lapse yet.")
    lapsed = current.changed(status=OrderStatus.LAPSED)
    event = _event(EventKind.REVOKE_ALL_LAPSED, current, now, None)
    return Ordered(order=lapsed, event=event, effects=(show_order(lapsed),))


def finish(current: MassOrder, now: datetime) -> MassOrder:
    """Call an order carried out: the end of every session that it is about is ordered."""
    if current.status is not OrderStatus.RUNNING:
        raise _settled(current)
    return current.changed(status=OrderStatus.DONE, done_at=now)


def revoke_by_order(request: Request, session: Session | None, current: MassOrder, now: datetime) -> Change:
    """Order the end of one session that the order is about, as whoever gave it, with its reason."""
    confirmed = {"confirmed_by": current.confirmed_by_name} if current.confirmed_by else {}
    return order_end(
        request, session, current.by, current.by_name, now,
        reason=current.reason, role=current.role.value, order=current.id, **confirmed,
    )  # fmt: skip


def _must_wait(current: MassOrder, now: datetime) -> None:
    if current.status is not OrderStatus.WAITING:
        raise _settled(current)
    if now >= current.lapses_at:
        raise _settled(current.changed(status=OrderStatus.LAPSED))


def _settled(current: MassOrder) -> AlreadyDone:
    if current.status is OrderStatus.LAPSED:
        minutes = int(CONFIRM_WITHIN.total_seconds() // 60)
        return AlreadyDone(f"Nobody confirmed within {minutes} minutes, so the order lapsed.", "Order it anew.")
    who = current.confirmed_by_name or current.by_name
    return AlreadyDone(f"{who} confirmed it already.", "Nothing was changed.")


def _must_have_address(person: Person) -> None:
    if not person.email:
        raise CannotTell(
            "Slack shows no verified e-mail address for you, so two accounts of one person cannot be told apart.",
            "Confirm your address in Slack, then press again.",
        )


def _event(kind: EventKind, about: MassOrder, now: datetime, person: Person | None, **details: str) -> Event:
    return Event(
        kind=kind,
        at=now,
        actor=person.slack_id if person else BOT,
        actor_name=person.name if person else "",
        details={"order": about.id, "scope": about.scope.words, **details},
    )
