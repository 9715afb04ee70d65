"""The freeze: who may, what it refuses and in which words, and that a waiting grant never fails of it."""

from datetime import timedelta

import pytest

from access.changes import EffectKind, EventKind
from access.freeze import announce, freeze, must_not_be_frozen, needs_more_time, redraw, unfreeze, wait_out
from access.people import Membership, Person
from access.refusals import AlreadyDone, AlreadyEnded, Frozen, NotAFullMember, NotAnApprover, Refusal
from access.request import RequestStatus
from access.session import SessionStatus
from access.session_lifecycle import grant_by
from tests.access.brakes import a_freeze
from tests.access.given import ABEL, ADA, MARGIN, MAX, MINUTE, NOW, OLAF, RITA, a_person, a_request, a_roster, a_session

GUEST = a_person("Ada", membership=Membership.GUEST)
GONE = a_person("Ada", membership=Membership.DEACTIVATED)
APPROVED = a_request(RequestStatus.APPROVED)


def test_an_sso_admin_freezes_with_a_reason() -> None:
    frozen, event = freeze(None, ADA, a_roster(), NOW, "  INC-9  ")

    assert frozen == a_freeze(reason="INC-9")
    assert (event.kind, event.actor, event.actor_name) == (EventKind.FROZEN, ADA.slack_id, "Ada")
    assert event.details == {"role": "SSO admin", "reason": "INC-9"}


def test_a_reason_may_be_missing_and_is_then_said_to_be() -> None:
    frozen, event = freeze(None, ADA, a_roster(), NOW, " \u200b ")

    assert frozen.words == "Ada froze all granting at 2026-03-02 09:00 UTC, without saying why"
    assert "reason" not in event.details


def test_a_long_reason_is_cut() -> None:
    assert len(freeze(None, ADA, a_roster(), NOW, "x" * 5_000)[0].reason) == 500


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (OLAF, NotAnApprover),
        (RITA, NotAnApprover),
        (MAX, NotAnApprover),
        (GUEST, NotAFullMember),
        (GONE, NotAFullMember),
    ],
)
def test_nobody_but_a_full_member_who_is_sso_admin_freezes_or_lifts(person: Person, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        freeze(None, person, a_roster(), NOW, "")
    with pytest.raises(kind):
        unfreeze(a_freeze(), person, a_roster(), NOW)


def test_who_comes_second_hears_who_was_faster() -> None:
    with pytest.raises(AlreadyDone, match=r"frozen already. Ada froze all granting at 2026-03-02 09:00 UTC: INC-9"):
        freeze(a_freeze(), ABEL, a_roster(), NOW + MINUTE, "me too")
    with pytest.raises(AlreadyDone, match="Nothing is frozen"):
        unfreeze(None, ABEL, a_roster(), NOW)


def test_any_sso_admin_lifts_it() -> None:
    event = unfreeze(a_freeze(), ABEL, a_roster(), NOW + MINUTE)

    assert (event.kind, event.actor) == (EventKind.UNFROZEN, ABEL.slack_id)
    assert event.details["words"] == "frozen by Ada"


def test_an_approval_is_refused_with_who_when_and_why() -> None:
    with pytest.raises(Frozen) as refused:
        must_not_be_frozen(a_freeze())
    assert refused.value.words == (
        "Nothing can be approved now. Ada froze all granting at 2026-03-02 09:00 UTC: INC-9."
    )
    assert "/jit unfreeze" in refused.value.next_step
    must_not_be_frozen(None)


def test_a_freeze_and_its_end_are_announced_each_once() -> None:
    _, on = freeze(None, ADA, a_roster(), NOW, "INC-9")
    off = unfreeze(a_freeze(), ADA, a_roster(), NOW)

    assert announce(on).kind is EffectKind.SHOW_BRAKES
    assert announce(on).arguments["reason"] == "INC-9"
    assert announce(on) == announce(on)
    assert len({announce(on).key, announce(off).key}) == 2
    assert redraw(a_request(), on).key != redraw(a_request(), off).key


def test_a_waiting_grant_gets_its_time_anew_before_it_runs_out() -> None:
    session = a_session(SessionStatus.GRANTING)
    late = grant_by(APPROVED, session) - MARGIN / 2 + timedelta(seconds=1)
    assert not needs_more_time(APPROVED, session, late - timedelta(seconds=2), MARGIN)
    assert needs_more_time(APPROVED, session, late, MARGIN)

    waiting = wait_out(APPROVED, session, late, MARGIN).session

    assert waiting is not None
    assert grant_by(APPROVED, waiting) == late + MARGIN
    assert waiting.status is SessionStatus.GRANTING


@pytest.mark.parametrize("status", [each for each in SessionStatus if each is not SessionStatus.GRANTING])
def test_only_a_grant_that_waits_gets_more_time(status: SessionStatus) -> None:
    with pytest.raises(AlreadyEnded):
        wait_out(APPROVED, a_session(status), NOW, MARGIN)
