"""What operations need from outside, matched by structure: the checker compares them with what is wired in."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from access.people import Person, Roster, SlackId
from access.permission_sets import SetContent
from access.session import Assignment
from aws.progress import Progress

Blocks = list[dict[str, Any]]


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """Return the time now, aware and in UTC."""


class People(Protocol):
    """Looks people up in Slack; raises `slackapi.errors.LookUpFailed` where Slack does not answer."""

    def person(self, slack_id: SlackId) -> Person:
        """Describe somebody as Slack knows them now."""

    def roster(self, owners: Iterable[str], admins: Iterable[str]) -> Roster:
        """Resolve e-mail addresses and user groups to people."""

    def forget(self, slack_id: SlackId) -> None:
        """Look somebody up anew the next time."""

    def forget_group(self, group_id: str) -> None:
        """Look a user group up anew the next time."""


class DirectoryUser(Protocol):
    """One enabled user of Identity Center."""

    @property
    def id(self) -> str:
        """The id that assignments carry (PrincipalId)."""


class Directory(Protocol):
    """Looks people up in Identity Center."""

    def user_by_email(self, email: str) -> DirectoryUser:
        """Find the one enabled user with exactly this address; raises `aws.errors.NoSuchUser` in words."""

    def is_enabled(self, user_id: str) -> bool:
        """Tell whether the user is there and enabled."""

    def address_of(self, user_id: str) -> str:
        """Tell a user's e-mail address, the user name where there is none, empty where there is no such user."""


class IdentityCenter(Protocol):
    """Permission sets and assignments; raises the troubles of `aws.errors`."""

    def find_set(self, name: str) -> str | None:
        """Find the ARN of a permission set by its name."""

    def forget(self, arn: str) -> None:
        """Forget a set that AWS turned out not to have any more."""

    def create_set(self, name: str, content: SetContent, description: str, tags: Mapping[str, str]) -> str:
        """Create a permission set with its tags and content, or complete an earlier attempt; returns its ARN."""

    def sync_set(self, arn: str, content: SetContent) -> bool:
        """Bring a set the bot keeps in step with its content; tells whether anything was changed."""

    def inline_policy(self, arn: str) -> str:
        """Read a set's inline policy, empty where it has none."""

    def put_inline_policy(self, arn: str, policy: str) -> None:
        """Put a set's inline policy; accounts that have the set see it once they are provisioned."""

    def has_latest(self, arn: str, account_id: str) -> bool:
        """Tell whether an account has the set as it is now."""

    def request_provisioning(self, arn: str, account_id: str) -> str:
        """Ask that one account sees the set as it is now; returns AWS's id of the operation."""

    def provisioning_status(self, request_id: str) -> Progress:
        """Tell how far an ordered provisioning is."""

    def delete_set(self, arn: str, *, ours: bool = False) -> None:
        """Delete a set; one that is gone already is fine. `ours` tells that our own record holds it."""

    def patiently(self) -> AbstractContextManager[None]:
        """Let this thread's calls wait for everybody else's."""

    def all_sets(self) -> Mapping[str, str]:
        """Read the names of all permission sets, by ARN."""

    def name_of(self, arn: str) -> str:
        """Give the name of a set, from memory where it was seen before; empty where there is no such set."""

    def sets_in(self, account_id: str) -> frozenset[str]:
        """List the ARNs of the permission sets that an account has."""

    def users_of(self, account_id: str, set_arn: str) -> frozenset[str]:
        """List the ids of the users to whom a set is assigned in an account."""

    def tags_of(self, arn: str) -> Mapping[str, str]:
        """Read the tags of a set."""

    def is_assigned(self, sought: Assignment) -> bool:
        """Read whether AWS holds the assignment."""

    def request_assignment(self, wanted: Assignment) -> str:
        """Ask for the assignment; returns AWS's id of the operation. Accepted is not done."""

    def assignment_status(self, request_id: str) -> Progress:
        """Tell how far an ordered assignment is."""

    def request_removal(self, unwanted: Assignment) -> str | None:
        """Ask for the removal; None where there is nothing to remove."""

    def removal_status(self, request_id: str) -> Progress:
        """Tell how far an ordered removal is."""


class Aws(Protocol):
    """One instance of Identity Center with its directory."""

    @property
    def identity_center(self) -> IdentityCenter:
        """Its permission sets and assignments."""

    @property
    def directory(self) -> Directory:
        """Its users."""


class Posted(Protocol):
    """Where a message stands."""

    @property
    def channel(self) -> str:
        """The channel's id; a direct message has one of its own."""

    @property
    def ts(self) -> str:
        """The message's id in the channel."""


class Messenger(Protocol):
    """Sends to Slack; raises `slackapi.errors.SlackBusy`, `SlackRefused` and `SlackAuthLost`."""

    def post(self, channel: str, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post a message; `key` stands in its metadata."""

    def direct(self, slack_id: SlackId, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post a direct message."""

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Change a message in place."""

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        """Find a message of ours by its key, posted at or after `since`."""

    def publish_home(self, slack_id: SlackId, view: dict[str, Any], *, stands: str = "", hurry: bool = False) -> str:
        """Draw somebody's home tab over the drawing that `stands`; returns Slack's hash of the new one."""
