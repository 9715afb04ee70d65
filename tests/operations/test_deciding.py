"""Deciding: judged anew at the press; who may not is refused in words, recorded, and changes nothing."""

from dataclasses import replace

import pytest

from access.people import Membership, Person
from access.refusals import (
    AlreadyDecided,
    CannotTell,
    NotAFullMember,
    NotAnApprover,
    NotFound,
    NotOffered,
    NotTheRequester,
    OwnRequest,
    ReasonNeeded,
    Refusal,
    SecondPersonNeeded,
    TooMany,
)
from access.request import RequestId, RequestStatus
from operations.decide import approve_request, judge_press, reject_request
from operations.look_up import find
from operations.show import my_requests, see_request, show_request, waiting_for
from operations.submit import MOST_UNDECIDED
from operations.withdraw import withdraw_request
from tests.access.given import ABEL, ADA, HOUR, MAX, OLAF, OLGA, RITA, a_custom_form, an_account
from tests.operations.company import Company


def test_self_approval_refused_with_reason(company: Company) -> None:
    """Rita owns the account and asks: her own press is refused in words with the next step, and recorded."""
    company.use_account(an_account(owners=(RITA.email, OLAF.email)))
    request = company.ask()
    with pytest.raises(OwnRequest, match="Nobody decides their own request") as refused:
        approve_request(company.deps, request.id, RITA.slack_id)
    assert refused.value.next_step
    assert company.request(request) == request
    assert company.events(request) == ["requested", "refused"]
    assert company.entries()[-1].actor == RITA.slack_id


def test_a_second_account_of_the_requester_is_refused(company: Company) -> None:
    """Another Slack account with the requester's address is the requester, too."""
    twin = Person(slack_id=OLGA.slack_id, name="Rita again", email=RITA.email)
    request = company.ask()
    company.people.persons[OLGA.slack_id] = twin
    with pytest.raises(OwnRequest):
        approve_request(company.deps, request.id, OLGA.slack_id)


def test_empty_approver_list_fails_closed(company: Company) -> None:
    """No owner and no SSO admin is left: nobody can approve, not even those who could before."""
    request = company.ask()
    company.use_account(an_account(owners=()))
    company.use(rules=replace(company.deps.rules, sso_admins=()))
    for person in (OLAF, OLGA, ADA, ABEL, MAX):
        with pytest.raises(NotAnApprover):
            approve_request(company.deps, request.id, person.slack_id)
    assert company.request(request).status is RequestStatus.PENDING


def test_empty_group_fails_closed(company: Company) -> None:
    """A user group without members is a look-up that found nothing: even a listed owner is told to try again."""
    request = company.ask()
    company.people.groups["S0PAYMENTS"] = ()
    with pytest.raises(CannotTell):
        approve_request(company.deps, request.id, OLAF.slack_id)
    assert company.request(request).status is RequestStatus.PENDING


def test_a_failing_look_up_is_a_no(company: Company) -> None:
    """Slack does not answer who somebody is: nothing is decided, and the person is asked to try again."""
    request = company.ask()
    company.people.silent = True
    for act in (approve_request, withdraw_request):
        with pytest.raises(CannotTell, match="Slack did not tell us"):
            act(company.deps, request.id, OLAF.slack_id)
    assert company.request(request) == request


def test_channel_member_without_authority_is_refused(company: Company) -> None:
    """Max stands in the owners' channel and presses Approve: refused, and recorded with his name."""
    request = company.ask()
    with pytest.raises(NotAnApprover, match="neither an owner of prod-payments nor an SSO admin"):
        approve_request(company.deps, request.id, MAX.slack_id)
    entry = company.entries()[-1]
    assert (entry.kind.value, entry.actor, entry.actor_name) == ("refused", MAX.slack_id, "Max")
    assert entry.details["verb"] == "approve"


@pytest.mark.parametrize("membership", [Membership.GUEST, Membership.DEACTIVATED, Membership.FOREIGN])
def test_whoever_is_no_full_member_any_more_is_refused(company: Company, membership: Membership) -> None:
    """An owner who has become a guest, was deactivated or is of another workspace decides nothing."""
    request = company.ask()
    company.people.persons[OLAF.slack_id] = replace(OLAF, membership=membership)
    with pytest.raises(NotAFullMember):
        approve_request(company.deps, request.id, OLAF.slack_id)
    assert company.request(request).status is RequestStatus.PENDING


@pytest.mark.parametrize("forged", ["", "rq_unknown", "REQ-1001", "x" * 5000, "'; DROP TABLE requests; --"])
def test_forged_action_value_is_refused(company: Company, forged: str) -> None:
    """A button that names no request of ours is refused, recorded, and touches nothing."""
    request = company.ask()
    with pytest.raises(NotFound):
        approve_request(company.deps, RequestId(forged), OLAF.slack_id)
    assert company.request(request) == request
    assert company.entries()[-1].kind.value == "refused"


def test_custom_takes_an_owner_and_then_an_admin(company: Company) -> None:
    """An SSO admin cannot jump the owner, the owner cannot decide twice, and the second approval grants."""
    request = company.ask(a_custom_form())
    with pytest.raises(NotAnApprover, match="An owner of prod-payments decides first"):
        approve_request(company.deps, request.id, ADA.slack_id)
    assert approve_request(company.deps, request.id, OLAF.slack_id).request.status is RequestStatus.PENDING_ADMIN
    with pytest.raises(NotAnApprover, match="An SSO admin decides now"):
        approve_request(company.deps, request.id, OLGA.slack_id)
    change = approve_request(company.deps, request.id, ADA.slack_id)
    assert change.request.status is RequestStatus.APPROVED
    assert change.session is not None


def test_the_two_levels_are_two_people(company: Company) -> None:
    """Ada owns the account and runs Identity Center: having approved as owner, she cannot approve as SSO admin."""
    company.use_account(an_account(owners=(ADA.email,)))
    request = company.ask(a_custom_form())
    approve_request(company.deps, request.id, ADA.slack_id)
    with pytest.raises(SecondPersonNeeded):
        approve_request(company.deps, request.id, ADA.slack_id)
    assert approve_request(company.deps, request.id, ABEL.slack_id).session is not None


def test_an_admin_stands_in_where_nobody_else_owns(company: Company) -> None:
    """Rita is the only owner: one SSO admin stands in for an owner, another one decides, and the log says so."""
    company.use_account(an_account(owners=(RITA.email,)))
    request = company.ask(a_custom_form())
    approve_request(company.deps, request.id, ADA.slack_id)
    assert "stood in" in company.entries()[-1].details["stand_in"]
    assert approve_request(company.deps, request.id, ABEL.slack_id).session is not None


def test_rejection_takes_a_reason_and_is_final(company: Company) -> None:
    """Without a reason nothing happens; with one the whole request is rejected and later presses hear by whom."""
    request = company.ask(a_custom_form())
    with pytest.raises(ReasonNeeded):
        reject_request(company.deps, request.id, OLAF.slack_id, "   ")
    reject_request(company.deps, request.id, OLAF.slack_id, "Use staging.")
    with pytest.raises(AlreadyDecided, match="already rejected by Olaf"):
        approve_request(company.deps, request.id, OLGA.slack_id)
    with pytest.raises(AlreadyDecided):
        withdraw_request(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert any("Use staging." in each for each in company.slack.told(RITA.slack_id))


def test_approval_after_the_time_to_decide_is_too_late(company: Company) -> None:
    """The request has lapsed by the clock, though no sweep has come by: it cannot be approved any more."""
    request = company.ask()
    company.clock.move(24 * HOUR)
    with pytest.raises(AlreadyDecided, match="lapsed"):
        approve_request(company.deps, request.id, OLAF.slack_id)


def test_only_the_requester_withdraws(company: Company) -> None:
    """An owner is sent to Reject; the requester withdraws, and the card loses its buttons."""
    request = company.ask()
    with pytest.raises(NotTheRequester):
        withdraw_request(company.deps, request.id, OLAF.slack_id)
    company.drain()
    withdraw_request(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert company.request(request).status is RequestStatus.WITHDRAWN
    assert {tuple(each.buttons) for each in company.slack.postings} == {(), ("Ask again",)}


def test_judging_beforehand_decides_nothing(company: Company) -> None:
    """The modal that asks for a reason is judged first; that changes nothing, and who may not is recorded."""
    request = company.ask()
    assert judge_press(company.deps, request.id, OLAF.slack_id, "reject") == request
    with pytest.raises(NotAnApprover):
        judge_press(company.deps, request.id, MAX.slack_id, "reject")
    assert company.request(request) == request
    assert company.events(request) == ["requested", "refused"]


def test_what_left_the_configuration_is_rejected_and_never_approved(company: Company) -> None:
    """The account left the configuration while its request waited: former owners decide no more, SSO admins reject."""
    request = company.ask()
    company.catalogue = replace(company.catalogue, accounts={})
    with pytest.raises(NotAnApprover):
        approve_request(company.deps, request.id, OLAF.slack_id)
    with pytest.raises(NotOffered, match="no longer configured"):
        approve_request(company.deps, request.id, ADA.slack_id)
    rejected = reject_request(company.deps, request.id, ADA.slack_id, "the account has left")
    assert rejected.request.status is RequestStatus.REJECTED


def test_nothing_is_approved_for_a_requester_who_was_deactivated(company: Company) -> None:
    """Rita left the company after asking: the approver hears it, and no access comes to be."""
    request = company.ask()
    company.people.persons[RITA.slack_id] = replace(RITA, membership=Membership.DEACTIVATED)
    with pytest.raises(NotOffered, match="no longer a full member"):
        approve_request(company.deps, request.id, OLAF.slack_id)
    assert company.request(request).status is RequestStatus.PENDING


def test_one_person_cannot_bury_the_requests_of_others(company: Company) -> None:
    """The twenty-sixth undecided request of one person is refused in words; a decided one makes room."""
    asked = [company.ask() for _ in range(MOST_UNDECIDED)]
    with pytest.raises(TooMany, match="nobody has decided"):
        company.ask()
    withdraw_request(company.deps, asked[0].id, RITA.slack_id)
    company.ask()


def test_a_request_is_shown_to_those_whom_it_concerns(company: Company) -> None:
    """Requester, owners and SSO admins find it by its number, however typed; everybody else hears of none."""
    request = company.ask()
    for person in (RITA, OLGA, ADA):
        for typed in ("1001", "REQ-1001", " req-1001 "):
            assert find(company.deps, typed, person.slack_id).request == request
        assert see_request(company.deps, request.id, person.slack_id) == request
    for typed in ("REQ-1001", "REQ-9999", "", "REQ-", "REQ-1001x", "1" * 40):
        with pytest.raises(NotFound, match="no request"):
            find(company.deps, typed, MAX.slack_id)
    with pytest.raises(Refusal):
        see_request(company.deps, request.id, MAX.slack_id)
    assert company.events()[-1] == "refused", "somebody looked for what is not theirs"


def test_lists_hold_what_is_mine_and_what_waits_for_me(company: Company) -> None:
    """Rita sees her request; Olaf sees that it waits for him; Ada sees the custom one when it is her turn."""
    standard, custom = company.ask(), company.ask(a_custom_form())
    assert [each.id for each, _ in my_requests(company.deps, RITA.slack_id)] == [custom.id, standard.id]
    assert my_requests(company.deps, OLAF.slack_id) == []
    assert [each.id for each, _ in waiting_for(company.deps, OLAF.slack_id)] == [standard.id, custom.id]
    assert [each.id for each, _ in waiting_for(company.deps, ADA.slack_id)] == [standard.id]
    assert waiting_for(company.deps, RITA.slack_id) == []
    approve_request(company.deps, custom.id, OLAF.slack_id)
    assert [each.id for each, _ in waiting_for(company.deps, ADA.slack_id)] == [standard.id, custom.id]


def test_buttons_follow_the_role_of_the_viewer(company: Company) -> None:
    """Who looks at a request gets the buttons of their own role."""
    company.ask()
    places = [show_request(company.deps, "1001", each.slack_id).place for each in (RITA, OLGA, ADA)]
    assert [str(each) for each in places] == ["requester", "owners", "admins"]
