"""Asking for more time: who may, once at a time, sent twice, and what became of it in AWS and in the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.extension import ExtensionForm, ExtensionLimits
from access.people import Membership, Person
from access.refusals import (
    AlreadyDecided,
    AlreadyEnded,
    BadForm,
    Field,
    NotAFullMember,
    NotFound,
    NotOffered,
    NotTheHolder,
    NotYet,
    TooMany,
)
from access.request import Request, RequestId, RequestStatus
from access.session import SessionStatus
from operations.decide import approve_request, reject_request
from operations.end import end_session_early, revoke_session
from operations.extend import judge_extension, request_extension
from operations.withdraw import withdraw_request
from tests.access.given import ADA, HOUR, MINUTE, OLAF, OLGA, RITA, a_custom_form, a_form
from tests.operations.company import Company

MORE = RequestId("rq_more")


def asks_for_more(
    company: Company, first: Request, duration: str = "1 hour", by: Person = RITA, more: RequestId = MORE
) -> Request:
    form = ExtensionForm(duration=duration, justification="The ledger is still wrong.")
    return request_extension(company.deps, first.id, form, by.slack_id, more)


def late(company: Company) -> Request:
    """Give a session of two hours, of which 65 minutes are gone."""
    first = company.active(a_form(duration="2 hours"))
    company.clock.move(65 * MINUTE)
    return first


def test_the_same_session_goes_on_with_one_assignment(company: Company) -> None:
    first = late(company)
    before = company.session(first)
    more = asks_for_more(company, first)
    approve_request(company.deps, more.id, OLAF.slack_id)
    company.drain()

    after = company.session(first)
    assert after.ends_at == before.ends_at + HOUR
    assert company.aws_calls().count("CreateAccountAssignment") == 1
    assert company.events(first).count("extended") == 1
    company.pass_time(before.ends_at - company.clock.now() + 5 * MINUTE)
    assert company.session(first).status is SessionStatus.ACTIVE
    company.pass_time(HOUR)
    assert company.session(first).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_the_form_sent_twice_is_one_request(company: Company) -> None:
    first = late(company)
    assert asks_for_more(company, first).number == asks_for_more(company, first).number


@pytest.mark.parametrize("who", [OLAF, OLGA, ADA])
def test_only_the_holder_asks_for_more_time(company: Company, who: Person) -> None:
    first = late(company)
    with pytest.raises(NotTheHolder):
        judge_extension(company.deps, first.id, who.slack_id)
    with pytest.raises(NotTheHolder):
        asks_for_more(company, first, by=who)
    assert company.events(first).count("refused") == 2


def test_who_has_become_a_guest_asks_for_nothing(company: Company) -> None:
    first = late(company)
    company.people.persons[RITA.slack_id] = replace(RITA, membership=Membership.GUEST)
    with pytest.raises(NotAFullMember):
        asks_for_more(company, first)


def test_one_extension_waits_at_a_time(company: Company) -> None:
    first = late(company)
    waiting = asks_for_more(company, first)
    with pytest.raises(TooMany, match=waiting.label):
        asks_for_more(company, first, more=RequestId("rq_again"))
    withdraw_request(company.deps, waiting.id, RITA.slack_id)
    assert asks_for_more(company, first, more=RequestId("rq_again")).extends == first.number


def test_an_extension_that_is_rejected_changes_nothing(company: Company) -> None:
    first = late(company)
    before = company.session(first)
    more = asks_for_more(company, first)
    reject_request(company.deps, more.id, OLAF.slack_id, "It was to be done by now.")
    company.drain()
    assert company.session(first) == before


def test_what_ended_meanwhile_is_not_extended(company: Company) -> None:
    first = late(company)
    more = asks_for_more(company, first)
    end_session_early(company.deps, first.id, RITA.slack_id)
    with pytest.raises(AlreadyEnded):
        approve_request(company.deps, more.id, OLAF.slack_id)
    assert company.request(more).status is RequestStatus.PENDING


def test_it_lapses_with_the_session(company: Company) -> None:
    first = late(company)
    more = asks_for_more(company, first)
    company.pass_time(HOUR)
    assert company.session(first).status is SessionStatus.EXPIRED
    assert company.request(more).status is RequestStatus.LAPSED
    with pytest.raises(AlreadyDecided):
        approve_request(company.deps, more.id, OLAF.slack_id)


def test_what_the_account_allows_by_now_counts(company: Company) -> None:
    first = late(company)
    more = asks_for_more(company, first, "2 hours")
    account = company.catalogue.accounts[first.account_id]
    company.use_account(replace(account, longest_duration=first.duration))
    with pytest.raises(NotOffered):
        approve_request(company.deps, more.id, OLAF.slack_id)
    with pytest.raises(NotOffered):
        judge_extension(company.deps, first.id, RITA.slack_id)


def test_both_fields_are_answered(company: Company) -> None:
    first = late(company)
    with pytest.raises(BadForm) as bad:
        request_extension(company.deps, first.id, ExtensionForm(duration="", justification=""), RITA.slack_id, MORE)
    assert set(bad.value.problems) == {Field.DURATION, Field.JUSTIFICATION}


def test_a_request_that_is_not_there_is_not_extended(company: Company) -> None:
    with pytest.raises(NotFound):
        asks_for_more(company, replace(late(company), id=RequestId("rq_forged")))


def test_an_extension_is_neither_revoked_nor_extended_itself(company: Company) -> None:
    first = late(company)
    more = asks_for_more(company, first)
    approve_request(company.deps, more.id, OLAF.slack_id)
    with pytest.raises(NotFound, match="only asks for more time"):
        revoke_session(company.deps, more.id, OLAF.slack_id, "Enough.")
    with pytest.raises(NotFound):
        end_session_early(company.deps, more.id, RITA.slack_id)
    with pytest.raises(AlreadyEnded):
        judge_extension(company.deps, more.id, RITA.slack_id)


def test_the_configuration_may_allow_none_or_more_early(company: Company) -> None:
    first = company.active(a_form(duration="2 hours"))
    with pytest.raises(NotYet):
        judge_extension(company.deps, first.id, RITA.slack_id)
    limits = ExtensionLimits(most=1, after_percent=0)
    company.use(rules=replace(company.deps.rules, extension_limits=limits))
    assert judge_extension(company.deps, first.id, RITA.slack_id).offered
    company.use(rules=replace(company.deps.rules, extension_limits=replace(limits, most=0)))
    with pytest.raises(TooMany):
        judge_extension(company.deps, first.id, RITA.slack_id)


def test_a_custom_session_is_cut_at_its_new_end_only(company: Company) -> None:
    first = company.active(a_custom_form(duration="2 hours"))
    company.clock.move(65 * MINUTE)
    more = asks_for_more(company, first)
    approve_request(company.deps, more.id, OLAF.slack_id)
    assert company.session(first).extensions == 0
    approve_request(company.deps, more.id, ADA.slack_id)
    company.drain()
    after = company.session(first)
    assert after.cut_at == after.ends_at
    assert after.ends_at - (after.granted_at or after.ends_at) == timedelta(hours=3)
