"""What the page may do to the world around Slack; whoever runs the bot hands it in, for the page imports no bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.aws.server import AwsSandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One entry of the bot's audit log, as a person reads it."""

    seq: int
    at: datetime
    kind: str
    actor: str
    request: str
    details: Mapping[str, str]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditShown:
    """The audit log's newest lines and what verifying the whole chain found; `problem` is empty where it is whole."""

    lines: tuple[AuditLine, ...]
    entries: int
    problem: str


class Clock(Protocol):
    """The clock everything in this world follows."""

    def now(self) -> datetime:
        """Tell the time, aware."""

    def moves(self, by: timedelta) -> None:
        """Move time forward, and let the bot see what has become due."""

    def next_end(self) -> datetime | None:
        """Tell when the next session ends; None where none runs."""


class Bot(Protocol):
    """The bot behind the page."""

    @property
    def running(self) -> bool:
        """Whether it runs."""

    def kill(self) -> None:
        """Stop it."""

    def start(self) -> None:
        """Start it again."""


class Audit(Protocol):
    """The bot's audit log."""

    def read(self) -> AuditShown:
        """Read and verify it; raises OSError or a LookupError's kin where it cannot be read just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Everything beside Slack that the page shows and moves; what is None has no pane.

    `roles` says of people, by name, what they are in this company.
    """

    aws: AwsSandbox | None = None
    audit: Audit | None = None
    clock: Clock | None = None
    bot: Bot | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
