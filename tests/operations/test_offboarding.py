"""Who has left loses all: by Identity Center, by Slack, and never because somebody did not answer."""

from dataclasses import replace

import pytest

from access.people import Membership
from access.request import RequestStatus
from access.session import SessionStatus
from aws.errors import Busy
from operations.offboard import offboard_if_deactivated, offboard_leavers
from tests.access.given import MAX, RITA
from tests.operations.company import OWNER_CHANNEL, Company
from tests.operations.gate import raises
from tests.operations.slack import texts_of


def disable(company: Company, user: str) -> None:
    """Disable somebody in Identity Center."""
    found = next(each.id for each in company.aws.world.users.values() if each.user_name == user)
    company.aws.set_user(found, enabled=False)


def delete(company: Company, user: str) -> None:
    """Delete somebody from Identity Center."""
    company.aws.remove_user(next(each.id for each in company.aws.world.users.values() if each.user_name == user))


def deactivate(company: Company) -> None:
    """Deactivate Rita in Slack."""
    company.people.persons[RITA.slack_id] = replace(RITA, membership=Membership.DEACTIVATED)


@pytest.mark.parametrize("gone", [disable, delete])
def test_somebody_without_a_user_in_aws_loses_all(company: Company, gone: object) -> None:
    """Sessions end by the bot, in words; a grant under way too; requests are closed; others keep theirs."""
    active, granting, waiting = company.active(), company.approved(), company.ask()
    other = company.ask(by=MAX)
    assert callable(gone)
    gone(company, "rita")

    assert offboard_leavers(company.deps) == 1
    company.drain()

    assert company.session(active).status is SessionStatus.REVOKED
    assert company.session(granting).status is SessionStatus.REVOKED
    assert company.request(waiting).status is RequestStatus.REJECTED
    assert company.request(other).status is RequestStatus.PENDING
    assert company.session(active).end_reason == "Rita's user in IAM Identity Center is disabled or deleted."
    assert company.events().count("offboarded") == 1
    shown = texts_of([each.blocks for each in company.slack.in_channel(OWNER_CHANNEL)])
    assert "Rita's user in IAM Identity Center is disabled or deleted." in shown
    assert offboard_leavers(company.deps) == 0, "and that is all"


def test_somebody_deactivated_in_slack_loses_all_at_once(company: Company) -> None:
    """Slack's event is enough; what it says is looked up, never believed."""
    active, waiting = company.active(), company.ask()
    offboard_if_deactivated(company.deps, RITA.slack_id)
    assert company.session(active).status is SessionStatus.ACTIVE, "she is a full member"

    deactivate(company)
    offboard_if_deactivated(company.deps, RITA.slack_id)
    company.drain()

    assert company.session(active).status is SessionStatus.REVOKED
    assert company.request(waiting).status is RequestStatus.REJECTED
    assert company.request(waiting).decisions[-1].reason == "Rita's account in Slack is deactivated."
    assert company.aws.assignments() == []


def test_a_round_finds_whom_slack_never_told_of(company: Company) -> None:
    """The event was lost: the next round looks everybody up who has something live."""
    active = company.active()
    deactivate(company)

    assert offboard_leavers(company.deps) == 1
    assert company.session(active).status is SessionStatus.REVOKING


def test_nobody_loses_access_because_somebody_did_not_answer(company: Company) -> None:
    """A failing look-up is no answer: neither Slack's nor that of Identity Center."""
    active = company.active()
    company.people.silent = True
    company.directory.before("is_enabled", raises(Busy("AWS is away.")))

    assert offboard_leavers(company.deps) == 0

    assert company.directory.unused == 0
    assert company.session(active).status is SessionStatus.ACTIVE
