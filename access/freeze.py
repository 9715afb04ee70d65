"""The freeze: no new grants and no approvals until an SSO admin lifts it; ends and revocations go on as ever."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from access.changes import Change, Effect, EffectKind, Event, EventKind, update_cards
from access.people import Person, Roster, SlackId
from access.policy import must_be_full_member
from access.refusals import AlreadyDone, Frozen, NotAnApprover
from access.request import Request, cleaned
from access.session import Session, SessionStatus
from access.session_lifecycle import already_ended, grant_by

LONGEST_REASON = 500
BRAKES = "brakes"
"""The subject of what is said of a freeze: one message after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Who froze it, when and why; `reason` may be empty."""

    by: SlackId
    by_name: str
    at: datetime
    reason: str = ""

    @property
    def words(self) -> str:
        """Say who, when and why in one sentence."""
        why = f": {self.reason}" if self.reason else ", without saying why"
        return f"{self.by_name} froze all granting at {self.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{why}"


def freeze(current: Freeze | None, person: Person, roster: Roster, now: datetime, reason: str) -> tuple[Freeze, Event]:
    """Freeze, as SSO admin; whoever comes second hears who was faster."""
    _must_be_admin(person, roster, "freeze")
    if current is not None:
        raise AlreadyDone(f"It is frozen already. {current.words}.", "`/jit unfreeze` lifts it.")
    why = cleaned(reason)[:LONGEST_REASON]
    frozen = Freeze(by=person.slack_id, by_name=person.name, at=now, reason=why)
    return frozen, _event(EventKind.FROZEN, person, now, reason=why)


def unfreeze(current: Freeze | None, person: Person, roster: Roster, now: datetime) -> Event:
    """Lift the freeze, as SSO admin."""
    _must_be_admin(person, roster, "unfreeze")
    if current is None:
        raise AlreadyDone("Nothing is frozen.", "Nothing was changed.")
    return _event(EventKind.UNFROZEN, person, now, since=current.at.isoformat(), words=f"frozen by {current.by_name}")


def must_not_be_frozen(current: Freeze | None) -> None:
    """Refuse to approve while everything is frozen, and say who froze it, when and why."""
    if current is not None:
        raise Frozen(
            f"Nothing can be approved now. {current.words}.",
            "The request waits, and can be rejected or withdrawn. An SSO admin lifts the freeze with `/jit unfreeze`.",
        )


def announce(event: Event) -> Effect:
    """Say in the admin channel that it was frozen, or that the freeze was lifted."""
    said = {"what": event.kind.value, "by": event.actor, "by_name": event.actor_name, "at": event.at.isoformat()}
    return Effect(
        kind=EffectKind.SHOW_BRAKES,
        subject=BRAKES,
        key=f"brakes:{event.kind}:{event.at.isoformat()}",
        arguments={**said, "reason": event.details.get("reason", "")},
    )


def redraw(request: Request, event: Event) -> Effect:
    """Bring the cards of an undecided request up to date: the banner comes or goes."""
    drawn = update_cards(request)
    return replace(drawn, key=f"{drawn.key}:{event.kind}:{event.at.isoformat()}")


def wait_out(request: Request, session: Session, now: datetime, margin: timedelta) -> Change:
    """Give a grant that a freeze holds up the time again that every grant has, `margin` from now: it must not fail."""
    if session.status is not SessionStatus.GRANTING:
        raise already_ended(request, session)
    waiting = session.changed(ends_at=now + request.duration.length + margin)
    return Change(request=request, session=waiting, effects=(update_cards(request, waiting),))


def needs_more_time(request: Request, session: Session, now: datetime, margin: timedelta) -> bool:
    """Tell whether less than half of the time to grant is left."""
    return grant_by(request, session) - now < margin / 2


def _must_be_admin(person: Person, roster: Roster, verb: str) -> None:
    must_be_full_member(person)
    if person.slack_id not in roster.admins:
        raise NotAnApprover(f"Only an SSO admin can {verb} the granting of access.", "Ask one of them.")


def _event(kind: EventKind, person: Person, now: datetime, **details: str) -> Event:
    said = {key: words for key, words in details.items() if words}
    return Event(
        kind=kind, at=now, actor=person.slack_id, actor_name=person.name, details={"role": "SSO admin", **said}
    )
