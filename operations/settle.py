"""Store a change: new state, audit entries and outbox rows in one transaction, guarded by compare-and-set."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from access.changes import Change, EffectKind, Event, audit_line
from access.refusals import NotFound, TooLate
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.home_order import order_homes
from operations.ranking import reaches_far
from storage import audit, outbox, requests, sessions
from storage.transactions import LostRace

log = logging.getLogger(__name__)
_TRIES = 5
_SAID = ("verb", "refusal", "until", "since", "ending", "late")
"""Details that a log line has: what the bot itself words, never what people wrote."""

Judge = Callable[[Request, Session | None], Change]


def settle(
    deps: Deps,
    request_id: RequestId,
    judge: Judge,
    also: Callable[[Connection], None] | None = None,
) -> Change:
    """Load a request with its session, judge it, and store the change; a lost race is judged anew.

    `also` joins the same transaction. Raises the judge's refusal, and `NotFound` where there is no such request.
    """
    for _ in range(_TRIES):
        try:
            with deps.database.begin() as db:
                change = _settle_once(db, deps, request_id, judge, also)
        except LostRace:
            continue
        narrate(change.events)
        return change
    raise TooLate("Others change this request right now.", "Look at it again in a moment.")


def _settle_once(
    db: Connection,
    deps: Deps,
    request_id: RequestId,
    judge: Judge,
    also: Callable[[Connection], None] | None,
) -> Change:
    now = deps.clock.now()
    request = requests.get(db, request_id, lock=True)
    if request is None:
        raise NotFound("There is no such request.", "Look at /jit mine for yours.")
    session = session_of(db, request, lock=True)
    change = judge(request, session)
    if change.request != request:
        requests.save(db, change.request)
    if change.session is not None and change.session != session:
        (sessions.save if session else sessions.add)(db, change.session)
    if also is not None:
        also(db)
    removing = any(each.kind is EffectKind.REVOKE for each in change.effects)
    outbox.add(db, change.effects, now, urgent=removing and reaches_far(deps, change.request))
    order_homes(db, change.request, change.session, now)
    record(db, change.events, now)
    return change


def session_of(db: Connection, request: Request, *, lock: bool = False) -> Session | None:
    """Find the session that a request is about: its own, or the one that it extends."""
    if request.extends is not None:
        return sessions.of_number(db, request.extends, lock=lock)
    return sessions.of_request(db, request.id, lock=lock)


def there(session: Session | None) -> Session:
    """Return the session of a request that must have one."""
    if session is None:
        raise LookupError("this request has no session, and must have one")
    return session


def record(db: Connection, events: Iterable[Event], now: datetime) -> None:
    """Append events to the audit log, last in a transaction, each with its line for the audit channel."""
    lines = [audit_line(audit.append(db, event)) for event in events]
    outbox.add(db, lines, now)


def narrate(events: Iterable[Event]) -> None:
    """Say in the bot's own log what happened, a line each, once it is committed: somebody reads it at night."""
    for each in events:
        details = ", ".join(f"{name} {each.details[name]}" for name in _SAID if name in each.details)
        about = f"{each.request or 'no request'}: {each.kind.value.replace('_', ' ')} by {each.actor}"
        log.info("%s", f"{about} ({details})" if details else about, extra={"request": each.request})
