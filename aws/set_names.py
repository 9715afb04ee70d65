"""Finds permission sets by name: AWS lists ARNs only, and a set's name never changes, so each is asked for once."""

import threading
from collections.abc import Iterable, Mapping

from aws.calls import Calls
from aws.clients import Clients
from aws.errors import NotThere
from aws.instance import Instance


class SetNames(Calls):
    """The names of the permission sets of one instance, remembered."""

    def __init__(self, clients: Clients, instance: Instance) -> None:
        super().__init__(clients, instance)
        self._guard = threading.Lock()
        self._names: dict[str, str] = {}

    def find_set(self, name: str) -> str | None:
        """Find a permission set's ARN by its name; None where there is none."""
        return self.find_sets([name]).get(name)

    def find_sets(self, names: Iterable[str]) -> Mapping[str, str]:
        """Find the ARNs of several sets; names that AWS does not have are left out.

        ListPermissionSets, then one DescribePermissionSet for each ARN not seen before, until all names are found.
        """
        wanted = set(names)
        if not wanted <= self._known(wanted).keys():
            self._search(wanted)
        return self._known(wanted)

    def forget(self, arn: str) -> None:
        """Forget a set that AWS turned out not to have any more."""
        with self._guard:
            self._names.pop(arn, None)

    def _remember(self, arn: str, name: str) -> None:
        with self._guard:
            self._names[arn] = name

    def _known(self, wanted: set[str]) -> dict[str, str]:
        with self._guard:
            return {name: arn for arn, name in self._names.items() if name in wanted}

    def _search(self, wanted: set[str]) -> None:
        for page in self._read_all(self._clients.reads.list_permission_sets):
            for arn in page["PermissionSets"]:
                if arn in self._names:
                    continue
                try:
                    self._learn(arn)
                except NotThere:
                    continue
                if wanted <= self._known(wanted).keys():
                    return

    def _learn(self, arn: str) -> None:
        answer = self._read(self._clients.reads.describe_permission_set, PermissionSetArn=arn)
        self._remember(arn, answer["PermissionSet"]["Name"])
