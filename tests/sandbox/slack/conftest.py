"""A workspace with a few people and channels, a real slack_sdk client, and real Bolt apps on either transport."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox, Workspace
from tests.sandbox.slack.bolt_apps import Clock, HttpApp, SocketApp, bolt_app

MANIFEST = {
    "features": {
        "bot_user": {"display_name": "jitbot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/jit", "should_escape": True}, {"command": "/plain"}],
        "shortcuts": [{"name": "Request AWS access", "type": "global", "callback_id": "jit:request:v1"}],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "users:read",
                "users:read.email",
                "usergroups:read",
                "im:write",
                "channels:read",
                "groups:read",
                "channels:history",
                "groups:history",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "user_change", "subteam_members_changed"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@pytest.fixture
def clock() -> Clock:
    """Give the workspace's clock, moved by hand."""
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    """Make a workspace where Ada and Grace are members of #owners with the bot, and Mallory is not."""
    made = Workspace(now=clock)
    ada = made.add_person("ada", email="ada@example.com", tz="Europe/Berlin")
    grace = made.add_person("grace", id="W0GRACE", email="grace@example.com", tz="America/New_York")
    made.add_person("mallory", email="mallory@example.com")
    made.add_channel("owners", id="C0OWNERS", members=[ada, grace], with_bot=True)
    made.add_channel("secret", id="C0SECRET", members=[ada], with_bot=True, private=True)
    made.add_channel("elsewhere", id="C0ELSE", members=[ada])
    made.add_channel("closed", id="C0CLOSED", members=[ada], private=True)
    made.add_group("S0OWNERS", handle="owners-team", members=[ada, grace])
    return made


@pytest.fixture
def sandbox(workspace: Workspace) -> Iterator[SlackSandbox]:
    """Serve the workspace on a free port."""
    with SlackSandbox(workspace, manifest=MANIFEST) as running:
        yield running


@pytest.fixture
def client(sandbox: SlackSandbox) -> WebClient:
    """Give the bot's real client, without retries."""
    return WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, timeout=10, retry_handlers=[])


def _person(sandbox: SlackSandbox, name: str) -> Person:
    profile = sandbox.workspace.people.named(name)
    assert profile
    return Person(sandbox, profile)


@pytest.fixture
def ada(sandbox: SlackSandbox) -> Person:
    """Give Ada, in #owners, in Berlin."""
    return _person(sandbox, "ada")


@pytest.fixture
def grace(sandbox: SlackSandbox) -> Person:
    """Give Grace, in #owners, with a W id."""
    return _person(sandbox, "grace")


@pytest.fixture
def mallory(sandbox: SlackSandbox) -> Person:
    """Give Mallory, in no channel."""
    return _person(sandbox, "mallory")


@pytest.fixture
def app(client: WebClient) -> App:
    """Make a Bolt app without listeners."""
    return bolt_app(client)


@pytest.fixture
def over_socket(sandbox: SlackSandbox, app: App) -> Iterator[Callable[..., SocketApp]]:
    """Connect the app over Socket Mode; call it again for one more connection."""
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(SocketApp(app, sandbox, **settings))


@pytest.fixture
def over_http(sandbox: SlackSandbox, app: App) -> Iterator[Callable[[], HttpApp]]:
    """Serve the app at a request URL, signed."""
    with ExitStack() as running:
        yield lambda: running.enter_context(HttpApp(app, sandbox))
