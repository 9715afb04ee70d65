"""Made-up requests, sessions and events to store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from access.changes import Effect, EffectKind, Event, EventKind
from access.durations import AccessDuration, SessionDuration
from access.people import SlackId
from access.permission_sets import RequestedSet, SetContent, SetKind
from access.request import Decision, Level, Request, Requester, RequestId, RequestStatus, Verdict
from access.session import Session, SessionId, SessionStatus

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

_REQUEST = Request(
    id=RequestId("r1"),
    number=1001,
    requester=Requester(slack_id=SlackId("U1"), name="Rosa", email="rosa@example.com", principal_id="p-1"),
    account_id="111122223333",
    account_name="prod-payments",
    permission_set=RequestedSet(kind=SetKind.STANDARD, name="ReadOnly"),
    duration=AccessDuration.HOURS_2,
    justification="INC-12: the queue is stuck ✓",
    requested_at=NOW,
    lapses_at=NOW + 24 * HOUR,
    status=RequestStatus.PENDING,
)
_SESSION = Session(
    id=SessionId("s1"),
    request_id=RequestId("r1"),
    principal_id="p-1",
    account_id="111122223333",
    status=SessionStatus.GRANTING,
    ends_at=NOW + 2 * HOUR,
    set_name="ReadOnly",
    set_arn="arn:set/1",
)
CUSTOM = RequestedSet(
    kind=SetKind.CUSTOM,
    name="Queues",
    content=SetContent(
        session_duration=SessionDuration.HOURS_4,
        managed_policies=("ReadOnlyAccess", "job-function/ViewOnlyAccess"),
        inline_policy='{"Statement":[],"Version":"2012-10-17"}',
    ),
)


def request(number: int = 1001, **changes: Any) -> Request:
    """Make request `r<number - 1000>` with these changes."""
    return replace(_REQUEST, id=RequestId(f"r{number - 1000}"), number=number, **changes)


def session(number: int = 1, **changes: Any) -> Session:
    """Make session `s<number>` of request `r<number>` with these changes."""
    return replace(_SESSION, id=SessionId(f"s{number}"), request_id=RequestId(f"r{number}"), **changes)


def decision(by: str = "U2", level: Level = Level.ANY, **changes: Any) -> Decision:
    """Make an approval by an owner with these changes."""
    made = Decision(
        level=level, verdict=Verdict.APPROVED, by=SlackId(by), by_name=f"name of {by}", role=Level.OWNER, at=NOW
    )
    return replace(made, **changes)


def event(number: int = 1, **changes: Any) -> Event:
    """Make an event with these changes."""
    made = Event(
        kind=EventKind.REQUESTED,
        at=NOW + number * MINUTE,
        actor=SlackId("U1"),
        actor_name="Rosa",
        request="REQ-1001",
        details={"why": "INC-12: the queue is stuck ✓", "ünïcode": "\u20ac\U0001f600"},
    )
    return replace(made, **changes)


def effect(key: str, kind: EffectKind = EffectKind.TELL, subject: str = "", **changes: Any) -> Effect:
    """Make an effect whose subject is its own key unless one is given."""
    return replace(Effect(kind=kind, subject=subject or key, key=key, arguments={"notice": "granted"}), **changes)
