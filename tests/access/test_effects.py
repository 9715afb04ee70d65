"""What each transition says (events, for the audit log) and orders (effects, for the outbox): exactly this, no more."""

from datetime import timedelta

import pytest

from access import changes, lifecycle, session_lifecycle
from access.changes import BOT, Change, EffectKind, EventKind, Place
from access.durations import SessionDuration
from access.people import Person
from access.permission_sets import RequestedSet
from access.request import RequestStatus
from access.session import Ending, Session, SessionStatus
from tests.access.given import (
    ADA,
    APPROVED_AT,
    ENDED_AT,
    GRANTED_AT,
    LAPSE_AFTER,
    NOW,
    OLAF,
    RITA,
    SET_ARN,
    a_content,
    a_custom_request,
    a_custom_set,
    a_request,
    a_roster,
    a_session,
)
from tests.access.play import REQUEST_VERBS, SESSION_VERBS, Moment, effects_of, events_of, the_session

R, S, E = RequestStatus, SessionStatus, EventKind
APPROVED = a_request(R.APPROVED)

REQUEST_ANSWERS: dict[tuple[str, RequestStatus], tuple[Person | None, EventKind, list[str]]] = {
    ("approve", R.PENDING): (OLAF, E.APPROVED, ["grant", "update_cards", "tell:approved"]),
    ("approve", R.PENDING_OWNER): (OLAF, E.APPROVED, ["update_cards", "post_card:admins", "tell:owner_approved"]),
    ("approve", R.PENDING_ADMIN): (ADA, E.APPROVED, ["grant", "update_cards", "tell:approved"]),
    ("reject", R.PENDING): (OLAF, E.REJECTED, ["update_cards", "tell:rejected"]),
    ("reject", R.PENDING_OWNER): (OLAF, E.REJECTED, ["update_cards", "tell:rejected"]),
    ("reject", R.PENDING_ADMIN): (ADA, E.REJECTED, ["update_cards", "tell:rejected"]),
    ("withdraw", R.PENDING): (RITA, E.WITHDRAWN, ["update_cards"]),
    ("withdraw", R.PENDING_OWNER): (RITA, E.WITHDRAWN, ["update_cards"]),
    ("withdraw", R.PENDING_ADMIN): (RITA, E.WITHDRAWN, ["update_cards"]),
    ("lapse", R.PENDING): (None, E.LAPSED, ["update_cards", "tell:lapsed"]),
    ("lapse", R.PENDING_OWNER): (None, E.LAPSED, ["update_cards", "tell:lapsed"]),
    ("lapse", R.PENDING_ADMIN): (None, E.LAPSED, ["update_cards", "tell:lapsed"]),
    ("remind", R.PENDING): (None, E.REMINDED, ["tell:reminder"]),
    ("remind", R.PENDING_OWNER): (None, E.REMINDED, ["tell:reminder"]),
    ("remind", R.PENDING_ADMIN): (None, E.REMINDED, ["tell:reminder"]),
    ("escalate", R.PENDING): (None, E.ESCALATED, ["post_card:admins"]),
    ("escalate", R.PENDING_OWNER): (None, E.ESCALATED, ["post_card:admins"]),
}


@pytest.mark.parametrize(("verb", "status"), list(REQUEST_ANSWERS), ids=str)
def test_each_request_verb_says_and_orders_exactly_this(verb: str, status: RequestStatus) -> None:
    person, kind, effects = REQUEST_ANSWERS[verb, status]
    request = a_request(status) if status is R.PENDING else a_custom_request(status)
    now = NOW + LAPSE_AFTER if verb == "lapse" else APPROVED_AT
    change = REQUEST_VERBS[verb](request, Moment(person=person or OLAF, now=now))
    (event,) = change.events
    assert (event.kind, event.at, event.request) == (kind, now, "REQ-1042")
    assert (event.actor, event.actor_name) == ((person.slack_id, person.name) if person else (BOT, ""))
    assert effects_of(change) == effects
    assert_sound(change)


SESSION_ANSWERS: dict[tuple[str, SessionStatus], tuple[Person | None, list[EventKind], list[str]]] = {
    ("confirm_grant", S.GRANTING): (None, [E.GRANTED], ["update_cards", "tell:granted"]),
    ("confirm_hard_stop", S.ACTIVE): (None, [E.HARD_STOP], ["update_cards"]),
    ("fail_grant", S.GRANTING): (None, [E.GRANT_FAILED], ["revoke", "update_cards", "tell:failed"]),
    ("expire", S.GRANTING): (None, [E.GRANT_FAILED], ["revoke", "update_cards", "tell:failed"]),
    ("expire", S.ACTIVE): (None, [], ["revoke", "update_cards"]),
    ("revoke", S.GRANTING): (ADA, [E.END_ORDERED], ["revoke", "update_cards"]),
    ("revoke", S.ACTIVE): (ADA, [E.END_ORDERED], ["revoke", "update_cards"]),
    ("end_early", S.GRANTING): (RITA, [E.END_ORDERED], ["revoke", "update_cards"]),
    ("end_early", S.ACTIVE): (RITA, [E.END_ORDERED], ["revoke", "update_cards"]),
    ("confirm_removal", S.REVOKING): (OLAF, [E.REVOKED], ["update_cards", "tell:revoked", "verify_absent"]),
    ("announce", S.ACTIVE): (None, [E.ANNOUNCED], ["tell:ending_soon"]),
    ("note_trouble", S.GRANTING): (None, [E.GRANT_DELAYED], ["update_cards", "tell:delayed"]),
    ("note_trouble", S.REVOKING): (None, [E.REVOKE_DELAYED], ["update_cards"]),
}


@pytest.mark.parametrize(("verb", "status"), list(SESSION_ANSWERS), ids=str)
def test_each_session_verb_says_and_orders_exactly_this(verb: str, status: SessionStatus) -> None:
    person, kinds, effects = SESSION_ANSWERS[verb, status]
    session = a_session(status)
    now = session.ends_at if verb == "expire" else GRANTED_AT
    change = SESSION_VERBS[verb](APPROVED, session, Moment(person=person or OLAF, now=now))
    assert events_of(change) == kinds
    assert {(each.actor, each.at) for each in change.events} <= {(person.slack_id if person else BOT, now)}
    assert effects_of(change) == effects
    assert_sound(change)


ENDINGS: dict[Ending, tuple[EventKind, list[str]]] = {
    Ending.EXPIRED: (E.EXPIRED, ["update_cards", "tell:expired", "verify_absent"]),
    Ending.REVOKED: (E.REVOKED, ["update_cards", "tell:revoked", "verify_absent"]),
    Ending.ENDED_EARLY: (E.REVOKED, ["update_cards", "tell:ended_early", "verify_absent"]),
    Ending.FAILED: (E.FAILED, ["update_cards", "verify_absent"]),
}


@pytest.mark.parametrize("ending", list(Ending))
def test_each_ending_has_its_one_event_and_one_notice(ending: Ending) -> None:
    kind, effects = ENDINGS[ending]
    session = a_session(S.REVOKING, ending=ending, ended_by=None, ended_by_name="", end_reason="It was so.")
    change = session_lifecycle.confirm_removal(APPROVED, session, ENDED_AT)
    (event,) = change.events
    assert (event.kind, event.actor, event.details["ending"]) == (kind, BOT, ending.value)
    assert event.details["reason"] == "It was so."
    assert effects_of(change) == effects


def assert_sound(change: Change) -> None:
    """Check what holds for every change: keys are unique, details are words and never empty, subjects are named."""
    keys = [each.key for each in change.effects]
    assert len(set(keys)) == len(keys)
    assert all(words for each in change.events for words in each.details.values())
    assert all(each.subject and each.arguments for each in change.effects)


def test_a_new_request_says_who_what_where_how_long_and_why() -> None:
    change = lifecycle.submit(a_request())
    (event,) = change.events
    assert (event.kind, event.at, event.actor, event.actor_name) == (E.REQUESTED, NOW, RITA.slack_id, "Rita")
    assert event.details == {
        "account": "111122223333",
        "account_name": "prod-payments",
        "permission_set": "ReadOnly",
        "kind": "Standard",
        "duration": "2 hours",
        "justification": "INC-12: the ledger shows a wrong balance",
        "email": "rita@example.com",
        "principal": "principal-rita",
    }
    assert effects_of(change) == ["post_card:owners", "post_card:requester", "route"]
    assert change.request == a_request(), "the first version is the one that is stored"
    assert change.session is None
    assert_sound(change)


def test_a_new_custom_request_says_what_its_set_gives() -> None:
    content = a_content(
        session_duration=SessionDuration.HOURS_2,
        managed_policies=("ReadOnlyAccess", "job-function/ViewOnlyAccess"),
        inline_policy='{"Version":"2012-10-17"}',
    )
    (event,) = lifecycle.submit(a_custom_request(permission_set=a_custom_set(content=content))).events
    assert event.details["permission_set"] == "JIT-Ledger"
    assert event.details["kind"] == "Custom"
    assert event.details["session_duration"] == "2 hours"
    assert event.details["managed_policies"] == "ReadOnlyAccess, job-function/ViewOnlyAccess"
    assert event.details["inline_policy"] == '{"Version":"2012-10-17"}'


def test_what_a_custom_set_does_not_give_is_left_out() -> None:
    bare = a_custom_set(content=a_content(managed_policies=(), inline_policy="{}"))
    (event,) = lifecycle.submit(a_custom_request(permission_set=bare)).events
    assert "managed_policies" not in event.details


def test_a_decision_says_level_role_and_reason() -> None:
    (event,) = REQUEST_VERBS["reject"](a_custom_request(R.PENDING_ADMIN), Moment(person=ADA, words="Too wide.")).events
    assert (event.details["level"], event.details["role"]) == ("SSO admin", "SSO admin")
    assert event.details["reason"] == "Too wide."
    assert "stand_in" not in event.details


def test_the_audit_entry_says_that_an_sso_admin_stood_in() -> None:
    (event,) = REQUEST_VERBS["approve"](a_custom_request(), Moment(person=ADA, roster=a_roster(owners=()))).events
    assert (event.details["level"], event.details["role"]) == ("owner", "SSO admin")
    assert event.details["stand_in"] == "an SSO admin stood in: the account has no owner besides the requester"


def test_an_escalation_says_why() -> None:
    (event,) = lifecycle.escalate(a_request(), APPROVED_AT, "nobody answered").events
    assert event.details["words"] == "nobody answered"


@pytest.mark.parametrize(
    ("status", "place"), [(R.PENDING, Place.OWNERS), (R.PENDING_OWNER, Place.OWNERS), (R.PENDING_ADMIN, Place.ADMINS)]
)
def test_a_reminder_goes_to_those_who_decide_next(status: RequestStatus, place: Place) -> None:
    request = a_request() if status is R.PENDING else a_custom_request(status)
    (reminder,) = lifecycle.remind(request, APPROVED_AT).effects
    assert (reminder.arguments["place"], reminder.arguments["level"]) == (place, status)


def test_the_second_level_gets_a_reminder_of_its_own() -> None:
    first = lifecycle.remind(a_custom_request(), NOW)
    passed = REQUEST_VERBS["approve"](first.request, Moment())
    second = lifecycle.remind(passed.request, APPROVED_AT)
    assert {each.key for each in first.effects}.isdisjoint(each.key for each in second.effects)


def test_a_grant_says_until_when_and_with_which_set() -> None:
    session = a_session(S.GRANTING, set_arn=SET_ARN)
    (event,) = session_lifecycle.confirm_grant(APPROVED, session, GRANTED_AT).events
    assert event.details["until"] == (GRANTED_AT + timedelta(hours=2)).isoformat() == "2026-03-02T11:11:00+00:00"
    assert (event.details["set_arn"], event.details["set_name"]) == (SET_ARN, "ReadOnly")
    assert "words" not in event.details


def test_a_grant_of_what_was_there_before_says_that_it_will_not_be_removed() -> None:
    change = session_lifecycle.confirm_grant(APPROVED, a_session(S.GRANTING), GRANTED_AT, existed_before=True)
    (event,) = change.events
    assert event.details["words"] == "the assignment existed before and will not be removed"
    assert effects_of(change) == ["update_cards", "tell:already_had"]


def test_a_failure_and_a_delay_say_what_aws_said() -> None:
    for verb, status in (("fail_grant", S.GRANTING), ("note_trouble", S.GRANTING), ("note_trouble", S.REVOKING)):
        (event,) = SESSION_VERBS[verb](APPROVED, a_session(status), Moment(words="AWS is slow.")).events
        assert event.details["words"] == "AWS is slow."


def test_an_ordered_end_says_by_whom_in_which_role_and_why() -> None:
    (revoked,) = SESSION_VERBS["revoke"](APPROVED, a_session(), Moment(person=ADA, words=" Closed. ")).events
    assert (revoked.actor, revoked.actor_name) == (ADA.slack_id, "Ada")
    assert (revoked.details["ending"], revoked.details["role"]) == ("revoked by an approver", "SSO admin")
    assert revoked.details["reason"] == "Closed."
    (ended,) = SESSION_VERBS["end_early"](APPROVED, a_session(), Moment(person=RITA)).events
    assert (ended.actor_name, ended.details["ending"]) == ("Rita", "ended early by its holder")


def test_an_announcement_says_until_when() -> None:
    session = a_session()
    (event,) = session_lifecycle.announce(APPROVED, session, GRANTED_AT).events
    assert event.details["until"] == session.ends_at.isoformat()


def test_the_removal_names_who_ordered_it() -> None:
    (event,) = session_lifecycle.confirm_removal(APPROVED, a_session(S.REVOKING), ENDED_AT).events
    assert (event.actor, event.actor_name) == (OLAF.slack_id, "Olaf")


def test_absence_is_verified_once_more_after_every_lease_has_run_out() -> None:
    change = session_lifecycle.confirm_removal(APPROVED, a_session(S.REVOKING), ENDED_AT)
    (verify,) = [each for each in change.effects if each.kind is EffectKind.VERIFY_ABSENT]
    assert verify.delay == timedelta(minutes=5)
    assert [each.delay for each in change.effects if each is not verify] == [timedelta(0)] * 2


def _effects_in_aws(session: Session) -> list[changes.Effect]:
    verify = changes.verify_absent(session, timedelta(0))
    return [changes.grant_access(session), changes.revoke_access(session), verify]


def test_effects_on_one_assignment_are_never_performed_at_the_same_time() -> None:
    old = _effects_in_aws(a_session(id="se_old"))
    new = _effects_in_aws(a_session(id="se_new"))
    assert len({each.subject for each in old + new}) == 1
    assert len({each.key for each in old + new}) == 6
    assert {each.arguments["session"] for each in new} == {"se_new"}


@pytest.mark.parametrize(
    "other", [a_session(principal_id="another"), a_session(account_id="another"), a_session(set_name="another")]
)
def test_effects_on_different_assignments_do_not_wait_for_each_other(other: Session) -> None:
    assert changes.grant_access(a_session()).subject != changes.grant_access(other).subject


def test_a_card_is_brought_up_to_date_once_for_each_state_of_request_and_session() -> None:
    request, session = a_request(), a_session()
    states = [(request, None), (request.changed(), None), (request, session), (request, session.changed())]
    assert len({changes.update_cards(*each).key for each in states}) == 4
    assert changes.update_cards(request).key == changes.update_cards(request).key


def test_the_lines_of_the_audit_channel_keep_the_order_of_the_log() -> None:
    one, two = changes.audit_line(7), changes.audit_line(8)
    assert one.subject == two.subject
    assert (one.key, one.arguments) != (two.key, two.arguments)
    assert (one.kind, one.arguments["seq"]) == (EffectKind.AUDIT_LINE, "7")


def test_effects_on_one_request_name_it_and_are_performed_in_turn() -> None:
    change = lifecycle.submit(a_request())
    assert {each.subject for each in change.effects} == {"rq_7Zk2"}
    assert {each.arguments["request"] for each in change.effects} == {"rq_7Zk2"}


def test_the_grant_that_an_approval_orders_is_of_its_new_session() -> None:
    change = REQUEST_VERBS["approve"](a_request(), Moment())
    assert change.effects[0] == changes.grant_access(the_session(change))


def test_a_standard_set_has_no_content_to_tell_of() -> None:
    bare = RequestedSet(kind=a_request().permission_set.kind, name="PowerUser")
    (event,) = lifecycle.submit(a_request(permission_set=bare)).events
    assert "session_duration" not in event.details
