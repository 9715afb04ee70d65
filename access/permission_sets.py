"""Permission sets: the standard ones administrators define and the custom ones requesters define."""

import re
from dataclasses import dataclass
from enum import StrEnum

from access.durations import SessionDuration

PREFIX = "JIT-"
SUFFIX_LENGTH = 4
LONGEST_IN_AWS = 32
"""Identity Center's limit on a set's name (sso-admin CreatePermissionSet, Name)."""
LONGEST_CUSTOM_NAME = LONGEST_IN_AWS - len(PREFIX) - SUFFIX_LENGTH - 1
MOST_MANAGED_POLICIES = 10
"""IAM's default limit of managed policies on one role."""

SET_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
"""The characters that Identity Center takes in a set's name (sso-admin CreatePermissionSet, Name)."""


GRANTS_ITSELF = frozenset(
    {
        "AWSOrganizationsFullAccess",
        "AWSSSODirectoryAdministrator",
        "AWSSSOMasterAccountAdministrator",
        "AWSSSOMemberAccountAdministrator",
    }
)
"""Managed policies made for changing who has access: never part of a custom set."""
FAR_REACHING = frozenset(
    {"AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "job-function/SystemAdministrator"}
)
"""Managed policies whose reach approvers are told in words."""


class SetKind(StrEnum):
    """Who defined the permission set: administrators beforehand, or the requester in the request."""

    STANDARD = "Standard"
    CUSTOM = "Custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContent:
    """What a permission set gives.

    `managed_policies` are names of AWS managed policies with their path where they have one, such as
    `ReadOnlyAccess` or `job-function/ViewOnlyAccess`; `inline_policy` is canonical JSON, or empty.
    """

    session_duration: SessionDuration = SessionDuration.HOUR_1
    managed_policies: tuple[str, ...] = ()
    inline_policy: str = ""


class HardStop(StrEnum):
    """How AWS sessions that are open end with a session on a standard set."""

    NONE = "none"
    CLONE = "clone"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardSet:
    """A set that administrators defined: kept by the bot with this content, or found in AWS by its name.

    With `HardStop.CLONE` each session gets a copy of its own, which denies everything from the session's end on; with
    `NONE` an AWS session that is open may outlive the end by its own length.
    """

    name: str
    content: SetContent | None = None
    hard_stop: HardStop = HardStop.NONE

    @property
    def existing(self) -> bool:
        """Tell whether somebody else keeps it in AWS and the bot only finds it."""
        return self.content is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedSet:
    """The permission set of one request; `content` is there for custom sets only."""

    kind: SetKind
    name: str
    content: SetContent | None = None

    @property
    def shown_name(self) -> str:
        """Its name as people see it: custom sets carry the `JIT-` prefix."""
        return f"{PREFIX}{self.name}" if self.kind is SetKind.CUSTOM else self.name


def without_prefix(name: str) -> str:
    """Take off white space and a `JIT-` that somebody typed: the bot adds it by itself."""
    bare = name.strip()
    return bare[len(PREFIX) :] if bare.upper().startswith(PREFIX) else bare


def custom_name_problem(name: str) -> str | None:
    """Say what is wrong with a custom set's name (without prefix), or None.

    Characters and length are Identity Center's (CreatePermissionSet, Name), less the prefix and the suffix that the
    bot adds.
    """
    if not name:
        return "Give the permission set a name."
    if len(name) > LONGEST_CUSTOM_NAME:
        return f"Use at most {LONGEST_CUSTOM_NAME} characters; this has {len(name)}."
    if not SET_NAME.fullmatch(name):
        return "Use only letters (A-Z), digits and + = , . @ _ - and no spaces."
    return None


def name_in_aws(name: str, suffix: str) -> str:
    """Make the name a custom set gets in AWS: `JIT-<name>-<suffix>`, at most 32 characters."""
    return f"{PREFIX}{name}-{suffix}"
