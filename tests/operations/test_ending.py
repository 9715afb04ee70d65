"""Ending: nothing is called ended before it is read back absent, and no revocation is ever given up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from access.refusals import AlreadyEnded, NotAnApprover, NotTheHolder
from access.session import Session, SessionStatus, ShownStatus, shown_status
from operations.end import end_due_sessions, end_session_early, revoke_session
from sandbox.aws.faults import FaultKind, When
from slackapi.errors import SlackBusy
from storage import sessions
from storage.outbox import Lane
from storage.transactions import LostRace
from tests.access.given import ADA, HOUR, MAX, MINUTE, OLAF, RITA, a_form
from tests.operations.company import IN_AWS, OWNER_CHANNEL, Company
from tests.operations.gate import Crash, crash


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def test_a_session_expires_by_itself(company: Company) -> None:
    """At its end, and not before, the assignment is removed and the session Expired."""
    request = company.active()
    ends_at = company.session(request).ends_at
    company.clock.move_to(ends_at - timedelta(seconds=1))
    assert end_due_sessions(company.deps) == 0
    company.clock.move_to(ends_at)
    assert end_due_sessions(company.deps) == 1
    company.drain()
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_expire_event_written_once(company: Company) -> None:
    """However often the sweep and the workers come by, the log has one expiry and the holder one message."""
    request = company.active()
    company.pass_time(3 * HOUR)
    company.sweep()
    company.drain()
    assert company.events(request).count("expired") == 1
    company.drain(Lane.SLACK)
    keys = [each.key for each in company.slack.postings]
    assert keys.count(f"tell:{request.id}:expired") == 1


def test_history_kept_after_expiry(company: Company) -> None:
    """Long after the end, who asked, who approved and when access was there can be read from the database."""
    request = company.active()
    company.pass_time(90 * 24 * HOUR)
    kept, session = company.request(request), company.session(request)
    assert kept.justification == request.justification
    assert [each.by for each in kept.decisions] == [OLAF.slack_id]
    assert session.granted_at is not None
    assert session.ended_at is not None
    assert company.events(request)[-1] == "expired"


def test_async_delete_failed_never_shows_expired(company: Company) -> None:
    """AWS took the removal and failed it later: still Active for people, and ordered anew until it is gone."""
    request = company.active()
    company.aws.faults.fail("DeleteAccountAssignment", "Received a 500 status error: internal.")
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain()
    assert shown_status(company.request(request), company.session(request)) is ShownStatus.ACTIVE
    assert "expired" not in company.events(request)
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_conflict_on_delete_is_not_success(company: Company) -> None:
    """AWS is busy with the same account: the session has not ended, and the removal is asked for again."""
    request = company.active()
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.CONFLICT)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKING
    assert len(company.aws.assignments()) == 1
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_delete_of_absent_assignment_is_success(company: Company) -> None:
    """Somebody removed the assignment by hand: the session ends at its time without trouble."""
    request = company.active()
    company.aws.world.holdings.clear()
    company.pass_time(2 * HOUR + MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert "revoke_delayed" not in company.events(request)


def test_a_removal_that_can_still_be_read_has_not_ended_anything(company: Company) -> None:
    """AWS reports the removal as done, but the assignment is still listed: not ended."""
    request = company.active()
    kept = dict(company.aws.world.holdings)
    company.center.after("removal_status", lambda: company.aws.world.holdings.update(kept))
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKING
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.SERVER_ERROR])
def test_a_lost_answer_to_a_removal_is_read_back(company: Company, kind: FaultKind) -> None:
    """AWS removed it and its answer was lost: the next attempt finds it gone."""
    request = company.active()
    company.aws.faults.add("DeleteAccountAssignment", kind, When.AFTER)
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_revoke_denied_once_stop_restart_then_gone(company: Company) -> None:
    """AWS denies the removal, the bot dies, another one starts: the assignment goes all the same."""
    request = company.active()
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED)
    revoke_session(company.deps, request.id, ADA.slack_id, "Wrong account.")
    company.drain()
    company.center.before("request_removal", crash)
    company.clock.move(MINUTE)
    with pytest.raises(Crash):
        company.drain()
    assert company.session(request).status is SessionStatus.REVOKING
    company.restart()
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_failed_revoke_is_still_scanned(company: Company) -> None:
    """A removal that AWS denies for an hour is tried at least every five minutes, told once, and then done."""
    request = company.active()
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED, times=12)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    for _ in range(12):
        assert company.drain(Lane.REVOKE) == 1
        assert company.session(request).status is SessionStatus.REVOKING
        company.clock.move(5 * MINUTE)
    assert company.events(request).count("revoke_delayed") == 1
    company.drain()
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_a_revocation_that_loses_every_race_is_tried_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others changed the session at each of five tries: the revocation stays in the outbox and is done later."""
    request = company.active()
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    lost: list[Session] = []
    save = sessions.save

    def contested(db: Connection, session: Session) -> None:
        if session.status is SessionStatus.REVOKED and len(lost) < 5:
            lost.append(session)
            raise LostRace("somebody was faster")
        save(db, session)

    monkeypatch.setattr(sessions, "save", contested)
    company.drain()
    assert len(lost) == 5
    assert company.session(request).status is SessionStatus.REVOKING
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED


def test_one_bad_session_never_blocks_others(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sessions are due and storing the first one fails: the other one ends."""
    first, second = company.active(), company.active(a_form(set_name="PowerUser"))
    save = sessions.save

    def failing(db: Connection, session: Session) -> None:
        if session.request_id == first.id:
            raise ValueError("a row that cannot be stored")
        save(db, session)

    monkeypatch.setattr(sessions, "save", failing)
    company.pass_time(2 * HOUR + MINUTE)
    assert company.session(second).status is SessionStatus.EXPIRED
    assert company.session(first).status is SessionStatus.ACTIVE
    monkeypatch.undo()
    company.pass_time(MINUTE)
    assert company.session(first).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


def test_an_end_while_aws_is_still_assigning_leaves_nothing(company: Company) -> None:
    """Revoked while the order runs: the removal waits for it and takes away what it made."""
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000
    request = company.approved()
    company.drain(Lane.GRANT)
    revoke_session(company.deps, request.id, OLAF.slack_id, "Asked by mistake.")
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKING
    company.pass_time(10 * MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_an_end_before_aws_was_asked_grants_nothing(company: Company) -> None:
    """Revoked before the grant was begun: AWS is never asked to assign."""
    request = company.approved()
    revoke_session(company.deps, request.id, OLAF.slack_id, "Asked by mistake.")
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKED
    assert "CreateAccountAssignment" not in company.aws_calls()


def test_an_end_ordered_between_intent_and_order_leaves_nothing(company: Company) -> None:
    """Revoked in the very moment before AWS is asked: what AWS then makes is taken away."""
    request = company.approved()
    order = lambda: revoke_session(company.deps, request.id, OLAF.slack_id, "Asked by mistake.")  # noqa: E731
    company.center.before("request_assignment", order)
    company.drain()
    company.pass_time(10 * MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_the_holder_ends_early(company: Company) -> None:
    """I'm done ends the holder's own session, and nobody else's."""
    request = company.active()
    with pytest.raises(NotTheHolder):
        end_session_early(company.deps, request.id, OLAF.slack_id)
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


def test_a_second_end_is_told_of_the_first(company: Company) -> None:
    """Who revokes what is being ended hears by whom, and nothing changes."""
    request = company.active()
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    with pytest.raises(AlreadyEnded, match="being ended already by Olaf"):
        revoke_session(company.deps, request.id, ADA.slack_id, "Me too.")
    with pytest.raises(AlreadyEnded):
        end_session_early(company.deps, request.id, RITA.slack_id)
    assert company.session(request).end_reason == "The incident is over."


def test_nobody_without_authority_revokes(company: Company) -> None:
    """A member of the workspace who is neither owner nor SSO admin is refused, and that is recorded."""
    request = company.active()
    with pytest.raises(NotAnApprover):
        revoke_session(company.deps, request.id, MAX.slack_id, "I do not like it.")
    assert company.events(request)[-1] == "refused"
    assert company.session(request).status is SessionStatus.ACTIVE


def test_slack_down_never_delays_revoke(company: Company) -> None:
    """While Slack answers nothing at all, a session ends in AWS at its time."""
    company.lanes = tuple(Lane)
    request = company.active()
    company.slack.down = SlackBusy("Slack cannot be reached.")
    company.people.silent = True
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain()
    assert company.aws.assignments() == []
    assert company.session(request).status is SessionStatus.EXPIRED
    company.slack.down = None
    company.pass_time(10 * MINUTE)
    assert company.waiting() == 0
    assert "Expired" in company.slack.in_channel(OWNER_CHANNEL)[0].text


def test_the_account_stays_known_to_running_sessions(company: Company) -> None:
    """An account that vanished from the configuration keeps no session alive."""
    request = company.active()
    company.catalogue = replace(company.catalogue, accounts={})
    company.pass_time(2 * HOUR + MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []
