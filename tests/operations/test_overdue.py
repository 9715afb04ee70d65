"""Overdue: never given up, shown in red, named again once per interval, tried again by hand, put right when over."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text

from access.overdue import PATIENCE
from access.people import Person
from access.refusals import AlreadyDone, AlreadyEnded, NotAnApprover, NotYet
from access.request import Request
from access.session import SessionStatus, ShownStatus, shown_status
from operations.backoff import wait_before
from operations.end import end_due_sessions
from operations.overdue import is_overdue, retry_removal
from sandbox.aws.faults import FaultKind
from slackapi.errors import SlackBusy
from storage import outbox
from storage.outbox import Lane
from tests.access.given import ADA, HOUR, MAX, MINUTE, OLAF, RITA, a_form
from tests.operations.company import ADMIN_CHANNEL, OWNER_CHANNEL, PAYMENTS, Company
from tests.operations.gate import Crash, Gate, crash
from tests.operations.slack import Posting, texts_of

REMOVAL = "DeleteAccountAssignment"
FOR_EVER = 10_000


def alerts(company: Company) -> list[Posting]:
    """List the alerts in Slack."""
    return [each for each in company.slack.postings if each.key.startswith("alert:")]


def denied(company: Company, times: int = FOR_EVER) -> Request:
    """Give a session whose time is over, and whose removal AWS denies."""
    request = company.active()
    company.aws.faults.add(REMOVAL, FaultKind.ACCESS_DENIED, times=times)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain()
    return request


def overdue(company: Company) -> Request:
    """Give a session that was just called overdue."""
    request = denied(company)
    company.clock.move(PATIENCE)
    company.sweep()
    company.drain()
    assert company.session(request).marked_overdue
    return request


def test_what_aws_denies_is_shown_in_red_with_its_words(company: Company) -> None:
    """Two minutes after its end: an alert in the SSO admins' channel, the mark on every card, the status Active."""
    request = overdue(company)
    (alert,) = alerts(company)
    assert (alert.channel, alert.buttons) == (ADMIN_CHANNEL, ["Retry now"])
    said = texts_of(alert.blocks)
    assert f"🔴 {request.label} · Overdue" in said
    assert "AccessDenied" in said
    assert shown_status(company.request(request), company.session(request)) is ShownStatus.ACTIVE
    cards = [each for each in company.slack.postings if each.key.startswith("card:")]
    assert all(f"{request.label} · 🟢 Active · 🔴 Overdue" in texts_of(each.blocks) for each in cards)
    assert [each.buttons for each in cards if each.channel == OWNER_CHANNEL] == [["Retry now"]]
    assert [each.buttons for each in cards if each.channel == f"D{RITA.slack_id}"] == [[]]
    assert company.events(request).count("overdue") == 1


def test_overdue_is_retried_for_ever_and_alerts_once_per_interval(company: Company) -> None:
    """Five hours of denials: tried at most 15 minutes apart, alerts at 0, 1, 2 and 4 hours, and then it ends."""
    company.lanes = (Lane.REVOKE, Lane.SLACK)
    request = denied_when_active(company)
    tried: list[float] = []
    start = company.clock.now()
    while company.clock.now() < start + 5 * HOUR:
        company.clock.move(MINUTE)
        company.sweep()
        if company.drain(Lane.REVOKE):
            tried.append((company.clock.now() - start) / MINUTE)
        company.drain(Lane.SLACK)
    assert max(later - earlier for earlier, later in pairwise(tried)) <= 15
    assert tried[-1] >= 5 * 60 - 15
    assert company.events(request).count("overdue") == len(alerts(company)) == 4
    company.aws.faults.clear()
    company.pass_time(15 * MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def denied_when_active(company: Company) -> Request:
    """Grant with every lane, then let AWS deny every removal."""
    request = company.active(None, *Lane)
    company.aws.faults.add(REMOVAL, FaultKind.ACCESS_DENIED, times=FOR_EVER)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    return request


def test_two_hundred_failed_attempts_and_the_next_one_counts(company: Company) -> None:
    """However often AWS refused, the row waits at most 15 minutes and is never dead: the 201st attempt ends it."""
    company.lanes = (Lane.REVOKE,)
    request = company.active(None, Lane.GRANT)
    company.aws.faults.add(REMOVAL, FaultKind.ACCESS_DENIED, times=200)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    for _ in range(200):
        assert company.drain(Lane.REVOKE) == 1
        assert company.session(request).status is SessionStatus.REVOKING
        company.clock.move(15 * MINUTE)
    company.drain(Lane.REVOKE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_no_number_of_attempts_waits_longer_than_15_minutes(jitter: float) -> None:
    """The rule behind it, for any number of attempts."""
    assert all(timedelta(0) < wait_before(each, jitter) <= 15 * MINUTE for each in range(1, 2000))


@pytest.mark.parametrize("person", [OLAF, ADA])
def test_overdue_session_can_be_revoked_by_hand(company: Company, person: Person) -> None:
    """AWS is mended: an owner or an SSO admin presses, and the removal is done then, not at the next back-off."""
    request = overdue(company)
    company.aws.faults.clear()
    assert company.drain(Lane.REVOKE) == 0, "the back-off waits"
    retry_removal(company.deps, request.id, person.slack_id)
    company.drain()
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []
    (pressed,) = [each for each in company.entries() if each.kind == "retry_ordered"]
    assert (pressed.actor, pressed.actor_name, pressed.request) == (person.slack_id, person.name, request.label)


def test_a_press_that_does_not_help_leaves_everything_as_it_was(company: Company) -> None:
    """AWS still denies: overdue as before, tried again later, and every press is one try and one entry."""
    request = overdue(company)
    for _ in range(3):
        retry_removal(company.deps, request.id, ADA.slack_id)
        assert company.drain(Lane.REVOKE) == 1
    assert company.session(request).marked_overdue
    assert company.events(request).count("retry_ordered") == 3
    company.aws.faults.clear()
    company.pass_time(15 * MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED


def test_a_second_press_while_it_is_tried_is_refused(company: Company) -> None:
    """Pressed three times before the workers come, and once while one is at it: one entry, one try."""
    request = overdue(company)
    retry_removal(company.deps, request.id, ADA.slack_id)
    for person in (ADA, OLAF):
        with pytest.raises(AlreadyDone, match="being tried right now"):
            retry_removal(company.deps, request.id, person.slack_id)
    company.claim(Lane.REVOKE)
    with pytest.raises(AlreadyDone):
        retry_removal(company.deps, request.id, ADA.slack_id)
    assert company.events(request).count("retry_ordered") == 1


@pytest.mark.parametrize("person", [RITA, MAX])
def test_nobody_else_presses(company: Company, person: Person) -> None:
    """The holder and anybody without authority are refused in words, it is recorded, and nothing is tried."""
    request = overdue(company)
    with pytest.raises(NotAnApprover, match="Only an owner of prod-payments or an SSO admin"):
        retry_removal(company.deps, request.id, person.slack_id)
    assert company.entries()[-1].kind == "refused"
    assert company.entries()[-1].details["verb"] == "retry"
    assert company.drain(Lane.REVOKE) == 0


def test_what_is_not_overdue_cannot_be_tried_by_hand(company: Company) -> None:
    """A running session and one that has ended are refused in words."""
    request = company.active()
    with pytest.raises(NotYet):
        retry_removal(company.deps, request.id, OLAF.slack_id)
    company.pass_time(2 * HOUR + MINUTE)
    assert not is_overdue(company.deps, request.id)
    with pytest.raises(AlreadyEnded, match="has already expired"):
        retry_removal(company.deps, request.id, OLAF.slack_id)


def test_when_it_is_over_the_one_message_says_so(company: Company) -> None:
    """Nobody chases a ghost: the alert is edited in place, green, with how late, and has no button."""
    request = overdue(company)
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE)
    (alert,) = alerts(company)
    assert alert.text.startswith(f"✅ {request.label}: ended ")
    assert "late" in alert.text
    assert alert.buttons == []
    assert "🔴" not in texts_of(alert.blocks)
    assert int(company.entries()[-1].details["late"].removesuffix(" min")) >= 2


def test_a_bot_that_was_away_alerts_nobody_where_aws_obeys(company: Company) -> None:
    """Back an hour after the end: ended at once, late, and no alert."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at + HOUR)
    company.sweep()
    company.drain()
    assert company.session(request).status is SessionStatus.EXPIRED
    assert "overdue" not in company.events(request)
    assert alerts(company) == []


def test_what_ended_before_slack_took_the_alert_is_not_posted(company: Company) -> None:
    """Slack was away from the call to the end: no alert comes afterwards."""
    request = denied(company)
    company.clock.move(PATIENCE)
    company.sweep()
    company.slack.down = SlackBusy("Slack cannot be reached.")
    company.drain()
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    company.slack.down = None
    company.pass_time(10 * MINUTE)
    assert "overdue" in company.events(request)
    assert alerts(company) == []
    assert company.waiting() == 0


def test_an_alert_whose_answer_was_lost_is_found_and_put_right(company: Company) -> None:
    """Posted, its answer lost, and the session ended before the next attempt: one message, and it says so."""
    request = denied(company)
    company.drain()
    company.clock.move(PATIENCE)
    company.sweep()
    company.lanes = (Lane.SLACK,)
    gate = Gate(company.slack)
    lost = lambda: lose_the_alert(company)  # noqa: E731 - a happening
    gate.after("post", *[lost] * 20)
    company.use(messenger=gate)
    company.drain()
    assert len(alerts(company)) == 1
    company.use(messenger=company.slack)
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE, *Lane)
    assert company.session(request).status is SessionStatus.EXPIRED
    (alert,) = alerts(company)
    assert alert.text.startswith("✅")


def lose_the_alert(company: Company) -> None:
    """Lose the answer to an alert, and to nothing else."""
    if company.slack.postings[-1].key.startswith("alert:"):
        raise SlackBusy("Slack's answer was lost.", unknown=True)


def test_where_the_admin_channel_is_closed_the_owners_are_alerted(company: Company) -> None:
    """The alert stands in the owners' channel, and is put right there."""
    company.slack.closed[ADMIN_CHANNEL] = "is_archived"
    overdue(company)
    assert [each.channel for each in alerts(company)] == [OWNER_CHANNEL]
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE)
    assert alerts(company)[0].text.startswith("✅")


def test_where_every_channel_is_closed_the_alert_waits(company: Company) -> None:
    """Nobody can be told: it is tried again until a channel opens."""
    company.slack.closed |= {ADMIN_CHANNEL: "is_archived", OWNER_CHANNEL: "is_archived"}
    overdue(company)
    assert alerts(company) == []
    company.slack.closed.clear()
    company.pass_time(10 * MINUTE)
    assert len(alerts(company)) == 1


def test_a_crash_between_posting_and_remembering_doubles_nothing(company: Company) -> None:
    """The process dies right after Slack took the alert: it is found by its key, remembered, and put right later."""
    denied(company)
    company.clock.move(PATIENCE)
    company.sweep()
    gate = Gate(company.slack)
    gate.after("post", *[lambda: crash() if alerts(company) else None] * 20)
    company.use(messenger=gate)
    with pytest.raises(Crash):
        company.drain()
    company.use(messenger=company.slack)
    company.restart()
    assert len(alerts(company)) == 1
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE)
    assert alerts(company)[0].text.startswith("✅")


def test_more_than_twenty_alerts_are_one_message(company: Company) -> None:
    """All of Identity Center denies: one message names them all, shrinks, and says when the last has ended."""
    company.lanes = (Lane.REVOKE,)
    several = [company.active(a_form(duration="1 hour"), Lane.GRANT) for _ in range(25)]
    company.aws.faults.add(REMOVAL, FaultKind.ACCESS_DENIED, times=FOR_EVER)
    company.clock.move(HOUR)
    while any(company.session(each).status is SessionStatus.ACTIVE for each in several):
        company.sweep()  # one sweep keeps to seconds, whatever the machine makes of them
    company.drain()
    company.clock.move(PATIENCE)
    while not all(company.session(each).marked_overdue for each in several):
        company.sweep()
    company.drain(Lane.SLACK)
    (alert,) = alerts(company)
    assert "🔴 25 sessions are overdue" in texts_of(alert.blocks)
    assert all(each.label in texts_of(alert.blocks) for each in several)
    company.aws.faults.clear()
    company.pass_time(10 * MINUTE, *Lane)
    assert alert.text.startswith("✅ All 25 overdue sessions of this alert have ended")
    assert company.waiting() == 0


def test_a_removal_that_nobody_would_perform_is_ordered_anew(company: Company) -> None:
    """A row of the outbox was lost, which only a hand in the database can do: the session ends all the same."""
    request = denied(company)
    with company.database.begin() as db:
        db.execute(text("DELETE FROM outbox WHERE kind = 'revoke'"))
    company.aws.faults.clear()
    company.pass_time(5 * MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_failing_storage_of_many_ends_does_not_hide_the_rest(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first batch of a sweep consists of rows that cannot be settled: the next one is looked at all the same."""
    monkeypatch.setattr("operations.end.MOST", 1)
    bad, good = company.active(), company.active(a_form(set_name="PowerUser"))
    assert company.session(bad).ends_at <= company.session(good).ends_at
    with company.database.begin() as db:
        spoil(db, bad)
    company.clock.move(3 * HOUR)
    assert end_due_sessions(company.deps) == 1
    assert company.session(good).status is SessionStatus.REVOKING


def spoil(db: Connection, request: Request) -> None:
    """Make a request unreadable, so that nothing can be settled about it."""
    db.execute(text("UPDATE requests SET set_content = 'no JSON' WHERE id = :id"), {"id": request.id})


def test_what_is_hastened_wakes_the_other_processes(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The press may come to one process and the removal be another's: all are told, once."""
    told: list[Connection] = []
    monkeypatch.setattr("storage.outbox.notify", told.append)
    key = f"revoke:{company.session(denied(company)).id}"
    with company.database.begin() as db:
        told.clear()
        assert outbox.hasten(db, key, company.clock.now())
        assert not outbox.hasten(db, key, company.clock.now())
        assert told == [db]


def test_hasten_takes_only_what_is_still_to_be_done(company: Company) -> None:
    """An effect that waits becomes due now; one that is performed or was never ordered is told by False."""
    request = denied(company)
    key = f"revoke:{company.session(request).id}"
    now = company.clock.now()
    with company.database.begin() as db:
        assert not outbox.due(db, Lane.REVOKE, now)
        assert outbox.hasten(db, key, now)
        assert outbox.due(db, Lane.REVOKE, now)
        assert outbox.tried(db, key).attempts == 1
        assert not outbox.hasten(db, "revoke:nobody", now)
        assert outbox.tried(db, "revoke:nobody").attempts == 0
    assert request.account_id == PAYMENTS
