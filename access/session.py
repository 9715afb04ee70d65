"""A session: granted access, from the order to grant it to the proof that it is gone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from access.people import SlackId
from access.request import Request, RequestId

SessionId = NewType("SessionId", str)
LONGEST_SIGN_IN_HOURS = 12
"""Identity Center's longest session duration (sso-admin CreatePermissionSet, SessionDuration)."""


class SessionStatus(StrEnum):
    """Where a session stands; granting and revoking are real states, because AWS answers later."""

    GRANTING = "granting"
    ACTIVE = "active"
    REVOKING = "revoking"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FAILED = "failed"

    @property
    def live(self) -> bool:
        """Tell whether AWS may hold an assignment for it."""
        return self in {SessionStatus.GRANTING, SessionStatus.ACTIVE, SessionStatus.REVOKING}


class Ending(StrEnum):
    """Why a session ends."""

    EXPIRED = "expired"
    REVOKED = "revoked by an approver"
    ENDED_EARLY = "ended early by its holder"
    FAILED = "could not be granted"

    @property
    def final(self) -> SessionStatus:
        """The status once the assignment is proven gone."""
        return {Ending.EXPIRED: SessionStatus.EXPIRED, Ending.FAILED: SessionStatus.FAILED}.get(
            self, SessionStatus.REVOKED
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The AWS object: user x account x permission set."""

    principal_id: str
    account_id: str
    set_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Granted access; there is none without an end.

    `ends_at` is the latest possible end while granting and the exact one from the confirmed grant on. `set_name` and
    `set_arn` are the permission set in AWS as far as known; `own_set` tells that it is made for this session and
    deleted with it. `sent_at` is committed before AWS is asked to assign, so that a lost answer is recognised;
    `grant_operation` and `removal_operation` are AWS's ids of running requests. `existed_before` tells that the
    assignment is not ours and is never removed. `cut_at` is from when on the set itself denies everything, as AWS is
    known to hold it: it ends AWS sessions that are open, and needs no bot. `sign_in_hours` is how long one AWS session
    of this set can last, None where that is not known. `overdue_since` is when it was first called overdue,
    `overdue_again_at` when it is called so again. `extensions` counts how often its end was put off.
    """

    id: SessionId
    request_id: RequestId
    principal_id: str
    account_id: str
    status: SessionStatus
    ends_at: datetime
    set_name: str
    own_set: bool = False
    set_arn: str = ""
    sent_at: datetime | None = None
    grant_operation: str = ""
    removal_operation: str = ""
    existed_before: bool = False
    cut_at: datetime | None = None
    sign_in_hours: int | None = None
    granted_at: datetime | None = None
    announced_at: datetime | None = None
    ending: Ending | None = None
    ended_by: SlackId | None = None
    ended_by_name: str = ""
    end_reason: str = ""
    end_ordered_at: datetime | None = None
    ended_at: datetime | None = None
    overdue_since: datetime | None = None
    overdue_again_at: datetime | None = None
    extensions: int = 0
    trouble: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        if getattr(self.ends_at, "tzinfo", None) is None:
            raise TypeError("a session has an end, in a time zone")

    @property
    def assignment(self) -> Assignment:
        """What AWS holds for it."""
        return Assignment(principal_id=self.principal_id, account_id=self.account_id, set_arn=self.set_arn)

    @property
    def latest_end(self) -> datetime:
        """Until when at the latest an AWS session can work that was opened under it.

        It works on after the assignment is gone, up to the set's own length (IAM Identity Center User Guide, "Set
        session duration"); 12 hours is the most that there is. The hard stop cuts it.
        """
        hours = self.sign_in_hours or LONGEST_SIGN_IN_HOURS
        opened = (self.ended_at or self.ends_at) + timedelta(hours=hours)
        return min(opened, self.cut_at) if self.cut_at else opened

    @property
    def over_at(self) -> datetime:
        """When the access was to be gone: at its end, or when somebody ordered an earlier one."""
        return min(self.ends_at, self.end_ordered_at or self.ends_at)

    @property
    def marked_overdue(self) -> bool:
        """Tell whether people see it as overdue: a mark beside the status, gone once the assignment is proven gone."""
        return self.overdue_since is not None and self.status is SessionStatus.REVOKING

    def changed(self, **changes: object) -> "Session":
        """Return the session with these changes and the next version."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


class ShownStatus(StrEnum):
    """The one status that people see for a request and its session together."""

    PENDING = "Pending"
    PENDING_OWNER = "Pending Owner"
    PENDING_ADMIN = "Pending Admin"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    WITHDRAWN = "Withdrawn"
    LAPSED = "Lapsed"
    ACTIVE = "Active"
    EXPIRED = "Expired"
    REVOKED = "Revoked"
    FAILED = "Failed"


def shown_status(request: Request, session: Session | None) -> ShownStatus:
    """Tell the status that people see: `Expired` or `Revoked` only once the assignment is proven gone."""
    if session is None:
        return ShownStatus(request.status.value)
    match session.status:
        case SessionStatus.GRANTING:
            return ShownStatus.APPROVED
        case SessionStatus.ACTIVE:
            return ShownStatus.ACTIVE
        case SessionStatus.REVOKING:
            return ShownStatus.ACTIVE if session.granted_at else ShownStatus.APPROVED
        case SessionStatus.EXPIRED | SessionStatus.REVOKED | SessionStatus.FAILED:
            return ShownStatus(session.status.value.capitalize())
