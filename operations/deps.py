"""What every operation gets: wired once, in `bot.build`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from access.catalogue import Catalogue
from access.extension import ExtensionLimits
from access.people import SlackId
from operations.home_memory import HomeMemory
from operations.memory import Identities, KeptSets
from operations.ports import Aws, Clock, Directory, IdentityCenter, Messenger, People
from storage.transactions import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The configuration as operations see it; `sso_admins` are e-mail addresses and Slack user group ids."""

    admin_channel: str
    audit_channel: str
    sso_admins: tuple[str, ...]
    portal_url: str
    region: str
    identities: Mapping[SlackId, str]
    lapse_after: timedelta
    remind_after: timedelta
    escalate_after: timedelta
    announce_before: timedelta
    extension_limits: ExtensionLimits = ExtensionLimits()  # noqa: RUF009 - a frozen value
    grant_margin: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """Everything outside an operation.

    `catalogue` answers from memory; `aws` raises `aws.errors.Busy` until Identity Center was found; `wait` waits some
    seconds between two looks at a running AWS operation; `new_id` and `suffix` are random.
    """

    clock: Clock
    database: Database
    people: People
    aws: Callable[[], Aws]
    messenger: Messenger
    catalogue: Callable[[], Catalogue]
    rules: Rules
    identities: Identities = field(default_factory=Identities)
    wait: Callable[[float], None]
    new_id: Callable[[], str]
    suffix: Callable[[], str]
    kept_sets: KeptSets = field(default_factory=KeptSets)
    home_memory: HomeMemory = field(default_factory=HomeMemory)

    @property
    def identity_center(self) -> IdentityCenter:
        """Identity Center, once it was found."""
        return self.aws().identity_center

    @property
    def directory(self) -> Directory:
        """The directory of Identity Center, once it was found."""
        return self.aws().directory

    def owners_of(self, account_id: str) -> tuple[str, ...]:
        """List who owns the account, as configured; nobody where the account has vanished."""
        account = self.catalogue().accounts.get(account_id)
        return account.owners if account else ()

    def owner_channel_of(self, account_id: str) -> str:
        """Tell where the account's owners are asked; the admin channel where the account has vanished."""
        account = self.catalogue().accounts.get(account_id)
        return account.owner_channel if account else self.rules.admin_channel

    def email_of(self, slack_id: SlackId, email: str) -> str:
        """Tell under which address somebody stands in Identity Center."""
        return self.rules.identities.get(slack_id, email).lower()
