"""Faults on demand: each does to the real client what Slack or the network would."""

import contextlib
import http.client
import time
import urllib.error
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.faults import DroppedCall, Fault, Hang, HtmlPage, LostAnswer, RateLimited, Refuse, ServerError
from tests.sandbox.slack.kit import actions, button, error

POST: dict[str, Any] = {"channel": "C0OWNERS", "text": "hi"}
CUT = (urllib.error.URLError, http.client.HTTPException, ConnectionError)


def _posted(ada: Person) -> int:
    return len(ada.channel("#owners"))


def test_a_rate_limit_says_when_to_come_back_and_posts_nothing(
    sandbox: SlackSandbox, client: WebClient, ada: Person
) -> None:
    sandbox.faults.on("chat.postMessage", RateLimited(retry_after=7))

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(**POST)

    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert _posted(ada) == 0
    assert client.chat_postMessage(**POST)["ok"]


@pytest.mark.parametrize(("after", "posted"), [(False, 0), (True, 1)])
def test_a_server_error_may_come_before_or_after_the_effect(
    sandbox: SlackSandbox, client: WebClient, ada: Person, *, after: bool, posted: int
) -> None:
    sandbox.faults.on("chat.postMessage", ServerError(after=after))

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(**POST)

    assert caught.value.response.status_code == 500
    assert _posted(ada) == posted


@pytest.mark.parametrize(("fault", "posted"), [(DroppedCall(), 0), (LostAnswer(), 1)])
def test_a_connection_may_drop_before_or_after_the_effect(
    sandbox: SlackSandbox, client: WebClient, ada: Person, fault: DroppedCall | LostAnswer, posted: int
) -> None:
    sandbox.faults.on("chat.postMessage", fault)

    with pytest.raises(CUT):
        client.chat_postMessage(**POST)

    assert _posted(ada) == posted


def test_a_retried_lost_answer_posts_twice(sandbox: SlackSandbox, ada: Person) -> None:
    """The trap of slack_sdk's default retry handler: the first post did happen."""
    handlers: list[RetryHandler] = [ConnectionErrorRetryHandler(max_retry_count=1)]
    client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=handlers)
    sandbox.faults.on("chat.postMessage", LostAnswer())

    client.chat_postMessage(**POST)

    assert _posted(ada) == 2


def test_a_hanging_call_outlasts_a_clients_patience(sandbox: SlackSandbox, ada: Person) -> None:
    client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    sandbox.faults.on("chat.postMessage", Hang(seconds=30))

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        client.chat_postMessage(**POST)

    assert time.monotonic() - started < 5
    assert _posted(ada) == 1


def test_a_web_page_may_come_where_json_is_due(sandbox: SlackSandbox, client: WebClient, ada: Person) -> None:
    sandbox.faults.on("chat.postMessage", HtmlPage(status=503))

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(**POST)

    assert caught.value.response.status_code == 503
    assert _posted(ada) == 0


@pytest.mark.parametrize(("after", "posted"), [(False, 0), (True, 1)])
def test_a_fatal_error_may_hide_an_effect(
    sandbox: SlackSandbox, client: WebClient, ada: Person, *, after: bool, posted: int
) -> None:
    sandbox.faults.on("chat.postMessage", Refuse(code="fatal_error", after=after))

    assert error(client.chat_postMessage, **POST) == "fatal_error"
    assert _posted(ada) == posted


def test_faults_strike_one_call_each_in_their_order(sandbox: SlackSandbox, client: WebClient) -> None:
    sandbox.faults.on("chat.postMessage", Refuse(code="internal_error"), Refuse(code="team_access_not_granted"))

    assert error(client.chat_postMessage, **POST) == "internal_error"
    assert client.auth_test()["ok"]
    assert error(client.chat_postMessage, **POST) == "team_access_not_granted"
    assert client.chat_postMessage(**POST)["ok"]


def test_cleared_faults_strike_no_more(sandbox: SlackSandbox, client: WebClient) -> None:
    sandbox.faults.on("chat.postMessage", Refuse(code="internal_error"))
    sandbox.faults.edit_window_closed = True
    sandbox.faults.clear()

    ts = client.chat_postMessage(**POST)["ts"]
    assert client.chat_update(channel="C0OWNERS", ts=ts, text="ho")["ok"]


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (RateLimited(), []),
        (ServerError(), []),
        (DroppedCall(), []),
        (LostAnswer(), ["late"]),
    ],
)
def test_a_response_url_meets_the_same_faults(
    sandbox: SlackSandbox, client: WebClient, ada: Person, fault: Fault, shown: list[str]
) -> None:
    client.chat_postMessage(channel="C0SECRET", text="t", blocks=[actions(button())])
    url = ada.channel("#secret")[0].press_payload("Approve")["response_url"]
    sandbox.faults.on("response_url", fault)

    with contextlib.suppress(*CUT):
        assert WebhookClient(url, retry_handlers=[]).send(text="late").status_code >= 400

    assert [each.text for each in ada.channel("#secret")[1:]] == shown
