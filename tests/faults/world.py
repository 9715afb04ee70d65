"""A company in memory that outlives its bot: the database, AWS, Slack, the clock, and what people have seen."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from access.people import Person
from access.request import RequestId
from bot.clock import MovableClock
from sandbox.aws import AwsSandbox
from sandbox.slack.app import InstalledApp
from sandbox.slack.people import Profile
from sandbox.slack.workspace import Workspace
from tests.access.given import ABEL, ADA, NOW, OLAF, OLGA, RITA
from tests.faults.gates import Gates
from tests.faults.world_wires import SharedEngine
from tests.operations.company import ADMIN_CHANNEL, AUDIT_CHANNEL, OWNER_CHANNEL, PAYMENTS


class Store(Protocol):
    """Where the database lies: emptied for each run, opened anew by each process."""

    engine: SharedEngine

    def empty(self) -> None:
        """Put back what a new database holds."""

    def save(self) -> object:
        """Keep what the database holds now; nobody may be using it."""

    def put_back(self, kept: Any) -> None:
        """Put back what was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at an effect, and which gates it passed: the first, and the last."""

    key: str
    first: int
    last: int


@dataclass(slots=True, kw_only=True)
class World:
    """What outlives the process; `seen` are the requests whose requester saw that they were taken."""

    store: Store
    gates: Gates
    clock: MovableClock
    aws: AwsSandbox
    workspace: Workspace
    app: InstalledApp
    seen: list[RequestId] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    deaths: int = 0


def found_world(store: Store, gates: Gates) -> World:
    """Make an empty company: Rita asks, Olaf and Olga own, Ada and Abel run Identity Center."""
    store.empty()
    store.engine.gates = gates
    clock = MovableClock(NOW, frozen=True)
    aws = AwsSandbox(clock.now)
    aws.world.accounts[PAYMENTS] = "prod-payments"
    aws.add_user("rita", RITA.email)
    workspace = Workspace(now=lambda: clock.now().timestamp())
    profiles = {each: _join(workspace, each) for each in (RITA, OLAF, OLGA, ADA, ABEL)}
    workspace.add_group("S0PAYMENTS", handle="payments", members=[profiles[OLGA]])
    workspace.add_group("S0SSOADMINS", handle="sso-admins", members=[profiles[ABEL]])
    for number, channel in enumerate((OWNER_CHANNEL, ADMIN_CHANNEL, AUDIT_CHANNEL)):
        workspace.add_channel(f"channel-{number}", id=channel, with_bot=True)
    app = InstalledApp(bot_token="xoxb-x", app_token="xapp-x", signing_secret="s")
    return World(store=store, gates=gates, clock=clock, aws=aws, workspace=workspace, app=app)


def _join(workspace: Workspace, person: Person) -> Profile:
    return workspace.add_person(person.name.lower(), id=str(person.slack_id), real_name=person.name, email=person.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A company at a moment when nothing is under way."""

    database: object
    now: datetime
    memory: dict[str, Any]
    seen: tuple[RequestId, ...]
    deaths: int


def save(world: World) -> Saved:
    """Keep all that lasts, so that runs may begin here; the bot must be at rest, and is started anew by each."""
    return Saved(
        database=world.store.save(),
        now=world.clock.now(),
        memory=deepcopy(_memory(world)),
        seen=tuple(world.seen),
        deaths=world.deaths + 1,
    )


def resume_world(store: Store, gates: Gates, saved: Saved) -> World:
    """Make the company as it was when it was saved."""
    world = found_world(store, gates)
    store.put_back(saved.database)
    world.clock.move_to(saved.now)
    parts = {"aws": world.aws.world, "messages": world.workspace.messages, "channels": world.workspace.channels}
    for name, value in deepcopy(saved.memory).items():
        part, _, attribute = name.partition(".")
        setattr(parts[part], attribute, value)
    world.seen.extend(saved.seen)
    world.deaths = saved.deaths
    return world


def _memory(world: World) -> dict[str, Any]:
    """List what AWS and Slack hold; people and groups are the same in every company."""
    held: dict[str, Any] = {f"aws.{each}": getattr(world.aws.world, each) for each in _AWS_HOLDS}
    said = world.workspace.messages
    held |= {"messages.by_channel": said.by_channel, "messages._last": said._last}
    return held | {
        "channels.by_id": world.workspace.channels.by_id,
        "channels._numbers": world.workspace.channels._numbers,
    }


_AWS_HOLDS = ("instance_arn", "store_id", "users", "sets", "holdings", "provisioned", "operations")
