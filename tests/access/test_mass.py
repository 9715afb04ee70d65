"""Revoking all: who may order what, the word and the reason, the second SSO admin, and what one session gets of it."""

import pytest

from access.changes import BOT, EffectKind, EventKind
from access.mass import confirm, finish, lapse, may_revoke_all, order, revoke_by_order
from access.mass_order import CONFIRM_WITHIN, OrderId, Ordering, OrderStatus, Scope
from access.order_end import revoke_as_operator
from access.people import Membership, Person
from access.refusals import (
    AlreadyDone,
    AlreadyEnded,
    CannotTell,
    NotAFullMember,
    NotAnApprover,
    NotConfirmed,
    NotOffered,
    NotYet,
    ReasonNeeded,
    Refusal,
    SecondPersonNeeded,
)
from access.request import Level, RequestStatus
from access.session import Ending, SessionStatus
from tests.access.brakes import EVERYTHING, OF_PAYMENTS, OF_RITA, WHY, an_order
from tests.access.given import ABEL, ADA, MAX, MINUTE, NOW, OLAF, RITA, a_person, a_request, a_roster, a_session
from tests.access.play import effects_of, events_of, the_session

Status = OrderStatus
GIVEN = Ordering(reason=WHY, typed="REVOKE")
ID = OrderId("mo_1")
APPROVED = a_request(RequestStatus.APPROVED)
AT = NOW + MINUTE


@pytest.mark.parametrize(
    ("scope", "person", "role"),
    [
        (OF_RITA, ADA, Level.ADMIN),
        (OF_PAYMENTS, ADA, Level.ADMIN),
        (OF_PAYMENTS, OLAF, Level.OWNER),
        (EVERYTHING, ABEL, Level.ADMIN),
    ],
)
def test_sso_admins_may_order_anything_and_owners_what_is_in_their_account(
    scope: Scope, person: Person, role: Level
) -> None:
    assert may_revoke_all(scope, person, a_roster()) is role


@pytest.mark.parametrize(
    ("scope", "person", "kind"),
    [
        (OF_RITA, OLAF, NotAnApprover),
        (OF_RITA, RITA, NotAnApprover),
        (EVERYTHING, OLAF, NotAnApprover),
        (OF_PAYMENTS, MAX, NotAnApprover),
        (OF_PAYMENTS, a_person("Olaf", membership=Membership.GUEST), NotAFullMember),
        (EVERYTHING, a_person("Ada", membership=Membership.FOREIGN), NotAFullMember),
        (OF_RITA, a_person("Ada", membership=Membership.DEACTIVATED), NotAFullMember),
    ],
)
def test_everybody_else_is_refused(scope: Scope, person: Person, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        order(ID, scope, person, a_roster(), NOW, GIVEN)


@pytest.mark.parametrize("scope", [OF_RITA, OF_PAYMENTS])
def test_an_order_for_a_person_or_an_account_takes_effect_at_once(scope: Scope) -> None:
    made = order(ID, scope, ADA, a_roster(), NOW, GIVEN)

    assert (made.order.status, made.order.started_at) == (Status.RUNNING, NOW)
    assert made.order == an_order(Status.RUNNING, scope, started_at=NOW)
    assert [each.kind for each in made.effects] == [EffectKind.SHOW_BRAKES, EffectKind.REVOKE_ALL]
    assert (made.event.kind, made.event.actor) == (EventKind.REVOKE_ALL_ORDERED, ADA.slack_id)
    assert made.event.details == {"order": ID, "scope": scope.words, "role": "SSO admin", "reason": WHY}


def test_an_order_for_everything_waits_and_is_looked_at_when_its_time_is_over() -> None:
    made = order(ID, EVERYTHING, ADA, a_roster(), NOW, GIVEN)

    assert (made.order.status, made.order.started_at) == (Status.WAITING, None)
    assert made.order.lapses_at == NOW + CONFIRM_WITHIN
    assert [(each.kind, each.delay) for each in made.effects][1] == (EffectKind.REVOKE_ALL, CONFIRM_WITHIN)


@pytest.mark.parametrize("why", ["", "  \n", "\u200b"])
def test_an_order_needs_a_reason(why: str) -> None:
    with pytest.raises(ReasonNeeded):
        order(ID, OF_RITA, ADA, a_roster(), NOW, Ordering(reason=why, typed="REVOKE"))


@pytest.mark.parametrize("typed", ["", "yes", "REVOK", "REVOKE ALL"])
def test_without_the_word_nothing_is_ordered(typed: str) -> None:
    with pytest.raises(NotConfirmed, match="Type REVOKE"):
        order(ID, OF_RITA, ADA, a_roster(), NOW, Ordering(reason=WHY, typed=typed))


def test_the_word_is_taken_in_whatever_case() -> None:
    assert order(ID, OF_RITA, ADA, a_roster(), NOW, Ordering(reason=WHY, typed=" revoke ")).order.reason == WHY


def test_two_accounts_of_one_person_cannot_be_told_apart_without_an_address() -> None:
    nameless = a_person("Ada", email="")
    with pytest.raises(CannotTell):
        order(ID, EVERYTHING, nameless, a_roster(), NOW, GIVEN)
    with pytest.raises(CannotTell):
        confirm(an_order(), a_person("Abel", email=""), a_roster(), AT)
    assert order(ID, OF_RITA, nameless, a_roster(), NOW, GIVEN).order.status is Status.RUNNING


def test_another_sso_admin_confirms_in_time() -> None:
    made = confirm(an_order(), ABEL, a_roster(), NOW + CONFIRM_WITHIN - MINUTE)

    assert (made.order.status, made.order.confirmed_by) == (Status.RUNNING, ABEL.slack_id)
    assert made.order.started_at == NOW + CONFIRM_WITHIN - MINUTE
    assert (made.event.kind, made.event.actor_name) == (EventKind.REVOKE_ALL_CONFIRMED, "Abel")
    assert made.event.details["words"] == "by Ada"


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (ADA, SecondPersonNeeded),
        (a_person("Abel", email=ADA.email.upper()), SecondPersonNeeded),
        (OLAF, NotAnApprover),
        (MAX, NotAnApprover),
        (a_person("Abel", membership=Membership.GUEST), NotAFullMember),
    ],
)
def test_nobody_else_confirms(person: Person, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        confirm(an_order(), person, a_roster(), AT)


def test_who_ordered_must_still_be_sso_admin() -> None:
    with pytest.raises(NotOffered, match="Ada, who ordered it, is no SSO admin any more"):
        confirm(an_order(), ABEL, a_roster(admins=(ABEL,)), AT)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RUNNING, "Abel confirmed it already"),
        (Status.DONE, "Abel confirmed it already"),
        (Status.LAPSED, "the order lapsed"),
    ],
)
def test_a_second_press_hears_what_became_of_it(status: OrderStatus, words: str) -> None:
    with pytest.raises(AlreadyDone, match=words):
        confirm(an_order(status), ABEL, a_roster(), AT)


def test_a_confirmation_after_its_time_is_refused_even_before_the_sweep() -> None:
    with pytest.raises(AlreadyDone, match="Nobody confirmed within 15 minutes"):
        confirm(an_order(), ABEL, a_roster(), NOW + CONFIRM_WITHIN)


def test_an_order_lapses_at_its_time_and_not_before() -> None:
    with pytest.raises(NotYet):
        lapse(an_order(), NOW + CONFIRM_WITHIN - MINUTE)
    made = lapse(an_order(), NOW + CONFIRM_WITHIN)
    assert (made.order.status, made.event.kind, made.event.actor) == (Status.LAPSED, EventKind.REVOKE_ALL_LAPSED, BOT)
    for status in (Status.RUNNING, Status.DONE, Status.LAPSED):
        with pytest.raises(AlreadyDone):
            lapse(an_order(status), NOW + CONFIRM_WITHIN)


def test_only_a_running_order_is_finished() -> None:
    assert finish(an_order(Status.RUNNING), AT).status is Status.DONE
    for status in (Status.WAITING, Status.DONE, Status.LAPSED):
        with pytest.raises(AlreadyDone):
            finish(an_order(status), AT)


@pytest.mark.parametrize("status", [SessionStatus.GRANTING, SessionStatus.ACTIVE])
def test_a_session_gets_the_revocation_that_it_would_get_alone(status: SessionStatus) -> None:
    change = revoke_by_order(APPROVED, a_session(status), an_order(Status.RUNNING), AT)

    ended = the_session(change)
    assert (ended.status, ended.ending, ended.end_ordered_at) == (SessionStatus.REVOKING, Ending.REVOKED, AT)
    assert (ended.ended_by, ended.ended_by_name, ended.end_reason) == (ADA.slack_id, "Ada", WHY)
    assert (events_of(change), effects_of(change)) == ([EventKind.END_ORDERED], ["revoke", "update_cards"])
    details = change.events[0].details
    assert (details["order"], details["confirmed_by"], details["reason"]) == (ID, "Abel", WHY)


@pytest.mark.parametrize("status", [each for each in SessionStatus if each not in {"granting", "active"}])
def test_what_ends_already_is_left_to_who_ordered_that(status: SessionStatus) -> None:
    with pytest.raises(AlreadyEnded):
        revoke_by_order(APPROVED, a_session(status), an_order(Status.RUNNING), AT)


def test_an_operator_revokes_with_a_reason_and_by_the_name_of_the_system() -> None:
    change = revoke_as_operator(APPROVED, a_session(), "root", " stolen ", AT)

    assert (change.events[0].actor, change.events[0].details["role"]) == ("operator:root", "operator")
    assert (the_session(change).end_reason, the_session(change).ended_by_name) == ("stolen", "root (operator)")
    with pytest.raises(ReasonNeeded):
        revoke_as_operator(APPROVED, a_session(), "root", " ", AT)
    with pytest.raises(AlreadyEnded):
        revoke_as_operator(APPROVED, a_session(SessionStatus.REVOKED), "root", "stolen", AT)
    with pytest.raises(NotYet):
        revoke_as_operator(a_request(), None, "root", "stolen", AT)
