"""Permission sets in the sandbox: where moto is too kind, AWS is not."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws import AwsSandbox
from tests.sandbox.aws.conftest import ACCOUNT

Refused = Callable[..., str]
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'


def test_arns_have_the_form_of_aws(sso: Any, instance: dict[str, str], sandbox: AwsSandbox) -> None:
    made = sso.create_permission_set(**instance, Name="ReadOnly")["PermissionSet"]

    instance_id = sandbox.instance_arn.rpartition("/")[2]
    assert made["PermissionSetArn"].startswith(f"arn:aws:sso:::permissionSet/{instance_id}/ps-")
    assert made["SessionDuration"] == "PT1H"


@pytest.mark.parametrize(
    "changes",
    [
        {"Name": "x" * 33},
        {"Name": "with space"},
        {"Name": "emoji🚀"},
        {"SessionDuration": "PT13H"},
        {"SessionDuration": "PT15M"},
        {"SessionDuration": "one hour"},
        {"SessionDuration": "PT"},
        {"Description": "a – b"},  # noqa: RUF001 - the dash is the point
        {"Tags": [{"Key": "a#b", "Value": "x"}]},
        {"InstanceArn": "arn:aws:sso:::instance/short"},
    ],
)
def test_what_aws_does_not_take_is_refused(
    sso: Any, instance: dict[str, str], refused: Refused, changes: dict[str, Any]
) -> None:
    params = {**instance, "Name": "Fine", **changes}

    assert refused(sso.create_permission_set, **params) == "ValidationException"


@pytest.mark.parametrize("duration", ["PT1H", "PT12H", "PT90M", "PT3600S", "PT11H59M60S"])
def test_one_to_twelve_hours_are_taken(sso: Any, instance: dict[str, str], duration: str) -> None:
    made = sso.create_permission_set(**instance, Name="Fine", SessionDuration=duration)

    assert made["PermissionSet"]["SessionDuration"] == duration


def test_a_name_is_taken_once(sso: Any, instance: dict[str, str], refused: Refused) -> None:
    sso.create_permission_set(**instance, Name="ReadOnly")

    assert refused(sso.create_permission_set, **instance, Name="ReadOnly") == "ConflictException"


def test_another_instance_is_not_found(sso: Any, refused: Refused) -> None:
    elsewhere = "arn:aws:sso:::instance/ssoins-0000000000000000"

    assert refused(sso.create_permission_set, InstanceArn=elsewhere, Name="X") == "ResourceNotFoundException"
    assert refused(sso.describe_instance, InstanceArn=elsewhere) == "AccessDeniedException"


def test_an_update_without_fields_clears_them(sso: Any, a_set: dict[str, str]) -> None:
    """terraform-provider-aws#17411."""
    sso.update_permission_set(**a_set, Description="D", RelayState="https://example.com", SessionDuration="PT4H")
    sso.update_permission_set(**a_set, SessionDuration="PT8H")

    found = sso.describe_permission_set(**a_set)["PermissionSet"]
    assert found["SessionDuration"] == "PT8H"
    assert not {"Description", "RelayState"} & found.keys()


def test_policies_attach_under_their_real_path_only(sso: Any, a_set: dict[str, str], refused: Refused) -> None:
    prefix = "arn:aws:iam::aws:policy/"
    attach = sso.attach_managed_policy_to_permission_set
    attach(**a_set, ManagedPolicyArn=f"{prefix}job-function/ViewOnlyAccess")
    attach(**a_set, ManagedPolicyArn=f"{prefix}service-role/AWSLambdaBasicExecutionRole")

    wrong = refused(attach, **a_set, ManagedPolicyArn=f"{prefix}ViewOnlyAccess")
    again = refused(attach, **a_set, ManagedPolicyArn=f"{prefix}job-function/ViewOnlyAccess")

    assert (wrong, again) == ("ResourceNotFoundException", "ConflictException")
    attached = sso.list_managed_policies_in_permission_set(**a_set)["AttachedManagedPolicies"]
    assert [each["Name"] for each in attached] == ["ViewOnlyAccess", "AWSLambdaBasicExecutionRole"]


def test_twenty_policies_are_the_most(sso: Any, a_set: dict[str, str], refused: Refused, sandbox: AwsSandbox) -> None:
    held = sandbox.world.sets[a_set["PermissionSetArn"]].managed_policies
    held.update({f"arn:aws:iam::aws:policy/Made{number}": f"Made{number}" for number in range(20)})

    code = refused(
        sso.attach_managed_policy_to_permission_set, **a_set, ManagedPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
    )

    assert code == "ServiceQuotaExceededException"


@pytest.mark.parametrize("policy", ["not json", "[]", "{}", POLICY.replace("s3", "\u041e"), POLICY + "x" * 10_240])
def test_bad_inline_policies_are_refused(sso: Any, a_set: dict[str, str], refused: Refused, policy: str) -> None:
    code = refused(sso.put_inline_policy_to_permission_set, **a_set, InlinePolicy=policy)

    assert code == "ValidationException"


def test_an_inline_policy_over_10240_characters_is_refused(sso: Any, a_set: dict[str, str], refused: Refused) -> None:
    long = POLICY.replace("GetObject", "G" * 10_240)

    assert refused(sso.put_inline_policy_to_permission_set, **a_set, InlinePolicy=long) == "ValidationException"


def test_an_inline_policy_is_put_read_and_deleted(sso: Any, a_set: dict[str, str], refused: Refused) -> None:
    assert "InlinePolicy" not in sso.get_inline_policy_for_permission_set(**a_set)
    sso.put_inline_policy_to_permission_set(**a_set, InlinePolicy=POLICY)
    assert sso.get_inline_policy_for_permission_set(**a_set)["InlinePolicy"] == POLICY
    sso.delete_inline_policy_from_permission_set(**a_set)

    assert refused(sso.delete_inline_policy_from_permission_set, **a_set) == "ResourceNotFoundException"


def test_a_boundary_is_exactly_one_of_two_kinds(sso: Any, a_set: dict[str, str], refused: Refused) -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    both = {"ManagedPolicyArn": arn, "CustomerManagedPolicyReference": {"Name": "X"}}
    put = sso.put_permissions_boundary_to_permission_set

    assert refused(put, **a_set, PermissionsBoundary=both) == "ValidationException"
    put(**a_set, PermissionsBoundary={"ManagedPolicyArn": arn})
    read = sso.get_permissions_boundary_for_permission_set(**a_set)
    assert read["PermissionsBoundary"] == {"ManagedPolicyArn": arn}
    sso.delete_permissions_boundary_from_permission_set(**a_set)
    assert refused(sso.get_permissions_boundary_for_permission_set, **a_set) == "ResourceNotFoundException"


def test_tags_are_set_listed_and_removed(sso: Any, instance: dict[str, str]) -> None:
    tags = [{"Key": "jit:managed", "Value": "true"}]
    made = sso.create_permission_set(**instance, Name="Tagged", Tags=tags)["PermissionSet"]
    resource = {**instance, "ResourceArn": made["PermissionSetArn"]}

    assert sso.list_tags_for_resource(**resource)["Tags"] == tags
    sso.tag_resource(**resource, Tags=[{"Key": "more", "Value": ""}])
    sso.untag_resource(**resource, TagKeys=["jit:managed"])
    assert sso.list_tags_for_resource(**resource)["Tags"] == [{"Key": "more", "Value": ""}]


def test_an_assigned_set_cannot_be_deleted_and_a_deleted_one_is_not_found(
    sso: Any, a_set: dict[str, str], refused: Refused, sandbox: AwsSandbox
) -> None:
    user_id = sandbox.add_user("ann")
    sandbox.assign(ACCOUNT, user_id, a_set["PermissionSetArn"])
    assert refused(sso.delete_permission_set, **a_set) == "ConflictException"

    sandbox.world.holdings.clear()
    sandbox.world.provisioned.clear()
    sso.delete_permission_set(**a_set)

    assert refused(sso.describe_permission_set, **a_set) == "ResourceNotFoundException"
    assert refused(sso.list_account_assignments, **a_set, AccountId=ACCOUNT) == "ResourceNotFoundException"


def test_lists_come_in_pages(sso: Any, instance: dict[str, str], sandbox: AwsSandbox, refused: Refused) -> None:
    arns = [sandbox.add_permission_set(f"Set{number}") for number in range(5)]
    first = sso.list_permission_sets(**instance, MaxResults=3)
    second = sso.list_permission_sets(**instance, MaxResults=3, NextToken=first["NextToken"])

    assert first["PermissionSets"] + second["PermissionSets"] == arns
    assert "NextToken" not in second
    assert refused(sso.list_permission_sets, **instance, NextToken="made-up") == "ValidationException"
