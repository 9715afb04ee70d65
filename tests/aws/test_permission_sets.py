"""Permission sets that the bot keeps: created, completed, kept in step, deleted."""

import json

import pytest

from access.durations import SessionDuration
from access.permission_sets import SetContent
from access.session import Assignment
from aws.clients import Clients
from aws.errors import Busy, NameTaken, Refused
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.permission_sets import description_for_aws
from sandbox.aws import AwsSandbox, FaultKind, HeldSet, When
from sandbox.aws.wire import IDENTITY_CENTER
from tests.aws.conftest import PAYMENTS, STAGING, Clock

POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
CONTENT = SetContent(
    session_duration=SessionDuration.HOURS_2,
    managed_policies=("ReadOnlyAccess", "job-function/ViewOnlyAccess"),
    inline_policy=POLICY,
)
OURS = {"jit:managed": "true", "jit:request": "REQ-1042"}
NAME = "JIT-debug-7f3a"


def held(sandbox: AwsSandbox, name: str = NAME) -> HeldSet:
    """Return the one set of this name, as AWS holds it."""
    (found,) = [each for each in sandbox.permission_sets() if each.name == name]
    return found


def content_of(found: HeldSet) -> tuple[str, set[str], str]:
    return found.session_duration, set(found.managed_policies), found.inline_policy


COMPLETE = (
    "PT2H",
    {"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"},
    POLICY,
)


def test_a_set_is_created_with_its_tags_and_content(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    arn = center.create_set(NAME, CONTENT, "For REQ-1042", OURS)

    assert held(sandbox).arn == arn
    assert content_of(held(sandbox)) == COMPLETE
    assert held(sandbox).tags == OURS
    assert center.find_set(NAME) == arn


@pytest.mark.parametrize(
    "operation",
    ["CreatePermissionSet", "AttachManagedPolicyToPermissionSet", "PutInlinePolicyToPermissionSet"],
)
@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("forgotten", [False, True], ids=["same process", "after a restart"])
def test_a_creation_that_broke_off_anywhere_is_completed_by_repeating_it(
    clients: Clients, instance: Instance, sandbox: AwsSandbox, operation: str, when: When, *, forgotten: bool
) -> None:
    """A lost answer never leaves a second set, nor a set with half its content."""
    center = IdentityCenter(clients, instance)
    sandbox.faults.add(operation, FaultKind.DROP, when)
    with pytest.raises(Busy):
        center.create_set(NAME, CONTENT, "For REQ-1042", OURS)

    center = IdentityCenter(clients, instance) if forgotten else center
    arn = center.create_set(NAME, CONTENT, "For REQ-1042", OURS)

    assert held(sandbox).arn == arn
    assert content_of(held(sandbox)) == COMPLETE


@pytest.mark.parametrize("tags", [{}, {"jit:managed": "true", "jit:request": "REQ-7"}])
def test_a_name_of_somebody_elses_set_is_taken(
    center: IdentityCenter, sandbox: AwsSandbox, tags: dict[str, str]
) -> None:
    """A foreign set, or that of another request, is never adopted nor changed."""
    sandbox.add_permission_set(NAME, tags=tags)

    with pytest.raises(NameTaken):
        center.create_set(NAME, CONTENT, "For REQ-1042", OURS)
    assert content_of(held(sandbox)) == ("PT1H", set(), "")


def test_a_conflict_over_something_else_is_busy(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    sandbox.faults.add("CreatePermissionSet", FaultKind.CONFLICT)

    with pytest.raises(Busy):
        center.create_set(NAME, CONTENT, "For REQ-1042", OURS)


def test_an_unknown_managed_policy_is_named_in_the_refusal(center: IdentityCenter) -> None:
    wrong = SetContent(managed_policies=("ViewOnlyAccess",))

    with pytest.raises(Refused, match="AWS has no managed policy ViewOnlyAccess"):
        center.create_set(NAME, wrong, "For REQ-1042", OURS)


def test_completing_a_complete_set_changes_nothing(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    arn = center.create_set(NAME, CONTENT, "For REQ-1042", OURS)
    before = len(sandbox.calls)

    assert not center.complete_set(arn, CONTENT)
    assert not [call for call in sandbox.calls[before:] if not call.operation.startswith(("List", "Get"))]


def test_a_kept_set_is_brought_in_step(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    """Also where every list begins with an empty page, and without clearing what the bot does not keep."""
    sandbox.world.empty_pages = True
    arn = center.create_set("ReadOnly", CONTENT, "Kept", OURS)
    sandbox.world.sets[arn].relay_state = "https://console.aws.amazon.com/"
    other = SetContent(session_duration=SessionDuration.HOURS_4, managed_policies=("SecurityAudit",))

    assert center.sync_set(arn, other)

    found = held(sandbox, "ReadOnly")
    assert content_of(found) == ("PT4H", {"arn:aws:iam::aws:policy/SecurityAudit"}, "")
    assert found.description == "Kept"
    assert sandbox.world.sets[arn].relay_state == "https://console.aws.amazon.com/"
    assert not center.sync_set(arn, other)


def test_an_inline_policy_that_aws_writes_differently_is_still_the_same(
    center: IdentityCenter, sandbox: AwsSandbox
) -> None:
    arn = center.create_set("ReadOnly", CONTENT, "Kept", OURS)
    sandbox.world.sets[arn].inline_policy = json.dumps(json.loads(POLICY), indent=2)

    assert not center.sync_set(arn, CONTENT)


def test_a_changed_set_is_provisioned_where_accounts_have_it(
    center: IdentityCenter, sandbox: AwsSandbox, clock: Clock, ann: str
) -> None:
    arn = center.create_set("ReadOnly", CONTENT, "Kept", OURS)
    sandbox.assign(PAYMENTS, ann, arn)
    sandbox.assign(STAGING, ann, arn)

    center.sync_set(arn, SetContent(managed_policies=("SecurityAudit",)))
    clock.move(seconds=2)
    sandbox.assignments()

    latest = sandbox.world.sets[arn].version
    assert sandbox.world.provisioned == {(arn, PAYMENTS): latest, (arn, STAGING): latest}


def test_a_set_nobody_has_is_not_provisioned(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    arn = center.create_set("ReadOnly", CONTENT, "Kept", OURS)

    center.sync_set(arn, SetContent(managed_policies=("SecurityAudit",)))

    assert "ProvisionPermissionSet" not in {call.operation for call in sandbox.calls}


def test_a_failed_provisioning_is_tried_again_at_the_next_call(
    center: IdentityCenter, sandbox: AwsSandbox, clock: Clock, ann: str
) -> None:
    """The set is in step already, the account is not: the account counts."""
    arn = center.create_set("ReadOnly", CONTENT, "Kept", OURS)
    sandbox.assign(PAYMENTS, ann, arn)
    sandbox.faults.fail("ProvisionPermissionSet", "Received a 403 status error: Access denied by IAM")
    changed = SetContent(managed_policies=("SecurityAudit",))
    center.sync_set(arn, changed)
    clock.move(seconds=2)

    assert not center.sync_set(arn, changed)
    clock.move(seconds=2)
    sandbox.assignments()

    assert sandbox.world.provisioned[arn, PAYMENTS] == sandbox.world.sets[arn].version


def test_a_set_without_the_bots_tag_is_neither_changed_nor_deleted(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    arn = sandbox.add_permission_set("Admin", managed_policies=("AdministratorAccess",))

    with pytest.raises(Refused, match="jit:managed"):
        center.sync_set(arn, SetContent())
    with pytest.raises(Refused, match="jit:managed"):
        center.delete_set(arn)
    assert held(sandbox, "Admin").managed_policies == ("arn:aws:iam::aws:policy/AdministratorAccess",)


def test_a_set_in_use_is_busy_and_stays(center: IdentityCenter, sandbox: AwsSandbox, ann: str) -> None:
    arn = center.create_set(NAME, CONTENT, "For REQ-1042", OURS)
    sandbox.assign(PAYMENTS, ann, arn)

    with pytest.raises(Busy):
        center.delete_set(arn)
    assert held(sandbox).arn == arn


def test_deleting_a_set_twice_is_deleting_it_once(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    arn = center.create_set(NAME, CONTENT, "For REQ-1042", OURS)

    center.delete_set(arn)
    center.delete_set(arn)

    assert sandbox.permission_sets() == []
    assert center.find_set(NAME) is None


def test_each_set_is_described_once_whatever_is_looked_for(
    center: IdentityCenter, sandbox: AwsSandbox, wanted: Assignment
) -> None:
    """Names never change, so finding one among many costs many calls only the first time."""
    sandbox.world.page_size = 3
    for number in range(7):
        sandbox.add_permission_set(f"Set{number}")
    found = center.find_sets(["ReadOnly", "Set6", "Unknown"])
    described = [call.operation for call in sandbox.calls].count("DescribePermissionSet")

    assert found.keys() == {"ReadOnly", "Set6"}
    assert described == 8
    assert center.find_set("ReadOnly") == wanted.set_arn
    assert center.find_set("Set3")
    assert center.find_set("Unknown") is None
    assert [call.operation for call in sandbox.calls].count("DescribePermissionSet") == described


def test_the_search_stops_when_all_names_are_found(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    for number in range(20):
        sandbox.add_permission_set(f"Set{number}")

    center.find_set("Set1")

    assert [call.operation for call in sandbox.calls] == ["ListPermissionSets", *["DescribePermissionSet"] * 2]


def test_a_set_that_vanishes_during_the_search_is_passed_over(
    center: IdentityCenter, sandbox: AwsSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between listing and describing somebody may delete one."""
    gone = f"{sandbox.add_permission_set('Gone')[:-4]}0000"
    arn = sandbox.add_permission_set("ReadOnly")
    monkeypatch.setitem(IDENTITY_CENTER, "ListPermissionSets", lambda *_: {"PermissionSets": [gone, arn]})

    assert center.find_set("ReadOnly") == arn


def test_a_forgotten_set_is_looked_for_anew(center: IdentityCenter, sandbox: AwsSandbox) -> None:
    """Somebody deleted it and made another one of the same name."""
    old = sandbox.add_permission_set("ReadOnly")
    assert center.find_set("ReadOnly") == old
    del sandbox.world.sets[old]
    new = sandbox.add_permission_set("ReadOnly")

    center.forget(old)

    assert center.find_set("ReadOnly") == new


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Why \u2013 because \u2026", "Why - because ..."),
        ("caf\u00e9 🚀\u0000", "caf\u00e9 ??"),
        ("", "Kept by jitbot."),
        ("x" * 900, "x" * 700),
    ],
)
def test_a_description_is_made_fit_for_aws(text: str, sent: str) -> None:
    assert description_for_aws(text) == sent
