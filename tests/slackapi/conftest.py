"""What the tests of the outgoing side share."""

from collections.abc import Iterator

import pytest

from slackapi.clients import Clients, make_clients
from tests.slackapi.fake import FakeSlack, serving


@pytest.fixture(name="slack")
def serve_slack() -> Iterator[FakeSlack]:
    """Serve a Slack that says who the bot is, and nothing else yet."""
    slack = FakeSlack()
    slack.answer("auth.test", {"team_id": "T1", "user_id": "UBOT", "enterprise_id": None})
    with serving(slack):
        yield slack


@pytest.fixture(name="clients")
def connect(slack: FakeSlack) -> Clients:
    """Make clients of that Slack."""
    return make_clients("xoxb-test", slack.url)
