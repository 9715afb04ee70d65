"""History, threads, metadata and cursors."""

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.bolt_apps import Clock
from tests.sandbox.slack.kit import Json, error

METADATA = {"event_type": "jit_post", "event_payload": {"key": "k1"}}


@pytest.fixture
def said(client: WebClient, clock: Clock) -> list[str]:
    """Post three messages, a minute between them, and give their ts."""
    stamps = []
    for number in range(3):
        stamps.append(client.chat_postMessage(channel="C0OWNERS", text=f"m{number}")["ts"])
        clock.pass_(60)
    return stamps


def _texts(client: WebClient, **arguments: str | int | bool) -> list[str]:
    answer = client.conversations_history(channel="C0OWNERS", **arguments)  # type: ignore[arg-type]
    return [each["text"] for each in answer["messages"]]


def test_history_is_newest_first(client: WebClient, said: list[str]) -> None:
    assert len(said) == 3
    assert _texts(client) == ["m2", "m1", "m0"]


def test_oldest_and_latest_are_exclusive_unless_inclusive(client: WebClient, said: list[str]) -> None:
    assert _texts(client, oldest=said[0], latest=said[2]) == ["m1"]
    assert _texts(client, oldest=said[0], latest=said[2], inclusive=True) == ["m2", "m1", "m0"]


def test_a_cursor_leads_through_the_pages(client: WebClient, said: list[str]) -> None:
    first = client.conversations_history(channel="C0OWNERS", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel="C0OWNERS", limit=2, cursor=cursor)

    assert first["has_more"] is True
    assert [each["ts"] for each in [*first["messages"], *second["messages"]]] == said[::-1]
    assert second["has_more"] is False
    assert error(client.conversations_history, channel="C0OWNERS", cursor="nonsense") == "invalid_cursor"


def test_a_page_has_at_most_999_messages(client: WebClient) -> None:
    assert client.conversations_history(channel="C0OWNERS", limit=999)["ok"]
    assert error(client.conversations_history, channel="C0OWNERS", limit=1000) == "invalid_limit"


def test_metadata_is_told_only_when_asked_for(client: WebClient) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="t", metadata=METADATA)

    assert "metadata" not in client.conversations_history(channel="C0OWNERS")["messages"][0]
    asked = client.conversations_history(channel="C0OWNERS", include_all_metadata=True)
    assert asked["messages"][0]["metadata"] == METADATA


def test_metadata_has_a_form_and_a_size(client: WebClient) -> None:
    too_large = {"event_type": "t", "event_payload": {"key": "x" * 16_384}}

    assert error(client.chat_postMessage, channel="C0OWNERS", text="t", metadata=too_large) == "metadata_too_large"
    nameless: Json = {"event_payload": {}}
    assert error(client.chat_postMessage, channel="C0OWNERS", text="t", metadata=nameless) == "invalid_metadata_format"


def test_replies_stand_in_the_thread_and_not_in_the_history(client: WebClient, said: list[str], ada: Person) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="reply", thread_ts=said[0])

    thread = client.conversations_replies(channel="C0OWNERS", ts=said[0])
    assert [each["text"] for each in thread["messages"]] == ["m0", "reply"]
    assert "reply" not in _texts(client)
    assert ada.channel("#owners")[-1].thread == said[0]


def test_a_reply_needs_its_thread(client: WebClient) -> None:
    assert error(client.chat_postMessage, channel="C0OWNERS", text="t", thread_ts="1.000001") == "thread_not_found"


def test_history_is_for_channels_the_bot_is_in(client: WebClient) -> None:
    assert error(client.conversations_history, channel="C0ELSE") == "not_in_channel"
    assert error(client.conversations_history, channel="C0CLOSED") == "channel_not_found"


def test_direct_messages_need_their_own_history_scope(sandbox: SlackSandbox, client: WebClient, ada: Person) -> None:
    channel = client.chat_postMessage(channel=ada.profile.id, text="t")["channel"]

    assert "im:history" not in sandbox.app.manifest.scopes
    assert error(client.conversations_history, channel=channel) == "missing_scope"
