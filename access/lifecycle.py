"""What happens to an undecided request: each verb takes state, actor and now, and returns a change or refuses."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from access.changes import (
    BOT,
    Change,
    Event,
    EventKind,
    NoticeKind,
    Place,
    grant_access,
    move_hard_stop,
    post_card,
    route,
    tell,
    update_cards,
    update_extended_cards,
)
from access.durations import AccessDuration
from access.extension import extended
from access.people import Person, Roster, SlackId
from access.permission_sets import RequestedSet, SetKind, name_in_aws
from access.policy import Standing, already_decided, must_be_full_member, must_be_requester, standing_to_decide
from access.refusals import AlreadyDone, NotYet, ReasonNeeded
from access.request import Decision, Request, RequestStatus, Verdict, cleaned
from access.session import Session, SessionId, SessionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What a new session needs from outside: its id, the suffix of its own set's name, and the time for granting.

    `clone` tells that a standard set is copied for the session (`HardStop.CLONE`); a custom set always is its own.
    `longest` is how long access to the account may last in all, extensions included.
    """

    session_id: SessionId
    suffix: str
    margin: timedelta
    clone: bool = False
    longest: AccessDuration = AccessDuration.MONTH_1


def event_of(
    kind: EventKind, request: Request, at: datetime, actor: SlackId = BOT, actor_name: str = "", **details: str
) -> Event:
    """Make an event about a request, with its target and duration in the details."""
    target = {
        "account": request.account_id,
        "account_name": request.account_name,
        "permission_set": request.permission_set.shown_name,
        "kind": request.permission_set.kind.value,
        "duration": request.duration.value,
    }
    return Event(
        kind=kind,
        at=at,
        actor=actor,
        actor_name=actor_name,
        request=request.label,
        details={**target, **{key: words for key, words in details.items() if words}},
    )


def first_status(permission_set: RequestedSet) -> RequestStatus:
    """Tell where a new request begins: a custom set takes two levels."""
    return RequestStatus.PENDING_OWNER if permission_set.kind is SetKind.CUSTOM else RequestStatus.PENDING


def submit(request: Request) -> Change:
    """Take in a new request: its card goes to the owners and to the requester."""
    if request.status is not first_status(request.permission_set):
        raise ValueError(f"a new request for a {request.permission_set.kind} set cannot be {request.status}")
    requester = request.requester
    event = event_of(
        EventKind.REQUESTED,
        request,
        request.requested_at,
        requester.slack_id,
        requester.name,
        justification=request.justification,
        email=requester.email,
        principal=requester.principal_id,
        extends=request.extends_label,
        **_content_details(request),
    )
    cards = (post_card(request, Place.OWNERS), post_card(request, Place.REQUESTER), route(request))
    return Change(request=request, events=(event,), effects=cards)


def _content_details(request: Request) -> dict[str, str]:
    content = request.permission_set.content
    if content is None:
        return {}
    return {
        "session_duration": content.session_duration.value,
        "managed_policies": ", ".join(content.managed_policies),
        "inline_policy": content.inline_policy,
        "policy_sha256": sha256(content.inline_policy.encode()).hexdigest() if content.inline_policy else "",
    }


def approve(
    request: Request, person: Person, roster: Roster, now: datetime, seed: Seed, running: Session | None = None
) -> Change:
    """Approve: the first level of a custom request leads to the second, everything else to a session.

    `running` is the session that an extension is about: it goes on for longer, and no new one comes of it.
    """
    if request.custom and request.status is RequestStatus.PENDING:
        raise ValueError(f"{request.label} is for a custom set and cannot pass at one level")
    standing = standing_to_decide(request, person, roster)
    _must_not_have_lapsed(request, now)
    prolonged = extended(request, running, seed.longest, now) if request.extends is not None else None
    decision = _decision(Verdict.APPROVED, standing, person, now)
    decisions = (*request.decisions, decision)
    event = _decided(EventKind.APPROVED, request, decision)
    if request.status is RequestStatus.PENDING_OWNER:
        passed = request.changed(
            status=RequestStatus.PENDING_ADMIN, decisions=decisions, reminded_at=None, escalated_at=now
        )
        asked = (update_cards(passed), post_card(passed, Place.ADMINS), tell(passed, NoticeKind.OWNER_APPROVED))
        return Change(request=passed, events=(event,), effects=asked)
    approved = request.changed(status=RequestStatus.APPROVED, decisions=decisions, closed_at=now)
    if prolonged is not None:
        return _extend(approved, prolonged, event)
    session = _new_session(approved, now, seed)
    effects = (grant_access(session), update_cards(approved, session), tell(approved, NoticeKind.APPROVED))
    return Change(request=approved, session=session, events=(event,), effects=effects)


def _extend(approved: Request, session: Session, event: Event) -> Change:
    """Let the session go on, under the number by which people know it; the hard stop follows its end."""
    until = session.ends_at.isoformat()
    told = event_of(EventKind.EXTENDED, approved, event.at, event.actor, event.actor_name, until=until)
    told = replace(told, request=approved.extends_label, details={**told.details, "extension": approved.label})
    stop = (move_hard_stop(session),) if session.cut_at is not None else ()
    effects = (*stop, update_cards(approved), update_extended_cards(session), tell(approved, NoticeKind.EXTENDED))
    return Change(request=approved, session=session, events=(event, told), effects=effects)


def _new_session(request: Request, now: datetime, seed: Seed) -> Session:
    """Make the session with its latest possible end: the exact one follows with the confirmed grant."""
    asked = request.permission_set
    own_set = request.custom or seed.clone
    return Session(
        id=seed.session_id,
        request_id=request.id,
        principal_id=request.requester.principal_id,
        account_id=request.account_id,
        status=SessionStatus.GRANTING,
        ends_at=now + request.duration.length + seed.margin,
        set_name=name_in_aws(asked.name, seed.suffix) if own_set else asked.name,
        own_set=own_set,
    )


def reject(request: Request, person: Person, roster: Roster, now: datetime, reason: str) -> Change:
    """Reject the whole request, at whichever level, with a reason."""
    standing = standing_to_decide(request, person, roster)
    why = cleaned(reason)
    if not why:
        raise ReasonNeeded("A rejection needs a reason.", "Say in a sentence why; the requester reads it.")
    decision = _decision(Verdict.REJECTED, standing, person, now, why)
    rejected = request.changed(status=RequestStatus.REJECTED, decisions=(*request.decisions, decision), closed_at=now)
    return Change(
        request=rejected,
        events=(_decided(EventKind.REJECTED, request, decision),),
        effects=(update_cards(rejected), tell(rejected, NoticeKind.REJECTED)),
    )


def withdraw(request: Request, person: Person, now: datetime) -> Change:
    """Take the request back, as its requester."""
    must_be_requester(request, person)
    must_be_full_member(person)
    if not request.status.undecided:
        raise already_decided(request)
    withdrawn = request.changed(status=RequestStatus.WITHDRAWN, closed_at=now)
    event = event_of(EventKind.WITHDRAWN, request, now, person.slack_id, person.name)
    return Change(request=withdrawn, events=(event,), effects=(update_cards(withdrawn),))


def lapse(request: Request, now: datetime) -> Change:
    """Close a request that nobody decided in time."""
    if not request.status.undecided:
        raise already_decided(request)
    if now < request.lapses_at:
        raise NotYet(f"{request.label} does not lapse yet.")
    lapsed = request.changed(status=RequestStatus.LAPSED, closed_at=now)
    return Change(
        request=lapsed,
        events=(event_of(EventKind.LAPSED, request, now),),
        effects=(update_cards(lapsed), tell(lapsed, NoticeKind.LAPSED)),
    )


def remind(request: Request, now: datetime) -> Change:
    """Remind the approvers, once for each level."""
    if not request.status.undecided:
        raise already_decided(request)
    if request.reminded_at is not None:
        raise AlreadyDone(f"The approvers of {request.label} were reminded already.")
    reminded = request.changed(reminded_at=now)
    reminders = tuple(
        tell(reminded, NoticeKind.REMINDER, place=place.value, level=request.status.value) for place in _asked(request)
    )
    return Change(request=reminded, events=(event_of(EventKind.REMINDED, request, now),), effects=reminders)


def _asked(request: Request) -> tuple[Place, ...]:
    """Tell whose channels have been asked to decide the level that waits."""
    if request.status is RequestStatus.PENDING_ADMIN:
        return (Place.ADMINS,)
    return (Place.OWNERS, Place.ADMINS) if request.escalated_at else (Place.OWNERS,)


def escalate(request: Request, now: datetime, why: str) -> Change:
    """Ask the SSO admins too."""
    if not request.status.undecided:
        raise already_decided(request)
    if request.escalated_at is not None:
        raise AlreadyDone(f"The SSO admins were asked about {request.label} already.")
    escalated = request.changed(escalated_at=now)
    return Change(
        request=escalated,
        events=(event_of(EventKind.ESCALATED, request, now, words=why),),
        effects=(post_card(escalated, Place.ADMINS),),
    )


def _must_not_have_lapsed(request: Request, now: datetime) -> None:
    """Refuse an approval that comes after the time to decide, even where the sweep has not come by yet."""
    if now >= request.lapses_at:
        raise already_decided(request.changed(status=RequestStatus.LAPSED))


def _decision(verdict: Verdict, standing: Standing, person: Person, now: datetime, reason: str = "") -> Decision:
    return Decision(
        level=standing.level,
        verdict=verdict,
        by=person.slack_id,
        by_name=person.name,
        by_email=person.email,
        role=standing.role,
        at=now,
        reason=reason,
        stand_in=standing.stand_in,
    )


def _decided(kind: EventKind, request: Request, decision: Decision) -> Event:
    details = {"level": decision.level.value, "role": decision.role.value}
    if decision.stand_in:
        details["stand_in"] = "an SSO admin stood in: the account has no owner besides the requester"
    if decision.reason:
        details["reason"] = decision.reason
    return event_of(kind, request, decision.at, decision.by, decision.by_name, **details)
