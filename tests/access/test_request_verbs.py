"""Every request verb has an answer in every status: the next status, or exactly one kind of refusal."""

import inspect
from datetime import timedelta
from itertools import product

import pytest

from access import lifecycle
from access.changes import Change
from access.people import Person
from access.refusals import AlreadyDecided, AlreadyDone, NotYet, ReasonNeeded, Refusal
from access.request import Level, Request, RequestStatus, Verdict
from access.session import SessionStatus
from tests.access.given import (
    ADA,
    APPROVED_AT,
    LAPSE_AFTER,
    MARGIN,
    NOW,
    OLAF,
    RITA,
    a_custom_request,
    a_request,
    a_roster,
    a_seed,
)
from tests.access.play import REQUEST_VERBS, Moment, the_session

S = RequestStatus
Answer = RequestStatus | type[Refusal]

SETTLED: dict[RequestStatus, Answer] = {
    S.APPROVED: AlreadyDecided,
    S.REJECTED: AlreadyDecided,
    S.WITHDRAWN: AlreadyDecided,
    S.LAPSED: AlreadyDecided,
}
UNMOVED: dict[RequestStatus, Answer] = {
    S.PENDING: S.PENDING,
    S.PENDING_OWNER: S.PENDING_OWNER,
    S.PENDING_ADMIN: S.PENDING_ADMIN,
}
ANSWERS: dict[str, dict[RequestStatus, Answer]] = {
    "approve": {
        S.PENDING: S.APPROVED,
        S.PENDING_OWNER: S.PENDING_ADMIN,
        S.PENDING_ADMIN: S.APPROVED,
        **SETTLED,
    },
    "reject": {**dict.fromkeys(UNMOVED, S.REJECTED), **SETTLED},
    "withdraw": {**dict.fromkeys(UNMOVED, S.WITHDRAWN), **SETTLED},
    "lapse": {**dict.fromkeys(UNMOVED, S.LAPSED), **SETTLED},
    "remind": {**UNMOVED, **SETTLED},
    "escalate": {**UNMOVED, **SETTLED, S.PENDING_ADMIN: AlreadyDone},
}


def given_in(status: RequestStatus) -> Request:
    """Give a request in this status, custom where only custom ones have it."""
    return a_custom_request(status) if status in {S.PENDING_OWNER, S.PENDING_ADMIN} else a_request(status)


def played(verb: str, request: Request) -> Change:
    """Play the verb by the person and at the time that allow it wherever anything does."""
    approver = ADA if request.status is S.PENDING_ADMIN else OLAF
    now = NOW + LAPSE_AFTER if verb == "lapse" else APPROVED_AT
    return REQUEST_VERBS[verb](request, Moment(person=RITA if verb == "withdraw" else approver, now=now))


@pytest.mark.parametrize(("verb", "status"), list(product(REQUEST_VERBS, RequestStatus)))
def test_every_verb_has_its_answer_in_every_status(verb: str, status: RequestStatus) -> None:
    answer, request = ANSWERS[verb][status], given_in(status)
    if isinstance(answer, RequestStatus):
        change = played(verb, request)
        assert (change.request.status, change.request.version) == (answer, request.version + 1)
        return
    with pytest.raises(Refusal) as refused:
        played(verb, request)
    assert type(refused.value) is answer


def test_the_table_of_answers_knows_every_verb_of_the_lifecycle() -> None:
    public = {name for name, each in vars(lifecycle).items() if _is_verb(name, each)}
    assert public == {*ANSWERS, "submit"}


def _is_verb(name: str, each: object) -> bool:
    if not inspect.isfunction(each) or each.__module__ != lifecycle.__name__ or name.startswith("_"):
        return False
    return inspect.signature(each).return_annotation is Change


def test_an_approved_standard_request_is_closed_with_who_and_when() -> None:
    request = lifecycle.approve(a_request(), OLAF, a_roster(), APPROVED_AT, a_seed()).request
    (decision,) = request.decisions
    assert (decision.by, decision.by_name, decision.at) == (OLAF.slack_id, "Olaf", APPROVED_AT)
    assert (decision.verdict, decision.level, decision.role) == (Verdict.APPROVED, Level.ANY, Level.OWNER)
    assert request.closed_at == APPROVED_AT


def test_the_first_level_leaves_a_custom_request_open_and_gives_no_session() -> None:
    change = lifecycle.approve(a_custom_request(reminded_at=NOW), OLAF, a_roster(), APPROVED_AT, a_seed())
    assert change.session is None
    assert change.request.closed_at is None
    assert change.request.reminded_at is None, "the second level gets a reminder of its own"
    assert change.request.escalated_at == APPROVED_AT
    assert [each.level for each in change.request.decisions] == [Level.OWNER]


def test_the_second_level_keeps_the_first_decision() -> None:
    request = a_custom_request(S.PENDING_ADMIN)
    decided = lifecycle.approve(request, ADA, a_roster(), APPROVED_AT, a_seed()).request
    assert [(each.level, each.by) for each in decided.decisions] == [
        (Level.OWNER, OLAF.slack_id),
        (Level.ADMIN, ADA.slack_id),
    ]


def test_an_approved_standard_request_gets_a_session_with_its_latest_end() -> None:
    change = lifecycle.approve(a_request(), OLAF, a_roster(), APPROVED_AT, a_seed())
    session = the_session(change)
    assert session.status is SessionStatus.GRANTING
    assert session.ends_at == APPROVED_AT + timedelta(hours=2) + MARGIN
    assert (session.id, session.request_id) == (a_seed().session_id, change.request.id)
    assert (session.principal_id, session.account_id) == ("principal-rita", "111122223333")
    assert session.set_name == "ReadOnly"
    assert session.version == 1


def test_the_session_of_a_custom_request_gets_a_set_name_with_prefix_and_suffix() -> None:
    change = lifecycle.approve(a_custom_request(S.PENDING_ADMIN), ADA, a_roster(), APPROVED_AT, a_seed(suffix="k7m2"))
    assert the_session(change).set_name == "JIT-Ledger-k7m2"


@pytest.mark.parametrize("reason", ["", "  ", "\n\t ", "\0", " \0 "])
def test_a_rejection_needs_a_reason(reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        lifecycle.reject(a_request(), OLAF, a_roster(), APPROVED_AT, reason)


def test_a_rejection_keeps_its_reason_without_the_white_space_around_it() -> None:
    request = lifecycle.reject(a_request(), OLAF, a_roster(), APPROVED_AT, "  Use\0 staging. \n").request
    (decision,) = request.decisions
    assert (decision.verdict, decision.reason) == (Verdict.REJECTED, "Use staging.")
    assert request.closed_at == APPROVED_AT


@pytest.mark.parametrize(("status", "person"), [(S.PENDING_OWNER, OLAF), (S.PENDING_ADMIN, ADA)])
def test_a_rejection_at_either_level_rejects_the_whole(status: RequestStatus, person: Person) -> None:
    change = lifecycle.reject(a_custom_request(status), person, a_roster(), APPROVED_AT, "Too wide.")
    assert change.request.status is S.REJECTED
    assert change.session is None


@pytest.mark.parametrize("status", [S.PENDING, S.PENDING_OWNER, S.PENDING_ADMIN])
def test_an_approval_at_or_after_the_time_to_lapse_is_refused_even_before_the_sweep(status: RequestStatus) -> None:
    request = given_in(status)
    approver = ADA if status is S.PENDING_ADMIN else OLAF
    with pytest.raises(AlreadyDecided, match="lapsed: nobody decided in time"):
        lifecycle.approve(request, approver, a_roster(), request.lapses_at, a_seed())


def test_an_approval_just_before_the_time_to_lapse_counts() -> None:
    request = a_request()
    now = request.lapses_at - timedelta(microseconds=1)
    assert lifecycle.approve(request, OLAF, a_roster(), now, a_seed()).request.status is S.APPROVED


def test_a_request_does_not_lapse_before_its_time() -> None:
    request = a_request()
    with pytest.raises(NotYet):
        lifecycle.lapse(request, request.lapses_at - timedelta(microseconds=1))


def test_a_request_lapses_exactly_when_its_time_is_up_so_that_no_gap_is_left() -> None:
    request = a_request()
    lapsed = lifecycle.lapse(request, request.lapses_at).request
    assert (lapsed.status, lapsed.closed_at) == (S.LAPSED, request.lapses_at)


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_saying_no_stays_possible_until_the_sweep_closes_the_request(verb: str) -> None:
    request = a_request()
    person = RITA if verb == "withdraw" else OLAF
    change = REQUEST_VERBS[verb](request, Moment(person=person, now=request.lapses_at))
    assert change.request.status is ANSWERS[verb][S.PENDING]


def test_a_withdrawal_says_when() -> None:
    assert lifecycle.withdraw(a_request(), RITA, APPROVED_AT).request.closed_at == APPROVED_AT


def test_a_reminder_and_an_escalation_are_remembered() -> None:
    request = lifecycle.remind(a_request(), APPROVED_AT).request
    assert request.reminded_at == APPROVED_AT
    assert lifecycle.escalate(request, APPROVED_AT, "nobody answered").request.escalated_at == APPROVED_AT
