"""One call to Identity Center: paced, with the instance named, its errors translated."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from aws.clients import Clients
from aws.errors import AwsTrouble, Busy, translated
from aws.instance import Instance
from aws.paging import pages

T = TypeVar("T")
PAGE = 100
"""The most that sso-admin lists at a time (MaxResults)."""


class Calls:
    """What everything about one instance stands on; every call raises Busy, Refused or NotThere of aws.errors."""

    def __init__(self, clients: Clients, instance: Instance) -> None:
        self._clients = clients
        self._instance = instance

    def check_instance(self) -> None:
        """Make sure that "not found" meant the thing and not the whole instance; raises Busy otherwise."""
        try:
            self._read(self._clients.reads.describe_instance)
        except Busy:
            raise
        except AwsTrouble as trouble:
            raise Busy("AWS does not show the Identity Center instance any more.", alert=True) from trouble

    def _read(self, call: Callable[..., T], **params: Any) -> T:
        with self._clients.throttle.slot(), self._clients.standing.noted(), translated():
            return call(InstanceArn=self._instance.arn, **params)

    def _change(self, call: Callable[..., T], **params: Any) -> T:
        with self._clients.throttle.slot(), self._clients.standing.noted(), translated(mutation=True):
            return call(InstanceArn=self._instance.arn, **params)

    def _read_all(self, call: Callable[..., Any], **params: Any) -> Iterator[Mapping[str, Any]]:
        return pages(lambda token: self._read(call, MaxResults=PAGE, **params, **token))
