"""Every verb under one shape, so that tables and random lives can play them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from access import lifecycle, session_lifecycle
from access.changes import Change, Effect, EventKind
from access.people import Person, Roster
from access.request import Request
from access.session import Session
from tests.access.given import APPROVED_AT, OLAF, a_roster, a_seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who plays the verb, when, and with which words."""

    person: Person = OLAF
    roster: Roster = a_roster()  # noqa: RUF009 - a frozen value, shared on purpose
    now: datetime = APPROVED_AT
    words: str = "The incident is closed."


REQUEST_VERBS: Mapping[str, Callable[[Request, Moment], Change]] = {
    "approve": lambda request, at: lifecycle.approve(request, at.person, at.roster, at.now, a_seed()),
    "reject": lambda request, at: lifecycle.reject(request, at.person, at.roster, at.now, at.words),
    "withdraw": lambda request, at: lifecycle.withdraw(request, at.person, at.now),
    "lapse": lambda request, at: lifecycle.lapse(request, at.now),
    "remind": lambda request, at: lifecycle.remind(request, at.now),
    "escalate": lambda request, at: lifecycle.escalate(request, at.now, at.words),
}

BY_HAND: Mapping[str, Callable[[Request, Session | None, Moment], Change]] = {
    "revoke": lambda request, session, at: session_lifecycle.revoke(
        request, session, at.person, at.roster, at.now, at.words
    ),
    "end_early": lambda request, session, at: session_lifecycle.end_early(request, session, at.person, at.now),
}
"""The two verbs with which people end a session: one may not be there at all."""

SESSION_VERBS: Mapping[str, Callable[[Request, Session, Moment], Change]] = {
    "confirm_grant": lambda request, session, at: session_lifecycle.confirm_grant(request, session, at.now),
    "confirm_hard_stop": lambda request, session, at: session_lifecycle.confirm_hard_stop(
        request, session, session.ends_at, at.now
    ),
    "fail_grant": lambda request, session, at: session_lifecycle.fail_grant(request, session, at.now, at.words),
    "expire": lambda request, session, at: session_lifecycle.expire(request, session, at.now),
    **BY_HAND,
    "confirm_removal": lambda request, session, at: session_lifecycle.confirm_removal(request, session, at.now),
    "announce": lambda request, session, at: session_lifecycle.announce(request, session, at.now),
    "note_trouble": lambda request, session, at: session_lifecycle.note_trouble(request, session, at.now, at.words),
}


def events_of(change: Change) -> list[EventKind]:
    """List what happened, by name."""
    return [each.kind for each in change.events]


def effects_of(change: Change) -> list[str]:
    """List what must be done, such as `grant`, `post_card:owners` or `tell:approved`."""
    return [_spelled(each) for each in change.effects]


def _spelled(effect: Effect) -> str:
    which = effect.arguments.get("notice") or effect.arguments.get("place")
    return f"{effect.kind}:{which}" if which else effect.kind.value


def the_session(change: Change) -> Session:
    """Give the session of a change that must have one."""
    assert change.session is not None
    return change.session
