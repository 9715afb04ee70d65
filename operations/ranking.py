"""Which removals go first where many are due: those of the sets that reach furthest."""

from access.permission_sets import FAR_REACHING, SetContent
from access.request import Request
from aws.policy_badges import ADMIN, badges
from operations.deps import Deps


def reaches_far(deps: Deps, request: Request) -> bool:
    """Tell whether what was asked for comes near to everything: by a managed policy, an inline policy or its name.

    Of a standard set that somebody else keeps only the name is known; AWS's predefined sets are named as the policy
    that they give (IAM Identity Center User Guide, "Predefined permissions").
    """
    asked = request.permission_set
    content = asked.content or _kept_content(deps, asked.name)
    if content is None:
        return asked.name in FAR_REACHING
    return bool(FAR_REACHING.intersection(content.managed_policies)) or _allows_all(content)


def _kept_content(deps: Deps, name: str) -> SetContent | None:
    known = deps.catalogue().standard_sets.get(name)
    return known.content if known else None


def _allows_all(content: SetContent) -> bool:
    return bool(content.inline_policy) and ADMIN in badges(content.inline_policy)
