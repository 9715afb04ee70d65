"""Keep the standard permission sets that the bot defines in step with the configuration."""

import logging

from access.permission_sets import SetContent
from aws.errors import AwsTrouble
from operations.deps import Deps

log = logging.getLogger(__name__)
MANAGED_TAG = "jit:managed"
GRANTABLE_TAG = "jit:grantable"
_DESCRIPTION = "Kept by jitbot: change it in its configuration."


def keep_standard_sets(deps: Deps) -> int:
    """Create what is missing and mend what differs; returns how many are in step. One failure stops no other."""
    kept = [each for each in deps.catalogue().standard_sets.values() if not each.existing]
    in_step = 0
    for each in kept:
        try:
            in_step += each.content is not None and bool(keep_set(deps, each.name, each.content))
        except AwsTrouble as trouble:
            log.error("the permission set %s is not in step: %s", each.name, trouble)  # noqa: TRY400 - said in words
    return in_step


def keep_set(deps: Deps, name: str, content: SetContent) -> str:
    """Bring one kept set in step and return its ARN.

    Raises `aws.errors.Refused` where AWS has a set of this name that the bot does not keep: approvers saw the content
    from the configuration, so nothing else may be granted under its name.
    """
    deps.kept_sets.note(name, content, None)
    arn = deps.identity_center.find_set(name)
    if arn is None:
        tags = {MANAGED_TAG: "true", GRANTABLE_TAG: "true"}
        arn = deps.identity_center.create_set(name, content, _DESCRIPTION, tags)
    else:
        deps.identity_center.sync_set(arn, content)
    deps.kept_sets.note(name, content, arn)
    return arn
