"""Whatever Slack answers, or does not, is sorted by what can be done about it."""

import http.client
import socket
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError

from slackapi.clients import Clients, make_clients
from slackapi.errors import SlackAuthLost, SlackBusy, SlackRefused, SlackTrouble, classify
from tests.slackapi.fake import Answer, FakeSlack, Script


def trouble(slack: FakeSlack, clients: Clients, script: Script) -> SlackTrouble:
    """Post while Slack answers so, and sort what comes of it."""
    slack.answer("chat.postMessage", script)
    with pytest.raises(SlackApiError) as caught:
        clients.posting.chat_postMessage(channel="C1", text="x")
    return classify(caught.value)


def no(code: str, status: int = 200, **more: object) -> Answer:
    """Slack's way to say no."""
    return Answer({"ok": False, "error": code, **more}, status, {"Retry-After": "40"} if status == 429 else {})


@pytest.mark.parametrize(
    ("answer", "unknown", "retry_after"),
    [
        (no("ratelimited", 429), False, 40.0),
        (no("rate_limited"), False, None),
        (no("team_added_to_org"), False, None),
        (no("fatal_error"), True, None),
        (no("internal_error"), True, None),
        (no("whatever", 503), True, None),
        (Answer("<html>bad gateway</html>", 502), True, None),
        (Answer("<html>hello</html>"), True, None),
        (Answer("[]"), True, None),
        (Answer(""), True, None),
    ],
)
def test_what_may_be_tried_again(
    slack: FakeSlack,
    clients: Clients,
    answer: Answer,
    unknown: object,
    retry_after: float | None,
) -> None:
    """Slack is busy, and it is told whether the post may have been carried out."""
    found = trouble(slack, clients, answer)
    assert isinstance(found, SlackBusy)
    assert (found.unknown, found.retry_after) == (unknown, retry_after)


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (TimeoutError("timed out"), True),
        (ConnectionResetError(), True),
        (http.client.RemoteDisconnected("closed"), True),
        (http.client.IncompleteRead(b""), True),
        (URLError(TimeoutError("timed out")), True),
        (URLError(ConnectionRefusedError(111, "refused")), False),
        (URLError(socket.gaierror(-2, "unknown name")), False),
    ],
)
def test_a_connection_that_fails(error: Exception, unknown: object) -> None:
    """Only a connection that never came about is surely not carried out."""
    found = classify(error)
    assert isinstance(found, SlackBusy)
    assert found.unknown is unknown


def test_nobody_listening_is_surely_not_carried_out() -> None:
    """The real error of a refused connection is recognised."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(URLError) as caught:
        make_clients("xoxb-test", f"http://127.0.0.1:{port}/api").posting.chat_postMessage(channel="C1", text="x")
    found = classify(caught.value)
    assert isinstance(found, SlackBusy)
    assert not found.unknown


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("not_in_channel", "/invite @jitbot"),
        ("channel_not_found", "/invite @jitbot"),
        ("is_archived", "unarchive"),
        ("restricted_action_read_only_channel", "administrator"),
        ("msg_too_long", "fault in jitbot"),
        ("something_new", "something_new"),
    ],
)
def test_a_refusal_says_what_mends_it(slack: FakeSlack, clients: Clients, code: str, mend: str) -> None:
    """A refusal is for good, keeps Slack's code and names the mend."""
    found = trouble(slack, clients, no(code))
    assert isinstance(found, SlackRefused)
    assert found.code == code
    assert mend in found.words


def test_a_missing_scope_is_named(slack: FakeSlack, clients: Clients) -> None:
    """The words name the scope that Slack wants."""
    assert "im:write" in trouble(slack, clients, no("missing_scope", needed="im:write", provided="chat:write")).words


def test_where_blocks_are_wrong_is_told(slack: FakeSlack, clients: Clients) -> None:
    """Slack's pointer into the blocks reaches the log."""
    messages = ["[ERROR] no more than 25 items allowed [json-pointer:/blocks/1/elements]"]
    found = trouble(slack, clients, no("invalid_blocks", response_metadata={"messages": messages}))
    assert "/blocks/1/elements" in found.words


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "not_allowed_token_type"])
def test_a_lost_token_is_told_apart(slack: FakeSlack, clients: Clients, code: str) -> None:
    """No call can succeed until somebody installs the app anew."""
    assert isinstance(trouble(slack, clients, no(code)), SlackAuthLost)


def test_what_is_sorted_already_stays() -> None:
    """Sorting twice changes nothing."""
    error = SlackBusy("later")
    assert classify(error) is error
