"""Take an assignment away and prove that it is gone; only then has the session ended."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from access import session_lifecycle
from access.changes import Change, EventKind
from access.lifecycle import event_of
from access.request import Request
from access.session import Session, SessionStatus
from aws.errors import AwsTrouble, Busy, NotThere, classify_failure
from aws.progress import State, poll
from operations.deps import Deps
from operations.grant import LONGEST_LOOK, NEXT_LOOK, load
from operations.hard_stop import deny_from
from operations.outcome import Done, Later, Outcome
from operations.permission_set import remove_own_set
from operations.settle import record, settle, there
from operations.too_late import must_hold
from storage import audit, drift, outbox, sessions
from storage.outbox import Claimed

log = logging.getLogger(__name__)
GIVEN_UP_BY_AWS = timedelta(minutes=15)
"""What AWS is still at so long after the order to end is waited for no more.

A removal is read back, and ordered anew where it had no effect; where it is the creation, the removal is asked for.
"""

_ASKED = "asked"
"""Stands for AWS's id of a removal while the answer to the order is not known."""


def remove_access(deps: Deps, claimed: Claimed) -> Outcome:
    """Take one session's assignment away: ask, poll, read back absent, delete a custom set. Safe to repeat.

    An assignment that another live session needs, or that was there before the bot, stays; a removal that AWS is
    already at is seen through, so that the other session is not called active on what is about to vanish.
    """
    request, session = load(deps, claimed)
    if session.status is not SessionStatus.REVOKING:
        return Done.FINISH
    with deps.database.read() as db:
        heirs = sessions.sharing(db, session.assignment, session.id)
    if not _stays(session, heirs):
        later = _remove(deps, claimed, request, session)
        if later is not None:
            return later
        remove_own_set(deps, session)
    made_by_us = session.sent_at is not None and not session.existed_before
    _confirm(deps, claimed, request, heirs if made_by_us else [])
    return Done.FINISHED


def _stays(session: Session, heirs: list[Session]) -> bool:
    if session.existed_before:
        return True
    if session.removal_operation == _ASKED:
        return any(each.sent_at for each in heirs)  # who asked AWS since then had found it gone: what stands is theirs
    return bool(heirs) and not session.removal_operation


def _remove(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Later | None:
    if session.sent_at is None or not session.set_arn:
        return None  # never asked for, or AWS had lost the set: whatever it holds there is not ours
    if session.grant_operation and session.granted_at is None:
        creation = session.grant_operation
        begun = poll(lambda: deps.identity_center.assignment_status(creation), deps.wait, bound=LONGEST_LOOK)
        if not begun.over and not _given_up(deps, session):
            return Later(words="AWS is still making what is to be removed", after=NEXT_LOOK, polite=True)
    if not session.removal_operation:
        _deny_now(deps, request, session)
    must_hold(deps, claimed)
    known = session.removal_operation
    operation = known if known not in {"", _ASKED} else _ask(deps, request, session)
    if operation:
        progress = poll(lambda: deps.identity_center.removal_status(operation), deps.wait, bound=LONGEST_LOOK)
        if not progress.over and not _given_up(deps, session):
            return Later(words="AWS is still working on it", after=NEXT_LOOK, polite=True)
        _note(deps, request, removal_operation="")
        if progress.state is State.FAILED and not isinstance(failure := classify_failure(progress.reason), NotThere):
            return Later(words=failure.words)
    if deps.identity_center.is_assigned(session.assignment):
        return Later(words="the assignment can still be read")
    return None


def _ask(deps: Deps, request: Request, session: Session) -> str:
    """Order the removal; returns AWS's id of it, empty where there is nothing to remove.

    That it is asked for is on disk before: whoever is granted the same meanwhile waits for what comes of it.
    """
    _note(deps, request, removal_operation=_ASKED)
    try:
        operation = deps.identity_center.request_removal(session.assignment) or ""
    except AwsTrouble as trouble:
        if not (isinstance(trouble, Busy) and trouble.unknown):
            _note(deps, request, removal_operation=session.removal_operation)
        raise
    _note(deps, request, removal_operation=operation)
    return operation


def _given_up(deps: Deps, session: Session) -> bool:
    return deps.clock.now() >= (session.end_ordered_at or session.ends_at) + GIVEN_UP_BY_AWS


def _deny_now(deps: Deps, request: Request, session: Session) -> None:
    """Cut AWS sessions that are open, where the set is this session's own; the removal does not wait for it to work.

    Cut from the order on: a moment of its own at each attempt would be brought to the account anew each time. A cut
    that is noted and past may have been moved to a later end without a note of it.
    """
    now = deps.clock.now()
    ordered = session.end_ordered_at or now
    cut = session.cut_at
    if cut is None or max(cut, session.ends_at) <= now or ordered <= cut <= now:
        return
    try:
        denied = deny_from(deps, session, ordered)
    except AwsTrouble as trouble:
        log.warning("open AWS sessions could not be cut at once: %s", trouble, extra={"session": session.id})
        return
    if denied:
        _note(deps, request, cut_at=deps.clock.now())


def _confirm(deps: Deps, claimed: Claimed, request: Request, heirs: list[Session]) -> None:
    """Call it ended; sessions that take the assignment over know from now on that it is the bot's own."""
    now = deps.clock.now()

    def also(db: Connection) -> None:
        outbox.finish(db, claimed, now)
        _hand_over(db, heirs, now)

    settle(
        deps, request.id, lambda latest, session: session_lifecycle.confirm_removal(latest, there(session), now), also
    )


def _hand_over(db: Connection, heirs: list[Session], now: datetime) -> None:
    """Let the sessions that need the assignment know that the bot made it, whatever they took it for."""
    for heir in heirs:
        latest = sessions.get(db, heir.id, lock=True)
        if latest is not None and latest.status.live and latest.sent_at is None:
            sessions.save(db, latest.changed(sent_at=now, existed_before=False))


def verify_absent(deps: Deps, claimed: Claimed) -> Outcome:
    """Look once more, later, that an ended session left nothing: a paused worker may have granted after the end.

    What stands there and cannot be the bot's is left to the comparison with the sessions (operations.reconcile), which
    tells the SSO admins of it: somebody else may have given it since. `set_arn` in the arguments names another set of
    the session than the one it had.
    """
    request, ended = load(deps, claimed)
    session = replace(ended, set_arn=claimed.effect.arguments.get("set_arn") or ended.set_arn)
    if session.status.live or session.existed_before:
        return Done.FINISH
    if session.sent_at is not None:
        with deps.database.read() as db:
            ours = drift.may_have_left(db, session.id)
        if not ours:
            _say_whose(deps, session)
        elif (outcome := _look_for_orphan(deps, claimed, request, session)) is not None:
            return outcome
    remove_own_set(deps, session)
    return Done.FINISH


def _look_for_orphan(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Outcome | None:
    with deps.database.begin() as db:
        heirs = sessions.sharing(db, session.assignment, session.id)
        _hand_over(db, heirs, deps.clock.now())
        others = sessions.live_of_holder(db, request.requester.slack_id)
    if heirs:
        return Done.FINISH
    if any(each.assignment == session.assignment for each in others):
        return Later(words="another session's end on the same target is under way", after=NEXT_LOOK, polite=True)
    if deps.identity_center.is_assigned(session.assignment):
        return _remove_orphan(deps, claimed, request, session)
    return None


def _say_whose(deps: Deps, session: Session) -> None:
    if deps.identity_center.is_assigned(session.assignment):
        log.warning("AWS holds what an ended session had, and jitbot did not ask for it", extra={"session": session.id})


def _remove_orphan(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Later:
    """Take away what an ended session left, and say so where security reads it, once however often it is tried."""
    log.error("an ended session left an assignment; removing it", extra={"session": session.id})
    now = deps.clock.now()
    words = (
        "the assignment stood in AWS again after the session had ended; jitbot may have asked for it, as an answer of "
        "AWS was lost or a worker was paused"
    )
    with deps.database.begin() as db:
        if not audit.says(db, EventKind.ORPHAN_REMOVED, request.label, claimed.first_due):
            record(db, [event_of(EventKind.ORPHAN_REMOVED, request, now, words=words)], now)
    operation = deps.identity_center.request_removal(session.assignment)
    if operation is not None:
        poll(lambda: deps.identity_center.removal_status(operation), deps.wait, bound=LONGEST_LOOK)
    return Later(words="removed an orphan; looking once more", after=NEXT_LOOK)


def _note(deps: Deps, request: Request, **facts: object) -> None:
    def judge(latest: Request, session: Session | None) -> Change:
        return Change(request=latest, session=there(session).changed(**facts))

    settle(deps, request.id, judge)
