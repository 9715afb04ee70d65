"""Grant a session: make the permission set, assign it, read it back; only then is it active."""

from access import session_lifecycle
from access.changes import Change
from access.permission_sets import name_in_aws
from access.refusals import AlreadyEnded, Frozen
from access.request import Request
from access.session import Session, SessionId, SessionStatus
from aws.errors import AwsTrouble, Busy, NameTaken, NotThere, Refused, classify_failure
from aws.progress import State, poll
from operations.deps import Deps
from operations.frozen import LOOK_AGAIN, held_by_freeze, refuse_while_frozen
from operations.outcome import Done, Later, Outcome
from operations.permission_set import NoSuchSet, content_of, find_or_make_set
from operations.settle import settle, there
from operations.too_late import look_again, must_hold, take_back_set
from storage import outbox, sessions
from storage.outbox import Claimed
from storage.requests import get as get_request

NEXT_LOOK = 3.0
TOO_LATE = "AWS did not grant it in time."
LONGEST_LOOK = 15.0
"""Seconds one attempt watches a running operation of AWS; then the effect gives its place to others."""


def grant_session(deps: Deps, claimed: Claimed) -> Outcome:
    """Take one session as far towards active as AWS lets it go; safe to repeat at any point.

    Every fact that a repeat needs is stored before the step that needs it: the set's ARN, that the assignment was
    asked for, and AWS's id of the running operation.
    """
    request, session = load(deps, claimed)
    if session.status is not SessionStatus.GRANTING:
        return Done.FINISH
    try:
        return _grant_unless_frozen(deps, claimed, request, session)
    except (Refused, NoSuchSet) as refused:
        if session.own_set and isinstance(refused, NameTaken):
            return _rename(deps, request, session, refused)
        return _fail(deps, request, str(refused))
    except NotThere as missing:
        return _forget_set(deps, request, session, missing)


def load(deps: Deps, claimed: Claimed) -> tuple[Request, Session]:
    """Load the session that an effect is about, with its request."""
    with deps.database.read() as db:
        session = sessions.get(db, SessionId(claimed.effect.arguments["session"]))
        request = get_request(db, session.request_id) if session else None
    if session is None or request is None:
        raise LookupError(f"effect {claimed.effect.key} is about a session that is not there")
    return request, session


def _grant_unless_frozen(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Outcome:
    """Wait while all granting is frozen, if only since this attempt began: AWS is not asked for anything new."""
    held = held_by_freeze(deps, request, session)
    if held is None and deps.clock.now() >= session_lifecycle.grant_by(request, session):
        return _fail(deps, request, TOO_LATE)
    try:
        return held or _grant(deps, claimed, request, session)
    except Frozen as frozen:
        return Later(words=frozen.words, after=LOOK_AGAIN, polite=True)


def _grant(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Outcome:
    if not session.grant_operation:
        if not deps.directory.is_enabled(session.principal_id):
            return _fail(deps, request, "the user is not there or disabled in Identity Center.")
        session = _with_set(deps, request, session)
        if deps.identity_center.is_assigned(session.assignment):
            return _adopt(deps, claimed, request, session)
        session = _ask(deps, claimed, request, session)
    operation = session.grant_operation
    progress = poll(lambda: deps.identity_center.assignment_status(operation), deps.wait, bound=LONGEST_LOOK)
    if not progress.over:
        return Later(words="AWS is still working on it", after=NEXT_LOOK, polite=True)
    if progress.state is State.FAILED:
        return _failed_in_aws(deps, request, progress.reason)
    if not deps.identity_center.is_assigned(session.assignment):
        return Later(words="AWS reported success, but the assignment cannot be read back yet")
    return _confirm(deps, claimed, request, existed_before=False)


def _forget_set(deps: Deps, request: Request, session: Session, missing: NotThere) -> Later:
    """Look for the permission set, or make it, anew: it vanished in AWS."""
    with deps.database.read() as db:
        found = sessions.get(db, session.id)  # the set may have been looked up in this very attempt
    gone = (found or session).set_arn
    deps.identity_center.forget(gone)
    deps.kept_sets.forget(gone)
    _note(deps, request, session, set_arn="", grant_operation="")
    return Later(words=missing.words)


def _rename(deps: Deps, request: Request, session: Session, taken: NameTaken) -> Later:
    """Take another name for the session's own set, on disk before AWS makes the set: no crash may leave one behind."""
    _note(deps, request, session, set_name=name_in_aws(request.permission_set.name, deps.suffix()))
    return Later(words=taken.words)


def _with_set(deps: Deps, request: Request, session: Session) -> Session:
    if session.set_arn:
        return session
    arn = find_or_make_set(deps, request, session)
    content = content_of(deps, request)
    facts = {
        "set_arn": arn,
        "cut_at": session.ends_at if session.own_set else None,
        "sign_in_hours": content.session_duration.hours if content else None,
    }
    try:
        return _note(deps, request, session, **facts)
    except AlreadyEnded:
        take_back_set(deps, session, arn)
        raise


def _ask(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Session:
    """Ask AWS for the assignment; that it is asked for is on disk before, with the end of the session."""
    session = _note_asked(deps, request, session)
    must_hold(deps, claimed)
    try:
        operation = deps.identity_center.request_assignment(session.assignment)
        return _note(deps, request, session, grant_operation=operation)
    except (AlreadyEnded, AwsTrouble):
        look_again(deps, claimed, session)
        raise


def _adopt(deps: Deps, claimed: Claimed, request: Request, session: Session) -> Outcome:
    """AWS holds the assignment already: by a lost answer of ours, by another session, or by somebody else."""
    makers = _makers(deps, request, session)
    if any(each.removal_operation for each in makers):
        return Later(words="AWS is removing the same assignment for a session that ended", after=NEXT_LOOK, polite=True)
    ours = session.sent_at is not None
    if makers and not ours:
        _note(deps, request, session, sent_at=deps.clock.now())
    return _confirm(deps, claimed, request, existed_before=not (makers or ours))


def _makers(deps: Deps, request: Request, session: Session) -> list[Session]:
    """List the other sessions for which the bot asked AWS for the same assignment, those being ended included."""
    with deps.database.read() as db:
        others = [
            *sessions.sharing(db, session.assignment, session.id),
            *sessions.live_of_holder(db, request.requester.slack_id),
        ]
    same = [each for each in others if each.id != session.id and each.assignment == session.assignment]
    return [each for each in same if each.sent_at is not None and not each.existed_before]


def _confirm(deps: Deps, claimed: Claimed, request: Request, *, existed_before: bool) -> Outcome:
    now = deps.clock.now()

    def judge(latest: Request, session: Session | None) -> Change:
        return session_lifecycle.confirm_grant(latest, there(session), now, existed_before=existed_before)

    try:
        settle(deps, request.id, judge, also=lambda db: outbox.finish(db, claimed, now))
    except AlreadyEnded:
        if load(deps, claimed)[1].status is SessionStatus.GRANTING:
            return _fail(deps, request, TOO_LATE)
        return Done.FINISH  # its end was ordered meanwhile, and the removal waits for this effect to be out of the way
    return Done.FINISHED


def _fail(deps: Deps, request: Request, words: str) -> Outcome:
    now = deps.clock.now()
    settle(deps, request.id, lambda latest, session: session_lifecycle.fail_grant(latest, there(session), now, words))
    return Done.FINISH


def _failed_in_aws(deps: Deps, request: Request, reason: str) -> Outcome:
    failure = classify_failure(reason)
    if isinstance(failure, Refused):
        return _fail(deps, request, failure.words)
    settle(deps, request.id, lambda latest, session: _noted(latest, there(session), grant_operation=""))
    return Later(words=failure.words, unknown=isinstance(failure, Busy) and failure.unknown)


def _note(deps: Deps, request: Request, session: Session, **facts: object) -> Session:
    """Store facts about a session that is still being granted; refuses where its end was ordered meanwhile."""
    change = settle(deps, request.id, lambda latest, current: _noted(latest, there(current), **facts))
    return change.session or session


def _note_asked(deps: Deps, request: Request, session: Session) -> Session:
    """Store that AWS is asked from now on; refuses where it was frozen meanwhile."""
    now = deps.clock.now()
    change = settle(
        deps, request.id, lambda latest, current: _noted(latest, there(current), sent_at=now), refuse_while_frozen
    )
    return change.session or session


def _noted(request: Request, session: Session, **facts: object) -> Change:
    if session.status is not SessionStatus.GRANTING:
        raise session_lifecycle.already_ended(request, session)
    return Change(request=request, session=session.changed(**facts))
