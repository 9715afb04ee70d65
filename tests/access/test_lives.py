"""Whole lives of a request: each has one outcome, tells of it once, and orders nothing twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from access import lifecycle
from access.changes import Change, EventKind
from access.people import Person, Roster
from access.request import Request
from access.session import Session
from tests.access.given import (
    ABEL,
    ADA,
    APPROVED_AT,
    HOUR,
    MINUTE,
    NOW,
    OLAF,
    RITA,
    a_custom_request,
    a_request,
    a_roster,
)
from tests.access.play import REQUEST_VERBS, SESSION_VERBS, Moment, effects_of, events_of

Step = tuple[str, Person, datetime]
LAPSED_AT = a_request().lapses_at
GRANT_ENDS = APPROVED_AT + 2 * HOUR + 30 * MINUTE
ENDS = APPROVED_AT + 2 * HOUR

APPROVE: Step = ("approve", OLAF, APPROVED_AT)
GRANT: Step = ("confirm_grant", OLAF, APPROVED_AT)
GONE: Step = ("confirm_removal", OLAF, GRANT_ENDS + HOUR)

LIVES: dict[str, tuple[Request, list[Step], EventKind, str]] = {
    "expired": (
        a_request(),
        [APPROVE, GRANT, ("announce", OLAF, ENDS - 15 * MINUTE), ("expire", OLAF, ENDS), GONE],
        EventKind.EXPIRED,
        "tell:expired",
    ),
    "revoked after trouble": (
        a_request(),
        [
            ("remind", OLAF, NOW + MINUTE),
            ("escalate", OLAF, NOW + 2 * MINUTE),
            APPROVE,
            ("note_trouble", OLAF, APPROVED_AT),
            GRANT,
            ("revoke", ADA, APPROVED_AT + HOUR),
            ("note_trouble", OLAF, APPROVED_AT + HOUR),
            GONE,
        ],
        EventKind.REVOKED,
        "tell:revoked",
    ),
    "ended early by its holder": (
        a_request(),
        [APPROVE, GRANT, ("end_early", RITA, APPROVED_AT + HOUR), GONE],
        EventKind.REVOKED,
        "tell:ended_early",
    ),
    "revoked while AWS was still granting": (
        a_request(),
        [APPROVE, ("revoke", ADA, APPROVED_AT), GONE],
        EventKind.REVOKED,
        "tell:revoked",
    ),
    "refused by AWS": (
        a_request(),
        [APPROVE, ("fail_grant", OLAF, APPROVED_AT), GONE],
        EventKind.FAILED,
        "tell:failed",
    ),
    "never granted in time": (
        a_request(),
        [APPROVE, ("expire", OLAF, GRANT_ENDS), GONE],
        EventKind.FAILED,
        "tell:failed",
    ),
    "custom, expired": (
        a_custom_request(),
        [
            ("remind", OLAF, NOW),
            ("approve", OLAF, NOW + MINUTE),
            ("remind", OLAF, NOW + 2 * MINUTE),
            ("approve", ADA, APPROVED_AT),
            GRANT,
            ("expire", OLAF, ENDS),
            GONE,
        ],
        EventKind.EXPIRED,
        "tell:expired",
    ),
    "rejected": (a_request(), [("reject", OLAF, NOW)], EventKind.REJECTED, "tell:rejected"),
    "custom, rejected at the second level": (
        a_custom_request(),
        [("approve", OLAF, NOW), ("reject", ADA, APPROVED_AT)],
        EventKind.REJECTED,
        "tell:rejected",
    ),
    "lapsed": (a_request(), [("lapse", OLAF, LAPSED_AT)], EventKind.LAPSED, "tell:lapsed"),
    "custom, lapsed at the second level": (
        a_custom_request(),
        [("approve", OLAF, NOW), ("lapse", OLAF, LAPSED_AT)],
        EventKind.LAPSED,
        "tell:lapsed",
    ),
    "withdrawn": (a_request(), [("withdraw", RITA, NOW)], EventKind.WITHDRAWN, ""),
}
OUTCOMES = {
    EventKind.REJECTED,
    EventKind.WITHDRAWN,
    EventKind.LAPSED,
    EventKind.EXPIRED,
    EventKind.REVOKED,
    EventKind.FAILED,
}
FINAL_NOTICES = {"tell:rejected", "tell:lapsed", "tell:expired", "tell:revoked", "tell:ended_early", "tell:failed"}


def played(request: Request, steps: Iterable[Step], roster: Roster | None = None) -> list[Change]:
    """Play the steps one after the other and give every change, the submission first."""
    life, session = [lifecycle.submit(request)], None
    for verb, person, now in steps:
        moment = Moment(person=person, now=now, roster=roster or a_roster())
        change = _step(verb, life[-1].request, session, moment)
        session = change.session or session
        life.append(change)
    return life


def _step(verb: str, request: Request, session: Session | None, moment: Moment) -> Change:
    if verb in REQUEST_VERBS:
        return REQUEST_VERBS[verb](request, moment)
    assert session is not None
    return SESSION_VERBS[verb](request, session, moment)


@pytest.mark.parametrize("name", list(LIVES))
def test_each_life_has_one_outcome_and_tells_of_it_once(name: str) -> None:
    request, steps, outcome, notice = LIVES[name]
    life = played(request, steps)
    assert [kind for change in life for kind in events_of(change) if kind in OUTCOMES] == [outcome]
    told = [effect for change in life for effect in effects_of(change) if effect in FINAL_NOTICES]
    assert told == ([notice] if notice else [])


@pytest.mark.parametrize("name", list(LIVES))
def test_no_life_orders_the_same_effect_twice(name: str) -> None:
    request, steps, _, _ = LIVES[name]
    keys = [effect.key for change in played(request, steps) for effect in change.effects]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("name", list(LIVES))
def test_where_a_session_was_it_is_granted_revoked_and_verified_absent_exactly_once(name: str) -> None:
    request, steps, _, _ = LIVES[name]
    life = played(request, steps)
    effects = [effect for change in life for effect in effects_of(change)]
    had_session = any(change.session for change in life)
    assert [effects.count(each) for each in ("grant", "revoke", "verify_absent")] == [int(had_session)] * 3


def test_a_request_escalated_before_the_owner_approved_has_one_card_with_the_sso_admins() -> None:
    steps: list[Step] = [("escalate", OLAF, NOW), ("approve", OLAF, APPROVED_AT)]
    cards = [
        effect.key
        for change in played(a_custom_request(), steps)
        for effect in change.effects
        if effect.arguments.get("place") == "admins"
    ]
    assert len(cards) == 2
    assert len(set(cards)) == 1, "the outbox stores one key once"


def test_a_stand_in_and_a_second_sso_admin_decide_where_no_owner_is() -> None:
    steps: list[Step] = [("approve", ADA, NOW), ("approve", ABEL, APPROVED_AT)]
    life = played(a_custom_request(), steps, a_roster(owners=(RITA,)))
    assert [(each.by, each.stand_in) for each in life[-1].request.decisions] == [
        (ADA.slack_id, True),
        (ABEL.slack_id, False),
    ]
    assert life[-1].session is not None


def test_a_later_grant_moves_the_end_but_an_announcement_or_an_order_to_end_does_not() -> None:
    late: Step = ("confirm_grant", OLAF, APPROVED_AT + 10 * MINUTE)
    steps = [APPROVE, late, ("announce", OLAF, ENDS), ("revoke", ADA, ENDS), GONE]
    ends = [change.session.ends_at for change in played(a_request(), steps) if change.session]
    assert ends == [GRANT_ENDS, *[ENDS + timedelta(minutes=10)] * 4]
