"""The policy for the bot's own role: every call of the code is allowed, nothing else is, and the fences hold."""

import ast
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from aws.clients import Clients
from aws.policy_document import parse_policy, policy_size

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "iam-policy.json").read_text("utf-8")
PREFIXES = {"reads": "sso", "changes": "sso", "identity_store": "identitystore", "iam": "iam"}
INSTANCE = "arn:aws:sso:::instance/<instance-id>"
A_SET = "arn:aws:sso:::permissionSet/<instance-id>/ps-1234567890abcdef"
AN_ACCOUNT = "arn:aws:sso:::account/111122223333"
OURS = {"jit:managed": "true", "jit:grantable": "true"}
LONGEST_MANAGED_POLICY = 6144


def statements(effect: str) -> Iterator[dict[str, Any]]:
    """Walk through the statements with this effect."""
    return (each for each in json.loads(TEXT)["Statement"] if each["Effect"] == effect)


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def holds(condition: dict[str, dict[str, str]], context: dict[str, str]) -> bool:
    """Judge the two operators that the policy uses; a missing key makes only StringNotEquals true."""
    return all(
        (context.get(key) == wanted) is (operator == "StringEquals")
        for operator, tests in condition.items()
        for key, wanted in tests.items()
    )


def says(effect: str, action: str, resource: str, tags: dict[str, str]) -> bool:
    context = {f"aws:{kind}/{key}": value for kind in ("ResourceTag", "RequestTag") for key, value in tags.items()}
    return any(
        any(fnmatchcase(action, pattern) for pattern in listed(each["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in listed(each["Resource"]))
        and holds(each.get("Condition", {}), context)
        for each in statements(effect)
    )


def allowed(action: str, *resources: str, tags: dict[str, str] | None = None) -> bool:
    """Evaluate the policy as IAM does: allowed on every resource, denied on none."""
    return all(
        says("Allow", action, each, tags or {}) and not says("Deny", action, each, tags or {}) for each in resources
    )


@pytest.fixture
def used(clients: Clients) -> set[str]:
    """Every IAM action behind a client method that the code of aws/ names."""
    found = set()
    for path in (ROOT / "aws").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute | ast.Name):
                continue
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
            owner = "identity_store" if owner == "_client" else owner
            methods = getattr(clients, owner).meta.method_to_api_mapping if owner in PREFIXES else {}
            if node.attr in methods:
                found.add(f"{PREFIXES[owner]}:{methods[node.attr]}")
    return found


def test_the_code_calls_what_the_policy_allows_and_nothing_is_allowed_for_nothing(used: set[str]) -> None:
    granted = {action for each in statements("Allow") for action in listed(each["Action"])}

    assert "sso:CreateAccountAssignment" in used
    assert "identitystore:GetUserId" in used
    assert used == granted


def test_no_call_of_the_code_is_denied_on_its_own_sets(used: set[str]) -> None:
    for action in sorted(used):
        resources = {
            "sso": [A_SET] if action != "sso:ListInstances" else ["*"],
            "identitystore": ["arn:aws:identitystore:::user/1"],
        }.get(action.partition(":")[0], ["*"])
        assert allowed(action, *resources, tags=OURS), action


@pytest.mark.parametrize("action", ["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"])
def test_an_assignment_needs_a_grantable_set(action: str) -> None:
    """Nobody's standing access can be stripped or widened."""
    assert allowed(action, INSTANCE, AN_ACCOUNT, A_SET, tags=OURS)
    assert not allowed(action, A_SET, tags={"jit:managed": "true"})
    assert not allowed(action, A_SET)
    assert not allowed(action, "arn:aws:sso:::account/<management-account-id>", tags=OURS)


@pytest.mark.parametrize(
    "action",
    [
        "sso:AttachManagedPolicyToPermissionSet",
        "sso:PutInlinePolicyToPermissionSet",
        "sso:UpdatePermissionSet",
        "sso:DeletePermissionSet",
        "sso:ProvisionPermissionSet",
    ],
)
def test_only_the_bots_own_sets_can_be_changed(action: str) -> None:
    assert allowed(action, A_SET, tags=OURS)
    assert not allowed(action, A_SET, tags={"jit:grantable": "true"})


def test_a_set_is_born_with_the_bots_tag() -> None:
    assert allowed("sso:CreatePermissionSet", INSTANCE, A_SET, tags={"jit:managed": "true"})
    assert not allowed("sso:CreatePermissionSet", INSTANCE, A_SET)


@pytest.mark.parametrize(
    "action",
    ["sso:TagResource", "sso:UntagResource", "identitystore:CreateUser", "organizations:LeaveOrganization"],
)
def test_tags_people_and_the_organization_are_out_of_reach(action: str) -> None:
    assert says("Deny", action, A_SET, OURS)


def test_it_fits_into_one_managed_policy_and_is_well_formed() -> None:
    assert policy_size(TEXT) <= LONGEST_MANAGED_POLICY
    assert parse_policy(TEXT)
