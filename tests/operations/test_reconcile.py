"""The round that acts on what differs: on both databases, through crashes and beside grants under way."""

from datetime import timedelta

import pytest

from access.drift import MISSING
from access.session import SessionStatus
from operations.end import end_session_early
from operations.reconcile import EVERY, order_removals, reconcile, reconcile_in_turn
from operations.reconcile_look import look_around
from sandbox.aws.faults import FaultKind, When
from slackapi.errors import SlackBusy
from storage import drift
from tests.access.given import HOUR, MINUTE, RITA, a_custom_form, a_form
from tests.operations.company import ADMIN_CHANNEL, PAYMENTS, Company
from tests.operations.gate import Crash, crash
from tests.operations.slack import Posting, texts_of
from tests.operations.test_reconcile_look import by_hand


def reports(company: Company) -> list[Posting]:
    """List what the rounds posted to the SSO admins."""
    return [each for each in company.slack.in_channel(ADMIN_CHANNEL) if each.key.startswith(("drift:", "missing:"))]


def ended_after_a_lost_answer(company: Company) -> str:
    """Give the number of a session that has ended, and for which AWS may do once more what it was asked for."""
    request = company.approved()
    company.aws.faults.add("CreateAccountAssignment", FaultKind.DROP, When.AFTER)
    company.drain()
    company.pass_time(MINUTE)
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    company.pass_time(HOUR)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []
    return request.label


def test_rogue_assignment_is_reported_once_with_its_buttons(company: Company) -> None:
    """One message names who has what where; the audit log has an entry; the next rounds are silent."""
    company.active()
    by_hand(company, "max")

    for _ in range(3):
        reconcile(company.deps)

    (message,) = reports(company)
    assert "max@example.com has *PowerUser* in prod-payments (111122223333)." in texts_of(message.blocks)
    assert message.buttons == ["Adopt as session", "Ignore 30 days"]
    assert company.events().count("drift_found") == 1
    assert len(company.aws.assignments()) == 2, "nothing is removed"


def test_a_report_that_slack_does_not_take_is_posted_by_the_next_round(company: Company) -> None:
    """Nothing counts as reported that nobody could read; what was posted and not answered is not posted again."""
    by_hand(company, "max")
    company.slack.closed[ADMIN_CHANNEL] = "channel_not_found"
    reconcile(company.deps)
    company.slack.closed.clear()
    company.slack.down = SlackBusy("Slack is down.")
    reconcile(company.deps)
    assert "drift_found" not in company.events()

    company.slack.down = None
    company.slack.lost = 1
    reconcile(company.deps)
    reconcile(company.deps)

    assert len(reports(company)) == 1
    assert company.events().count("drift_found") == 1


def test_slack_that_is_down_never_delays_a_removal(company: Company) -> None:
    """What is left over goes in the round in which Slack takes nothing."""
    ended_after_a_lost_answer(company)
    by_hand(company, "rita", "ReadOnly")
    company.slack.down = SlackBusy("Slack is down.")

    reconcile(company.deps)
    company.pass_time(MINUTE)

    assert company.aws.assignments() == []


def test_what_is_left_over_is_removed_once_and_said(company: Company) -> None:
    """However many rounds find it before it is gone: one removal, in the audit log with the reason."""
    label = ended_after_a_lost_answer(company)
    by_hand(company, "rita", "ReadOnly")

    found = look_around(company.deps)
    assert [order_removals(company.deps, found) for _ in range(3)] == [1, 0, 0]
    company.drain()
    company.pass_time(MINUTE)

    assert company.aws.assignments() == []
    removed = [each for each in company.entries() if each.kind == "orphan_removed"]
    assert [each.request for each in removed] == [label]
    assert "may have asked for it" in removed[0].details["words"]


def test_a_grant_in_flight_is_never_removed_as_left_over(company: Company) -> None:
    """Between the look and the removal somebody is granted the same: the fresh read finds it, and it stays."""
    ended_after_a_lost_answer(company)
    by_hand(company, "rita", "ReadOnly")
    found = look_around(company.deps)
    assert len(found.leftover) == 1
    second = company.active()

    order_removals(company.deps, found)
    company.drain()
    company.pass_time(MINUTE)

    assert company.session(second).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]
    company.pass_time(3 * HOUR)
    assert company.aws.assignments() == [], "and its end removes it"


def test_pre_existing_assignment_is_never_removed_when_it_was_given_again_after_an_end(company: Company) -> None:
    """One worker granted and had every answer: what stands there a minute after the end is an administrator's."""
    request = company.active()
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    by_hand(company, "rita", "ReadOnly")

    company.pass_time(20 * MINUTE)
    reconcile(company.deps)

    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]
    assert "orphan_removed" not in company.events()
    assert len(reports(company)) == 1


def test_manual_removal_is_detected_and_reported(company: Company) -> None:
    """The session stays Active with words on its cards, the SSO admins are told once, nothing is given again."""
    request = company.active()
    company.aws.world.holdings.clear()
    company.aws.calls.clear()

    for _ in range(3):
        reconcile(company.deps)
        company.drain()

    assert company.session(request).trouble == MISSING
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.events(request).count("assignment_missing") == 1
    (message,) = reports(company)
    assert f"{request.label}: ReadOnly in prod-payments" in texts_of(message.blocks)
    assert "CreateAccountAssignment" not in company.aws_calls()
    assert any("somebody else took it away" in each for each in company.slack.told(RITA.slack_id))


def test_a_list_that_was_not_whole_frightens_nobody(company: Company) -> None:
    """What a list lacks is read once more by itself before anybody is told."""
    request = company.active()
    held = dict(company.aws.world.holdings)
    company.center.before("users_of", company.aws.world.holdings.clear)
    company.center.after("users_of", lambda: company.aws.world.holdings.update(held))

    reconcile(company.deps)

    assert company.center.unused == 0
    assert company.session(request).trouble == ""
    assert reports(company) == []


def test_the_left_over_set_of_a_session_is_deleted(company: Company) -> None:
    """A second set of the same name, made by a worker that came too late, goes after its grace, and it is said."""
    request = company.active(a_custom_form())
    made = company.session(request)
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    company.aws.add_permission_set(made.set_name, tags={"jit:managed": "true"})
    company.pass_time(2 * HOUR)

    reconcile(company.deps)
    company.drain()

    assert [each.name for each in company.aws.permission_sets() if each.name.startswith("JIT-")] == []
    assert company.events(request)[-1] == "orphan_removed"


def test_a_set_of_nobody_we_know_is_reported_and_stays(company: Company) -> None:
    """Another bot on the same Identity Center has its sets, too: they are told once, and only told."""
    company.aws.add_permission_set("JIT-else-ab12", tags={"jit:managed": "true"})

    reconcile(company.deps)
    reconcile(company.deps)

    (message,) = reports(company)
    assert "The permission set *JIT-else-ab12* carries jitbot's tag" in texts_of(message.blocks)
    assert message.buttons == ["Ignore 30 days"]
    assert len([each for each in company.aws.permission_sets() if each.name == "JIT-else-ab12"]) == 1


def test_one_round_in_ten_minutes_over_all_replicas(company: Company) -> None:
    """Whoever takes the turn looks; a clock that was set back gives a turn, too."""
    assert reconcile_in_turn(company.deps) is not None
    assert reconcile_in_turn(company.deps) is None
    company.clock.move(EVERY)
    assert reconcile_in_turn(company.deps) is not None
    with company.database.begin() as db:
        assert drift.take_turn(db, company.clock.now() - timedelta(days=2), EVERY)


def test_what_was_reported_and_is_gone_is_forgotten(company: Company) -> None:
    """It is reported anew if it comes back; what AWS did not show is not forgotten."""
    by_hand(company, "max")
    reconcile(company.deps)
    company.aws.faults.add("ListPermissionSetsProvisionedToAccount", FaultKind.ACCESS_DENIED)
    reconcile(company.deps)
    with company.database.read() as db:
        assert len(drift.reported(db)) == 1

    company.aws.world.holdings.clear()
    reconcile(company.deps)
    with company.database.read() as db:
        assert drift.reported(db) == {}
    by_hand(company, "max")
    reconcile(company.deps)
    assert len(reports(company)) == 2


def test_two_sessions_on_one_assignment_are_both_called_missing(company: Company) -> None:
    """Overlapping sessions share what AWS holds, and lose it together."""
    both = [company.active(), company.active(a_form())]
    company.aws.world.holdings.clear()

    reconcile(company.deps)

    assert [company.session(each).trouble for each in both] == [MISSING, MISSING]


def test_a_bot_that_dies_between_post_and_store_says_it_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said and not stored is said a second time, and is one entry of the audit log."""
    by_hand(company, "max")
    with monkeypatch.context() as dying:
        dying.setattr(drift, "report", lambda *_: crash())
        with pytest.raises(Crash):
            reconcile(company.deps)
    assert "drift_found" not in company.events()

    reconcile(company.deps)
    reconcile(company.deps)

    assert len(reports(company)) == 2
    assert company.events().count("drift_found") == 1


def test_one_part_that_fails_stops_no_other(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in one part of the round is logged, and the rest is done."""
    request = company.active()
    company.aws.world.holdings.clear()
    by_hand(company, "max")
    monkeypatch.setattr("operations.reconcile_missing.missing_report", lambda *_: 1 // 0)

    reconcile(company.deps)

    assert company.session(request).trouble == ""
    assert company.events().count("drift_found") == 1
