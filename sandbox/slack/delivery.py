"""What delivering a payload means, however it travels."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sandbox.slack.wire import Json

ACK_WITHIN = 3.0
"""Real seconds an app has to acknowledge (docs.slack.dev, handling user interaction)."""


class Kind(StrEnum):
    """The three kinds of envelope."""

    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a payload: acknowledged with a body, or not and why, in Slack's words."""

    acked: bool
    body: Any = None
    problem: str = ""
    reason: str = ""
    may_retry: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Which retry of an event this is, and why, as Slack's headers tell."""

    number: int
    reason: str


class Transport(Protocol):
    """A way to the app."""

    async def deliver(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Answer:
        """Carry one payload to the app and wait for its acknowledgement."""


def takes_answer(kind: Kind, payload: Json) -> bool:
    """Tell whether a body in the acknowledgement means something (C for interactive payloads)."""
    return kind is Kind.COMMAND or payload.get("type") in {"view_submission", "block_suggestion"}
