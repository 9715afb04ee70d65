"""The channels and direct messages of the workspace, and who is in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from sandbox.slack.people import Profile
from sandbox.slack.wire import Json


@dataclass(slots=True, kw_only=True)
class Channel:
    """One conversation: public or private channel, or the direct messages of one person and the bot."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    im_with: str = ""
    members: list[str] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        """Whether these are direct messages."""
        return bool(self.im_with)

    def named_in_payload(self) -> str:
        """Name it as slash commands and interactions do (docs.slack.dev, slash commands)."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.private else self.name

    def as_slack(self, bot: str) -> Json:
        """Give the conversation object of conversations.info."""
        if self.is_im:
            return {"id": self.id, "is_im": True, "user": self.im_with, "is_archived": False, "is_org_shared": False}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_private": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_archived": self.archived,
            "is_member": bot in self.members,
            "num_members": len(self.members),
        }


class Channels:
    """Every conversation of the workspace."""

    def __init__(self) -> None:
        self.by_id: dict[str, Channel] = {}
        self._numbers = count(1)

    def add(self, channel: Channel) -> Channel:
        """Open a channel; its id and name must be free."""
        if channel.id in self.by_id or (channel.name and self.named(channel.name)):
            raise ValueError(f"{channel.id} #{channel.name} is taken")
        self.by_id[channel.id] = channel
        return channel

    def next_id(self, prefix: str) -> str:
        """Make a fresh id such as `C0C000001`."""
        return f"{prefix}0C{next(self._numbers):06d}"

    def named(self, name: str) -> Channel | None:
        """Find a channel by its name, with or without the #."""
        return next((each for each in self.by_id.values() if each.name and each.name == name.removeprefix("#")), None)

    def direct(self, profile: Profile, bot: str) -> Channel:
        """Give the direct messages of somebody with the bot, opened now where they were not."""
        return self._between(profile.id, [profile.id, bot])

    def notes(self, profile: Profile) -> Channel:
        """Give somebody's direct messages with themselves, where no app is."""
        return self._between(profile.id, [profile.id])

    def _between(self, person: str, members: list[str]) -> Channel:
        direct = (each for each in self.by_id.values() if each.im_with == person and each.members == members)
        found = next(direct, None)
        return found or self.add(Channel(id=self.next_id("D"), name="", private=True, im_with=person, members=members))

    def of(self, member: str) -> Iterable[Channel]:
        """List the conversations somebody is in."""
        return [each for each in self.by_id.values() if member in each.members]
