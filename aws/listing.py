"""Lists what Identity Center holds, for the comparison with the sessions: slowly, behind everything else.

Calls for one look: ListPermissionSets (100 a page) and a DescribePermissionSet for each set never seen before; for each
account ListPermissionSetsProvisionedToAccount, and a ListAccountAssignments for each set of the bot's found there.
"""

from contextlib import AbstractContextManager

from aws.assignments import Assignments
from aws.errors import NotThere
from aws.set_names import SetNames


class Listing(Assignments, SetNames):
    """All permission sets and assignments of one instance."""

    def patiently(self) -> AbstractContextManager[None]:
        """Let this thread's calls wait for everybody else's (aws.throttle)."""
        return self._clients.throttle.patiently()

    def all_sets(self) -> dict[str, str]:
        """Read the names of all permission sets, by ARN; those that vanish meanwhile are left out."""
        found: dict[str, str] = {}
        for page in self._read_all(self._clients.reads.list_permission_sets):
            for arn in page["PermissionSets"]:
                if name := self.name_of(arn):
                    found[arn] = name
        return found

    def sets_in(self, account_id: str) -> frozenset[str]:
        """List the ARNs of the permission sets that an account has: no other can be assigned in it."""
        call = self._clients.reads.list_permission_sets_provisioned_to_account
        found = self._read_all(call, AccountId=account_id)
        return frozenset(arn for page in found for arn in page.get("PermissionSets") or [])

    def users_of(self, account_id: str, set_arn: str) -> frozenset[str]:
        """List the ids of the users to whom a set is assigned in an account; groups are not the bot's business."""
        return frozenset(self._users(account_id, set_arn))

    def name_of(self, arn: str) -> str:
        """Give the name of a set, which is asked for once; empty where there is no such set."""
        if arn not in self._names:
            try:
                self._learn(arn)
            except NotThere:
                return ""
        return self._names.get(arn, "")
