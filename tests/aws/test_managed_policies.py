"""Which AWS managed policies can be offered."""

from aws.clients import Clients
from aws.managed_policies import fetch_policies, offerable, policy_arn, shipped_policies


def test_the_shipped_list_holds_what_aws_offers(clients: Clients) -> None:
    """The fallback and the live list lead to the same choice."""
    live = offerable(fetch_policies(clients), service_roles=True)

    assert live == offerable(shipped_policies(), service_roles=True)
    assert len(live) > 1000


def test_aws_own_roles_and_root_tasks_are_never_offered(clients: Clients) -> None:
    everything = fetch_policies(clients)
    paths = {each.rpartition("/")[0] for each in everything}
    offered = {each.rpartition("/")[0] for each in offerable(everything)}
    with_services = {each.rpartition("/")[0] for each in offerable(everything, service_roles=True)}

    assert paths > {"aws-service-role", "root-task"}
    assert offered == {"", "job-function"}
    assert with_services == {"", "job-function", "service-role"}


def test_an_arn_holds_the_path() -> None:
    assert policy_arn("job-function/ViewOnlyAccess") == "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    assert policy_arn("ReadOnlyAccess", "aws-cn") == "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"
