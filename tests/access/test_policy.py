"""Who may decide, withdraw, revoke and end early: judged anew for one person at the moment they press."""

from itertools import product
from typing import Any

import pytest

from access import lifecycle, session_lifecycle
from access.durations import AccessDuration
from access.people import Membership, Person, Roster
from access.policy import (
    Standing,
    is_requester,
    must_be_approver,
    must_be_full_member,
    must_still_be_a_member,
    must_still_be_offered,
    standing_to_decide,
)
from access.refusals import (
    CannotTell,
    NotAFullMember,
    NotAnApprover,
    NotOffered,
    NotTheHolder,
    NotTheRequester,
    OwnRequest,
    Refusal,
    SecondPersonNeeded,
)
from access.request import Level, Request, RequestStatus
from tests.access.given import (
    ABEL,
    ADA,
    APPROVED_AT,
    GRANTED_AT,
    MAX,
    OLAF,
    OLGA,
    RITA,
    a_catalogue,
    a_custom_request,
    a_decision,
    a_person,
    a_request,
    a_requester,
    a_roster,
    a_session,
    an_account,
)
from tests.access.play import REQUEST_VERBS, Moment
from tests.access.test_request_verbs import given_in

S = RequestStatus
BEA = a_person("Bea")
TWIN = a_person("Twin", email=RITA.email)
GUS = a_person("Gus", membership=Membership.GUEST)
DEE = a_person("Dee", membership=Membership.DEACTIVATED)
FAY = a_person("Fay", membership=Membership.FOREIGN)
EVERY_ROLE = (RITA, TWIN, BEA, GUS, DEE, FAY)
ROSTER = a_roster(owners=(OLAF, OLGA, *EVERY_ROLE), admins=(ADA, ABEL, *EVERY_ROLE))
UNDECIDED = (S.PENDING, S.PENDING_OWNER, S.PENDING_ADMIN)

AS_OWNER = Standing(level=Level.OWNER, role=Level.OWNER)
AS_ADMIN = Standing(level=Level.ADMIN, role=Level.ADMIN)
ANY_AS_OWNER = Standing(level=Level.ANY, role=Level.OWNER)
ANY_AS_ADMIN = Standing(level=Level.ANY, role=Level.ADMIN)
Answer = Standing | type[Refusal]

STANDINGS: dict[str, tuple[Person, tuple[Answer, Answer, Answer]]] = {
    "an owner": (OLAF, (ANY_AS_OWNER, AS_OWNER, NotAnApprover)),
    "an SSO admin": (ADA, (ANY_AS_ADMIN, NotAnApprover, AS_ADMIN)),
    "an owner who is an SSO admin too": (BEA, (ANY_AS_OWNER, AS_OWNER, AS_ADMIN)),
    "a member without authority": (MAX, (NotAnApprover, NotAnApprover, NotAnApprover)),
    "the requester, owner and SSO admin": (RITA, (OwnRequest, OwnRequest, OwnRequest)),
    "the requester's other Slack account": (TWIN, (OwnRequest, OwnRequest, OwnRequest)),
    "a guest with both roles": (GUS, (NotAFullMember, NotAFullMember, NotAFullMember)),
    "a deactivated person with both roles": (DEE, (NotAFullMember, NotAFullMember, NotAFullMember)),
    "somebody of another workspace": (FAY, (NotAFullMember, NotAFullMember, NotAFullMember)),
}


@pytest.mark.parametrize(("who", "level", "verb"), list(product(STANDINGS, range(3), ["approve", "reject"])))
def test_what_each_person_may_decide_at_each_level(who: str, level: int, verb: str) -> None:
    person, answers = STANDINGS[who]
    answer, request = answers[level], given_in(UNDECIDED[level])
    moment = Moment(person=person, roster=ROSTER)
    if isinstance(answer, Standing):
        decision = REQUEST_VERBS[verb](request, moment).request.decisions[-1]
        assert Standing(level=decision.level, role=decision.role, stand_in=decision.stand_in) == answer
        assert decision.by == person.slack_id
        return
    with pytest.raises(Refusal) as refused:
        REQUEST_VERBS[verb](request, moment)
    assert type(refused.value) is answer
    assert refused.value.next_step, "a refusal names the next step"


@pytest.mark.parametrize("roster", [a_roster(owners=(RITA,)), a_roster(admins=(RITA,)), a_roster((RITA,), (RITA,))])
def test_a_requester_cannot_approve_their_own_request(roster: Roster) -> None:
    with pytest.raises(OwnRequest, match="Nobody decides their own request"):
        standing_to_decide(a_request(), RITA, roster)


def test_two_people_without_an_e_mail_are_not_taken_for_one() -> None:
    assert not is_requester(a_request(requester=a_requester(email="")), a_person("Olaf", email=""))


def test_nobody_decides_whose_address_slack_does_not_show() -> None:
    """It could be the requester's second account: nothing tells the two apart."""
    with pytest.raises(CannotTell):
        standing_to_decide(a_request(), a_person("Olaf", email=""), a_roster())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "999988887777"}, "no longer configured"),
        ({"permission_sets": ("PowerUser",)}, "does not offer ReadOnly any more"),
        ({"longest_duration": AccessDuration.HOUR_1}, "at most 1 hour now"),
    ],
)
def test_what_cannot_be_asked_for_any_more_is_not_approved(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(NotOffered, match=words):
        must_still_be_offered(a_request(), a_catalogue(an_account(**changes)))


def test_a_custom_set_is_not_approved_where_none_is_taken_any_more() -> None:
    with pytest.raises(NotOffered, match="no custom permission sets"):
        must_still_be_offered(a_custom_request(), a_catalogue(an_account(custom_sets=False)))


def test_what_is_still_offered_is_approved() -> None:
    for request in (a_request(), a_custom_request()):
        must_still_be_offered(request, a_catalogue())


@pytest.mark.parametrize("membership", [Membership.GUEST, Membership.DEACTIVATED, Membership.FOREIGN])
def test_nothing_is_approved_for_somebody_who_has_left(membership: Membership) -> None:
    must_still_be_a_member(a_request(), RITA)
    with pytest.raises(NotOffered, match="no longer a full member"):
        must_still_be_a_member(a_request(), a_person("Rita", membership=membership))


@pytest.mark.parametrize(("who", "status"), list(product(STANDINGS, UNDECIDED)))
def test_nobody_decides_where_the_look_up_found_nobody(who: str, status: RequestStatus) -> None:
    with pytest.raises(Refusal):
        standing_to_decide(given_in(status), STANDINGS[who][0], a_roster(owners=(), admins=()))


def test_an_sso_admin_decides_a_standard_request_where_no_owner_exists() -> None:
    assert standing_to_decide(a_request(), ADA, a_roster(owners=())) == ANY_AS_ADMIN


STAND_IN = Standing(level=Level.OWNER, role=Level.ADMIN, stand_in=True)


@pytest.mark.parametrize("owners", [(), (RITA,)], ids=["no owner at all", "the requester is the only owner"])
def test_an_sso_admin_stands_in_where_no_owner_but_the_requester_exists(owners: tuple[Person, ...]) -> None:
    assert standing_to_decide(a_custom_request(), ADA, a_roster(owners=owners)) == STAND_IN


def test_no_sso_admin_stands_in_where_another_owner_exists() -> None:
    with pytest.raises(NotAnApprover, match="An owner of prod-payments decides first"):
        standing_to_decide(a_custom_request(), ADA, a_roster(owners=(RITA, OLAF)))


def test_a_requester_who_is_an_sso_admin_does_not_stand_in_for_the_owner() -> None:
    with pytest.raises(OwnRequest):
        standing_to_decide(a_custom_request(), RITA, a_roster(owners=(), admins=(RITA, ADA)))


def _after_the_first_level(person: Person, roster: Roster) -> Request:
    return REQUEST_VERBS["approve"](a_custom_request(), Moment(person=person, roster=roster)).request


@pytest.mark.parametrize(
    ("first", "roster"),
    [(ADA, a_roster(owners=())), (BEA, a_roster(owners=(BEA,), admins=(BEA, ABEL)))],
    ids=["who stood in", "who is both owner and SSO admin"],
)
def test_the_two_levels_are_two_people(first: Person, roster: Roster) -> None:
    request = _after_the_first_level(first, roster)
    with pytest.raises(SecondPersonNeeded):
        standing_to_decide(request, first, roster)
    assert standing_to_decide(request, ABEL, roster) == AS_ADMIN


def test_an_owner_who_became_an_sso_admin_meanwhile_still_cannot_decide_both_levels() -> None:
    request = _after_the_first_level(OLAF, a_roster())
    with pytest.raises(SecondPersonNeeded):
        standing_to_decide(request, OLAF, a_roster(admins=(OLAF, ADA)))


def test_authority_lost_between_opening_and_pressing_is_lost() -> None:
    standing_to_decide(a_request(), OLAF, a_roster())
    with pytest.raises(NotAnApprover):
        standing_to_decide(a_request(), OLAF, a_roster(owners=(OLGA,)))


@pytest.mark.parametrize("status", [S.APPROVED, S.REJECTED])
def test_who_comes_too_late_hears_who_decided(status: RequestStatus) -> None:
    with pytest.raises(Refusal, match=f"REQ-1042 was already {status.lower()} by Olaf"):
        standing_to_decide(a_request(status), ADA, a_roster())


def test_who_comes_too_late_hears_of_a_withdrawal_or_a_lapse() -> None:
    with pytest.raises(Refusal, match="REQ-1042 was withdrawn by Rita"):
        standing_to_decide(a_request(S.WITHDRAWN), ADA, a_roster())
    with pytest.raises(Refusal, match="REQ-1042 lapsed: nobody decided in time"):
        standing_to_decide(a_request(S.LAPSED), ADA, a_roster())


def test_a_settled_request_without_a_known_decision_still_answers_in_words() -> None:
    with pytest.raises(Refusal, match=r"REQ-1042 was already approved\."):
        standing_to_decide(a_request(S.APPROVED, decisions=()), ADA, a_roster())


def test_the_last_decision_is_the_one_that_settled_it() -> None:
    first, last = a_decision(OLAF), a_decision(ADA)
    with pytest.raises(Refusal, match="by Ada"):
        standing_to_decide(a_request(S.APPROVED, decisions=(first, last)), ABEL, a_roster())


@pytest.mark.parametrize(
    ("membership", "words"),
    [
        (Membership.GUEST, "you are a guest"),
        (Membership.FOREIGN, "you are a member of another workspace"),
        (Membership.DEACTIVATED, "This Slack account is deactivated"),
    ],
)
def test_only_full_members_may_ask_or_decide(membership: Membership, words: str) -> None:
    with pytest.raises(NotAFullMember, match=words):
        must_be_full_member(a_person(membership=membership))


@pytest.mark.parametrize("person", [OLAF, ADA, MAX, TWIN])
def test_only_the_requester_withdraws_and_only_the_holder_ends_early(person: Person) -> None:
    with pytest.raises(NotTheRequester, match="Only Rita, who asked, can withdraw REQ-1042"):
        lifecycle.withdraw(a_request(), person, APPROVED_AT)
    with pytest.raises(NotTheHolder):
        session_lifecycle.end_early(a_request(S.APPROVED), a_session(), person, GRANTED_AT)


@pytest.mark.parametrize("membership", [Membership.GUEST, Membership.DEACTIVATED, Membership.FOREIGN])
def test_a_requester_who_is_no_full_member_any_more_is_refused(membership: Membership) -> None:
    rita = a_person("Rita", membership=membership)
    with pytest.raises(NotAFullMember):
        lifecycle.withdraw(a_request(), rita, APPROVED_AT)
    with pytest.raises(NotAFullMember):
        session_lifecycle.end_early(a_request(S.APPROVED), a_session(), rita, GRANTED_AT)


REVOKERS: dict[str, tuple[Person, Level | type[Refusal]]] = {
    "an owner": (OLAF, Level.OWNER),
    "an SSO admin": (ADA, Level.ADMIN),
    "an owner who is an SSO admin too": (BEA, Level.OWNER),
    "the holder, who is an owner": (RITA, Level.OWNER),
    "a member without authority": (MAX, NotAnApprover),
    "a guest with both roles": (GUS, NotAFullMember),
    "a deactivated person with both roles": (DEE, NotAFullMember),
    "somebody of another workspace": (FAY, NotAFullMember),
}


@pytest.mark.parametrize("who", list(REVOKERS))
def test_who_may_revoke_a_session(who: str) -> None:
    person, answer = REVOKERS[who]
    request = a_request(S.APPROVED)
    if isinstance(answer, Level):
        assert must_be_approver(request, person, ROSTER) is answer
        return
    with pytest.raises(Refusal) as refused:
        session_lifecycle.revoke(request, a_session(), person, ROSTER, GRANTED_AT, "Because.")
    assert type(refused.value) is answer


@pytest.mark.parametrize("who", list(REVOKERS))
def test_nobody_revokes_where_the_look_up_found_nobody(who: str) -> None:
    with pytest.raises(Refusal):
        must_be_approver(a_request(S.APPROVED), REVOKERS[who][0], a_roster(owners=(), admins=()))
