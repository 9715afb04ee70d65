"""One call of a Web API method: what it was given, what it stands on, and how it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sandbox.slack.app import InstalledApp
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace


class ApiError(Exception):
    """Slack says no: an `ok: false` with this error code, and whatever else the error carries."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra: Json = dict(extra)

    @property
    def why(self) -> tuple[str, ...]:
        """Slack's own words about it, with the place of the mistake where there is one."""
        return tuple(self.extra.get("response_metadata", {}).get("messages", ()))

    @property
    def told(self) -> str:
        """The code, and Slack's own words behind it."""
        return ": ".join([self.code, *self.why[:1]])


class TooManyCallsError(ApiError):
    """Slack says not now: a 429 with Retry-After in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class TokenKind(StrEnum):
    """Which token a method takes."""

    BOT = "xoxb-"
    APP = "xapp-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a method is given; `origin` is the server's own `http://host:port`."""

    workspace: Workspace
    app: InstalledApp
    args: Json
    origin: str = ""

    def text(self, key: str) -> str:
        """Read an argument as text, empty where it is absent."""
        value = self.args.get(key)
        return "" if value is None else str(value)

    def flag(self, key: str) -> bool:
        """Read an argument as yes or no, however it was written."""
        return self.text(key).lower() in {"true", "1"}

    def number(self, key: str, usual: int) -> int:
        """Read an argument as a whole number."""
        written = self.text(key)
        if written and not written.isdigit():
            raise ApiError("invalid_arguments")
        return int(written or usual)

    def need(self, key: str, code: str = "invalid_arguments") -> str:
        """Read an argument that must be there."""
        value = self.text(key)
        if not value:
            raise ApiError(code, response_metadata={"messages": [f"[ERROR] missing required field: {key}"]})
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a method is run and who may call it; tier None stands for Slack's special ones.

    `scopes` are alternatives: any one of them is enough.
    """

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    tier: int | None = None
    token: TokenKind = TokenKind.BOT
