"""Rate limits by tier and by channel, measured by the workspace's clock."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.limits import Limits
from tests.sandbox.slack.bolt_apps import Clock


@pytest.mark.parametrize(("tier", "calls", "wait"), [(1, 1, 60), (2, 20, 3), (3, 50, 2), (4, 100, 1)])
def test_each_tier_allows_its_calls_a_minute_and_then_says_how_long_to_wait(tier: int, calls: int, wait: int) -> None:
    limits = Limits()

    assert [limits.spend_call("m", tier, 0) for _ in range(calls)] == [0] * calls
    assert limits.spend_call("m", tier, 0) == wait
    assert limits.spend_call("other", tier, 0) == 0
    assert limits.spend_call("m", tier, wait) == 0


def test_a_channel_takes_a_burst_of_five_and_then_one_message_a_second(
    client: WebClient, clock: Clock, ada: Person
) -> None:
    for _ in range(5):
        client.chat_postMessage(channel="C0OWNERS", text="hi")

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0OWNERS", text="one too many")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert caught.value.response["error"] == "ratelimited"
    assert client.chat_postMessage(channel="C0SECRET", text="elsewhere")["ok"]

    clock.pass_(1)
    assert client.chat_postMessage(channel="C0OWNERS", text="hi")["ok"]
    assert len(ada.channel("#owners")) == 6


def test_a_method_has_its_tier(client: WebClient) -> None:
    for _ in range(20):
        client.usergroups_list()

    with pytest.raises(SlackApiError) as caught:
        client.usergroups_list()

    assert caught.value.response.headers["Retry-After"] == "3"


def test_limits_can_be_switched_off(client: WebClient, sandbox: SlackSandbox) -> None:
    sandbox.limits.on = False

    for _ in range(25):
        client.usergroups_list()
        client.chat_postMessage(channel="C0OWNERS", text="hi")
