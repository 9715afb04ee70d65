"""Every session verb has an answer in every status: the next status, or exactly one kind of refusal."""

import inspect
from datetime import datetime, timedelta
from itertools import product

import pytest

from access import session_lifecycle
from access.changes import Change
from access.people import Person
from access.refusals import AlreadyDecided, AlreadyDone, AlreadyEnded, NotYet, ReasonNeeded, Refusal
from access.request import RequestStatus
from access.session import Ending, Session, SessionStatus
from tests.access.given import (
    ADA,
    APPROVED_AT,
    ENDED_AT,
    GRANTED_AT,
    HOUR,
    MAX,
    MINUTE,
    OLAF,
    RITA,
    a_request,
    a_roster,
    a_session,
)
from tests.access.play import BY_HAND, SESSION_VERBS, Moment, the_session
from tests.access.test_request_verbs import given_in

S = SessionStatus
Answer = SessionStatus | type[Refusal]
APPROVED = a_request(RequestStatus.APPROVED)

TOO_LATE: dict[SessionStatus, Answer] = dict.fromkeys(SessionStatus, AlreadyEnded)
ORDERS_THE_END: dict[SessionStatus, Answer] = {**TOO_LATE, S.GRANTING: S.REVOKING, S.ACTIVE: S.REVOKING}
ANSWERS: dict[str, dict[SessionStatus, Answer]] = {
    "confirm_grant": {**TOO_LATE, S.GRANTING: S.ACTIVE},
    "confirm_hard_stop": {**TOO_LATE, S.GRANTING: NotYet, S.ACTIVE: S.ACTIVE},
    "fail_grant": {**TOO_LATE, S.GRANTING: S.REVOKING},
    "expire": ORDERS_THE_END,
    "revoke": ORDERS_THE_END,
    "end_early": ORDERS_THE_END,
    "confirm_removal": {**TOO_LATE, S.GRANTING: NotYet, S.REVOKING: S.REVOKED},
    "announce": {**TOO_LATE, S.GRANTING: NotYet, S.ACTIVE: S.ACTIVE},
    "note_trouble": {**TOO_LATE, S.GRANTING: S.GRANTING, S.REVOKING: S.REVOKING},
}


def played(verb: str, session: Session) -> Change:
    """Play the verb by the person and at the time that allow it wherever anything does."""
    now = session.ends_at if verb == "expire" else GRANTED_AT
    return SESSION_VERBS[verb](APPROVED, session, Moment(person=RITA if verb == "end_early" else OLAF, now=now))


@pytest.mark.parametrize(("verb", "status"), list(product(SESSION_VERBS, SessionStatus)))
def test_every_verb_has_its_answer_in_every_status(verb: str, status: SessionStatus) -> None:
    answer, session = ANSWERS[verb][status], a_session(status)
    if isinstance(answer, SessionStatus):
        change = played(verb, session)
        assert (the_session(change).status, the_session(change).version) == (answer, session.version + 1)
        assert change.request is APPROVED, "a session's verbs leave the request as it is"
        return
    with pytest.raises(Refusal) as refused:
        played(verb, session)
    assert type(refused.value) is answer


def test_the_table_of_answers_knows_every_verb_of_the_lifecycle() -> None:
    public = {name for name, each in vars(session_lifecycle).items() if _is_verb(name, each)}
    assert public == set(ANSWERS)


def _is_verb(name: str, each: object) -> bool:
    if not inspect.isfunction(each) or each.__module__ != session_lifecycle.__name__ or name.startswith("_"):
        return False
    return inspect.signature(each).return_annotation is Change


NO_SESSION: dict[RequestStatus, type[Refusal]] = {
    RequestStatus.PENDING: NotYet,
    RequestStatus.PENDING_OWNER: NotYet,
    RequestStatus.PENDING_ADMIN: NotYet,
    RequestStatus.APPROVED: AlreadyDecided,
    RequestStatus.REJECTED: AlreadyDecided,
    RequestStatus.WITHDRAWN: AlreadyDecided,
    RequestStatus.LAPSED: AlreadyDecided,
}


@pytest.mark.parametrize(("verb", "status"), list(product(BY_HAND, RequestStatus)))
def test_where_no_session_is_there_is_nothing_to_end(verb: str, status: RequestStatus) -> None:
    moment = Moment(person=OLAF if verb == "revoke" else RITA)
    with pytest.raises(Refusal) as refused:
        BY_HAND[verb](given_in(status), None, moment)
    assert type(refused.value) is NO_SESSION[status]


@pytest.mark.parametrize("delay", [timedelta(0), MINUTE, 10 * MINUTE])
def test_the_clock_starts_at_the_confirmed_grant(delay: timedelta) -> None:
    now = APPROVED_AT + delay
    session = the_session(session_lifecycle.confirm_grant(APPROVED, a_session(S.GRANTING), now))
    assert (session.granted_at, session.ends_at) == (now, now + 2 * HOUR)


def test_a_grant_confirmed_at_its_latest_end_is_refused() -> None:
    session = a_session(S.GRANTING)
    with pytest.raises(AlreadyEnded, match="time to grant REQ-1042 is over"):
        session_lifecycle.confirm_grant(APPROVED, session, session.ends_at)


@pytest.mark.parametrize("existed_before", [True, False])
def test_a_confirmed_grant_remembers_whether_the_assignment_was_there_before(existed_before: bool) -> None:  # noqa: FBT001 - a parameter of the test
    change = session_lifecycle.confirm_grant(APPROVED, a_session(S.GRANTING), GRANTED_AT, existed_before=existed_before)
    assert the_session(change).existed_before is existed_before


def test_a_session_does_not_expire_before_its_end() -> None:
    session = a_session(S.ACTIVE)
    with pytest.raises(NotYet):
        session_lifecycle.expire(APPROVED, session, session.ends_at - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("status", "ending"), [(S.ACTIVE, Ending.EXPIRED), (S.GRANTING, Ending.FAILED)], ids=lambda each: each.value
)
def test_what_was_never_granted_in_time_has_failed_and_not_expired(status: SessionStatus, ending: Ending) -> None:
    session = a_session(status)
    assert the_session(session_lifecycle.expire(APPROVED, session, session.ends_at)).ending is ending


def ordered(verb: str, now: datetime) -> Session:
    """Give an active session (or one being granted, for a failure) whose end was ordered by this verb."""
    session = a_session(S.GRANTING if verb == "fail_grant" else S.ACTIVE, trouble="AWS is slow.")
    return the_session(SESSION_VERBS[verb](APPROVED, session, Moment(person=HAND.get(verb, OLAF), now=now)))


HAND: dict[str, Person] = {"end_early": RITA, "revoke": ADA}
WORDS = Moment().words
ORDERS: dict[str, tuple[Ending, Person | None, str]] = {
    "expire": (Ending.EXPIRED, None, ""),
    "fail_grant": (Ending.FAILED, None, WORDS),
    "revoke": (Ending.REVOKED, ADA, WORDS),
    "end_early": (Ending.ENDED_EARLY, RITA, ""),
}


@pytest.mark.parametrize("verb", list(ORDERS))
def test_an_ordered_end_says_why_by_whom_and_when(verb: str) -> None:
    ending, by, reason = ORDERS[verb]
    now = a_session(S.ACTIVE).ends_at
    session = ordered(verb, now)
    assert (session.ending, session.end_ordered_at, session.end_reason) == (ending, now, reason)
    assert session.ended_by == (by.slack_id if by else None)
    assert session.ended_by_name == (by.name if by else "")
    assert session.ended_at is None, "it is over only once AWS shows the assignment gone"
    assert session.trouble == ""


FINAL = {
    Ending.EXPIRED: S.EXPIRED,
    Ending.REVOKED: S.REVOKED,
    Ending.ENDED_EARLY: S.REVOKED,
    Ending.FAILED: S.FAILED,
}


@pytest.mark.parametrize("ending", list(Ending))
def test_the_proof_of_absence_gives_each_ending_its_final_status(ending: Ending) -> None:
    session = a_session(S.REVOKING, ending=ending, trouble="AWS is slow.")
    ended = the_session(session_lifecycle.confirm_removal(APPROVED, session, ENDED_AT))
    assert (ended.status, ended.ended_at, ended.trouble) == (FINAL[ending], ENDED_AT, "")


def test_a_session_being_revoked_without_a_known_ending_is_not_called_ended() -> None:
    with pytest.raises(AlreadyEnded):
        session_lifecycle.confirm_removal(APPROVED, a_session(S.REVOKING, ending=None), ENDED_AT)


@pytest.mark.parametrize("reason", ["", " \n", " \0 "])
def test_a_revocation_needs_a_reason(reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        session_lifecycle.revoke(APPROVED, a_session(), OLAF, a_roster(), GRANTED_AT, reason)


def test_a_revocation_keeps_its_reason_without_the_white_space_around_it() -> None:
    change = session_lifecycle.revoke(APPROVED, a_session(), OLAF, a_roster(), GRANTED_AT, " Closed\0.\n")
    assert the_session(change).end_reason == "Closed."
    assert change.events[0].details["reason"] == "Closed."


def test_an_end_is_announced_once() -> None:
    change = session_lifecycle.announce(APPROVED, a_session(), GRANTED_AT)
    assert the_session(change).announced_at == GRANTED_AT
    with pytest.raises(AlreadyDone, match="was announced already"):
        session_lifecycle.announce(APPROVED, the_session(change), GRANTED_AT)


@pytest.mark.parametrize("status", [S.GRANTING, S.REVOKING])
def test_trouble_is_kept_until_it_is_over(status: SessionStatus) -> None:
    troubled = the_session(session_lifecycle.note_trouble(APPROVED, a_session(status), GRANTED_AT, "AWS is slow."))
    assert troubled.trouble == "AWS is slow."
    verb = "confirm_grant" if status is S.GRANTING else "confirm_removal"
    assert the_session(SESSION_VERBS[verb](APPROVED, troubled, Moment(now=GRANTED_AT))).trouble == ""


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (a_session(S.ACTIVE), "REQ-1042 is active already."),
        (a_session(S.REVOKING), "REQ-1042 is being ended already by Olaf."),
        (a_session(S.REVOKED), "REQ-1042 has already been ended by Olaf."),
        (a_session(S.EXPIRED), "REQ-1042 has already expired."),
        (a_session(S.FAILED), "REQ-1042 has already failed."),
    ],
)
def test_a_refusal_says_how_the_session_ended_and_by_whom(session: Session, words: str) -> None:
    assert session_lifecycle.already_ended(APPROVED, session).words == words


def test_nobody_ends_a_session_without_being_its_holder_or_an_approver() -> None:
    with pytest.raises(Refusal, match="Only Rita, who holds this session"):
        session_lifecycle.end_early(APPROVED, a_session(), OLAF, GRANTED_AT)
    with pytest.raises(Refusal, match="Only an owner of prod-payments or an SSO admin"):
        session_lifecycle.revoke(APPROVED, a_session(), MAX, a_roster(), GRANTED_AT, "Because.")


@pytest.mark.parametrize("status", [S.GRANTING, S.ACTIVE])
def test_what_can_be_ended_is_a_session_being_granted_or_active(status: SessionStatus) -> None:
    session = a_session(status)
    assert session_lifecycle.must_be_running(APPROVED, session) is session
