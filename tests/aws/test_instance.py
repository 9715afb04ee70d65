"""Finding the one Identity Center, and building the clients for it."""

import itertools
from typing import Any

import pytest

from aws.clients import Clients, build_clients
from aws.errors import Busy, Refused
from aws.instance import Instance, find_instance
from aws.paging import pages
from sandbox.aws import AwsSandbox, FaultKind
from sandbox.aws.instances import list_instances
from sandbox.aws.wire import IDENTITY_CENTER
from sandbox.aws.world import World


def test_the_only_instance_is_found(clients: Clients, instance: Instance, sandbox: AwsSandbox) -> None:
    sandbox.world.empty_pages = True

    assert find_instance(clients) == instance
    assert find_instance(clients, instance.arn) == instance
    assert instance.partition == "aws"


def test_an_instance_that_is_not_there_is_refused_with_the_mend(clients: Clients) -> None:
    with pytest.raises(Refused, match=r"Correct aws\.instance_arn"):
        find_instance(clients, "arn:aws:sso:::instance/ssoins-0000000000000000")


@pytest.mark.parametrize(("count", "words"), [(0, "no active Identity Center"), (2, "more than one Identity Center")])
def test_none_or_several_instances_are_refused_with_the_mend(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, count: int, words: str
) -> None:
    """ListInstances may show instances of single accounts as well."""

    def several(world: World, params: dict[str, Any]) -> dict[str, Any]:
        return {"Instances": list_instances(world, params)["Instances"] * count}

    monkeypatch.setitem(IDENTITY_CENTER, "ListInstances", several)

    with pytest.raises(Refused, match=words):
        find_instance(clients)


def test_an_instance_with_permission_sets_switched_off_is_refused(clients: Clients, sandbox: AwsSandbox) -> None:
    sandbox.world.permission_sets_enabled = False

    with pytest.raises(Refused, match="switched off"):
        find_instance(clients)


def test_aws_being_away_at_the_start_is_busy(clients: Clients, sandbox: AwsSandbox) -> None:
    sandbox.faults.add("ListInstances", FaultKind.SERVER_ERROR, times=5)

    with pytest.raises(Busy):
        find_instance(clients)


def test_the_endpoint_comes_from_the_environment_as_boto3_knows_it(
    sandbox: AwsSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.url)

    made = build_clients("eu-west-1")

    for client in (made.reads, made.changes, made.identity_store, made.iam):
        assert client.meta.endpoint_url == sandbox.url
    assert find_instance(made).arn == sandbox.instance_arn


def test_changes_are_sent_once_and_reads_several_times(clients: Clients) -> None:
    def attempts(client: Any) -> int:
        return int(client.meta.config.retries["total_max_attempts"])

    assert attempts(clients.changes) == 1
    assert attempts(clients.reads) == 5


def test_a_list_without_end_is_never_taken_for_a_list() -> None:
    with pytest.raises(Busy):
        list(pages(lambda _: {"NextToken": "the same"}))
    numbers = itertools.count()
    with pytest.raises(Busy):
        list(pages(lambda _: {"NextToken": f"{next(numbers)}"}))
