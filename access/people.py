"""People as the rules see them: who somebody is in Slack, and what they are to one account."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SlackId = NewType("SlackId", str)


class Membership(StrEnum):
    """What somebody is to the workspace; only full members may ask or decide."""

    FULL = "full member"
    GUEST = "guest"
    DEACTIVATED = "deactivated"
    FOREIGN = "member of another workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in Slack, as Slack describes them now; `email` is lower case, and empty where Slack shows none."""

    slack_id: SlackId
    name: str
    email: str
    membership: Membership = Membership.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who owns one account and who runs Identity Center, looked up now; membership of a channel counts for nothing."""

    owners: frozenset[SlackId]
    admins: frozenset[SlackId]

    def owner_besides(self, requester: SlackId) -> bool:
        """Tell whether the account has an owner other than the requester."""
        return bool(self.owners - {requester})
