"""Overdue is a mark on a session that does not end: when it is called so, how often, and who may order another try."""

from datetime import timedelta
from itertools import pairwise

import pytest

from access import session_lifecycle
from access.changes import EventKind, revoke_access
from access.overdue import LONGEST_INTERVAL, PATIENCE, call_overdue, overdue, retry
from access.people import Membership, Person
from access.refusals import AlreadyDone, AlreadyEnded, NotAFullMember, NotAnApprover, NotYet, Refusal
from access.request import RequestStatus
from access.session import Ending, Session, SessionStatus, ShownStatus, shown_status
from tests.access.given import (
    ADA,
    END_ORDERED_AT,
    HOUR,
    MAX,
    MINUTE,
    OLAF,
    RITA,
    a_person,
    a_request,
    a_roster,
    a_session,
)
from tests.access.play import effects_of, the_session

S = SessionStatus
APPROVED = a_request(RequestStatus.APPROVED)
LATE = END_ORDERED_AT + PATIENCE
SECOND = timedelta(seconds=1)


def an_overdue_session() -> Session:
    """Give a session that was just called overdue."""
    return the_session(call_overdue(APPROVED, a_session(S.REVOKING), LATE, "AWS denies it."))


def test_an_end_is_overdue_two_minutes_after_its_order() -> None:
    session = a_session(S.REVOKING)
    assert not overdue(session, LATE - SECOND)
    assert overdue(session, LATE)


@pytest.mark.parametrize("status", [S.GRANTING, S.ACTIVE])
def test_what_nobody_ordered_to_end_is_overdue_two_minutes_after_its_end(status: SessionStatus) -> None:
    session = a_session(status)
    assert not overdue(session, session.ends_at + PATIENCE - SECOND)
    assert overdue(session, session.ends_at + PATIENCE)


@pytest.mark.parametrize("status", [S.EXPIRED, S.REVOKED, S.FAILED])
def test_what_has_ended_is_never_overdue(status: SessionStatus) -> None:
    assert not overdue(a_session(status), LATE + 1000 * HOUR)


def test_a_bot_that_was_away_orders_the_end_before_it_calls_anything_overdue() -> None:
    """The end passed an hour ago and was ordered just now: it is late, and not called overdue before AWS was asked."""
    session = a_session(S.ACTIVE)
    back = session.ends_at + HOUR
    ordered = the_session(session_lifecycle.expire(APPROVED, session, back))
    assert not overdue(ordered, back + MINUTE)
    assert overdue(ordered, back + PATIENCE)
    assert ordered.over_at == session.ends_at


CALLED: dict[SessionStatus, type[Refusal] | None] = {
    S.GRANTING: NotYet,
    S.ACTIVE: AlreadyEnded,
    S.REVOKING: None,
    S.EXPIRED: AlreadyEnded,
    S.REVOKED: AlreadyEnded,
    S.FAILED: AlreadyEnded,
}


@pytest.mark.parametrize("status", SessionStatus)
def test_only_an_end_that_was_ordered_is_called_overdue(status: SessionStatus) -> None:
    session, refused = a_session(status), CALLED[status]
    if refused is None:
        assert the_session(call_overdue(APPROVED, session, LATE)).marked_overdue
        return
    with pytest.raises(refused):
        call_overdue(APPROVED, session, LATE + 1000 * HOUR)


def test_calling_says_since_when_and_what_aws_says_and_alerts() -> None:
    change = call_overdue(APPROVED, a_session(S.REVOKING), LATE, "AWS denies it.")
    (event,) = change.events
    assert event.kind is EventKind.OVERDUE
    assert (event.details["since"], event.details["words"]) == (END_ORDERED_AT.isoformat(), "AWS denies it.")
    assert effects_of(change) == ["update_cards", "alert"]
    assert the_session(change).trouble == "AWS denies it."


def test_overdue_is_a_mark_and_no_status() -> None:
    assert an_overdue_session().status is S.REVOKING
    assert shown_status(APPROVED, an_overdue_session()) is ShownStatus.ACTIVE


def test_it_is_not_called_too_early() -> None:
    with pytest.raises(NotYet):
        call_overdue(APPROVED, a_session(S.REVOKING), LATE - SECOND)


def test_it_is_called_again_after_an_hour_then_after_twice_the_time_up_to_a_day() -> None:
    """The moments of 200 hours: 0, 1, 2, 4, 8, 16 and 32 hours, and from then on every day."""
    session, now, moments = a_session(S.REVOKING), LATE, []
    while now < LATE + 200 * HOUR:
        try:
            session = the_session(call_overdue(APPROVED, session, now))
        except AlreadyDone:
            pass
        else:
            moments.append((now - LATE) / HOUR)
        now += MINUTE * 10
    assert moments[:7] == [0, 1, 2, 4, 8, 16, 32]
    assert {b - a for a, b in pairwise(moments[6:])} == {LONGEST_INTERVAL / HOUR}


def test_the_end_of_an_overdue_session_says_how_late_and_calms_the_alert() -> None:
    change = session_lifecycle.confirm_removal(APPROVED, an_overdue_session(), END_ORDERED_AT + 63 * MINUTE)
    assert change.events[0].details["late"] == "63 min"
    assert "update_alert" in effects_of(change)
    assert not the_session(change).marked_overdue


def test_an_end_in_time_knows_of_no_alert() -> None:
    change = session_lifecycle.confirm_removal(APPROVED, a_session(S.REVOKING), END_ORDERED_AT + MINUTE)
    assert "late" not in change.events[0].details
    assert "update_alert" not in effects_of(change)


@pytest.mark.parametrize("person", [OLAF, ADA])
def test_an_owner_or_an_sso_admin_orders_another_try_and_is_named(person: Person) -> None:
    session = an_overdue_session()
    change = retry(APPROVED, session, person, a_roster(), LATE)
    (event,) = change.events
    assert (event.kind, event.actor, event.actor_name) == (EventKind.RETRY_ORDERED, person.slack_id, person.name)
    assert (change.session, change.effects) == (session, ())


@pytest.mark.parametrize("person", [RITA, MAX])
def test_nobody_else_orders_another_try(person: Person) -> None:
    with pytest.raises(NotAnApprover):
        retry(APPROVED, an_overdue_session(), person, a_roster(), LATE)


def test_a_guest_in_the_roster_orders_nothing() -> None:
    guest = a_person("Olaf", membership=Membership.GUEST)
    with pytest.raises(NotAFullMember):
        retry(APPROVED, an_overdue_session(), guest, a_roster(), LATE)


@pytest.mark.parametrize("status", SessionStatus)
def test_what_is_not_overdue_is_not_tried_again_by_hand(status: SessionStatus) -> None:
    expected = NotYet if status in {S.GRANTING, S.ACTIVE} else AlreadyEnded
    with pytest.raises(expected):
        retry(APPROVED, a_session(status), OLAF, a_roster(), LATE)


def test_without_a_session_there_is_nothing_to_try() -> None:
    with pytest.raises(NotYet):
        retry(a_request(), None, OLAF, a_roster(), LATE)


def test_a_removal_ordered_anew_is_another_order_on_the_same_target() -> None:
    session = a_session(S.REVOKING, ending=Ending.EXPIRED)
    first, second = revoke_access(session), revoke_access(session, again="later")
    assert first.key != second.key
    assert (first.subject, first.arguments) == (second.subject, second.arguments)
