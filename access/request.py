"""A request: who asks for which target, for how long and why, and what was decided of it."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from access.durations import AccessDuration
from access.people import SlackId
from access.permission_sets import RequestedSet, SetKind

RequestId = NewType("RequestId", str)
"""Opaque: what a button carries. People say `REQ-1042`."""
SHORTEST_JUSTIFICATION = 10
LONGEST_JUSTIFICATION = 1000


def cleaned(words: str) -> str:
    """Trim what somebody wrote, take out NUL (PostgreSQL cannot store it), and let nothing visible be nothing."""
    bare = words.replace("\x00", "").strip()
    return bare if visible(bare) else ""


def visible(words: str) -> str:
    """Leave out what shows as nothing: zero-width and direction marks (Unicode category Cf)."""
    return "".join(each for each in words if unicodedata.category(each) != "Cf").strip()


class RequestStatus(StrEnum):
    """Where a request stands until a session exists; the words are those that people see."""

    PENDING = "Pending"
    PENDING_OWNER = "Pending Owner"
    PENDING_ADMIN = "Pending Admin"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    WITHDRAWN = "Withdrawn"
    LAPSED = "Lapsed"

    @property
    def undecided(self) -> bool:
        """Tell whether somebody still has to decide."""
        return self in {RequestStatus.PENDING, RequestStatus.PENDING_OWNER, RequestStatus.PENDING_ADMIN}


class Level(StrEnum):
    """At which of the levels a decision was made, and in which role."""

    ANY = "owner or SSO admin"
    OWNER = "owner"
    ADMIN = "SSO admin"


class Verdict(StrEnum):
    """What an approver said."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one approver decided, in which role, when and why.

    `role` is what the approver was when deciding; `stand_in` tells that an SSO admin decided for a missing owner.
    """

    level: Level
    verdict: Verdict
    by: SlackId
    by_name: str
    role: Level
    at: datetime
    by_email: str = ""
    reason: str = ""
    stand_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks, matched to exactly one enabled user of Identity Center (`principal_id`)."""

    slack_id: SlackId
    name: str
    email: str
    principal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks for; `version` counts its changes and guards them (compare-and-set).

    `extends` is the number of the request whose session is to go on for `duration` more; an extension has no session
    of its own.
    """

    id: RequestId
    number: int
    requester: Requester
    account_id: str
    account_name: str
    permission_set: RequestedSet
    duration: AccessDuration
    justification: str
    requested_at: datetime
    lapses_at: datetime
    status: RequestStatus
    decisions: tuple[Decision, ...] = ()
    closed_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    extends: int | None = None
    version: int = 1

    @property
    def label(self) -> str:
        """Its number as people say it, such as `REQ-1042`."""
        return f"REQ-{self.number}"

    @property
    def extends_label(self) -> str:
        """The number of the request that it extends, as people say it; empty where it asks for new access."""
        return f"REQ-{self.extends}" if self.extends is not None else ""

    @property
    def custom(self) -> bool:
        """Tell whether the requester defined the permission set, which takes two levels."""
        return self.permission_set.kind is SetKind.CUSTOM

    def changed(self, **changes: object) -> "Request":
        """Return the request with these changes and the next version."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]
