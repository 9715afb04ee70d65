"""What time does: announce once, remind once per level, ask the SSO admins, lapse; and each survives a bad row."""

from dataclasses import replace

import pytest

from access.request import RequestStatus
from operations.decide import approve_request
from operations.end import announce_due_ends
from operations.remind import escalate_due_requests, lapse_due_requests, remind_due_approvers
from sandbox.aws.faults import EVERY_CALL, FaultKind
from slackapi.errors import SlackBusy
from tests.access.given import ADA, HOUR, MINUTE, OLAF, RITA, a_custom_form, an_account
from tests.operations.company import ADMIN_CHANNEL, OWNER_CHANNEL, Company


def keys(company: Company, part: str) -> list[str]:
    """List the keys of the messages that hold a word."""
    return [each.key for each in company.slack.postings if part in each.key]


def test_the_end_is_announced_once(company: Company) -> None:
    """15 minutes before the end, not earlier, the holder hears of it, once, with the button to be done."""
    request = company.active()
    ends_at = company.session(request).ends_at
    company.clock.move_to(ends_at - 16 * MINUTE)
    assert announce_due_ends(company.deps) == 0
    company.clock.move_to(ends_at - 15 * MINUTE)
    assert announce_due_ends(company.deps) == 1
    assert announce_due_ends(company.deps) == 0
    company.drain()
    assert keys(company, "ending_soon") == [f"tell:{request.id}:ending_soon"]
    assert company.slack.in_channel(f"D{RITA.slack_id}")[-1].buttons == ["Extend", "I'm done"]


def test_a_session_that_ended_is_not_announced(company: Company) -> None:
    """The bot was away past the end: it ends the session and announces nothing."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at + MINUTE)
    company.sweep()
    company.drain()
    assert "announced" not in company.events(request)


def test_approvers_are_reminded_once_for_each_level(company: Company) -> None:
    """An hour after asking the owners are reminded, an hour after their approval the SSO admins, each once."""
    request = company.ask(a_custom_form())
    company.clock.move(HOUR)
    assert (remind_due_approvers(company.deps), remind_due_approvers(company.deps)) == (1, 0)
    approve_request(company.deps, request.id, OLAF.slack_id)
    company.clock.move(HOUR - MINUTE)
    assert remind_due_approvers(company.deps) == 0
    company.clock.move(MINUTE)
    assert (remind_due_approvers(company.deps), remind_due_approvers(company.deps)) == (1, 0)
    company.drain()
    assert company.events(request).count("reminded") == 2
    assert [each.channel for each in company.slack.postings if "reminder" in each.key][-1] == ADMIN_CHANNEL


def test_a_reminder_for_a_closed_owner_channel_reaches_the_sso_admins(company: Company) -> None:
    """The owners' channel was archived after the card was posted: somebody who can decide is reminded all the same."""
    company.ask()
    company.drain()
    company.slack.closed[OWNER_CHANNEL] = "is_archived"
    company.clock.move(HOUR)
    remind_due_approvers(company.deps)
    company.drain()
    assert [each.channel for each in company.slack.postings if "reminder" in each.key] == [ADMIN_CHANNEL]


def test_a_reminder_goes_where_the_decision_is_made(company: Company) -> None:
    """The owners' reminder stands in their channel; one that comes after the decision is not posted any more."""
    request = company.ask()
    company.clock.move(HOUR)
    remind_due_approvers(company.deps)
    company.drain()
    assert [each.channel for each in company.slack.postings if "reminder" in each.key] == [OWNER_CHANNEL]
    late = company.ask()
    company.clock.move(HOUR)
    remind_due_approvers(company.deps)
    approve_request(company.deps, late.id, OLAF.slack_id)
    company.drain()
    assert len(keys(company, "reminder")) == 1
    assert company.request(request).status is RequestStatus.PENDING


def test_a_standard_request_comes_to_the_admins_in_time(company: Company) -> None:
    """Half an hour without a decision: the SSO admins get a card too, once, and may decide."""
    request = company.ask()
    company.clock.move(30 * MINUTE)
    assert (escalate_due_requests(company.deps), escalate_due_requests(company.deps)) == (1, 0)
    company.drain()
    assert len(company.slack.in_channel(ADMIN_CHANNEL)) == 1
    assert approve_request(company.deps, request.id, ADA.slack_id).session is not None


def test_a_custom_request_waits_for_its_owners(company: Company) -> None:
    """A custom request is never brought to the SSO admins while an owner has to decide."""
    company.ask(a_custom_form())
    company.pass_time(5 * HOUR)
    assert company.slack.in_channel(ADMIN_CHANNEL) == []


@pytest.mark.parametrize("owners", [(RITA.email,), ()])
def test_where_nobody_else_owns_the_admins_are_asked_at_once(company: Company, owners: tuple[str, ...]) -> None:
    """No owner besides the requester: the card stands in the SSO admins' channel without any wait."""
    company.use_account(an_account(owners=owners))
    request = company.ask()
    company.drain()
    assert len(company.slack.in_channel(ADMIN_CHANNEL)) == 1
    assert "no owner besides the requester" in company.entries()[-1].details["words"]
    assert company.events(request) == ["requested", "escalated"]


def test_routing_waits_for_slack(company: Company) -> None:
    """Slack cannot say who owns the account: the question is put off and answered later."""
    company.use_account(an_account(owners=(RITA.email,)))
    company.ask()
    company.people.silent = True
    company.drain()
    assert company.slack.in_channel(ADMIN_CHANNEL) == []
    company.people.silent = False
    company.pass_time(MINUTE)
    assert len(company.slack.in_channel(ADMIN_CHANNEL)) == 1


def test_what_nobody_decides_lapses(company: Company) -> None:
    """After a day at either level the request lapses, the requester hears of it, and the cards lose their buttons."""
    first, second = company.ask(a_custom_form()), company.ask(a_custom_form())
    approve_request(company.deps, second.id, OLAF.slack_id)
    company.drain()
    company.clock.move(24 * HOUR - MINUTE)
    assert lapse_due_requests(company.deps) == 0
    company.clock.move(MINUTE)
    assert lapse_due_requests(company.deps) == 2
    company.drain()
    assert {company.request(each).status for each in (first, second)} == {RequestStatus.LAPSED}
    assert len(keys(company, ":lapsed")) == 2
    cards = [each for each in company.slack.postings if each.key.startswith("card:")]
    assert {tuple(each.buttons) for each in cards} == {(), ("Ask again",)}


def test_sweeps_need_neither_slack_nor_aws(company: Company) -> None:
    """With Slack and AWS away every sweep still writes what is due."""
    request = company.ask()
    company.slack.down = SlackBusy("Slack cannot be reached.")
    company.people.silent = True
    company.aws.faults.add(EVERY_CALL, FaultKind.DROP, times=100)
    company.clock.move(24 * HOUR)
    company.sweep()
    assert company.request(request).status is RequestStatus.LAPSED


def test_settings_decide_when(company: Company) -> None:
    """Other limits in the configuration, other moments."""
    rules = replace(company.deps.rules, remind_after=5 * MINUTE, escalate_after=2 * MINUTE, lapse_after=10 * MINUTE)
    company.use(rules=rules)
    request = company.ask()
    company.clock.move(2 * MINUTE)
    assert escalate_due_requests(company.deps) == 1
    company.clock.move(3 * MINUTE)
    assert remind_due_approvers(company.deps) == 1
    company.clock.move(5 * MINUTE)
    assert lapse_due_requests(company.deps) == 1
    assert company.events(request) == ["requested", "escalated", "reminded", "lapsed"]
