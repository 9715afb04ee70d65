"""Signed delivery to the app's request URL (docs.slack.dev, verifying requests from Slack)."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.delivery import ACK_WITHIN, Answer, Kind, Retry, takes_answer
from sandbox.slack.wire import Json

_FORM = "application/x-www-form-urlencoded"
_REFUSED = 300


def sign(secret: str, timestamp: int, body: str) -> str:
    """Give the x-slack-signature of a body: HMAC-SHA256 over `v0:timestamp:body`."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass(slots=True, kw_only=True)
class HttpDelivery:
    """Posts payloads to one request URL; `signs_at` is real time, since the app judges a signature's age by it."""

    url: str
    signing_secret: str
    ack_within: float = ACK_WITHIN
    signs_at: Callable[[], float] = time.time

    async def deliver(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Answer:
        """Post one payload; the body of a 2xx answer is the acknowledgement."""
        content_type, body = _written(kind, payload)
        headers = self._headers(content_type, body, retry)
        try:
            timeout = aiohttp.ClientTimeout(total=self.ack_within)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, data=body.encode(), headers=headers) as response,
            ):
                return _read(kind, payload, response, await response.text())
        except TimeoutError:
            return Answer(acked=False, problem="operation_timeout", reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(acked=False, problem="dispatch_failed", reason="connection_failed")

    def _headers(self, content_type: str, body: str, retry: Retry | None) -> dict[str, str]:
        timestamp = int(self.signs_at())
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (sandbox)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        return headers

    async def verify(self) -> bool:
        """Ask the URL to give a challenge back, as Slack does when it is set (docs.slack.dev, url_verification)."""
        challenge = {"type": "url_verification", "token": "sandbox-verification", "challenge": "sandbox-challenge"}
        answer = await self.deliver(Kind.EVENT, challenge)
        body = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.acked and bool(body == challenge["challenge"])


def _written(kind: Kind, payload: Json) -> tuple[str, str]:
    """Write a payload as Slack posts it: commands and interactions as forms, events as JSON."""
    match kind:
        case Kind.COMMAND:
            return _FORM, urlencode(payload)
        case Kind.INTERACTIVE:
            return _FORM, urlencode({"payload": json.dumps(payload)})
        case Kind.EVENT:
            return "application/json", json.dumps(payload)


def _read(kind: Kind, payload: Json, response: aiohttp.ClientResponse, text: str) -> Answer:
    may_retry = response.headers.get("x-slack-no-retry") != "1"
    if response.status >= _REFUSED:
        return Answer(acked=False, problem="dispatch_failed", reason="http_error", may_retry=may_retry)
    means_something = takes_answer(kind, payload) or payload.get("type") == "url_verification"
    return Answer(acked=True, body=_body(text) if means_something else None)


def _body(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
