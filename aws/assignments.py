"""Assignments: ordered, watched to their end, read back and removed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from access.session import Assignment
from aws.calls import Calls
from aws.errors import NotThere
from aws.progress import NOT_YET, Progress, progress_of


class Assignments(Calls):
    """The assignments of one instance."""

    def alone_in(self, account_id: str) -> AbstractContextManager[None]:
        """Hold an account from an order to its end: AWS changes one role at a time per account."""
        return self._clients.throttle.alone_in(account_id)

    def request_assignment(self, wanted: Assignment) -> str:
        """Order an assignment and return AWS's request id; ordering it twice makes one assignment.

        Raises NotThere where the permission set is gone, Busy with `unknown` where AWS may have taken the order.
        """
        with self.alone_in(wanted.account_id):
            answer = self._change(self._clients.changes.create_account_assignment, **_order(wanted))
        return answer["AccountAssignmentCreationStatus"]["RequestId"]

    def assignment_status(self, request_id: str) -> Progress:
        """Tell how far an ordered assignment is; AWS may not know the id right after the order."""
        call = self._clients.reads.describe_account_assignment_creation_status
        try:
            answer = self._read(call, AccountAssignmentCreationRequestId=request_id)
        except NotThere:
            return NOT_YET
        return progress_of(answer["AccountAssignmentCreationStatus"])

    def request_removal(self, unwanted: Assignment) -> str | None:
        """Order a removal and return AWS's request id, or None where there is no such assignment."""
        try:
            with self.alone_in(unwanted.account_id):
                answer = self._change(self._clients.changes.delete_account_assignment, **_order(unwanted))
        except NotThere:
            self.check_instance()
            return None
        return answer["AccountAssignmentDeletionStatus"]["RequestId"]

    def removal_status(self, request_id: str) -> Progress:
        """Tell how far an ordered removal is; "Assignment not found." as its reason is success too."""
        call = self._clients.reads.describe_account_assignment_deletion_status
        try:
            answer = self._read(call, AccountAssignmentDeletionRequestId=request_id)
        except NotThere:
            return NOT_YET
        return progress_of(answer["AccountAssignmentDeletionStatus"])

    def is_assigned(self, sought: Assignment) -> bool:
        """Read back whether AWS holds an assignment; a permission set that is gone holds none."""
        return sought.principal_id in self._users(sought.account_id, sought.set_arn)

    def _users(self, account_id: str, set_arn: str) -> Iterator[str]:
        call = self._clients.reads.list_account_assignments
        try:
            for page in self._read_all(call, AccountId=account_id, PermissionSetArn=set_arn):
                yield from (row["PrincipalId"] for row in page["AccountAssignments"] if row["PrincipalType"] == "USER")
        except NotThere:
            self.check_instance()


def _order(wanted: Assignment) -> dict[str, str]:
    return {
        "TargetId": wanted.account_id,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": wanted.set_arn,
        "PrincipalType": "USER",
        "PrincipalId": wanted.principal_id,
    }
