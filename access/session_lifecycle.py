"""What happens to a session: from the confirmed grant to the proof that the assignment is gone."""

from datetime import datetime, timedelta

from access.changes import (
    BOT,
    Change,
    Effect,
    EventKind,
    NoticeKind,
    move_hard_stop,
    revoke_access,
    tell,
    update_alert,
    update_cards,
    verify_absent,
)
from access.lifecycle import event_of
from access.people import Person, Roster, SlackId
from access.policy import already_decided, must_be_approver, must_be_full_member, must_be_holder
from access.refusals import AlreadyDone, AlreadyEnded, NotFound, NotYet, ReasonNeeded, Refusal
from access.request import Request, cleaned
from access.session import Ending, Session, SessionStatus

VERIFY_AFTER = timedelta(minutes=5)
"""Longer than the lease of an outbox row and the longest call: a paused worker has woken or died by then."""
_FINAL_NOTICE = {
    Ending.EXPIRED: NoticeKind.EXPIRED,
    Ending.REVOKED: NoticeKind.REVOKED,
    Ending.ENDED_EARLY: NoticeKind.ENDED_EARLY,
}
_FINAL_EVENT = {Ending.EXPIRED: EventKind.EXPIRED, Ending.FAILED: EventKind.FAILED}


def confirm_grant(request: Request, session: Session, now: datetime, *, existed_before: bool = False) -> Change:
    """Call the session active: AWS reported success and a read-back found the assignment. The clock starts here."""
    if session.status is not SessionStatus.GRANTING:
        raise already_ended(request, session)
    if now >= grant_by(request, session):
        raise AlreadyEnded(f"The time to grant {request.label} is over.")
    active = session.changed(
        status=SessionStatus.ACTIVE,
        granted_at=now,
        ends_at=now + request.duration.length,
        existed_before=existed_before,
        trouble="",
    )
    notice = NoticeKind.ALREADY_HAD if existed_before else NoticeKind.GRANTED
    granted = event_of(
        EventKind.GRANTED,
        request,
        now,
        until=active.ends_at.isoformat(),
        set_arn=active.set_arn,
        set_name=active.set_name,
        words="the assignment existed before and will not be removed" if existed_before else "",
    )
    stop = (move_hard_stop(active),) if active.cut_at is not None else ()
    return Change(
        request=request,
        session=active,
        events=(granted,),
        effects=(*stop, update_cards(request, active), tell(request, notice)),
    )


def confirm_hard_stop(request: Request, session: Session, cut: datetime, now: datetime) -> Change:
    """Note that AWS denies everything from `cut` on; refuses where the session has another end by now."""
    if session.status is not SessionStatus.ACTIVE or session.ends_at != cut:
        raise already_ended(request, session)
    stopped = session.changed(cut_at=cut)
    event = event_of(EventKind.HARD_STOP, request, now, until=cut.isoformat())
    return Change(request=request, session=stopped, events=(event,), effects=(update_cards(request, stopped),))


def grant_by(request: Request, session: Session) -> datetime:
    """Tell until when a session can be granted: its full length must fit before the end that was committed."""
    return session.ends_at - request.duration.length


def fail_grant(request: Request, session: Session, now: datetime, words: str) -> Change:
    """Give up granting: AWS refused for good. It may have half succeeded, so it is undone first."""
    if session.status is not SessionStatus.GRANTING:
        raise already_ended(request, session)
    failing = _ordered(session, Ending.FAILED, now, BOT, "", words)
    return Change(
        request=request,
        session=failing,
        events=(event_of(EventKind.GRANT_FAILED, request, now, words=words),),
        effects=(revoke_access(failing), update_cards(request, failing), tell(request, NoticeKind.FAILED)),
    )


def expire(request: Request, session: Session, now: datetime) -> Change:
    """Order the end of a session whose time is up; one that was never granted in time has failed."""
    if session.status not in {SessionStatus.GRANTING, SessionStatus.ACTIVE}:
        raise already_ended(request, session)
    if session.status is SessionStatus.GRANTING and now >= grant_by(request, session):
        return fail_grant(request, session, now, "AWS did not grant it in time.")
    if session.status is SessionStatus.GRANTING or now < session.ends_at:
        raise NotYet(f"{request.label} has not reached its end.")
    ending = _ordered(session, Ending.EXPIRED, now, BOT, "", "")
    return Change(request=request, session=ending, effects=_end_effects(request, ending))


def revoke(
    request: Request, session: Session | None, person: Person, roster: Roster, now: datetime, reason: str
) -> Change:
    """Order the early end, as owner or SSO admin, with a reason."""
    role = must_be_approver(request, person, roster)
    live = must_be_running(request, session)
    why = cleaned(reason)
    if not why:
        raise ReasonNeeded("A revocation needs a reason.", "Say in a sentence why; the holder reads it.")
    ending = _ordered(live, Ending.REVOKED, now, person.slack_id, person.name, why)
    event = event_of(
        EventKind.END_ORDERED, request, now, person.slack_id, person.name,
        ending=Ending.REVOKED.value, role=role.value, reason=why,
    )  # fmt: skip
    return Change(request=request, session=ending, events=(event,), effects=_end_effects(request, ending))


def end_early(request: Request, session: Session | None, person: Person, now: datetime) -> Change:
    """Order the early end, as the holder who is done."""
    must_be_holder(request, person)
    must_be_full_member(person)
    live = must_be_running(request, session)
    ending = _ordered(live, Ending.ENDED_EARLY, now, person.slack_id, person.name, "")
    event = event_of(EventKind.END_ORDERED, request, now, person.slack_id, person.name, ending=Ending.ENDED_EARLY.value)
    return Change(request=request, session=ending, events=(event,), effects=_end_effects(request, ending))


def confirm_removal(request: Request, session: Session, now: datetime) -> Change:
    """Call the session ended: a read-back found the assignment gone, or held by another live session."""
    if session.status is not SessionStatus.REVOKING or session.ending is None:
        raise already_ended(request, session)
    ended = session.changed(status=session.ending.final, ended_at=now, overdue_again_at=None, trouble="")
    actor = session.ended_by or BOT
    kind = _FINAL_EVENT.get(session.ending, EventKind.REVOKED)
    event = event_of(
        kind, request, now, actor, session.ended_by_name,
        ending=session.ending.value, reason=session.end_reason, late=_late(ended, now),
    )  # fmt: skip
    notice = _FINAL_NOTICE.get(session.ending)
    told = (tell(request, notice),) if notice else ()
    calmed = (update_alert(ended),) if ended.overdue_since else ()
    effects = (update_cards(request, ended), *told, *calmed, verify_absent(ended, VERIFY_AFTER))
    return Change(request=request, session=ended, events=(event,), effects=effects)


def _late(session: Session, now: datetime) -> str:
    """Say how late an overdue session ended; nothing where it was on time."""
    return f"{int((now - session.over_at).total_seconds() // 60)} min" if session.overdue_since else ""


def announce(request: Request, session: Session, now: datetime) -> Change:
    """Tell the holder that the end is near, once."""
    if session.status is not SessionStatus.ACTIVE:
        raise already_ended(request, session)
    if now >= session.ends_at:
        raise AlreadyEnded(f"{request.label} has reached its end: there is nothing left to announce.")
    if session.announced_at is not None:
        raise AlreadyDone(f"The end of {request.label} was announced already.")
    announced = session.changed(announced_at=now)
    event = event_of(EventKind.ANNOUNCED, request, now, until=session.ends_at.isoformat())
    again = {"extensions": str(session.extensions)} if session.extensions else {}
    told = tell(request, NoticeKind.ENDING_SOON, **again)
    return Change(request=request, session=announced, events=(event,), effects=(told,))


def note_trouble(request: Request, session: Session, now: datetime, words: str) -> Change:
    """Say in the card, the audit log and a message that AWS makes trouble; the bot keeps trying."""
    if not session.status.live or session.status is SessionStatus.ACTIVE:
        raise already_ended(request, session)
    troubled = session.changed(trouble=words)
    granting = session.status is SessionStatus.GRANTING
    kind = EventKind.GRANT_DELAYED if granting else EventKind.REVOKE_DELAYED
    told = (tell(request, NoticeKind.DELAYED),) if granting else ()
    return Change(
        request=request,
        session=troubled,
        events=(event_of(kind, request, now, words=words),),
        effects=(update_cards(request, troubled), *told),
    )


def already_ended(request: Request, session: Session) -> AlreadyEnded | NotYet:
    """Make the refusal that says how a session ended or is ending, or where it stands instead."""
    if session.status is SessionStatus.GRANTING:
        return NotYet(f"{request.label} is still being granted.", "Look at it again in a minute.")
    if session.status is SessionStatus.ACTIVE:
        return AlreadyEnded(f"{request.label} is active already.", "Nothing was changed.")
    by = f" by {session.ended_by_name}" if session.ended_by_name else ""
    if session.status is SessionStatus.REVOKING:
        return AlreadyEnded(f"{request.label} is being ended already{by}.", "Nothing was changed.")
    return AlreadyEnded(f"{request.label} has already {_past(session)}{by}.", "Nothing was changed.")


def _past(session: Session) -> str:
    return {SessionStatus.EXPIRED: "expired", SessionStatus.FAILED: "failed"}.get(session.status, "been ended")


def must_be_running(request: Request, session: Session | None) -> Session:
    """Return the session that can be ended, or refuse."""
    if request.extends is not None:
        raise NotFound(f"{request.label} only asks for more time.", f"The access is that of {request.extends_label}.")
    if session is None:
        raise _nothing_to_end(request)
    if session.status not in {SessionStatus.GRANTING, SessionStatus.ACTIVE}:
        raise already_ended(request, session)
    return session


def _nothing_to_end(request: Request) -> Refusal:
    if request.status.undecided:
        return NotYet(f"{request.label} is not decided yet: there is no access to end.", "Reject or withdraw it.")
    return already_decided(request)


def _ordered(session: Session, ending: Ending, now: datetime, by: SlackId, by_name: str, reason: str) -> Session:
    return session.changed(
        status=SessionStatus.REVOKING,
        ending=ending,
        ended_by=None if by == BOT else by,
        ended_by_name=by_name,
        end_reason=reason,
        end_ordered_at=now,
        trouble="",
    )


def _end_effects(request: Request, session: Session) -> tuple[Effect, ...]:
    return revoke_access(session), update_cards(request, session)
