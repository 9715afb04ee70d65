"""Posting and updating: where, how long, by whom, and what the refusals look like."""

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox, Workspace
from tests.sandbox.slack.kit import Json, actions, button, error, refusal, section


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0ELSE", "not_in_channel"),
        ("C0CLOSED", "channel_not_found"),
        ("", "channel_not_found"),
    ],
)
def test_the_bot_posts_only_where_it_is(client: WebClient, channel: str, code: str) -> None:
    """A private channel without the bot does not even exist for it."""
    assert error(client.chat_postMessage, channel=channel, text="hi") == code


def test_with_the_public_scope_the_bot_posts_in_public_channels_it_has_not_joined(workspace: Workspace) -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public"]}}}
    with SlackSandbox(workspace, manifest=manifest) as sandbox:
        client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])

        assert client.chat_postMessage(channel="C0ELSE", text="hi")["ok"]
        assert error(client.chat_postMessage, channel="C0CLOSED", text="hi") == "channel_not_found"


def test_an_archived_channel_takes_no_post_and_no_update(workspace: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="hi")["ts"]
    workspace.archive(workspace.channels.by_id["C0OWNERS"])

    assert error(client.chat_postMessage, channel="C0OWNERS", text="hi") == "is_archived"
    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="ho") == "is_inactive"


def test_a_post_to_a_person_goes_to_their_direct_messages(client: WebClient, ada: Person) -> None:
    posted = client.chat_postMessage(channel=ada.profile.id, text="hello")

    assert posted["channel"].startswith("D")
    assert client.conversations_open(users=ada.profile.id)["channel"]["id"] == posted["channel"]
    assert [each.text for each in ada.dm()] == ["hello"]


def test_direct_messages_can_be_switched_off(workspace: Workspace, ada: Person) -> None:
    manifest: Json = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}, "features": {"app_home": {}}}
    with SlackSandbox(workspace, manifest=manifest) as sandbox:
        client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])

        assert error(client.chat_postMessage, channel=ada.profile.id, text="hi") == "messages_tab_disabled"


def test_a_deactivated_person_gets_no_direct_message(client: WebClient, ada: Person) -> None:
    ada.workspace.change_person(ada.profile, deleted=True)

    assert error(client.conversations_open, users=ada.profile.id) == "user_disabled"


@pytest.mark.parametrize("text", ["", "   "])
def test_a_message_without_anything_is_refused(client: WebClient, text: str) -> None:
    """Asked past slack_sdk's own warning about a missing text."""
    call = {"channel": "C0OWNERS", "text": text}

    assert error(client.api_call, api_method="chat.postMessage", json=call) == "no_text"


def test_broken_blocks_are_told_with_pointers_as_slack_tells_them(client: WebClient) -> None:
    blocks = [section("fine"), actions(*(button(action_id=str(number)) for number in range(26)))]

    answer = refusal(client.chat_postMessage, channel="C0OWNERS", text="t", blocks=blocks)

    line = "no more than 25 items allowed [json-pointer:/blocks/1/elements]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [line],
        "response_metadata": {"messages": [f"[ERROR] {line}"]},
    }


def test_all_blocks_together_have_a_longest_text(client: WebClient) -> None:
    blocks = [section("x" * 2500) for _ in range(4)]
    assert client.chat_postMessage(channel="C0OWNERS", text="t", blocks=blocks)["ok"]

    blocks.append(section("y"))
    assert error(client.chat_postMessage, channel="C0OWNERS", text="t", blocks=blocks) == "msg_blocks_too_long"


def test_a_long_text_is_split_into_several_messages(client: WebClient, ada: Person) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="x" * 4001)

    assert [len(each.text) for each in ada.channel("#owners")] == [4000, 1]


def test_a_text_is_cut_at_forty_thousand_characters(client: WebClient, ada: Person) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="x" * 40_001)

    assert [len(each.text) for each in ada.channel("#owners")] == [4000] * 10


def test_an_update_longer_than_four_thousand_characters_is_refused(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="hi")["ts"]

    assert client.chat_update(channel="C0OWNERS", ts=ts, text="x" * 4000)["ok"]
    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="x" * 4001) == "msg_too_long"


def test_an_update_with_text_alone_takes_the_blocks_away(client: WebClient, ada: Person) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])["ts"]

    client.chat_update(channel="C0OWNERS", ts=ts, text="done")

    assert [(each.text, each.buttons()) for each in ada.channel("#owners")] == [("done", [])]


def test_metadata_stays_where_an_update_leaves_it_out(client: WebClient) -> None:
    metadata = {"event_type": "jit_post", "event_payload": {"key": "k1"}}
    ts = client.chat_postMessage(channel="C0OWNERS", text="t", metadata=metadata)["ts"]

    client.chat_update(channel="C0OWNERS", ts=ts, text="u")

    history = client.conversations_history(channel="C0OWNERS", include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata


def test_only_the_poster_updates_a_message(client: WebClient, ada: Person) -> None:
    ada.types("my own words", channel="#owners")
    ts = ada.channel("#owners")[0].ts

    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="mine now") == "cant_update_message"
    assert error(client.chat_update, channel="C0OWNERS", ts="1.000001", text="x") == "message_not_found"


def test_an_edit_window_can_close(sandbox: SlackSandbox, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="hi")["ts"]
    sandbox.faults.edit_window_closed = True

    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="ho") == "edit_window_closed"


def test_a_deleted_message_is_gone(client: WebClient, ada: Person) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="hi")["ts"]
    client.chat_delete(channel="C0OWNERS", ts=ts)

    assert ada.channel("#owners") == []
    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="x") == "message_not_found"


def test_an_ephemeral_message_is_for_one_present_person_and_gone_on_reload(
    client: WebClient, ada: Person, grace: Person, mallory: Person
) -> None:
    """It is not in history, cannot be updated, and never reaches somebody outside the channel."""
    ts = client.chat_postEphemeral(channel="C0OWNERS", user=ada.profile.id, text="psst")["message_ts"]

    assert [(each.text, each.ephemeral) for each in ada.channel("#owners")] == [("psst", True)]
    assert grace.channel("#owners") == []
    assert client.conversations_history(channel="C0OWNERS")["messages"] == []
    assert error(client.chat_update, channel="C0OWNERS", ts=ts, text="x") == "message_not_found"
    outsider = mallory.profile.id
    assert error(client.chat_postEphemeral, channel="C0OWNERS", user=outsider, text="x") == "user_not_in_channel"
    ada.reloads()
    assert ada.channel("#owners") == []


def test_an_ephemeral_message_may_never_arrive(sandbox: SlackSandbox, client: WebClient, ada: Person) -> None:
    sandbox.faults.ephemerals_dropped = True

    assert client.chat_postEphemeral(channel="C0OWNERS", user=ada.profile.id, text="psst")["ok"]
    assert ada.channel("#owners") == []


def test_a_permalink_leads_to_a_message(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="hi")["ts"]

    link = client.chat_getPermalink(channel="C0OWNERS", message_ts=ts)["permalink"]

    assert link == f"https://sandbox.slack.com/archives/C0OWNERS/p{ts.replace('.', '')}"
