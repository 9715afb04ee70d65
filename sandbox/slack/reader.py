"""Whoever reads: the names and the time zone Slack uses when it shows something to one person."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from sandbox.slack.people import Profile
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One person looking at the workspace now."""

    workspace: Workspace
    profile: Profile

    @property
    def zone(self) -> tzinfo:
        """Their time zone."""
        return ZoneInfo(self.profile.tz)

    def now(self) -> datetime:
        """Give their wall clock."""
        return datetime.fromtimestamp(self.workspace.now(), UTC).astimezone(self.zone)

    def person(self, person_id: str) -> str | None:
        """Name somebody as they are mentioned; None for an id nobody has."""
        profile = self.workspace.people.by_id.get(person_id)
        return f"@{profile.name}" if profile else None

    def group(self, group_id: str) -> str | None:
        """Name a user group as it is mentioned."""
        group = self.workspace.people.groups.get(group_id)
        return f"@{group.handle}" if group else None

    def channel(self, channel_id: str) -> str | None:
        """Name a channel; a private one is not named to somebody outside it."""
        channel = self.workspace.channels.by_id.get(channel_id)
        if channel is None or channel.is_im:
            return None
        if channel.private and self.profile.id not in channel.members:
            return "private channel"
        return f"#{channel.name}"

    def channel_called(self, name: str) -> str | None:
        """Find a public channel's id by its name, for text Slack parses by itself."""
        channel = self.workspace.channels.named(name)
        return channel.id if channel and not channel.private else None
