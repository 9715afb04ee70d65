"""Which Identity Center this is."""

import logging
from dataclasses import dataclass
from typing import Any

from aws.clients import Clients
from aws.errors import Busy, Refused, translated
from aws.paging import pages

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance of Identity Center and its identity store."""

    arn: str
    store_id: str

    @property
    def partition(self) -> str:
        """The AWS partition, such as `aws` or `aws-cn`."""
        return self.arn.split(":")[1]


def find_instance(clients: Clients, wanted_arn: str = "") -> Instance:
    """Find the configured instance, or the only active one.

    ListInstances may return instances of single accounts too, so more than one is refused unless `wanted_arn` says
    which. Raises Refused with what to configure, Busy where AWS cannot be asked.
    """

    def page(token: dict[str, Any]) -> Any:
        with clients.throttle.slot(), clients.standing.noted(), translated():
            return clients.reads.list_instances(**token)

    found = [each for answer in pages(page) for each in answer["Instances"]]
    active = [each for each in found if each.get("Status", "ACTIVE") == "ACTIVE"]
    fitting = [each for each in active if wanted_arn in {"", each["InstanceArn"]}]
    if len(fitting) != 1:
        raise Refused(_advice(wanted_arn, active), alert=True)
    instance = Instance(arn=fitting[0]["InstanceArn"], store_id=fitting[0]["IdentityStoreId"])
    check_permission_sets_enabled(clients, instance)
    return instance


def _advice(wanted_arn: str, active: list[dict[str, Any]]) -> str:
    if wanted_arn:
        return f"AWS shows no active Identity Center instance {wanted_arn} in this region. Correct aws.instance_arn."
    if not active:
        return "AWS shows no active Identity Center instance in this region. Set aws.region to its primary region."
    arns = ", ".join(each["InstanceArn"] for each in active)
    return f"There is more than one Identity Center instance. Set aws.instance_arn to one of {arns}."


def check_permission_sets_enabled(clients: Clients, instance: Instance) -> None:
    """Refuse an instance in which permission sets are switched off (DescribeInstance, PermissionSetsEnabled).

    Where it cannot be asked, grants will tell: everything else works without this answer.
    """
    try:
        with clients.throttle.slot(), clients.standing.noted(), translated():
            described: dict[str, Any] = dict(clients.reads.describe_instance(InstanceArn=instance.arn))
    except Busy as trouble:
        log.warning("whether permission sets are switched on could not be asked: %s", trouble)
        return
    if described.get("PermissionSetsEnabled") is False:
        raise Refused("Permission sets are switched off in this Identity Center instance.", alert=True)
