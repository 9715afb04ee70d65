"""Posts carry what is needed to find them again, and nothing that surprises."""

import json
from datetime import UTC, datetime

import pytest

from access.people import SlackId
from slackapi.clients import Clients
from slackapi.errors import SlackBusy, SlackRefused
from slackapi.messenger import LONGEST_TEXT, Messenger, Posted, clip_text
from tests.slackapi.fake import LOST, Answer, FakeSlack

BLOCKS = [{"type": "divider"}]
CLAIMED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(name="messenger")
def make_messenger(clients: Clients) -> Messenger:
    """Make the messenger of the fake Slack."""
    return Messenger(clients)


def with_key(ts: str, key: str, event_type: str = "jit_post") -> dict[str, object]:
    """Build a message that carries a key, as history returns it."""
    return {"ts": ts, "metadata": {"event_type": event_type, "event_payload": {"key": key}}}


def test_a_post_carries_its_key_and_unfurls_nothing(slack: FakeSlack, messenger: Messenger) -> None:
    """Metadata holds the opaque key only; links stay links; names are not linked."""
    slack.answer("chat.postMessage", {"channel": "C1", "ts": "1.5"})
    assert messenger.post("C1", "REQ-1", BLOCKS, key="card:1") == Posted(channel="C1", ts="1.5")
    (asked,) = slack.asked("chat.postMessage")
    assert json.loads(asked["metadata"]) == {"event_type": "jit_post", "event_payload": {"key": "card:1"}}
    assert (asked["unfurl_links"], asked["unfurl_media"]) == ("false", "false")
    assert json.loads(asked["blocks"]) == BLOCKS
    assert not {"link_names", "parse", "thread_ts"} & set(asked)


def test_a_post_without_a_key_has_no_metadata(slack: FakeSlack, messenger: Messenger) -> None:
    """Only what may have to be found again is marked."""
    slack.answer("chat.postMessage", {"channel": "C1", "ts": "1.5"})
    messenger.post("C1", "hello", BLOCKS)
    (asked,) = slack.asked("chat.postMessage")
    assert "metadata" not in asked


def test_a_lost_answer_is_told_as_unknown(slack: FakeSlack, messenger: Messenger) -> None:
    """The post was sent once, and may stand in the channel."""
    slack.answer("chat.postMessage", LOST)
    with pytest.raises(SlackBusy) as caught:
        messenger.post("C1", "x", BLOCKS, key="k")
    assert caught.value.unknown
    assert len(slack.asked("chat.postMessage")) == 1


def test_an_update_replaces_text_and_blocks(slack: FakeSlack, messenger: Messenger) -> None:
    """Both are sent, so that no old block stays."""
    slack.answer("chat.update", {"channel": "C1", "ts": "1.5"})
    messenger.update("C1", "1.5", "REQ-1: Approved", BLOCKS)
    (asked,) = slack.asked("chat.update")
    assert (asked["ts"], asked["text"], json.loads(asked["blocks"])) == ("1.5", "REQ-1: Approved", BLOCKS)


def test_a_conversation_is_opened_once(slack: FakeSlack, messenger: Messenger) -> None:
    """The channel of a direct conversation is remembered."""
    slack.answer("conversations.open", {"channel": {"id": "D7"}})
    slack.answer("chat.postMessage", {"channel": "D7", "ts": "1.5"})
    messenger.direct(SlackId("U1"), "one", BLOCKS)
    messenger.direct(SlackId("U1"), "two", BLOCKS)
    assert [each["users"] for each in slack.asked("conversations.open")] == ["U1"]
    assert [each["channel"] for each in slack.asked("chat.postMessage")] == ["D7", "D7"]


def test_a_conversation_that_is_gone_is_opened_anew(slack: FakeSlack, messenger: Messenger) -> None:
    """The first try fails as Slack says, and the next one does not repeat the mistake."""
    slack.answer("conversations.open", {"channel": {"id": "D7"}}, {"channel": {"id": "D8"}})
    gone = Answer({"ok": False, "error": "channel_not_found"})
    slack.answer("chat.postMessage", gone, {"channel": "D8", "ts": "1.5"})
    with pytest.raises(SlackRefused):
        messenger.direct(SlackId("U1"), "one", BLOCKS)
    messenger.direct(SlackId("U1"), "one", BLOCKS)
    assert [each["channel"] for each in slack.asked("chat.postMessage")] == ["D7", "D8"]


def test_a_message_is_found_by_its_key(slack: FakeSlack, messenger: Messenger) -> None:
    """All pages are searched from a minute before the claim; messages of other apps do not count."""
    first = {"messages": [with_key("9.1", "other"), {"ts": "9.0", "text": "hi"}, with_key("8.9", "k", "their_post")]}
    slack.answer(
        "conversations.history",
        {**first, "response_metadata": {"next_cursor": "page2"}},
        {"messages": [with_key("8.5", "k")]},
    )
    assert messenger.find_posted("C1", "k", CLAIMED) == Posted(channel="C1", ts="8.5")
    one, two = slack.asked("conversations.history")
    assert float(one["oldest"]) == CLAIMED.timestamp() - 60
    assert one["include_all_metadata"] in {"1", "true", "True"}
    assert two["cursor"] == "page2"


def test_a_message_that_is_not_there_is_not_found(slack: FakeSlack, messenger: Messenger) -> None:
    """None means that the post may be sent again."""
    slack.answer("conversations.history", {"messages": [with_key("9.1", "other")]})
    assert messenger.find_posted("C1", "k", CLAIMED) is None


def test_direct_messages_are_not_searched(slack: FakeSlack, messenger: Messenger) -> None:
    """The bot has no scope to read them."""
    assert messenger.find_posted("D7", "k", CLAIMED) is None
    assert slack.calls == []


def test_a_search_that_fails_is_no_answer(slack: FakeSlack, messenger: Messenger) -> None:
    """A failure must not read as `not posted`."""
    slack.answer("conversations.history", Answer({"ok": False, "error": "missing_scope", "needed": "channels:history"}))
    with pytest.raises(SlackRefused, match="channels:history"):
        messenger.find_posted("C1", "k", CLAIMED)


@pytest.mark.parametrize("start", range(6))
def test_text_is_cut_between_escaped_characters(start: int) -> None:
    """What Slack would split is cut, and never in the middle of `&amp;`."""
    cut = clip_text("x" * (LONGEST_TEXT - start) + "&amp;" * 20)
    assert len(cut) <= LONGEST_TEXT
    assert cut.endswith("…")
    assert cut.removesuffix("…").strip("x").replace("&amp;", "") == ""


def test_short_text_stays() -> None:
    """Text of exactly the longest length is not cut."""
    assert clip_text("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


def test_a_home_tab_is_drawn_over_the_drawing_that_stands(slack: FakeSlack, messenger: Messenger) -> None:
    """The hash of what stands goes along where it is known, and that of the new drawing comes back."""
    slack.answer("views.publish", {"view": {"hash": "2.b"}})
    assert messenger.publish_home(SlackId("U1"), {"type": "home", "blocks": []}, stands="1.a") == "2.b"
    assert messenger.publish_home(SlackId("U1"), {"type": "home", "blocks": []}) == "2.b"
    first, second = slack.asked("views.publish")
    assert (first["user_id"], first["hash"], json.loads(first["view"])) == ("U1", "1.a", {"type": "home", "blocks": []})
    assert "hash" not in second


def test_a_newer_drawing_is_told_by_its_code(slack: FakeSlack, messenger: Messenger) -> None:
    """`hash_conflict` comes as a refusal that the caller can tell from the others."""
    slack.answer("views.publish", {"ok": False, "error": "hash_conflict"})
    with pytest.raises(SlackRefused) as caught:
        messenger.publish_home(SlackId("U1"), {"type": "home", "blocks": []}, stands="1.a")
    assert caught.value.code == "hash_conflict"


@pytest.mark.parametrize("hurry", [True, False])
def test_a_home_tab_that_slack_limits_says_how_long(slack: FakeSlack, messenger: Messenger, *, hurry: bool) -> None:
    """429 with 30 s is not waited for in place, whether somebody looks or not."""
    slack.answer(
        "views.publish", Answer({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"})
    )
    with pytest.raises(SlackBusy) as caught:
        messenger.publish_home(SlackId("U1"), {"type": "home", "blocks": []}, hurry=hurry)
    assert caught.value.retry_after == 30.0
    assert len(slack.asked("views.publish")) == 1
