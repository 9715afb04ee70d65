"""How far a request has come: who decides next, who decided, and what became of the session."""

from datetime import datetime

from access.request import Decision, Request, RequestStatus, Verdict
from access.session import Ending, Session, SessionStatus
from blocks.latest_end import latest_end
from blocks.message import Block
from blocks.parts import quoted, section
from blocks.text import channel, inline, paragraph, person, when

REASON_MOST = 1_000
TROUBLE_MOST = 300
_VERDICTS = {Verdict.APPROVED: "👍 Approved", Verdict.REJECTED: "⛔ Rejected"}


def waiting_for(request: Request, owner_channel: str, admin_channel: str) -> str:
    """Say who decides next and where, for mrkdwn."""
    account = inline(request.account_name)
    owners, admins = channel(owner_channel), channel(admin_channel)
    match request.status:
        case RequestStatus.PENDING:
            return f"Waiting for an owner of {account} in {owners} or an SSO admin in {admins}."
        case RequestStatus.PENDING_OWNER:
            return (
                f"Waiting for an owner of {account} in {owners}; afterwards an SSO admin decides in {admins}. "
                "Where the account has no other owner, an SSO admin stands in."
            )
        case _:
            return f"Waiting for an SSO admin in {admins}{_not_again(request)}."


def _not_again(request: Request) -> str:
    first = next((each for each in request.decisions if each.verdict is Verdict.APPROVED), None)
    if first is None:
        return ""
    return f"; not {inline(first.by_name)}, who approved as {_role(first)}"


def _role(decision: Decision) -> str:
    return f"{decision.role}, standing in for an owner" if decision.stand_in else decision.role.value


def decision_blocks(decision: Decision) -> list[Block]:
    """Say who decided what, in which role, when and why."""
    who = person(decision.by, decision.by_name)
    line = section(f"{_VERDICTS[decision.verdict]} by {who} as {_role(decision)}, {when(decision.at)}")
    return [line, *_reason(decision.reason)]


def _reason(words: str) -> list[Block]:
    return [quoted("Reason", paragraph(words, REASON_MOST))] if words.strip() else []


def session_blocks(session: Session, now: datetime) -> list[Block]:
    """Say what became of the session, and what AWS makes difficult."""
    lines = _session_lines(session, now)
    if session.marked_overdue:
        lines.insert(0, f"🔴 *Overdue: the access should have been gone {when(session.over_at)}.*")
    if session.trouble:
        trying = "" if session.status is SessionStatus.ACTIVE else " jitbot keeps trying."
        lines.append(f"⚠️ {inline(session.trouble, TROUBLE_MOST)}{trying}")
    given = _reason(session.end_reason) if session.ending is Ending.REVOKED else []
    return [section(*lines), *given]


def _session_lines(session: Session, now: datetime) -> list[str]:
    match session.status:
        case SessionStatus.GRANTING:
            return ["AWS is setting the access up. Its time starts when AWS confirms it."]
        case SessionStatus.ACTIVE:
            return _active(session, now)
        case SessionStatus.REVOKING:
            return _ending(session, now)
        case _:
            return _ended(session)


def _active(session: Session, now: datetime) -> list[str]:
    since = f", since {when(session.granted_at)}" if session.granted_at else ""
    lines = [f"*Active until* {when(session.ends_at)}{since}{_extended(session.extensions)}"]
    if now > session.ends_at:
        lines.append("Its time is over; the end is on its way.")
    if session.existed_before:
        lines.append(EXISTED_BEFORE)
    return [*lines, *_open_sessions(session)]


def _extended(times: int) -> str:
    return f", extended {({1: 'once', 2: 'twice'}).get(times, f'{times} times')}" if times else ""


EXISTED_BEFORE = "AWS held this access before the request: jitbot did not give it and will not take it away."


def _ending(session: Session, now: datetime) -> list[str]:
    if session.ending is Ending.FAILED:
        words = inline(session.end_reason, TROUBLE_MOST) if session.end_reason else "AWS did not grant it."
        return [f"Could not be granted: {words}", "jitbot makes sure that nothing is left in AWS."]
    lines = [f"*Ending…* {_why(session)}{_at(session.end_ordered_at)}. AWS is taking the access away."]
    if now > session.ends_at and session.ending is not Ending.EXPIRED:
        lines.append(f"Its time was over {when(session.ends_at)}.")
    return lines


def _why(session: Session) -> str:
    who = person(session.ended_by or "", session.ended_by_name) if session.ended_by or session.ended_by_name else ""
    match session.ending:
        case Ending.REVOKED:
            return f"Revoked by {who or 'an approver'}"
        case Ending.ENDED_EARLY:
            return f"Ended early by {who or 'its holder'}"
        case _:
            return "Its time is over"


def _at(moment: datetime | None) -> str:
    return f", {when(moment)}" if moment else ""


def _ended(session: Session) -> list[str]:
    if session.ending is Ending.FAILED or session.status is SessionStatus.FAILED:
        words = inline(session.end_reason, TROUBLE_MOST) if session.end_reason else "AWS did not grant it."
        return [f"Could not be granted: {words}", f"Nothing is left in AWS{_at(session.ended_at)}."]
    lines = [f"{_why(session)}{_at(session.end_ordered_at)}."]
    if session.existed_before:
        return [*lines, "AWS held this access before the request, so it was left as it was."]
    return [*lines, f"AWS confirmed that the access is gone{_at(session.ended_at)}.", *_open_sessions(session)]


def _open_sessions(session: Session) -> list[str]:
    words = latest_end(session)
    return [words] if words else []
