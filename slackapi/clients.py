"""One Slack client per role: what may be retried, and how long anybody waits, differs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.http_retry import (
    ConnectionErrorRetryHandler,
    HttpRequest,
    HttpResponse,
    RateLimitErrorRetryHandler,
    RetryHandler,
    RetryState,
)
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.web import WebClient

from slackapi.standing import NotingClient, Standing

SLACK_API = "https://slack.com/api/"
INTERACTIVE_TIMEOUT = 2
"""Seconds; a trigger id lives for three (https://docs.slack.dev/interactivity/handling-user-interaction)."""
PATIENT_TIMEOUT = 10
LONGEST_WAIT = 3
"""Seconds that a call waits by itself when Slack asks to slow down; beyond, the caller decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """The three clients: for forms, for looking up, for posting."""

    interactive: WebClient
    reading: WebClient
    posting: WebClient


class ShortRateLimit(RateLimitErrorRetryHandler):
    """Waits out a rate limit of a few seconds; a longer one is raised, because a lease runs meanwhile."""

    def __init__(self, max_retry_count: int = 1, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(max_retry_count)
        self._sleep = sleep

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        return limited and _asked_wait(response) <= LONGEST_WAIT

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002 - the library's signature
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002 - the library's signature
    ) -> None:
        """Wait as long as Slack asks, then let the client try again."""
        self._sleep(_asked_wait(response))
        state.next_attempt_requested = True
        state.increment_current_attempt()


def make_clients(token: str, base_url: str = SLACK_API) -> Clients:
    """Build the clients for one bot token; `base_url` with or without a slash at its end.

    slack_sdk's own default would send a post twice when its answer is lost, so each role lists its retry handlers.
    """
    standing = Standing()

    def client(timeout: int, handlers: list[RetryHandler]) -> WebClient:
        url = normal_base_url(base_url)
        return NotingClient(standing, token=token, base_url=url, timeout=timeout, retry_handlers=handlers)

    return Clients(
        interactive=client(INTERACTIVE_TIMEOUT, []),
        reading=client(
            PATIENT_TIMEOUT,
            [ConnectionErrorRetryHandler(max_retry_count=1), ShortRateLimit(2), ServerErrorRetryHandler(1)],
        ),
        posting=client(PATIENT_TIMEOUT, [ShortRateLimit(1)]),
    )


def normal_base_url(base_url: str) -> str:
    """Return the API base with exactly one slash at its end, as slack_sdk joins method names to it."""
    return base_url.strip().rstrip("/") + "/"


def _asked_wait(response: HttpResponse | None) -> float:
    for name, values in (response.headers if response else {}).items():
        if name.lower() == "retry-after" and values and str(values[0]).isdigit():
            return float(values[0])
    return 1.0
