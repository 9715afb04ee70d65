"""Permission sets that the bot keeps: created with their tags, completed, kept in step, deleted."""

import json
from collections.abc import Mapping
from typing import Any

from access.permission_sets import SetContent
from aws.errors import Busy, NameTaken, NotThere, Refused
from aws.managed_policies import policy_arn
from aws.paging import pages
from aws.provisioning import Provisioning
from aws.set_names import SetNames

MANAGED_TAG = "jit:managed"
LONGEST_DESCRIPTION = 700
_NOT_LATEST = "LATEST_PERMISSION_SET_NOT_PROVISIONED"
_PLAIN = str.maketrans({"–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})  # noqa: RUF001 - these are what is replaced


def description_for_aws(text: str) -> str:
    """Make text fit for CreatePermissionSet's Description: Latin-1 without control characters, 1 to 700."""
    plain = "".join(each if _allowed(each) else "?" for each in text.translate(_PLAIN)).strip()
    return plain[:LONGEST_DESCRIPTION] or "Kept by jitbot."


def _allowed(character: str) -> bool:
    return character in "\t\n\r" or " " <= character <= "~" or "¡" <= character <= "ÿ"


class PermissionSets(SetNames, Provisioning):
    """The permission sets of one instance."""

    def create_set(self, name: str, content: SetContent, description: str, tags: Mapping[str, str]) -> str:
        """Create a set with its tags and fill it; returns its ARN.

        Can be repeated with the same arguments: a set of this name with these tags is our own earlier attempt and is
        completed. Raises NameTaken where the name belongs to another set.
        """
        try:
            answer = self._change(
                self._clients.changes.create_permission_set,
                Name=name,
                Description=description_for_aws(description),
                SessionDuration=content.session_duration.iso,
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )
        except Busy as trouble:
            if trouble.code != "ConflictException":
                raise
            arn = self._own_attempt(name, tags, trouble)
        else:
            arn = answer["PermissionSet"]["PermissionSetArn"]
            self._remember(arn, name)
        self.complete_set(arn, content)
        return arn

    def complete_set(self, arn: str, content: SetContent) -> bool:
        """Attach the managed policies and put the inline policy that are missing; tells whether any was."""
        wanted = self._wanted(content)
        missing = wanted.keys() - self._attached(arn)
        for policy in sorted(missing):
            self._attach(arn, policy, wanted[policy])
        changed = bool(content.inline_policy) and not _same_policy(self.inline_policy(arn), content.inline_policy)
        if changed:
            self.put_inline_policy(arn, content.inline_policy)
        return changed or bool(missing)

    def sync_set(self, arn: str, content: SetContent, *, ours: bool = False) -> bool:
        """Bring a set that the bot keeps in step with `content`; tells whether anything had to change.

        Accounts that have an older version are provisioned anew, in the background; what failed is tried again at the
        next call. Raises Refused for a set without the tag `jit:managed`, unless `ours` tells that the caller's own
        record holds it.
        """
        self._check_ours(arn, ours=ours)
        changed = self._sync_duration(arn, content)
        for policy in sorted(self._attached(arn) - self._wanted(content).keys()):
            self._change(
                self._clients.changes.detach_managed_policy_from_permission_set,
                PermissionSetArn=arn,
                ManagedPolicyArn=policy,
            )
            changed = True
        if not content.inline_policy and self.inline_policy(arn):
            self._change(self._clients.changes.delete_inline_policy_from_permission_set, PermissionSetArn=arn)
            changed = True
        changed = self.complete_set(arn, content) or changed
        self._provision_where_outdated(arn)
        return changed

    def delete_set(self, arn: str, *, ours: bool = False) -> None:
        """Delete a set that the bot keeps; one that is gone is done. Raises Busy while an account still has it."""
        try:
            self._check_ours(arn, ours=ours)
            self._change(self._clients.changes.delete_permission_set, PermissionSetArn=arn)
        except NotThere:
            self.check_instance()
        self.forget(arn)

    def tags_of(self, arn: str) -> dict[str, str]:
        """Read the tags of a set."""
        call = self._clients.reads.list_tags_for_resource
        found = pages(lambda token: self._read(call, ResourceArn=arn, **token))
        return {each["Key"]: each["Value"] for page in found for each in page["Tags"]}

    def _check_ours(self, arn: str, *, ours: bool) -> None:
        if not ours and self.tags_of(arn).get(MANAGED_TAG) != "true":
            raise Refused(f"{arn} has no tag {MANAGED_TAG}=true: jitbot does not keep this permission set.", alert=True)

    def _own_attempt(self, name: str, tags: Mapping[str, str], trouble: Busy) -> str:
        arn = self.find_set(name)
        if arn is None:
            raise trouble
        if not tags or not tags.items() <= self.tags_of(arn).items():
            raise NameTaken(f"There is another permission set named {name}.", code=trouble.code)
        return arn

    def _wanted(self, content: SetContent) -> dict[str, str]:
        return {policy_arn(name, self._instance.partition): name for name in content.managed_policies}

    def _attached(self, arn: str) -> set[str]:
        call = self._clients.reads.list_managed_policies_in_permission_set
        found = self._read_all(call, PermissionSetArn=arn)
        return {each["Arn"] for page in found for each in page["AttachedManagedPolicies"]}

    def _attach(self, arn: str, policy: str, name: str) -> None:
        call = self._clients.changes.attach_managed_policy_to_permission_set
        try:
            self._change(call, PermissionSetArn=arn, ManagedPolicyArn=policy)
        except NotThere as trouble:
            self._read(self._clients.reads.describe_permission_set, PermissionSetArn=arn)
            raise Refused(f"AWS has no managed policy {name}.", code=trouble.code) from trouble

    def _sync_duration(self, arn: str, content: SetContent) -> bool:
        found = self._read(self._clients.reads.describe_permission_set, PermissionSetArn=arn)["PermissionSet"]
        if found.get("SessionDuration", "PT1H") == content.session_duration.iso:
            return False
        # What is not sent is cleared (terraform-provider-aws#17411), so all three fields go.
        kept: dict[str, Any] = {key: found[key] for key in ("Description", "RelayState") if found.get(key)}
        self._change(
            self._clients.changes.update_permission_set,
            PermissionSetArn=arn,
            SessionDuration=content.session_duration.iso,
            **kept,
        )
        return True

    def _provision_where_outdated(self, arn: str) -> None:
        call = self._clients.reads.list_accounts_for_provisioned_permission_set
        outdated = self._read_all(call, PermissionSetArn=arn, ProvisioningStatus=_NOT_LATEST)
        if any(page["AccountIds"] for page in outdated):
            self._change(
                self._clients.changes.provision_permission_set,
                PermissionSetArn=arn,
                TargetType="ALL_PROVISIONED_ACCOUNTS",
            )


def _same_policy(one: str, other: str) -> bool:
    """Compare two policies as JSON, because AWS may write one differently from how it was sent."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return one == other
