"""The Events API: wrapping events, and retrying those nobody took (docs.slack.dev, Events API)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.delivery import Answer, Kind, Retry, Transport
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds after which an event is retried: at once, after a minute, after five."""


@dataclass(slots=True, kw_only=True)
class _Due:
    payload: Json
    retry: Retry
    at: float


@dataclass(slots=True, kw_only=True)
class Events:
    """Events on their way; `transport` gives the way to the app as it is now.

    Retries follow the workspace's clock and happen when `tick` is called. Over sockets nothing is retried:
    Slack documents nothing there, so redelivery is a fault (`again`).
    """

    workspace: Workspace
    transport: Callable[[], Transport]
    retried_over_http: Callable[[], bool]
    last: Json | None = None
    given_up: list[Json] = field(default_factory=list)
    _due: list[_Due] = field(default_factory=list)

    async def send(self, payload: Json) -> Answer:
        """Deliver an event; over HTTP its first retry follows at once."""
        self.last = payload
        answer = await self.transport().deliver(Kind.EVENT, payload)
        self._plan(payload, answer, 1)
        await self.tick()
        return answer

    async def tick(self) -> None:
        """Deliver the retries that are due."""
        now = self.workspace.now()
        while due := next((each for each in self._due if each.at <= now), None):
            self._due.remove(due)
            answer = await self.transport().deliver(Kind.EVENT, due.payload, due.retry)
            self._plan(due.payload, answer, due.retry.number + 1)

    async def again(self, number: int = 1) -> Answer | None:
        """Deliver the last event once more, with the same event_id (a fault, C)."""
        if self.last is None:
            return None
        return await self.transport().deliver(Kind.EVENT, self.last, Retry(number=number, reason="http_timeout"))

    def _plan(self, payload: Json, answer: Answer, number: int) -> None:
        if answer.acked or not self.retried_over_http():
            return
        if not answer.may_retry or number > len(RETRY_AFTER):
            self.given_up.append(payload)
            return
        at = self.workspace.now() + RETRY_AFTER[number - 1]
        self._due.append(_Due(payload=payload, retry=Retry(number=number, reason=answer.reason), at=at))
