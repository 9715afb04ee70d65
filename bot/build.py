"""Wires the program: the one place where everything is made and handed to what needs it."""

import logging
import os
import secrets
import socket
import string
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_bolt import App

from access.extension import ExtensionLimits
from aws.clients import Clients as AwsClients
from aws.clients import build_clients
from bot.aws_side import AwsFinder
from bot.clock import MovableClock, SystemClock
from bot.configuration import Configuration
from bot.metrics import Metrics
from bot.settings import Settings
from bot.shelf import Shelf
from bot.worker import Worker
from handlers.drawing import drawing_threads
from handlers.register import register
from handlers.safely import Handling
from operations.deps import Deps, Rules
from slackapi.clients import Clients as SlackClients
from slackapi.clients import make_clients
from slackapi.messenger import Messenger
from slackapi.people import People
from storage.transactions import Database

log = logging.getLogger(__name__)
LISTENER_THREADS = 32
"""Bolt's default of 5 lets the sixth of several slow clicks miss Slack's 3 seconds (measured)."""
_SUFFIX = string.ascii_lowercase + string.digits
Clock = SystemClock | MovableClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the program is made of, before anything runs."""

    deps: Deps
    app: App
    aws: AwsFinder
    shelf: Shelf
    people: People
    worker: Worker
    metrics: Metrics
    background: ThreadPoolExecutor
    drawing: ThreadPoolExecutor
    listeners: ThreadPoolExecutor


def build(
    settings: Settings,
    configuration: Configuration,
    *,
    clock: Clock | None = None,
    wait: Callable[[float], None] = time.sleep,
    database: Database | None = None,
    amazon: AwsClients | None = None,
) -> Parts:
    """Make everything, without speaking to anybody; `wait` is how the seconds between two looks at AWS pass."""
    clock = clock or SystemClock()
    slack = make_clients(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    amazon = amazon or build_clients(configuration.aws.region)
    finder = AwsFinder(amazon, configuration.aws.instance_arn)
    shelf = Shelf(configuration, amazon)
    people = People(slack.reading, clock.monotonic)
    deps = Deps(
        clock=clock,
        database=database or Database(settings.database_url),
        people=people,
        aws=finder,
        messenger=Messenger(slack),
        catalogue=shelf,
        rules=rules_of(configuration),
        wait=wait,
        new_id=lambda: secrets.token_urlsafe(12),
        suffix=lambda: "".join(secrets.choice(_SUFFIX) for _ in range(4)),
    )
    metrics = Metrics()
    worker = Worker(deps, f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}", metrics)
    deps.database.on_commit = worker.wake
    background = ThreadPoolExecutor(4, thread_name_prefix="background")
    listeners = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
    app = _app(settings, slack, listeners)
    drawing = drawing_threads()
    register(app, Handling(deps=deps, background=background, drawing=drawing))
    return Parts(
        deps=deps,
        app=app,
        aws=finder,
        shelf=shelf,
        people=people,
        worker=worker,
        metrics=metrics,
        background=background,
        drawing=drawing,
        listeners=listeners,
    )


def _app(settings: Settings, slack: SlackClients, listeners: ThreadPoolExecutor) -> App:
    """Make the Bolt app; nothing is asked of Slack yet, so that Slack being away is no crash."""
    return App(
        name="jitbot",
        client=slack.interactive,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        token_verification_enabled=False,
        listener_executor=listeners,
    )


def rules_of(configuration: Configuration) -> Rules:
    """Take from the configuration what operations need."""
    limits = configuration.limits
    return Rules(
        admin_channel=configuration.slack.admin_channel,
        audit_channel=configuration.slack.audit_channel,
        sso_admins=configuration.sso_admins,
        portal_url=configuration.aws.portal_url,
        region=configuration.aws.region,
        identities=dict(configuration.identities),
        lapse_after=limits.lapse_after,
        remind_after=limits.remind_after,
        escalate_after=limits.escalate_after,
        announce_before=limits.announce_before,
        extension_limits=ExtensionLimits(most=limits.most_extensions, after_percent=limits.extend_after_percent),
    )
