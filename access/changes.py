"""What a transition returns: the new state, events for the audit log, effects for the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from access.people import SlackId
from access.request import Request
from access.session import Session

BOT = SlackId("jitbot")
"""The actor of what nobody did by hand."""
AUDIT = "audit"
"""The subject of the lines of the audit channel."""
ALERTS = "alerts"
"""The subject of the alerts."""


class EventKind(StrEnum):
    """What can happen, as the audit log names it; each is one row and one line in the audit channel."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    GRANTED = "granted"
    GRANT_DELAYED = "grant_delayed"
    GRANT_FAILED = "grant_failed"
    HARD_STOP = "hard_stop"
    ANNOUNCED = "announced"
    EXTENDED = "extended"
    END_ORDERED = "end_ordered"
    REVOKE_DELAYED = "revoke_delayed"
    OVERDUE = "overdue"
    RETRY_ORDERED = "retry_ordered"
    ORPHAN_REMOVED = "orphan_removed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FAILED = "failed"
    REFUSED = "refused"
    CONFIGURATION_LOADED = "configuration_loaded"
    ASSIGNMENT_MISSING = "assignment_missing"
    ASSIGNMENT_RETURNED = "assignment_returned"
    DRIFT_FOUND = "drift_found"
    DRIFT_ADOPTED = "drift_adopted"
    DRIFT_IGNORED = "drift_ignored"
    OFFBOARDED = "offboarded"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    REVOKE_ALL_ORDERED = "revoke_all_ordered"
    REVOKE_ALL_CONFIRMED = "revoke_all_confirmed"
    REVOKE_ALL_LAPSED = "revoke_all_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; `details` hold strings only, so that the log has one canonical form."""

    kind: EventKind
    at: datetime
    actor: SlackId
    actor_name: str = ""
    request: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


class Place(StrEnum):
    """Where a card of a request stands."""

    OWNERS = "owners"
    ADMINS = "admins"
    REQUESTER = "requester"


class NoticeKind(StrEnum):
    """The direct messages to a requester or holder, and to approvers."""

    OWNER_APPROVED = "owner_approved"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    GRANTED = "granted"
    ALREADY_HAD = "already_had"
    DELAYED = "delayed"
    FAILED = "failed"
    ENDING_SOON = "ending_soon"
    EXTENDED = "extended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED_EARLY = "ended_early"
    REMINDER = "reminder"


class EffectKind(StrEnum):
    """What can have to be done outside the database; each can be repeated without harm."""

    REVOKE = "revoke"
    VERIFY_ABSENT = "verify_absent"
    GRANT = "grant"
    HARD_STOP = "hard_stop"
    ROUTE = "route"
    POST_CARD = "post_card"
    UPDATE_CARDS = "update_cards"
    TELL = "tell"
    ALERT = "alert"
    UPDATE_ALERT = "update_alert"
    REFRESH_HOMES = "refresh_homes"
    REVOKE_ALL = "revoke_all"
    SHOW_BRAKES = "show_brakes"
    AUDIT_LINE = "audit_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing to do outside, as data.

    `key` is unique: the same effect is never stored twice. Effects of one `subject` are never performed at the same
    time. `delay` puts it off.
    """

    kind: EffectKind
    subject: str
    key: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    delay: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The new state of a request and its session, what happened, and what must be done."""

    request: Request
    session: Session | None = None
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


def _in_aws(kind: EffectKind, session: Session, delay: timedelta = timedelta(0)) -> Effect:
    """Make an effect on one assignment; two sessions on the same target share the subject and never race in AWS."""
    whose = session.id if session.own_set else session.set_name  # a set of its own may change its name
    subject = f"{session.principal_id}/{session.account_id}/{whose}"
    key = f"{kind}:{session.id}"
    return Effect(kind=kind, subject=subject, key=key, arguments={"session": session.id}, delay=delay)


def grant_access(session: Session) -> Effect:
    """Order the grant."""
    return _in_aws(EffectKind.GRANT, session)


def move_hard_stop(session: Session) -> Effect:
    """Order that the set's own policy denies everything from the session's end on."""
    ordered = _in_aws(EffectKind.HARD_STOP, session)
    return replace(ordered, key=f"{ordered.key}:{session.ends_at.isoformat()}")


def revoke_access(session: Session, again: str = "") -> Effect:
    """Order the removal of the assignment; `again` makes it another order where the first one is lost."""
    ordered = _in_aws(EffectKind.REVOKE, session)
    return replace(ordered, key=f"{ordered.key}:{again}") if again else ordered


def verify_absent(session: Session, delay: timedelta) -> Effect:
    """Look once more, after any paused worker must have woken, that the assignment is gone."""
    return _in_aws(EffectKind.VERIFY_ABSENT, session, delay)


def alert(session: Session, now: datetime) -> Effect:
    """Say in red that a session is overdue; alerts and their updates are performed one after the other."""
    key = f"alert:{session.id}:{int(now.timestamp())}"
    return Effect(kind=EffectKind.ALERT, subject=ALERTS, key=key, arguments={"session": session.id})


def update_alert(session: Session) -> Effect:
    """Bring the alerts about a session up to date: it has ended."""
    key = f"alert_over:{session.id}"
    return Effect(kind=EffectKind.UPDATE_ALERT, subject=ALERTS, key=key, arguments={"session": session.id})


def audit_line(seq: int) -> Effect:
    """Post one entry of the audit log to the audit channel, in the order of the log."""
    return Effect(kind=EffectKind.AUDIT_LINE, subject=AUDIT, key=f"audit_line:{seq}", arguments={"seq": str(seq)})


def route(request: Request) -> Effect:
    """Find out who can decide, and ask the SSO admins at once where no owner but the requester exists."""
    return _about(EffectKind.ROUTE, request, f"route:{request.id}")


def post_card(request: Request, place: Place) -> Effect:
    """Post the request's card in one place."""
    return _about(EffectKind.POST_CARD, request, f"card:{request.id}:{place}", place=place.value)


def update_cards(request: Request, session: Session | None = None) -> Effect:
    """Bring all copies of the card up to date."""
    return _about(EffectKind.UPDATE_CARDS, request, f"cards:{request.id}:{shown_version(request, session)}")


def update_extended_cards(session: Session) -> Effect:
    """Bring the cards of the request whose session was extended up to date."""
    request_id = session.request_id
    key = f"cards:{request_id}:extended.{session.version}"
    return Effect(kind=EffectKind.UPDATE_CARDS, subject=request_id, key=key, arguments={"request": request_id})


def tell(request: Request, notice: NoticeKind, **arguments: str) -> Effect:
    """Send a message about the request: to the requester, or a reminder to the approvers of a level."""
    key = ":".join(["tell", request.id, notice.value, *arguments.values()])
    return _about(EffectKind.TELL, request, key, notice=notice.value, **arguments)


def shown_version(request: Request, session: Session | None) -> str:
    """Name the state that a card shows, so that a card shown already is not sent again."""
    return f"{request.version}.{session.version if session else 0}"


def _about(kind: EffectKind, request: Request, key: str, **arguments: str) -> Effect:
    return Effect(kind=kind, subject=request.id, key=key, arguments={"request": request.id, **arguments})
