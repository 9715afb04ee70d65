"""Where somebody can be in the workspace, what they have not read there yet, and who they are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.slack.channels import Channel
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.reader import Reader
from sandbox.slack.server import SlackSandbox
from sandbox.slack.visible import notified

DM, NOTES, HOME = "dm", "notes", "home"
"""The addresses of three places that every person has; any other is the name of a channel."""


class PlaceKind(StrEnum):
    """What a place is."""

    CHANNEL = "channel"
    DM = "dm"
    NOTES = "notes"
    HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the side bar; the Home tab alone has no channel. `loud` counts what notifies this person."""

    slug: str
    title: str
    kind: PlaceKind
    channel: Channel | None = None
    unread: int = 0
    loud: int = 0


@dataclass(slots=True, kw_only=True)
class Reading:
    """What everybody has read: (person, channel) to the newest ts that was before their eyes."""

    marks: dict[tuple[str, str], str] = field(default_factory=lambda: defaultdict(str))

    def read(self, who: Profile, place: Place, messages: list[Message]) -> None:
        """Count everything in a place as read."""
        if place.channel and messages:
            self.marks[who.id, place.channel.id] = messages[-1].ts

    def unread(self, who: Profile, channel: Channel, messages: list[Message]) -> list[Message]:
        """List what others said since."""
        mark = self.marks[who.id, channel.id]
        return [each for each in messages if each.ts > mark and each.user != who.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person at their Slack; everything here is read while holding the workspace's lock."""

    sandbox: SlackSandbox
    profile: Profile
    reading: Reading

    @property
    def reader(self) -> Reader:
        """How this person reads."""
        return Reader(workspace=self.sandbox.workspace, profile=self.profile)

    def messages(self, channel: Channel) -> list[Message]:
        """List what this person sees in a channel, oldest first."""
        said = self.sandbox.workspace.messages.by_channel[channel.id]
        return [each for each in said if each.ephemeral_to in {"", self.profile.id}]

    def places(self) -> list[Place]:
        """List the side bar: channels by name, then the app, then one's own notes."""
        return list(self._places())

    def _places(self) -> Iterator[Place]:
        workspace, app = self.sandbox.workspace, self.sandbox.app.manifest
        with workspace.lock:
            direct = workspace.channels.direct(self.profile, workspace.bot.id)
            notes = workspace.channels.notes(self.profile)
            named = [each for each in workspace.channels.of(self.profile.id) if each.name and not each.archived]
            for each in sorted(named, key=lambda channel: (channel.name != "general", channel.name)):
                yield self._place(each.name, each.name, PlaceKind.CHANNEL, each)
            yield self._place(DM, app.name, PlaceKind.DM, direct)
            if app.home_on:
                yield Place(slug=HOME, title=f"{app.name} · Home", kind=PlaceKind.HOME)
            yield self._place(NOTES, f"{self.profile.real_name} (you)", PlaceKind.NOTES, notes)

    def _place(self, slug: str, title: str, kind: PlaceKind, channel: Channel) -> Place:
        unread = self.reading.unread(self.profile, channel, self.messages(channel))
        loud = len(unread) if kind is PlaceKind.DM else sum(self.notifies(each) for each in unread)
        return Place(slug=slug, title=title, kind=kind, channel=channel, unread=len(unread), loud=loud)

    def notifies(self, message: Message) -> bool:
        """Tell whether a message mentions this person, a group of theirs or everybody."""
        groups = self.sandbox.workspace.people.groups
        mine = {each for each, group in groups.items() if self.profile.id in group.members}
        return bool(
            {self.profile.id, "here", "channel", "everyone", *mine}.intersection(notified(message, self.reader))
        )

    def place(self, slug: str) -> Place | None:
        """Find a place by its address."""
        return next((each for each in self.places() if each.slug == slug), None)


def members(sandbox: SlackSandbox) -> list[Profile]:
    """List the people whose window can be opened, in the order in which they joined."""
    return [each for each in sandbox.workspace.people.by_id.values() if not each.is_bot and not each.deleted]
