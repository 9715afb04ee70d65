"""Requests and sessions as values: what people see of them, and that no session is without an end."""

from dataclasses import FrozenInstanceError, fields

import pytest

from access.changes import Change, Effect, EffectKind, Event, EventKind
from access.people import Membership
from access.request import RequestStatus
from access.session import Assignment, Ending, Session, SessionStatus, ShownStatus, shown_status
from tests.access.given import (
    NOW,
    OLAF,
    RITA,
    SET_ARN,
    a_custom_request,
    a_person,
    a_request,
    a_roster,
    a_session,
)

R, S = RequestStatus, SessionStatus


def test_there_is_no_session_without_an_end() -> None:
    without_end = {each.name: getattr(a_session(), each.name) for each in fields(Session) if each.name != "ends_at"}
    with pytest.raises(TypeError, match="ends_at"):
        Session(**without_end)


def test_people_say_a_requests_number_as_req() -> None:
    assert a_request(number=7).label == "REQ-7"


def test_a_request_is_custom_exactly_when_its_set_is() -> None:
    assert a_custom_request().custom
    assert not a_request().custom


@pytest.mark.parametrize("status", list(RequestStatus))
def test_only_the_pending_statuses_are_undecided(status: RequestStatus) -> None:
    assert status.undecided is status.value.startswith("Pending")


@pytest.mark.parametrize("status", list(SessionStatus))
def test_a_session_is_live_while_aws_may_hold_its_assignment(status: SessionStatus) -> None:
    assert status.live is (status in {S.GRANTING, S.ACTIVE, S.REVOKING})


def test_each_change_of_a_request_or_session_is_the_next_version_of_a_new_value() -> None:
    request, session = a_request(), a_session()
    assert request.changed(reminded_at=NOW) == a_request(reminded_at=NOW, version=request.version + 1)
    assert session.changed(trouble="slow") == a_session(trouble="slow", version=session.version + 1)
    assert (request, session) == (a_request(), a_session()), "the old values stay as they were"


def test_the_first_version_of_a_request_and_of_a_session_is_one() -> None:
    assert (a_request().version, a_session(S.GRANTING).version) == (1, 1)


def test_the_words_in_the_audit_log_stay_as_they_are_because_old_entries_hold_them() -> None:
    assert [each.value for each in EventKind] == [
        "requested",
        "approved",
        "rejected",
        "withdrawn",
        "reminded",
        "escalated",
        "lapsed",
        "granted",
        "grant_delayed",
        "grant_failed",
        "hard_stop",
        "announced",
        "extended",
        "end_ordered",
        "revoke_delayed",
        "overdue",
        "retry_ordered",
        "orphan_removed",
        "expired",
        "revoked",
        "failed",
        "refused",
        "configuration_loaded",
        "assignment_missing",
        "assignment_returned",
        "drift_found",
        "drift_adopted",
        "drift_ignored",
        "offboarded",
        "frozen",
        "unfrozen",
        "revoke_all_ordered",
        "revoke_all_confirmed",
        "revoke_all_lapsed",
    ]


def test_the_words_in_stored_sessions_stay_as_they_are() -> None:
    assert [each.value for each in SessionStatus] == ["granting", "active", "revoking", "expired", "revoked", "failed"]
    assert [each.value for each in Ending] == [
        "expired",
        "revoked by an approver",
        "ended early by its holder",
        "could not be granted",
    ]


def test_values_cannot_be_changed_in_place() -> None:
    event = Event(kind=EventKind.LAPSED, at=NOW, actor=RITA.slack_id)
    effect = Effect(kind=EffectKind.GRANT, subject="s", key="k")
    for value, field in [
        (a_request(), "status"),
        (a_session(), "ends_at"),
        (RITA, "email"),
        (event, "at"),
        (effect, "key"),
        (Change(request=a_request()), "session"),
    ]:
        with pytest.raises(FrozenInstanceError):
            setattr(value, field, None)


def test_a_session_names_its_assignment_in_aws() -> None:
    expected = Assignment(principal_id="principal-rita", account_id="111122223333", set_arn=SET_ARN)
    assert a_session().assignment == expected


def test_the_final_status_follows_from_the_ending() -> None:
    assert {each: each.final for each in Ending} == {
        Ending.EXPIRED: S.EXPIRED,
        Ending.REVOKED: S.REVOKED,
        Ending.ENDED_EARLY: S.REVOKED,
        Ending.FAILED: S.FAILED,
    }


@pytest.mark.parametrize("status", list(RequestStatus))
def test_without_a_session_people_see_the_status_of_the_request(status: RequestStatus) -> None:
    assert shown_status(a_request(status), None).value == status.value


SHOWN = {
    S.GRANTING: ShownStatus.APPROVED,
    S.ACTIVE: ShownStatus.ACTIVE,
    S.REVOKING: ShownStatus.ACTIVE,
    S.EXPIRED: ShownStatus.EXPIRED,
    S.REVOKED: ShownStatus.REVOKED,
    S.FAILED: ShownStatus.FAILED,
}


@pytest.mark.parametrize("status", list(SessionStatus))
def test_with_a_session_people_see_where_the_access_stands(status: SessionStatus) -> None:
    assert shown_status(a_request(R.APPROVED), a_session(status)) is SHOWN[status]


def test_a_session_being_undone_that_was_never_granted_is_not_shown_as_active() -> None:
    assert shown_status(a_request(R.APPROVED), a_session(S.REVOKING, granted_at=None)) is ShownStatus.APPROVED


def test_a_session_past_its_end_is_shown_as_active_until_the_assignment_is_proven_gone() -> None:
    assert shown_status(a_request(R.APPROVED), a_session(S.REVOKING, ends_at=NOW)) is ShownStatus.ACTIVE


def test_people_see_exactly_the_statuses_that_the_contract_names() -> None:
    assert [each.value for each in ShownStatus] == [
        "Pending",
        "Pending Owner",
        "Pending Admin",
        "Approved",
        "Rejected",
        "Withdrawn",
        "Lapsed",
        "Active",
        "Expired",
        "Revoked",
        "Failed",
    ]


def test_an_account_has_another_owner_only_where_somebody_besides_the_requester_owns_it() -> None:
    assert a_roster(owners=(RITA, OLAF)).owner_besides(RITA.slack_id)
    assert not a_roster(owners=(RITA,)).owner_besides(RITA.slack_id)
    assert not a_roster(owners=()).owner_besides(RITA.slack_id)


def test_somebody_is_a_full_member_unless_slack_says_otherwise() -> None:
    assert a_person().membership is Membership.FULL
