"""Keep the standard permission sets that the bot defines in step with the configuration."""

import logging

from access.permission_sets import StandardSet
from aws.errors import AwsTrouble
from operations.deps import Deps
from operations.permission_set import make_kept_set

log = logging.getLogger(__name__)


def keep_standard_sets(deps: Deps) -> int:
    """Create what is missing and mend what differs; returns how many were touched. One failure stops no other."""
    kept = [each for each in deps.catalogue().standard_sets.values() if not each.existing]
    return sum(_keep_one(deps, each) for each in kept)


def _keep_one(deps: Deps, wanted: StandardSet) -> bool:
    if wanted.content is None:
        return False
    try:
        arn = deps.identity_center.find_set(wanted.name)
        if arn is None:
            make_kept_set(deps, wanted.name, wanted.content)
            return True
        return deps.identity_center.sync_set(arn, wanted.content)
    except AwsTrouble as trouble:
        log.error("the permission set %s is not in step: %s", wanted.name, trouble)  # noqa: TRY400 - said in words
        return False
