"""Provisioning: a set that changed reaches an account that has it only when AWS is told to bring it there."""

import json

from access.permission_sets import SetContent
from aws.calls import Calls
from aws.errors import NotThere
from aws.progress import NOT_YET, Progress, progress_of


class Provisioning(Calls):
    """Changes of the sets of one instance that accounts are to see."""

    def replace_inline(self, arn: str, content: SetContent) -> bool:
        """Put the inline policy of a set the bot keeps, where AWS holds another; tells whether it did.

        Accounts that have the set keep the former one until they are provisioned.
        """
        answer = self._read(self._clients.reads.get_inline_policy_for_permission_set, PermissionSetArn=arn)
        if same_policy(answer.get("InlinePolicy", ""), content.inline_policy):
            return False
        call = self._clients.changes.put_inline_policy_to_permission_set
        self._change(call, PermissionSetArn=arn, InlinePolicy=content.inline_policy)
        return True

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


def same_policy(one: str, other: str) -> bool:
    """Compare two policies as JSON, because AWS may write one differently from how it was sent."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return one == other
