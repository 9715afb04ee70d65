"""The state of one Slack workspace, in memory, behind one lock; no protocol and no page in here."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypedDict, TypeVar, Unpack

from sandbox.slack.channels import Channel, Channels
from sandbox.slack.messages import Message, Messages
from sandbox.slack.people import Group, People, Profile, Traits
from sandbox.slack.tickets import Tickets
from sandbox.slack.views import Views
from sandbox.slack.wire import Json

Seen = TypeVar("Seen")
Watcher = Callable[[Json], None]


class ChannelTraits(TypedDict, total=False):
    """What may be said about a channel when it is opened."""

    id: str
    members: Iterable[Profile]
    private: bool
    with_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """Something Slack itself told one person, mostly that an app failed them."""

    user: str
    text: str


class Workspace:
    """A workspace with the app installed; `now` gives Unix seconds and is the only clock of its rules.

    Everything is read and changed while holding `lock`; each change is announced to the watchers and wakes
    whoever waits in `wait_until`.
    """

    app_id = "A0JITBOT"
    bot_id = "B0JITBOT"

    def __init__(self, *, now: Callable[[], float] = time.time, team_id: str = "T0SANDBOX") -> None:
        self.now = now
        self.team_id = team_id
        self.domain = "sandbox"
        self.free_plan = False
        self.lock = threading.Condition(threading.RLock())
        self.people = People(team_id)
        self.channels = Channels()
        self.messages = Messages()
        self.views = Views()
        self.tickets = Tickets()
        self.toasts: list[Toast] = []
        self._watchers: list[Watcher] = []
        self.bot = self.people.add("jitbot", id="U0JITBOT", real_name="jitbot", is_bot=True)

    def subscribe(self, watcher: Watcher) -> None:
        """Have every change told to `watcher` as a small dict with its `kind`; called under the lock."""
        self._watchers.append(watcher)

    def announce(self, kind: str, **details: object) -> None:
        """Tell the watchers of a change and wake whoever waits."""
        with self.lock:
            for watcher in self._watchers:
                watcher({"kind": kind, **details})
            self.lock.notify_all()

    def wait_until(self, look: Callable[[], Seen | None], timeout: float) -> Seen | None:
        """Wait until `look` gives something; None after `timeout` real seconds without.

        `look` is called under the lock: it may read the state and must do nothing that waits for the server.
        """
        deadline = time.monotonic() + timeout
        with self.lock:
            while not (seen := look()):
                left = deadline - time.monotonic()
                if left <= 0 or not self.lock.wait(left):
                    return look()
            return seen

    def add_person(self, name: str, **traits: Unpack[Traits]) -> Profile:
        """Let somebody join the workspace (or, with another team_id, be seen from another one)."""
        with self.lock:
            return self.people.add(name, **traits)

    def change_person(self, profile: Profile, **traits: Unpack[Traits]) -> None:
        """Change what somebody is, deactivation included; Slack fires `user_change`."""
        with self.lock:
            for key, value in traits.items():
                setattr(profile, key, value)
            self.announce("user_change", user=profile.id)

    def add_group(self, group_id: str, *, handle: str, members: Iterable[Profile] = ()) -> Group:
        """Found a user group."""
        with self.lock:
            return self.people.add_group(group_id, handle, members)

    def change_group(self, group: Group, members: Iterable[Profile]) -> None:
        """Change who is in a user group; Slack fires `subteam_members_changed`."""
        with self.lock:
            group.members = [each.id for each in members]
            self.announce("subteam_members_changed", group=group.id)

    def add_channel(self, name: str, **traits: Unpack[ChannelTraits]) -> Channel:
        """Open a channel; the bot is in it only with `with_bot`."""
        with self.lock:
            channel_id = traits.get("id") or self.channels.next_id("C")
            members = [each.id for each in traits.get("members", ())]
            members += [self.bot.id] if traits.get("with_bot") else []
            private = traits.get("private", False)
            return self.channels.add(Channel(id=channel_id, name=name, private=private, members=members))

    def join(self, channel: Channel, profile: Profile) -> None:
        """Let somebody into a channel."""
        with self.lock:
            channel.members.append(profile.id)
            self.announce("channel_changed", channel=channel.id)

    def leave(self, channel: Channel, profile: Profile) -> None:
        """Take somebody, or the bot, out of a channel."""
        with self.lock:
            channel.members.remove(profile.id)
            self.announce("channel_changed", channel=channel.id)

    def archive(self, channel: Channel) -> None:
        """Archive a channel."""
        with self.lock:
            channel.archived = True
            self.announce("channel_changed", channel=channel.id)

    def say(self, message: Message) -> Message:
        """Put a message into its channel."""
        with self.lock:
            self.messages.add(message)
            self.announce("message_posted", channel=message.channel, ts=message.ts)
            return message

    def toast(self, user: str, text: str) -> None:
        """Let Slack tell one person something in its own voice."""
        with self.lock:
            self.toasts.append(Toast(user=user, text=text))
            self.announce("toast", user=user, text=text)
