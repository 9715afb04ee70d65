"""One client per role: what is sent again, and what never."""

import pytest
from slack_sdk.errors import SlackApiError

from slackapi.clients import Clients, ShortRateLimit, make_clients
from tests.slackapi.fake import LOST, Answer, FakeSlack

LIMITED = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "0"})
LONG_LIMITED = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_the_base_url_works_with_and_without_a_slash(slack: FakeSlack, slash: str) -> None:
    """SLACK_API_URL may end with a slash or not."""
    make_clients("xoxb-test", slack.url + slash).reading.auth_test()
    assert len(slack.asked("auth.test")) == 1


def test_a_post_whose_answer_is_lost_is_not_sent_again(slack: FakeSlack, clients: Clients) -> None:
    """The posting client leaves the second try to the outbox."""
    slack.answer("chat.postMessage", LOST)
    with pytest.raises(OSError, match="closed connection"):
        clients.posting.chat_postMessage(channel="C1", text="x")
    assert len(slack.asked("chat.postMessage")) == 1


def test_a_short_rate_limit_is_waited_out(slack: FakeSlack, clients: Clients) -> None:
    """A 429 was surely not carried out, so a post may go again."""
    slack.answer("chat.postMessage", LIMITED, {"channel": "C1", "ts": "1.1"})
    assert clients.posting.chat_postMessage(channel="C1", text="x")["ts"] == "1.1"


def test_a_second_rate_limit_is_raised(slack: FakeSlack, clients: Clients) -> None:
    """A post is tried twice at most."""
    slack.answer("chat.postMessage", LIMITED)
    with pytest.raises(SlackApiError):
        clients.posting.chat_postMessage(channel="C1", text="x")
    assert len(slack.asked("chat.postMessage")) == 2


def test_a_long_rate_limit_is_raised_at_once(slack: FakeSlack, clients: Clients) -> None:
    """Nobody sleeps for half a minute while holding a lease."""
    slack.answer("chat.postMessage", LONG_LIMITED)
    with pytest.raises(SlackApiError):
        clients.posting.chat_postMessage(channel="C1", text="x")
    assert len(slack.asked("chat.postMessage")) == 1


def test_looking_up_is_tried_again_after_a_lost_answer(slack: FakeSlack, clients: Clients) -> None:
    """Reading twice does no harm."""
    slack.answer("users.info", LOST, {"user": {"id": "U1"}})
    assert clients.reading.users_info(user="U1")["user"]["id"] == "U1"


def test_a_form_is_never_sent_again(slack: FakeSlack, clients: Clients) -> None:
    """A trigger id works once; the person is asked to try again instead."""
    slack.answer("views.open", LIMITED)
    with pytest.raises(SlackApiError):
        clients.interactive.views_open(trigger_id="1.2", view={"type": "modal"})
    assert len(slack.asked("views.open")) == 1
    assert clients.interactive.timeout == 2


def test_a_rate_limit_waits_as_long_as_slack_says(slack: FakeSlack) -> None:
    """The wait is Slack's Retry-After."""
    slack.answer("users.info", Answer({"ok": False}, 429, {"Retry-After": "3"}), {"user": {}})
    slept: list[float] = []
    reading = make_clients("xoxb-test", slack.url).reading
    reading.retry_handlers = [ShortRateLimit(1, slept.append)]
    reading.users_info(user="U1")
    assert slept == [3.0]
