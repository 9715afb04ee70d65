"""Overdue: an end that was ordered and is not proven in time; it is called so again and again, and never given up."""

from datetime import datetime, timedelta

from access.changes import Change, EventKind, alert, update_cards
from access.lifecycle import event_of
from access.people import Person, Roster
from access.policy import must_be_approver
from access.refusals import AlreadyDone, NotYet
from access.request import Request
from access.session import Session, SessionStatus
from access.session_lifecycle import already_ended, must_be_running

PATIENCE = timedelta(minutes=2)
"""From the order to end until a session counts as overdue.

AWS removes an assignment within seconds, seldom a minute, and the back-off has tried about six times by then
(after 1, 3, 7, 15, 31 and 63 s at most): what has not ended by now does not end by itself in the next seconds.
"""
FIRST_INTERVAL = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(hours=24)


def overdue(session: Session, now: datetime) -> bool:
    """Tell whether the access should be gone for longer than `PATIENCE` and is not proven to be.

    Counted from the order where there is one, and from the end where even the order is missing: a bot that was away
    orders first, and is overdue only if AWS then does not obey.
    """
    if not session.status.live:
        return False
    return now >= (session.end_ordered_at or session.ends_at) + PATIENCE


def call_overdue(request: Request, session: Session, now: datetime, words: str = "") -> Change:
    """Call a session overdue, in red, with AWS's `words`: after an hour again, then after twice the time, up to a day.

    What is not ordered to end yet is refused: the order comes first, within one sweep.
    """
    if session.status is not SessionStatus.REVOKING:
        raise already_ended(request, session)
    if not overdue(session, now):
        raise NotYet(f"{request.label} is being ended and is not overdue yet.")
    if session.overdue_again_at is not None and now < session.overdue_again_at:
        raise AlreadyDone(f"{request.label} was called overdue already.")
    since = session.overdue_since or now
    called = session.changed(
        overdue_since=since,
        overdue_again_at=now + min(LONGEST_INTERVAL, max(FIRST_INTERVAL, now - since)),
        trouble=words or session.trouble,
    )
    event = event_of(EventKind.OVERDUE, request, now, since=session.over_at.isoformat(), words=called.trouble)
    return Change(
        request=request, session=called, events=(event,), effects=(update_cards(request, called), alert(called, now))
    )


def retry(request: Request, session: Session | None, person: Person, roster: Roster, now: datetime) -> Change:
    """Order another try at an overdue session at once, as owner or SSO admin; the session itself stays as it is."""
    role = must_be_approver(request, person, roster)
    if session is None or not session.marked_overdue:
        must_be_running(request, session)
        raise NotYet(f"{request.label} is not overdue.", "Press Revoke to end it before its time.")
    event = event_of(EventKind.RETRY_ORDERED, request, now, person.slack_id, person.name, role=role.value)
    return Change(request=request, session=session, events=(event,))
