"""What AWS holds against what the sessions say: pure comparison, and the verbs that follow from it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.adoption import Adoption, adopt
from access.drift import MISSING, Looked, compare, key_of, note_missing, note_returned, of_set
from access.durations import AccessDuration
from access.offboarding import close_for_leaver, end_for_leaver
from access.people import Membership, Person
from access.refusals import (
    AlreadyDecided,
    AlreadyDone,
    AlreadyEnded,
    CannotTell,
    NotAFullMember,
    NotAnApprover,
    OwnRequest,
    ReasonNeeded,
    Refusal,
)
from access.request import RequestId, RequestStatus
from access.session import Assignment, Ending, Session, SessionId, SessionStatus
from tests.access.given import ADA, HOUR, NOW, OLAF, RITA, a_request, a_requester, a_roster, a_session

S = SessionStatus
STATUSES = st.sampled_from([S.GRANTING, S.ACTIVE, S.REVOKING])


def an_assignment(number: int) -> Assignment:
    """Give one of a few assignments."""
    return Assignment(principal_id=f"user-{number % 3}", account_id=f"{number % 2:012}", set_arn=f"arn:{number % 4}")


def on(number: int, status: S = S.ACTIVE) -> Session:
    """Give a session on it."""
    it = an_assignment(number)
    return a_session(
        status, id=SessionId(f"se_{number}"), principal_id=it.principal_id, account_id=it.account_id, set_arn=it.set_arn
    )


def everything_looked_at(held: set[int]) -> Looked:
    """Say that every account was looked at, and what was found."""
    where = {(each.account_id, each.set_arn) for each in map(an_assignment, range(24))}
    return Looked(held=frozenset(map(an_assignment, held)), where=frozenset(where), names={})


NUMBERS = st.sets(st.integers(0, 23), max_size=10)


@given(held=NUMBERS, first=NUMBERS, last=NUMBERS, doubtful=NUMBERS, status=STATUSES)
def test_whatever_is_live_at_either_moment_is_neither_foreign_nor_left_over(
    held: set[int], first: set[int], last: set[int], doubtful: set[int], status: S
) -> None:
    """Grants and ends go on while the bot looks: nothing of a live session is ever called anything but expected."""
    live = {an_assignment(each) for each in first | last}

    found = compare(
        everything_looked_at(held),
        [on(each, status) for each in first],
        [on(each, status) for each in last],
        [on(each, S.EXPIRED) for each in doubtful],
    )

    left = {each.assignment for each in found.leftover}
    assert live.isdisjoint(set(found.foreign) | left)
    assert set(found.expected) | set(found.foreign) | left == {an_assignment(each) for each in held}
    assert {each.assignment for each in found.missing}.isdisjoint(an_assignment(each) for each in held)
    assert {each.id for each in found.missing} <= {f"se_{each}" for each in first & last}


def test_what_was_not_looked_at_is_not_missing() -> None:
    """An account that AWS did not show says nothing of its sessions."""
    looked = Looked(held=frozenset(), where=frozenset(), names={})
    assert compare(looked, [on(1)], [on(1)], []).missing == ()
    assert [each.id for each in compare(everything_looked_at(set()), [on(1)], [on(1)], []).missing] == ["se_1"]


@pytest.mark.parametrize("status", [S.GRANTING, S.REVOKING])
def test_what_is_granted_or_ended_right_now_is_not_missing(status: S) -> None:
    """Only what is active must be there."""
    assert compare(everything_looked_at(set()), [on(1, status)], [on(1, status)], []).missing == ()


def test_the_key_of_an_assignment_tells_nothing_of_it() -> None:
    """It is short, the same each time, and another for everything else."""
    keys = {key_of(each) for each in (*map(an_assignment, range(12)), of_set("arn:1"))}
    assert len(keys) == 13
    assert all(len(each) == 20 and each.isalnum() for each in keys)


def test_an_active_session_is_called_missing_once_and_back_once() -> None:
    """Nothing but its mark changes."""
    request, session = a_request(RequestStatus.APPROVED), a_session()
    missing = note_missing(request, session, NOW).session
    assert missing is not None
    assert replace(missing, trouble="", version=session.version) == session
    with pytest.raises(AlreadyDone):
        note_missing(request, missing, NOW)
    assert note_returned(request, missing, NOW).session == replace(missing, trouble="", version=missing.version + 1)
    with pytest.raises(AlreadyDone):
        note_returned(request, session, NOW)
    for status in (S.REVOKING, S.EXPIRED):
        with pytest.raises(AlreadyEnded):
            note_missing(request, a_session(status, trouble=MISSING), NOW)
        with pytest.raises(AlreadyEnded):
            note_returned(request, a_session(status, trouble=MISSING), NOW)


def an_adoption(reason: str = "INC-9: given by phone") -> Adoption:
    """Give Rita's access, for two hours."""
    return Adoption(
        request_id=RequestId("rq_1"),
        number=1043,
        session_id=SessionId("se_1"),
        assignment=an_assignment(1),
        set_name="ReadOnly",
        account_name="prod-payments",
        holder=a_requester(RITA),
        duration=AccessDuration.HOURS_2,
        reason=reason,
    )


def test_what_is_adopted_is_a_session_with_an_end_that_removes_it() -> None:
    """It is approved by the one who pressed, active from now on, and the bot's to take away."""
    change = adopt(an_adoption(), ADA, a_roster(), NOW)
    assert change.session is not None
    assert (change.session.status, change.session.ends_at) == (S.ACTIVE, NOW + 2 * HOUR)
    assert change.session.sent_at is not None
    assert not change.session.existed_before
    assert [each.by for each in change.request.decisions] == [ADA.slack_id]
    assert change.request.requester == a_requester(RITA)


@pytest.mark.parametrize(
    ("person", "reason", "refusal"),
    [
        (OLAF, "INC-9: given by phone", NotAnApprover),
        (replace(ADA, email=RITA.email), "INC-9: given by phone", OwnRequest),
        (replace(ADA, email=""), "INC-9: given by phone", CannotTell),
        (replace(ADA, membership=Membership.GUEST), "INC-9: given by phone", NotAFullMember),
        (ADA, "  short  ", ReasonNeeded),
    ],
)
def test_not_everybody_adopts_and_not_for_no_reason(person: Person, reason: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        adopt(an_adoption(reason), person, a_roster(), NOW)
    assert refused.value.words


def test_who_left_is_ended_by_the_bot_in_words() -> None:
    """A running session is ordered to end, once; an undecided request is rejected, once."""
    request = a_request(RequestStatus.APPROVED)
    for status in (S.GRANTING, S.ACTIVE):
        ending = end_for_leaver(request, a_session(status), "She left.", NOW).session
        assert ending is not None
        assert (ending.status, ending.ending, ending.end_reason) == (S.REVOKING, Ending.REVOKED, "She left.")
        assert (ending.ended_by, ending.ended_by_name, ending.end_ordered_at) == (None, "jitbot", NOW)
        with pytest.raises(AlreadyEnded):
            end_for_leaver(request, ending, "She left.", NOW)
    closed = close_for_leaver(a_request(), "She left.", NOW).request
    assert (closed.status, closed.decisions[-1].reason) == (RequestStatus.REJECTED, "She left.")
    with pytest.raises(AlreadyDecided):
        close_for_leaver(closed, "She left.", NOW)
