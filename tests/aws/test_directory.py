"""Finding people: exactly one enabled user with exactly this address."""

import pytest

from aws.clients import Clients
from aws.directory import Directory, same_address
from aws.errors import Busy, NoSuchUser, Refused
from aws.instance import Instance
from sandbox.aws import AwsSandbox, FaultKind
from sandbox.aws.directory import DIRECTORY, user_arn


def test_an_enabled_user_is_found_by_address(directory: Directory, ann: str) -> None:
    found = directory.user_by_email("ann@example.com")

    assert (found.id, found.user_name, found.email) == (ann, "ann", "ann@example.com")


def test_users_without_an_address_do_no_harm(directory: Directory, sandbox: AwsSandbox) -> None:
    sandbox.add_user("robot")
    sandbox.add_user("bob", "bob@example.com")

    assert directory.user_by_email("bob@example.com").user_name == "bob"


@pytest.mark.usefixtures("ann")
def test_an_unknown_address_is_refused_in_words(directory: Directory) -> None:
    with pytest.raises(NoSuchUser, match=r"has no user with the address eve@example\.com"):
        directory.user_by_email("eve@example.com")


def test_a_user_name_is_no_address(directory: Directory, sandbox: AwsSandbox) -> None:
    """Somebody may choose another's address as user name."""
    sandbox.add_user("boss@example.com", "eve@example.com")

    with pytest.raises(NoSuchUser):
        directory.user_by_email("boss@example.com")


def test_a_disabled_user_is_refused(directory: Directory, sandbox: AwsSandbox, ann: str) -> None:
    sandbox.set_user(ann, enabled=False)

    with pytest.raises(NoSuchUser, match="not enabled"):
        directory.user_by_email("ann@example.com")
    assert not directory.is_enabled(ann)


@pytest.mark.usefixtures("ann")
def test_two_users_whose_addresses_differ_in_case_only_are_refused(directory: Directory, sandbox: AwsSandbox) -> None:
    sandbox.add_user("other ann", "Ann@example.com")

    with pytest.raises(NoSuchUser, match="more than one"):
        directory.user_by_email("Ann@example.com")


def test_case_does_not_hide_the_one_user_there_is(directory: Directory, ann: str) -> None:
    assert directory.user_by_email("Ann@Example.com").id == ann


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ann@example.com", "ANN@EXAMPLE.COM", True),
        ("ann@example.com", "ann@example.org", False),
        ("\u212aarl@example.com", "karl@example.com", False),
        ("stra\u00dfe@example.com", "strasse@example.com", False),
    ],
)
def test_only_ascii_case_is_ignored(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a table
    """The Kelvin sign lowers to k, and one letter folds to two: unlike addresses must stay unlike."""
    assert same_address(one, other) is same


def test_a_deleted_user_is_not_enabled(directory: Directory, sandbox: AwsSandbox, ann: str) -> None:
    assert directory.is_enabled(ann)
    sandbox.remove_user(ann)

    assert not directory.is_enabled(ann)


def test_a_missing_store_is_no_answer_about_a_person(clients: Clients, instance: Instance, ann: str) -> None:
    elsewhere = Directory(clients, Instance(arn=instance.arn, store_id="d-0000000000"))

    with pytest.raises(Refused) as refused:
        elsewhere.is_enabled(ann)
    assert not isinstance(refused.value, NoSuchUser)


@pytest.mark.usefixtures("ann")
def test_a_silent_directory_is_busy_and_nobody_is_found(directory: Directory, sandbox: AwsSandbox) -> None:
    sandbox.faults.add("GetUserId", FaultKind.THROTTLING, times=5)

    with pytest.raises(Busy):
        directory.user_by_email("ann@example.com")


def test_a_lookup_survives_two_throttlings(directory: Directory, sandbox: AwsSandbox, ann: str) -> None:
    """Reading is retried by botocore itself."""
    sandbox.faults.add("DescribeUser", FaultKind.THROTTLING, times=2)

    assert directory.user_by_email("ann@example.com").id == ann


def test_an_answer_about_somebody_else_is_refused(
    directory: Directory, sandbox: AwsSandbox, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address counts, not the look-up: whoever is found must have it."""
    bob = sandbox.add_user("bob", "bob@example.com")
    found = {"UserId": bob, "IdentityStoreId": sandbox.store_id, "UserArn": user_arn(bob)}
    monkeypatch.setitem(DIRECTORY, "GetUserId", lambda *_: found)

    with pytest.raises(NoSuchUser, match="whose address is not"):
        directory.user_by_email("ann@example.com")
    assert ann != bob
