"""The door of the Web API: tokens, scopes, unknown methods, and both ways to write arguments."""

import json
import urllib.request

import pytest
from slack_sdk import WebClient

from sandbox.slack import SlackSandbox, Workspace
from tests.sandbox.slack.kit import error, refusal, section


def _client(sandbox: SlackSandbox, token: str | None) -> WebClient:
    return WebClient(token=token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.mark.parametrize(
    ("token", "code"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_a_missing_unknown_or_wrong_kind_of_token_is_refused(
    sandbox: SlackSandbox, token: str | None, code: str
) -> None:
    assert error(_client(sandbox, token).auth_test) == code


def test_a_socket_is_opened_with_the_app_token_only(client: WebClient) -> None:
    assert error(client.apps_connections_open, app_token="xoxb-sandbox") == "not_allowed_token_type"
    assert client.apps_connections_open(app_token="xapp-sandbox")["url"].startswith("ws://127.0.0.1:")


def test_auth_test_names_the_bot_and_its_scopes(client: WebClient) -> None:
    answer = client.auth_test()

    assert answer["user_id"] == "U0JITBOT"
    assert answer["team_id"] == "T0SANDBOX"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_a_scope_that_is_not_in_the_manifest_is_missing(workspace: Workspace) -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["users:read"]}}}
    with SlackSandbox(workspace, manifest=manifest) as sandbox:
        answer = refusal(_client(sandbox, "xoxb-sandbox").chat_postMessage, channel="C0OWNERS", text="hi")

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "chat:write"
    assert answer["provided"] == "users:read"


def test_an_email_is_told_only_with_its_scope(workspace: Workspace) -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["users:read"]}}}
    with SlackSandbox(workspace, manifest=manifest) as sandbox:
        profile = _client(sandbox, "xoxb-sandbox").users_info(user="W0GRACE")["user"]["profile"]

    assert "email" not in profile


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    answer = refusal(client.api_call, api_method="chat.shout")

    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


def test_blocks_may_come_as_json_inside_a_form(client: WebClient) -> None:
    blocks = json.dumps([section("as a form")])

    posted = client.api_call("chat.postMessage", data={"channel": "C0OWNERS", "text": "t", "blocks": blocks})

    assert posted["message"]["blocks"][0]["text"]["text"] == "as a form"


def test_blocks_that_are_no_json_are_an_invalid_format(client: WebClient) -> None:
    call = {"channel": "C0OWNERS", "text": "t", "blocks": "[{"}

    assert error(client.api_call, api_method="chat.postMessage", data=call) == "invalid_blocks_format"


def test_the_token_may_come_as_an_argument(sandbox: SlackSandbox) -> None:
    with urllib.request.urlopen(f"{sandbox.api_url}auth.test?token=xoxb-sandbox") as answer:  # noqa: S310 - loopback
        assert json.load(answer)["ok"] is True
