"""Say which active sessions AWS does not hold any more: on their cards, in the audit log, to the SSO admins."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from access.changes import Change
from access.drift import MISSING, Findings, note_missing, note_returned
from access.refusals import Refusal
from access.request import Request
from access.session import Session, SessionStatus
from blocks.drift import missing_report
from blocks.message import Message
from operations.deps import Deps
from operations.reconcile_post import post_found
from operations.settle import settle, there
from storage import requests, sessions


def tell_missing(deps: Deps, found: Findings) -> int:
    """Mark what is missing, once, and take the mark from what came back; returns how many were marked.

    The SSO admins are told before the marks are made: a message that Slack does not take is tried again in ten minutes.
    """
    for each in found.returned:
        _settled(deps, each, lambda request, session: note_returned(request, session, deps.clock.now()))
    gone = [each for each in found.missing if each.trouble != MISSING and _still_missing(deps, each)]
    if not gone:
        return 0
    post_found(deps, _key(gone), _message(deps, gone))
    for each in gone:
        _settled(deps, each, lambda request, session: note_missing(request, session, deps.clock.now()))
    return len(gone)


def _still_missing(deps: Deps, session: Session) -> bool:
    """Read the one assignment and the database anew: a list that was incomplete must not frighten anybody."""
    if deps.identity_center.is_assigned(session.assignment):
        return False
    with deps.database.read() as db:
        latest = sessions.get(db, session.id)
    return latest is not None and latest.status is SessionStatus.ACTIVE


def _settled(deps: Deps, session: Session, verb: Callable[[Request, Session], Change]) -> None:
    try:
        settle(deps, session.request_id, lambda request, latest: verb(request, there(latest)))
    except Refusal:
        return  # it ended meanwhile, or another replica said it


def _message(deps: Deps, gone: Sequence[Session]) -> Message:
    with deps.database.read() as db:
        pairs = [(requests.get(db, each.request_id), each) for each in gone]
    return missing_report([(request, session) for request, session in pairs if request is not None])


def _key(gone: Sequence[Session]) -> str:
    return "missing:" + sha256("/".join(sorted(each.id for each in gone)).encode()).hexdigest()[:16]
