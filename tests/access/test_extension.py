"""Extending a session: who gets how much more time and when, and what becomes of its end."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import lifecycle, session_lifecycle
from access.changes import EffectKind, EventKind, NoticeKind
from access.durations import AccessDuration as D
from access.extension import MOVING_TAKES, Asked, ExtensionForm, ExtensionLimits, must_be_extendable, new_extension
from access.refusals import AlreadyEnded, BadForm, Field, NotFound, NotOffered, NotYet, OwnRequest, Refusal, TooMany
from access.request import Request, RequestId, RequestStatus
from access.session import Session, SessionStatus
from tests.access.given import (
    ADA,
    GRANTED_AT,
    HOUR,
    LAPSE_AFTER,
    MINUTE,
    OLAF,
    RITA,
    a_custom_request,
    a_request,
    a_roster,
    a_seed,
    a_session,
)

FIRST = a_request(RequestStatus.APPROVED)
LATE = GRANTED_AT + 90 * MINUTE
"""Three quarters of the two hours are gone."""
LIMITS = ExtensionLimits()


def offered(session: Session | None = None, longest: D = D.MONTH_1, at: datetime = LATE, **limits: int) -> list[D]:
    return list(must_be_extendable(FIRST, session or a_session(), ExtensionLimits(**limits), longest, at))


def an_extension(first: Request = FIRST, **changes: Any) -> Request:
    asked = Asked(id=RequestId("rq_more"), number=1043, at=LATE, lapse_after=LAPSE_AFTER)
    form = ExtensionForm(duration="1 hour", justification="The ledger is still wrong.")
    return replace(new_extension(first, a_session(), form, tuple(D), asked), **changes)


def approved(session: Session | None, at: datetime = LATE, longest: D = D.MONTH_1) -> Session:
    seed = replace(a_seed(), longest=longest)
    change = lifecycle.approve(an_extension(lapses_at=at + HOUR), OLAF, a_roster(), at, seed, session)
    assert change.session is not None
    return change.session


def test_whatever_fits_the_accounts_longest_duration_is_offered() -> None:
    assert offered(longest=D.HOURS_4) == [D.HOUR_1, D.HOURS_2]
    assert offered(longest=D.MONTH_1)[-1] is D.WEEKS_2


@pytest.mark.parametrize("status", [each for each in SessionStatus if each is not SessionStatus.ACTIVE])
def test_only_what_is_active_is_extended(status: SessionStatus) -> None:
    with pytest.raises(NotYet if status is SessionStatus.GRANTING else AlreadyEnded):
        offered(a_session(status))
    with pytest.raises(NotYet if status is SessionStatus.GRANTING else AlreadyEnded):
        approved(a_session(status))


def test_what_has_reached_its_end_is_not_extended_though_nobody_swept_it_yet() -> None:
    with pytest.raises(AlreadyEnded):
        offered(at=a_session().ends_at)
    with pytest.raises(AlreadyEnded):
        approved(a_session(), at=a_session().ends_at)


def test_without_a_session_there_is_nothing_to_extend() -> None:
    with pytest.raises(AlreadyEnded):
        must_be_extendable(FIRST, None, LIMITS, D.MONTH_1, LATE)
    with pytest.raises(AlreadyEnded):
        approved(None)


def test_half_of_the_time_must_be_gone() -> None:
    assert offered(at=GRANTED_AT + HOUR)
    with pytest.raises(NotYet) as refused:
        offered(at=GRANTED_AT + HOUR - MINUTE)
    assert refused.value.next_step == "Come back in a minute."
    with pytest.raises(NotYet) as refused:
        offered(at=GRANTED_AT, after_percent=99)
    assert refused.value.next_step == "Come back in 2 hours."
    assert offered(at=GRANTED_AT, after_percent=0)


def test_there_are_only_so_many_extensions() -> None:
    assert offered(a_session(extensions=1))
    with pytest.raises(TooMany):
        offered(a_session(extensions=2))
    with pytest.raises(TooMany, match="never extended here"):
        offered(most=0)


def test_the_accounts_longest_duration_counts_from_the_grant() -> None:
    with pytest.raises(NotOffered):
        offered(longest=D.HOURS_2)
    with pytest.raises(NotOffered):
        approved(a_session(), longest=D.HOURS_2)


def test_access_that_was_there_before_is_not_extended() -> None:
    with pytest.raises(NotOffered):
        offered(a_session(existed_before=True))


def test_an_extension_is_a_request_like_the_first_that_lapses_with_the_session() -> None:
    more = an_extension()
    assert (more.extends, more.extends_label, more.status) == (1042, "REQ-1042", RequestStatus.PENDING)
    assert more.lapses_at == a_session().ends_at
    assert more.decisions == ()
    custom = an_extension(a_custom_request(RequestStatus.APPROVED))
    assert custom.status is RequestStatus.PENDING_OWNER
    assert custom.decisions == ()


def test_both_fields_are_judged_at_once() -> None:
    asked = Asked(id=RequestId("rq_more"), number=1043, at=LATE, lapse_after=LAPSE_AFTER)
    with pytest.raises(BadForm) as bad:
        new_extension(FIRST, a_session(), ExtensionForm(duration="1 week", justification="why"), (D.HOUR_1,), asked)
    assert set(bad.value.problems) == {Field.DURATION, Field.JUSTIFICATION}


def test_an_approved_extension_moves_the_end_and_has_it_announced_again() -> None:
    before = a_session(announced_at=LATE)
    after = approved(before)
    assert after.ends_at == before.ends_at + HOUR
    assert (after.extensions, after.announced_at, after.status) == (1, None, SessionStatus.ACTIVE)
    again = session_lifecycle.announce(FIRST, after, after.ends_at - MINUTE)
    assert again.effects[0].key != session_lifecycle.announce(FIRST, a_session(), LATE).effects[0].key


def test_the_audit_log_has_it_under_both_numbers() -> None:
    change = lifecycle.approve(an_extension(), OLAF, a_roster(), LATE, a_seed(), a_session())
    assert [(each.kind, each.request) for each in change.events] == [
        (EventKind.APPROVED, "REQ-1043"),
        (EventKind.EXTENDED, "REQ-1042"),
    ]
    assert change.events[1].details["extension"] == "REQ-1043"
    notices = [each.arguments.get("notice") for each in change.effects]
    assert NoticeKind.EXTENDED.value in notices
    assert EffectKind.GRANT not in [each.kind for each in change.effects]


def test_a_hard_stop_moves_along_and_needs_time_for_that() -> None:
    stopped = a_session(cut_at=a_session().ends_at)
    change = lifecycle.approve(an_extension(), OLAF, a_roster(), LATE, a_seed(), stopped)
    assert change.effects[0].kind is EffectKind.HARD_STOP
    with pytest.raises(AlreadyEnded, match="cannot move"):
        approved(stopped, at=stopped.ends_at - MOVING_TAKES + timedelta(seconds=1))
    assert approved(a_session(), at=stopped.ends_at - timedelta(seconds=1)).extensions == 1


def test_nobody_decides_their_own_extension() -> None:
    with pytest.raises(OwnRequest):
        lifecycle.approve(an_extension(), RITA, a_roster((RITA,)), LATE, a_seed(), a_session())


def test_the_two_levels_of_a_custom_extension_are_judged_like_the_first() -> None:
    more = an_extension(a_custom_request(RequestStatus.APPROVED))
    first = lifecycle.approve(more, OLAF, a_roster(), LATE, a_seed(), a_session())
    assert (first.request.status, first.session) == (RequestStatus.PENDING_ADMIN, None)
    second = lifecycle.approve(first.request, ADA, a_roster(), LATE, a_seed(), a_session())
    assert second.request.status is RequestStatus.APPROVED
    assert second.session is not None
    assert second.session.extensions == 1
    with pytest.raises(AlreadyEnded):
        lifecycle.approve(more, OLAF, a_roster(), LATE, a_seed(), a_session(SessionStatus.REVOKING))


def test_an_extension_has_no_access_of_its_own_to_end() -> None:
    with pytest.raises(NotFound):
        session_lifecycle.must_be_running(an_extension(), a_session())


@given(st.lists(st.sampled_from(list(D)), max_size=12), st.sampled_from(list(D)), st.integers(0, 5))
def test_no_row_of_extensions_gets_past_the_longest_duration_or_the_number(
    durations: list[D], longest: D, most: int
) -> None:
    session = a_session()
    limits = ExtensionLimits(most=most)
    for duration in durations:
        now = session.ends_at - timedelta(seconds=30)
        try:
            must_be_extendable(FIRST, session, limits, longest, now)
            more = an_extension(duration=duration, lapses_at=session.ends_at)
            change = lifecycle.approve(more, OLAF, a_roster(), now, replace(a_seed(), longest=longest), session)
        except Refusal:
            continue
        assert change.session is not None
        session = change.session
    assert session.extensions <= most
    if session.extensions:
        assert session.ends_at - GRANTED_AT <= longest.length
