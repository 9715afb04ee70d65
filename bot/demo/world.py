"""One small company: people, channels and accounts, with a Slack and an AWS on loopback and the real bot between."""

import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import SecretStr

from aws.clients import build_clients
from aws.throttle import Throttle
from bot.build import Clock, Parts, build
from bot.clock import MovableClock
from bot.configuration import Configuration, read_configuration
from bot.http import HttpTransport
from bot.program import Program
from bot.scheduler import sweep
from bot.settings import Settings
from bot.socket import SocketTransport
from sandbox.aws.server import AwsSandbox
from sandbox.slack.people import Profile
from sandbox.slack.person import Person
from sandbox.slack.server import SlackSandbox
from sandbox.slack.workspace import Workspace
from storage.transactions import Database

BOT_TOKEN = "xoxb-demo"  # noqa: S105 - opens nothing but the demo's own Slack
APP_TOKEN = "xapp-demo"  # noqa: S105 - opens nothing but the demo's own Slack
SIGNING_SECRET = "demo-signing-secret"  # noqa: S105 - opens nothing but the demo's own Slack
_CONNECT_WITHIN = 20.0
_LOOK_EVERY = 0.02
_NO_RATE = 1_000_000.0
PEOPLE = {
    "rita": "Rita Requester",
    "olga": "Olga Owner",
    "omar": "Omar Owner",
    "oscar": "Oscar Owner",
    "ada": "Ada Admin",
    "alan": "Alan Admin",
    "sam": "Sam Security",
    "gus": "Gus Guest",
}
CHANNELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "C0GENERAL": ("general", tuple(PEOPLE)),
    "C0PAYMENTS": ("payments-owners", ("olga", "omar", "rita", "gus")),
    "C0DATALAKE": ("data-lake-owners", ("oscar",)),
    "C0PLAYGROUND": ("playground", ("rita",)),
    "C0ADMINS": ("sso-admins", ("ada", "alan")),
    "C0AUDIT": ("jit-audit", ("sam", "ada", "alan")),
}


class World:
    """Slack, AWS and the bot, on ports of their own; `people` act by words (sandbox.slack.person.Person)."""

    def __init__(
        self,
        database_url: str,
        *,
        clock: Clock | None = None,
        port: int = 0,
        wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.clock = clock or MovableClock()
        self.configuration = demo_configuration()
        self.workspace = Workspace(now=lambda: self.clock.now().timestamp())
        self.slack = SlackSandbox(
            self.workspace,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SIGNING_SECRET,
            manifest=read_manifest(),
            port=port,
        )
        self.aws = AwsSandbox(self.clock.now)
        self.people: dict[str, Person] = {}
        self.bot_runs = False
        self.database_url = database_url
        self._wait = wait

    def _settle(self) -> dict[str, Profile]:
        """Put people, channels, groups, users, accounts and a permission set where they belong."""
        profiles = {name: self._person(name, real_name) for name, real_name in PEOPLE.items()}
        for channel_id, (name, members) in CHANNELS.items():
            self.workspace.add_channel(name, id=channel_id, members=[profiles[each] for each in members], with_bot=True)
        self.workspace.add_group("S0PAYMENTS", handle="payments-owners", members=[profiles["omar"]])
        self.workspace.add_group("S0SSOADMINS", handle="sso-admins", members=[profiles["alan"]])
        for account in self.configuration.accounts.values():
            self.aws.add_account(account.id, account.name)
        self.aws.add_permission_set("Billing", managed_policies=("job-function/Billing",))
        return profiles

    def _person(self, name: str, real_name: str) -> Profile:
        email = f"{name}@example.com"
        self.aws.add_user(name, email)
        return self.workspace.add_person(
            name, real_name=real_name, email=email, tz="Europe/Berlin", is_restricted=name == "gus"
        )

    def start(self) -> Self:
        """Start Slack and AWS, then the bot."""
        self.aws.start()
        profiles = self._settle()
        self.slack.start()
        self.people = {name: Person(self.slack, each) for name, each in profiles.items()}
        self.start_bot()
        return self

    def start_bot(self) -> None:
        """Start the bot, or start it again."""
        self.parts = self._build()
        transport = self.make_transport()
        self.program = Program(self.parts, self.configuration, "jitbot.demo.yml", transport)
        self.program.start()
        self.bot_runs = True
        deadline = time.monotonic() + _CONNECT_WITHIN
        while not transport.connected or self.parts.aws.trouble is not None:
            if time.monotonic() > deadline:
                raise TimeoutError("the bot did not find its Slack and its AWS")
            time.sleep(_LOOK_EVERY)

    def make_transport(self) -> SocketTransport | HttpTransport:
        """Make what brings Slack's gestures to the bot."""
        return SocketTransport(self.parts.app, APP_TOKEN, self.slack.api_url)

    def _build(self) -> Parts:
        os.environ.setdefault("AWS_ACCESS_KEY_ID", "demo")
        os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "demo")
        settings = Settings(
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_app_token=SecretStr(APP_TOKEN),
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_api_url=self.slack.api_url,
            database_url=self.database_url,
        )
        return build(
            settings,
            self.configuration,
            clock=self.clock,
            wait=self._wait,
            database=Database(self.database_url),
            amazon=build_clients(self.configuration.aws.region, endpoint_url=self.aws.url, throttle=self._throttle()),
        )

    def _throttle(self) -> Throttle:
        """Keep AWS's rate only where waiting takes time: elsewhere a debt to it would never be paid back."""
        return Throttle() if self._wait is time.sleep else Throttle(rate=_NO_RATE)

    def clock_moves(self, by: timedelta) -> None:
        """Let time pass, and sweep; only with a clock that can be moved."""
        if not isinstance(self.clock, MovableClock):
            raise TypeError("this clock cannot be moved")
        self.clock.move(by)
        self.tick()

    def tick(self) -> None:
        """Sweep now, as the scheduler does every 2 s."""
        sweep(self.parts.deps)
        self.parts.worker.wake()

    def stop_bot(self) -> None:
        """Stop the bot as SIGTERM does; nothing happens where it does not run."""
        if self.bot_runs:
            self.bot_runs = False
            self.program.stop()

    def stop(self) -> None:
        """Stop the bot, then Slack and AWS."""
        self.stop_bot()
        self.slack.stop()
        self.aws.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def demo_configuration() -> Configuration:
    """Read the configuration of the demo."""
    content = resources.files("bot.demo").joinpath("jitbot.demo.yml").read_bytes()
    return read_configuration(content, "jitbot.demo.yml")


def read_manifest() -> Mapping[str, Any]:
    """Read manifest.yml, which stands at the top of the checkout."""
    path = Path(__file__).parent.parent.parent / "manifest.yml"
    manifest: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return manifest
