"""Somebody has left: their sessions end, and what they asked for is closed."""

from datetime import datetime

from access.changes import BOT, Change, EventKind, NoticeKind, revoke_access, tell, update_cards
from access.lifecycle import event_of
from access.policy import already_decided
from access.request import Decision, Level, Request, RequestStatus, Verdict
from access.session import Ending, Session, SessionStatus
from access.session_lifecycle import already_ended

BOT_NAME = "jitbot"


def end_for_leaver(request: Request, session: Session, why: str, now: datetime) -> Change:
    """Order the end of a session whose holder has left, in words; a grant under way is undone too."""
    if session.status not in {SessionStatus.GRANTING, SessionStatus.ACTIVE}:
        raise already_ended(request, session)
    ending = session.changed(
        status=SessionStatus.REVOKING,
        ending=Ending.REVOKED,
        ended_by_name=BOT_NAME,
        end_reason=why,
        end_ordered_at=now,
        trouble="",
    )
    event = event_of(EventKind.END_ORDERED, request, now, ending=Ending.REVOKED.value, reason=why)
    return Change(
        request=request, session=ending, events=(event,), effects=(revoke_access(ending), update_cards(request, ending))
    )


def close_for_leaver(request: Request, why: str, now: datetime) -> Change:
    """Reject, by the bot, what somebody asked for who has left: nobody needs to decide it any more."""
    if not request.status.undecided:
        raise already_decided(request)
    decision = Decision(
        level=Level.ANY, verdict=Verdict.REJECTED, by=BOT, by_name=BOT_NAME, role=Level.ADMIN, at=now, reason=why
    )
    closed = request.changed(status=RequestStatus.REJECTED, decisions=(*request.decisions, decision), closed_at=now)
    event = event_of(EventKind.REJECTED, request, now, reason=why)
    return Change(request=closed, events=(event,), effects=(update_cards(closed), tell(closed, NoticeKind.REJECTED)))
