"""Ways around a rule that were open once, each closed."""

from collections.abc import Callable
from typing import Any

import pytest

from access import lifecycle, session_lifecycle
from access.changes import Change
from access.form import InlinePolicy, judge_form
from access.policy import standing_to_decide
from access.refusals import AlreadyDone, AlreadyEnded, BadForm, NotYet, OwnRequest, ReasonNeeded, SecondPersonNeeded
from access.request import Request, RequestStatus
from access.session import Session, SessionStatus
from tests.access.given import (
    ADA,
    APPROVED_AT,
    GRANTED_AT,
    MINUTE,
    NOW,
    OLAF,
    a_catalogue,
    a_custom_form,
    a_custom_request,
    a_form,
    a_person,
    a_request,
    a_requester,
    a_roster,
    a_seed,
    a_session,
    an_account,
)

APPROVED = a_request(RequestStatus.APPROVED)
INVISIBLE = "\u200b\u2060" * 10


def just_approved() -> Session:
    """Give a session as the approval makes it."""
    session = lifecycle.approve(a_request(), OLAF, a_roster(), APPROVED_AT, a_seed()).session
    assert session is not None
    return session


def test_a_grant_never_moves_the_end_past_the_one_committed_before_aws_was_asked() -> None:
    session = just_approved()
    deadline = session_lifecycle.grant_by(APPROVED, session)

    last = session_lifecycle.confirm_grant(APPROVED, session, deadline - MINUTE).session
    assert last is not None
    assert last.ends_at <= session.ends_at
    with pytest.raises(AlreadyEnded):
        session_lifecycle.confirm_grant(APPROVED, session, deadline)


def test_a_grant_that_misses_its_deadline_fails_at_once() -> None:
    session = just_approved()

    change = session_lifecycle.expire(APPROVED, session, session_lifecycle.grant_by(APPROVED, session))

    assert change.session is not None
    assert change.session.status is SessionStatus.REVOKING


def test_approvers_are_reminded_once_at_each_level() -> None:
    once = lifecycle.remind(a_request(), NOW).request

    with pytest.raises(AlreadyDone):
        lifecycle.remind(once, NOW)


def test_sso_admins_are_asked_once() -> None:
    once = lifecycle.escalate(a_request(), NOW, "why").request

    with pytest.raises(AlreadyDone):
        lifecycle.escalate(once, NOW, "why")


def test_the_two_levels_are_two_people_even_with_two_slack_accounts() -> None:
    twin = a_person("Twin", email=OLAF.email.upper())
    roster = a_roster(owners=(OLAF,), admins=(twin, ADA))
    passed = lifecycle.approve(a_custom_request(), OLAF, roster, APPROVED_AT, a_seed()).request

    with pytest.raises(SecondPersonNeeded):
        standing_to_decide(passed, twin, roster)


def test_an_e_mail_address_is_the_same_in_any_case() -> None:
    request = a_request(requester=a_requester(email="Rita@Example.com"))

    with pytest.raises(OwnRequest):
        standing_to_decide(request, a_person("Olaf", email="rita@example.com"), a_roster())


def test_a_custom_request_never_begins_or_passes_at_one_level() -> None:
    with pytest.raises(ValueError, match="cannot be Pending"):
        lifecycle.submit(a_custom_request(RequestStatus.PENDING))
    with pytest.raises(ValueError, match="one level"):
        lifecycle.approve(a_custom_request(RequestStatus.PENDING), ADA, a_roster(), APPROVED_AT, a_seed())


def test_a_session_cannot_lose_its_end() -> None:
    with pytest.raises(TypeError, match="has an end"):
        a_session().changed(ends_at=None)


def test_a_set_that_gives_nothing_is_refused_whatever_was_typed() -> None:
    with pytest.raises(BadForm, match="at least one managed policy"):
        judge_form(a_custom_form(managed_policies=(), inline_policy="{}"), a_catalogue(), InlinePolicy())


def test_a_managed_policy_named_twice_counts_once() -> None:
    form = a_custom_form(managed_policies=("ReadOnlyAccess", "ReadOnlyAccess"))

    content = judge_form(form, a_catalogue(), InlinePolicy()).permission_set.content

    assert content is not None
    assert content.managed_policies == ("ReadOnlyAccess",)


def test_a_justification_of_invisible_characters_is_none() -> None:
    with pytest.raises(BadForm):
        judge_form(a_form(justification=INVISIBLE), a_catalogue(), InlinePolicy())


def test_a_reason_of_invisible_characters_is_none() -> None:
    with pytest.raises(ReasonNeeded):
        lifecycle.reject(a_request(), OLAF, a_roster(), NOW, INVISIBLE)


def test_a_name_that_two_accounts_share_names_neither() -> None:
    assert a_catalogue(an_account(), an_account(id="999988887777")).account("prod-payments") is None


@pytest.mark.parametrize("verb", [session_lifecycle.confirm_removal, session_lifecycle.announce])
def test_a_session_being_granted_is_not_said_to_have_ended(verb: Callable[[Request, Session, Any], Change]) -> None:
    with pytest.raises(NotYet, match="still being granted"):
        verb(APPROVED, a_session(SessionStatus.GRANTING), GRANTED_AT)


def test_a_reminder_reaches_the_sso_admins_where_they_have_been_asked() -> None:
    asked = lifecycle.escalate(a_custom_request(), NOW, "no owner").request

    places = [each.arguments["place"] for each in lifecycle.remind(asked, NOW).effects]

    assert places == ["owners", "admins"]


def test_an_end_that_is_over_is_not_announced_as_near() -> None:
    session = a_session()

    with pytest.raises(AlreadyEnded):
        session_lifecycle.announce(APPROVED, session, session.ends_at)
