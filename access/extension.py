"""Extending a session: how often, from when on, for how long more, and what becomes of its end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from access.durations import AccessDuration
from access.form import judge_justification
from access.refusals import AlreadyEnded, BadForm, Field, NotOffered, NotYet, TooMany
from access.request import Request, RequestId, RequestStatus
from access.session import Session, SessionStatus

MOVING_TAKES = timedelta(minutes=2)
"""What AWS is given to move a hard stop: approved later than this before the end, access would be cut in between."""
_MOST_MINUTES = 90
"""A wait that is longer is said in hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionLimits:
    """How often a session can be extended, and how much of its time, in percent, must be gone before."""

    most: int = 2
    after_percent: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionForm:
    """What was typed in the form that asks for more time; nothing in it is trusted."""

    duration: str
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a new request gets from outside: its id and number, when it was asked, and how long it can be decided."""

    id: RequestId
    number: int
    at: datetime
    lapse_after: timedelta


def must_be_extendable(
    request: Request, session: Session | None, limits: ExtensionLimits, longest: AccessDuration, now: datetime
) -> tuple[AccessDuration, ...]:
    """Tell by which durations the session of a request can be extended now, shortest first; refuse where by none."""
    running = _must_be_running(request, session, now)
    if running.existed_before:
        raise NotOffered(
            "AWS held this access before the request, and jitbot will not take it away.", "There is nothing to extend."
        )
    if running.extensions >= limits.most:
        times = f"extended {limits.most} times, the most there is" if limits.most else "never extended here"
        raise TooMany(f"{_name(request)} is {times}.", "Ask anew when it has ended.")
    _must_be_far_enough(request, running, limits, now)
    offered = tuple(each for each in AccessDuration if _whole(running) + each.length <= longest.length)
    if not offered:
        raise NotOffered(
            f"{request.account_name} allows at most {longest} in all, and {_name(request)} comes to that already.",
            "Ask anew when it has ended.",
        )
    return offered


def new_extension(
    first: Request, session: Session, form: ExtensionForm, offered: tuple[AccessDuration, ...], asked: Asked
) -> Request:
    """Make the request that a session goes on: for the same target, decided like the first, by its end at the latest.

    Raises `BadForm` with what is wrong in either field.
    """
    duration, justification = _judged(form, offered)
    return replace(
        first,
        id=asked.id,
        number=asked.number,
        duration=duration,
        justification=justification,
        requested_at=asked.at,
        lapses_at=min(asked.at + asked.lapse_after, session.ends_at),
        status=RequestStatus.PENDING_OWNER if first.custom else RequestStatus.PENDING,
        decisions=(),
        closed_at=None,
        reminded_at=None,
        escalated_at=None,
        extends=first.number,
        version=1,
    )


def extended(request: Request, session: Session | None, longest: AccessDuration, now: datetime) -> Session:
    """Put the end of a session off, as an approved extension asks; refuse where it cannot go on any more.

    What has been extended meanwhile, or would pass the account's longest duration by now, is refused too.
    """
    running = _must_be_running(request, session, now)
    if _whole(running) + request.duration.length > longest.length:
        raise NotOffered(
            f"{request.account_name} allows at most {longest} in all; with this, {request.extends_label} would have"
            " more.",
            "Reject it, so that its requester can ask for less.",
        )
    if running.cut_at is not None and now > running.ends_at - MOVING_TAKES:
        raise AlreadyEnded(
            f"{request.extends_label} ends within {MOVING_TAKES.seconds // 60} minutes: AWS cannot move its end in"
            " time.",
            "Its requester can ask anew.",
        )
    return running.changed(
        ends_at=running.ends_at + request.duration.length, extensions=running.extensions + 1, announced_at=None
    )


def _must_be_running(request: Request, session: Session | None, now: datetime) -> Session:
    if session is not None and session.status is SessionStatus.GRANTING:
        raise NotYet(f"{_name(request)} is still being granted.", "Look at it again when it is active.")
    if session is None or session.status is not SessionStatus.ACTIVE or now >= session.ends_at:
        raise AlreadyEnded(
            f"{_name(request)} is not active: there is nothing to extend.", "Ask anew with /jit request."
        )
    return session


def _must_be_far_enough(request: Request, session: Session, limits: ExtensionLimits, now: datetime) -> None:
    first = session.ends_at - _whole(session) * (100 - limits.after_percent) / 100
    if now < first:
        raise NotYet(
            f"{_name(request)} can be extended when {limits.after_percent} % of its time is gone.",
            f"Come back in {_spelled(first - now)}.",
        )


def _whole(session: Session) -> timedelta:
    """Tell how long a session lasts in all, from the confirmed grant to its end."""
    return session.ends_at - (session.granted_at or session.ends_at)


def _name(request: Request) -> str:
    return request.extends_label or request.label


def _spelled(wait: timedelta) -> str:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    if minutes <= _MOST_MINUTES:
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    return f"{-(-minutes // 60)} hours"


def _judged(form: ExtensionForm, offered: tuple[AccessDuration, ...]) -> tuple[AccessDuration, str]:
    problems: dict[Field, str] = {}
    duration = AccessDuration.parse(form.duration)
    if duration not in offered:
        problems[Field.DURATION] = f"Choose one of: {', '.join(offered)}."
    justification = judge_justification(form.justification, problems)
    if duration is None or problems:
        raise BadForm(problems)
    return duration, justification
