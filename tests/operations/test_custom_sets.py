"""Custom permission sets: made at the grant with their tags and content, gone at the end, whatever happens between."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from access.hard_stop import with_expiry
from access.request import Request
from access.session import SessionStatus
from bot.worker import LEASE
from operations.end import revoke_session
from sandbox.aws.faults import FaultKind, When
from sandbox.aws.server import HeldSet
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, OLAF, a_custom_form
from tests.operations.company import IN_AWS, Company
from tests.operations.gate import Crash, crash

POLICY = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}'


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def own_sets(company: Company) -> list[HeldSet]:
    """List the sets in AWS that the bot made for a request."""
    return [each for each in company.aws.permission_sets() if "jit:request" in each.tags]


def revoke(company: Company, request: Request) -> None:
    """Order the end, without performing it."""
    revoke_session(company.deps, request.id, OLAF.slack_id, "Not needed any more.")


def test_custom_set_is_made_as_it_was_approved(company: Company) -> None:
    """AWS holds name, session duration, managed policies, the bot's tags, and the policy's bytes with its end."""
    form = a_custom_form(inline_policy=POLICY, session_duration="2 hours")
    request = company.active(form)
    made = own_sets(company)[0]
    content = company.request(request).permission_set.content
    assert content is not None
    assert made.name.startswith("JIT-Ledger-")
    assert made.name == company.session(request).set_name
    assert made.session_duration == "PT2H"
    assert made.managed_policies == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert made.inline_policy == with_expiry(content.inline_policy, company.session(request).ends_at)
    assert json.loads(made.inline_policy)["Statement"][0]["Action"] == "s3:GetObject"
    assert made.tags == {"jit:managed": "true", "jit:grantable": "true", "jit:request": request.label}


def test_custom_set_is_deleted_at_the_end(company: Company) -> None:
    """With the session its permission set goes, and nothing else does."""
    others = [each.name for each in company.aws.permission_sets()]
    request = company.active(a_custom_form())
    company.pass_time(2 * HOUR + MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED
    assert [each.name for each in company.aws.permission_sets()] == others


def test_custom_set_in_use_is_deleted_when_aws_lets_go(company: Company) -> None:
    """AWS refuses to delete the set for a moment: the session has not ended before it is gone."""
    request = company.active(a_custom_form())
    company.aws.faults.add("DeletePermissionSet", FaultKind.CONFLICT)
    revoke(company, request)
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKING
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert own_sets(company) == []


def test_name_taken_takes_another_suffix(company: Company) -> None:
    """Somebody else's set has the name: the custom set gets another suffix, and theirs is left alone."""
    request = company.approved(a_custom_form())
    name = company.session(request).set_name
    company.aws.add_permission_set(name, managed_policies=("AdministratorAccess",))
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.session(request).set_name != name
    assert [each.name for each in own_sets(company)] == [company.session(request).set_name]
    revoke(company, request)
    company.drain()
    assert own_sets(company) == []
    assert name in [each.name for each in company.aws.permission_sets()]


@pytest.mark.parametrize("name_taken", [False, True])
def test_crash_between_making_a_custom_set_and_noting_it_leaves_none(company: Company, *, name_taken: bool) -> None:
    """The bot dies when AWS has made the set: the next one completes that very set, and it goes at the end."""
    request = company.approved(a_custom_form())
    if name_taken:
        company.aws.add_permission_set(company.session(request).set_name)
        company.drain()
        company.clock.move(MINUTE)
    company.center.after("create_set", crash)
    with pytest.raises(Crash):
        company.drain()
    assert company.session(request).set_arn == ""
    company.restart()
    assert company.session(request).status is SessionStatus.ACTIVE
    assert len(own_sets(company)) == 1
    revoke(company, request)
    company.drain()
    assert own_sets(company) == []


def test_custom_set_that_was_not_noted_is_deleted_all_the_same(company: Company) -> None:
    """The bot dies when AWS has made the set, and the session is revoked before it is granted: no set stays."""
    request = company.approved(a_custom_form())
    company.center.after("create_set", crash)
    with pytest.raises(Crash):
        company.drain()
    revoke(company, request)
    company.restart()
    assert company.session(request).status is SessionStatus.REVOKED
    assert own_sets(company) == []


def test_custom_set_made_by_a_paused_worker_is_taken_back(company: Company) -> None:
    """A worker pauses before it makes the set and wakes when the session has ended: it takes the set back itself."""
    request = company.approved(a_custom_form())

    def meanwhile() -> None:
        company.clock.move(LEASE + timedelta(seconds=1))
        revoke(company, request)
        company.drain(Lane.REVOKE)
        assert company.session(request).status is SessionStatus.REVOKED

    company.center.before("create_set", meanwhile)
    company.drain()
    assert company.center.calls.count("create_set") == 1
    assert own_sets(company) == []
    company.pass_time(10 * MINUTE)
    assert own_sets(company) == []
    assert company.aws.assignments() == []


def test_half_filled_custom_set_is_completed(company: Company) -> None:
    """AWS takes the set and fails at its policies: the next attempt fills the same set before anybody is assigned."""
    request = company.approved(a_custom_form(inline_policy=POLICY))
    company.aws.faults.add("PutInlinePolicyToPermissionSet", FaultKind.SERVER_ERROR, When.BEFORE)
    company.drain()
    assert company.aws.assignments() == []
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert [bool(each.inline_policy) for each in own_sets(company)] == [True]


def test_custom_set_that_vanished_is_made_anew(company: Company) -> None:
    """Somebody deletes the set before anybody is assigned to it: it is made again, with its content."""
    request = company.approved(a_custom_form())

    def vanish() -> None:
        for arn in [each.arn for each in own_sets(company)]:
            del company.aws.world.sets[arn]

    company.center.before("request_assignment", vanish)
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert [each.arn for each in own_sets(company)] == [company.session(request).set_arn]


def test_a_policy_that_aws_does_not_have_fails_in_words(company: Company) -> None:
    """A managed policy vanished from AWS between asking and granting: Failed, with its name, and no set stays."""
    company.catalogue = replace(company.catalogue, managed_policies=("RetiredAccess",))
    request = company.approved(a_custom_form(managed_policies=("RetiredAccess",)))
    company.drain()
    assert company.session(request).status is SessionStatus.FAILED
    assert "RetiredAccess" in company.session(request).end_reason
    assert own_sets(company) == []
