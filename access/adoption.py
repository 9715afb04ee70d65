"""Adopt what somebody gave by hand: it becomes a session, with an end that an SSO admin decides for somebody else."""

from dataclasses import dataclass
from datetime import datetime

from access.changes import Change, EventKind, NoticeKind, Place, post_card, tell
from access.durations import AccessDuration
from access.lifecycle import event_of
from access.people import Person, Roster
from access.permission_sets import RequestedSet, SetKind
from access.policy import must_be_full_member
from access.refusals import CannotTell, NotAnApprover, OwnRequest, ReasonNeeded
from access.request import (
    SHORTEST_JUSTIFICATION,
    Decision,
    Level,
    Request,
    Requester,
    RequestId,
    RequestStatus,
    Verdict,
    cleaned,
)
from access.session import Assignment, Session, SessionId, SessionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What is adopted: the assignment as AWS holds it, who has it, for how long from now on and why."""

    request_id: RequestId
    number: int
    session_id: SessionId
    assignment: Assignment
    set_name: str
    account_name: str
    holder: Requester
    duration: AccessDuration
    reason: str
    sign_in_hours: int | None = None


def must_be_admin(person: Person, roster: Roster) -> None:
    """Refuse everybody but SSO admins: what stands in AWS without jitbot is theirs to judge."""
    must_be_full_member(person)
    if person.slack_id not in roster.admins:
        raise NotAnApprover("Only an SSO admin can say what becomes of this.", "Ask one of them to press.")


def must_not_be_own(holder: Requester, person: Person) -> None:
    """Refuse to adopt one's own access, under whichever account in Slack."""
    if not person.email:
        raise CannotTell(
            "Slack shows no verified e-mail address for you, so two accounts of one person cannot be told apart.",
            "Confirm your address in Slack, then press again.",
        )
    same = bool(holder.email) and person.email.casefold() == holder.email.casefold()
    if same or person.slack_id == holder.slack_id:
        raise OwnRequest("Nobody adopts their own access.", "Ask another SSO admin.")


def adopt(adoption: Adoption, person: Person, roster: Roster, now: datetime) -> Change:
    """Make a request that is approved and a session that is active of an assignment; both begin now.

    The session's end removes the assignment, as if the bot had made it.
    """
    must_be_admin(person, roster)
    must_not_be_own(adoption.holder, person)
    why = cleaned(adoption.reason)
    if len(why) < SHORTEST_JUSTIFICATION:
        raise ReasonNeeded(
            f"Say in at least {SHORTEST_JUSTIFICATION} characters why this access is to stay for a while."
        )
    request = _request(adoption, person, why, now)
    session = _session(adoption, now)
    event = event_of(
        EventKind.DRIFT_ADOPTED, request, now, person.slack_id, person.name,
        role=Level.ADMIN.value, reason=why, until=session.ends_at.isoformat(), set_arn=session.set_arn,
        email=adoption.holder.email, principal=adoption.holder.principal_id,
    )  # fmt: skip
    effects = (post_card(request, Place.OWNERS), post_card(request, Place.REQUESTER), tell(request, NoticeKind.GRANTED))
    return Change(request=request, session=session, events=(event,), effects=effects)


def _request(adoption: Adoption, person: Person, why: str, now: datetime) -> Request:
    decision = Decision(
        level=Level.ANY,
        verdict=Verdict.APPROVED,
        by=person.slack_id,
        by_name=person.name,
        by_email=person.email,
        role=Level.ADMIN,
        at=now,
        reason="Given by hand in AWS, and adopted.",
    )
    return Request(
        id=adoption.request_id,
        number=adoption.number,
        requester=adoption.holder,
        account_id=adoption.assignment.account_id,
        account_name=adoption.account_name,
        permission_set=RequestedSet(kind=SetKind.STANDARD, name=adoption.set_name),
        duration=adoption.duration,
        justification=why,
        requested_at=now,
        lapses_at=now,
        status=RequestStatus.APPROVED,
        decisions=(decision,),
        closed_at=now,
    )


def _session(adoption: Adoption, now: datetime) -> Session:
    return Session(
        id=adoption.session_id,
        request_id=adoption.request_id,
        principal_id=adoption.assignment.principal_id,
        account_id=adoption.assignment.account_id,
        status=SessionStatus.ACTIVE,
        ends_at=now + adoption.duration.length,
        set_name=adoption.set_name,
        set_arn=adoption.assignment.set_arn,
        sent_at=now,
        granted_at=now,
        sign_in_hours=adoption.sign_in_hours,
    )
