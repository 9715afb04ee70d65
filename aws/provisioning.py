"""Provisioning: a set that changed reaches an account that has it only when AWS is told to bring it there."""

from aws.calls import Calls
from aws.errors import NotThere
from aws.progress import NOT_YET, Progress, progress_of

_LATEST = "LATEST_PERMISSION_SET_PROVISIONED"


class Provisioning(Calls):
    """Changes of the sets of one instance that accounts are to see."""

    def inline_policy(self, arn: str) -> str:
        """Read a set's inline policy as JSON text, empty where it has none; raises NotThere where the set is gone."""
        answer = self._read(self._clients.reads.get_inline_policy_for_permission_set, PermissionSetArn=arn)
        return answer.get("InlinePolicy", "")

    def put_inline_policy(self, arn: str, policy: str) -> None:
        """Put a set's inline policy; accounts that have the set keep the former one until they are provisioned."""
        call = self._clients.changes.put_inline_policy_to_permission_set
        self._change(call, PermissionSetArn=arn, InlinePolicy=policy)

    def has_latest(self, arn: str, account_id: str) -> bool:
        """Tell whether an account has the set's latest version; False while it is brought there, or has none."""
        call = self._clients.reads.list_accounts_for_provisioned_permission_set
        found = self._read_all(call, PermissionSetArn=arn, ProvisioningStatus=_LATEST)
        return any(account_id in page["AccountIds"] for page in found)

    def request_provisioning(self, arn: str, account_id: str) -> str:
        """Order one account to be brought up to the set's latest version; returns AWS's request id.

        Raises NotThere where the set is gone; ordering it twice does no harm.
        """
        with self._clients.throttle.alone_in(account_id):
            answer = self._change(
                self._clients.changes.provision_permission_set,
                PermissionSetArn=arn,
                TargetType="AWS_ACCOUNT",
                TargetId=account_id,
            )
        return answer["PermissionSetProvisioningStatus"]["RequestId"]

    def provisioning_status(self, request_id: str) -> Progress:
        """Tell how far an ordered provisioning is."""
        call = self._clients.reads.describe_permission_set_provisioning_status
        try:
            answer = self._read(call, ProvisionPermissionSetRequestId=request_id)
        except NotThere:
            return NOT_YET
        return progress_of(answer["PermissionSetProvisioningStatus"])
