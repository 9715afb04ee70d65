"""What a lifecycle costs in calls: constant, whatever the number of sessions, accounts or sets."""

from collections import Counter

from access.request import Request
from operations.decide import approve_request
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, OLAF, RITA
from tests.operations.company import AUDIT_CHANNEL, IN_AWS, OWNER_CHANNEL, Company

GRANT_CALLS = {
    "DescribeUser": 1,
    "ListAccountAssignments": 2,
    "CreateAccountAssignment": 1,
    "DescribeAccountAssignmentCreationStatus": 1,
}
"""Is the person enabled, is it there already, order, watch, read back: 5 calls, 4 of them to Identity Center."""
END_CALLS = {
    "DeleteAccountAssignment": 1,
    "DescribeAccountAssignmentDeletionStatus": 1,
    "ListAccountAssignments": 1,
}


def calls_during_drain(company: Company) -> Counter[str]:
    """Count what reaches AWS while the lanes of AWS are drained."""
    before = len(company.aws.calls)
    company.drain(*IN_AWS)
    return Counter(company.aws_calls()[before:])


def test_a_standard_grant_takes_five_calls_to_aws(company: Company) -> None:
    """A later session among many accounts and sets costs as much as an early one: 5 calls."""
    company.active(None, *IN_AWS)
    company.pass_time(3 * HOUR, *IN_AWS)
    company.approved()
    assert calls_during_drain(company) == GRANT_CALLS
    company.pass_time(3 * HOUR, *IN_AWS)
    for number in range(30):
        company.aws.add_permission_set(f"Other{number}")
        company.aws.world.accounts[f"{number:012d}"] = f"other-{number}"
    for _ in range(4):
        company.active(None, *IN_AWS)
        company.pass_time(3 * HOUR, *IN_AWS)
    company.approved()
    assert calls_during_drain(company) == GRANT_CALLS


def test_a_standard_end_takes_three_calls_to_aws(company: Company) -> None:
    """Order, watch, read back: 3 calls; and one more five minutes later, to see that it is still gone."""
    request = company.active(None, *IN_AWS)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    assert calls_during_drain(company) == END_CALLS
    company.clock.move(HOUR)
    assert calls_during_drain(company) == {"ListAccountAssignments": 1}


def live_slowly(company: Company) -> Request:
    """Play a standard lifecycle in which Slack has shown every state before the next one comes."""
    request = company.ask()
    company.drain(Lane.SLACK)
    approve_request(company.deps, request.id, OLAF.slack_id)
    company.drain(Lane.SLACK)
    company.drain(Lane.GRANT)
    company.drain(Lane.SLACK)
    for moment in (company.session(request).ends_at - 10 * MINUTE, company.session(request).ends_at):
        company.clock.move_to(moment)
        company.sweep()
        company.drain(Lane.SLACK)
    company.drain(Lane.REVOKE)
    company.drain(Lane.SLACK)
    return request


def test_a_standard_lifecycle_takes_nineteen_calls_to_slack(company: Company) -> None:
    """At most: 2 cards posted and updated at each of 4 changes, 4 messages to the requester, 5 audit lines."""
    request = live_slowly(company)
    assert company.events(request) == ["requested", "approved", "granted", "announced", "expired"]
    posts = Counter(each.channel for each in company.slack.postings)
    assert posts == {OWNER_CHANNEL: 1, f"D{RITA.slack_id}": 5, AUDIT_CHANNEL: 5}
    assert [each.edits for each in company.slack.postings if each.key.startswith("card:")] == [4, 4]
    assert Counter(name for name, _ in company.slack.calls) == {"post": 11, "update": 8}


def test_states_that_slack_never_saw_are_not_caught_up(company: Company) -> None:
    """Approved and granted before Slack was asked again: each card is updated once, to what holds now."""
    request = company.ask()
    company.drain(Lane.SLACK)
    approve_request(company.deps, request.id, OLAF.slack_id)
    company.drain(Lane.GRANT)
    company.drain(Lane.SLACK)
    assert [each.edits for each in company.slack.postings if each.key.startswith("card:")] == [1, 1]
    assert "Active" in company.slack.in_channel(OWNER_CHANNEL)[0].text


def test_an_idle_sweep_asks_nobody(company: Company) -> None:
    """With nothing due, the bot calls neither AWS nor Slack and has nothing to claim."""
    company.active()
    before = (len(company.aws.calls), len(company.slack.calls))
    company.sweep()
    assert company.drain(Lane.REVOKE, Lane.GRANT, Lane.SLACK) == 0
    assert (len(company.aws.calls), len(company.slack.calls)) == before
