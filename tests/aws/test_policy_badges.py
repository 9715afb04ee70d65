"""Warnings for approvers, by the names of the actions alone."""

import json
from typing import Any

import pytest

from aws.policy_badges import badges
from aws.policy_document import parse_policy


def marked(**statement: Any) -> tuple[str, ...]:
    """Return the badges of a policy with this one statement."""
    whole = {"Effect": "Allow", "Resource": "*", **statement}
    return badges(parse_policy(json.dumps({"Version": "2012-10-17", "Statement": whole})))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("*", ("ADMIN", "GRANTS-ITSELF")),
        ("*:*", ("ADMIN", "GRANTS-ITSELF")),
        ("sso:CreateAccountAssignment", ("GRANTS-ITSELF",)),
        ("SSO:createaccountassignment", ("GRANTS-ITSELF",)),
        ("sso:*", ("GRANTS-ITSELF",)),
        ("s*:*", ("GRANTS-ITSELF",)),
        ("ss?:Put*", ("GRANTS-ITSELF",)),
        ("*:Create*", ("GRANTS-ITSELF",)),
        ("sso-directory:AddMemberToGroup", ("GRANTS-ITSELF",)),
        ("identitystore:CreateGroupMembership", ("GRANTS-ITSELF",)),
        ("account-access:CreateEntitlement", ("GRANTS-ITSELF",)),
        ("organizations:LeaveOrganization", ("GRANTS-ITSELF",)),
        ("organizations:?reatePolicy", ("GRANTS-ITSELF",)),
        ("sso:G*", ("GRANTS-ITSELF",)),
        ("sso:Get*", ()),
        ("organizations:Describe*", ()),
        ("organizations:ListAccounts", ()),
        ("identitystore:IsMemberInGroups", ()),
        ("s3:*", ()),
        ("ssm:*", ()),
        ("*:List*", ()),
    ],
)
def test_each_action_carries_its_badges(action: str, expected: tuple[str, ...]) -> None:
    assert marked(Action=["ec2:DescribeInstances", action]) == expected


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (["iam:*"], ("GRANTS-ITSELF",)),
        (["sso:*"], ("GRANTS-ITSELF",)),
        (["sso:Create*", "sso-*:*", "identitystore:*", "account-access:*", "organizations:*"], ("GRANTS-ITSELF",)),
        (["sso*:*", "identitystore:*", "account-access:*", "organizations:*"], ()),
        (["*"], ()),
    ],
)
def test_everything_but_a_few_grants_itself_unless_all_those_services_are_left_out(
    excluded: list[str], expected: tuple[str, ...]
) -> None:
    assert marked(NotAction=excluded) == expected


def test_a_condition_never_takes_a_badge_away() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

    assert marked(Action="*", Condition=condition) == ("ADMIN", "GRANTS-ITSELF")


def test_a_denial_carries_no_badge() -> None:
    assert marked(Effect="Deny", Action="*") == ()


def test_wildcards_are_matched_in_no_time_however_many_a_stranger_writes() -> None:
    """A regex made of them would go back and forth for years, and every thread of the bot with it."""
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*" * 2_900 + "9:Foo"}]})

    assert badges(policy) == ()
