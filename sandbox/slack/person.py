"""A person at their Slack, for tests and stories: types, presses, fills in and reads, all by words."""

from collections.abc import Callable
from typing import TypeVar, overload

from sandbox.slack.channels import Channel
from sandbox.slack.finding import NotSeenError
from sandbox.slack.gestures.commands import open_home, type_text, use_shortcut
from sandbox.slack.open_view import OpenView
from sandbox.slack.people import Profile
from sandbox.slack.screen import Screen
from sandbox.slack.seen_message import SeenMessage, seen
from sandbox.slack.server import SlackSandbox

Found = TypeVar("Found")
DM = "dm"
"""Where somebody reads their direct messages with the bot; channels are named `#name` or by id."""
SELF = "self"
"""Somebody's notes to themselves: commands can be typed there, and the bot is not in it."""


class Person:
    """Somebody using the sandbox; what they look for may take `patience` real seconds to appear."""

    def __init__(self, sandbox: SlackSandbox, profile: Profile, *, patience: float = 5.0) -> None:
        self.sandbox = sandbox
        self.profile = profile
        self.workspace = sandbox.workspace
        self.screen = Screen(stage=sandbox.stage, profile=profile, patience=patience)

    @property
    def toasts(self) -> list[str]:
        """What Slack itself told this person: timeouts, commands that failed."""
        return self.screen.toasts()

    @property
    def dialogs(self) -> list[str]:
        """The confirm dialogs this person has seen: title, then text."""
        return self.screen.dialogs

    def types(self, text: str, *, channel: str = SELF) -> None:
        """Send a slash command or a message in a channel; its ephemeral answers are read where it was typed."""
        type_text(self.screen.stage, self.profile, self._place(channel), text)

    def shortcut(self, name: str) -> None:
        """Use a global shortcut by its name in the manifest."""
        shortcuts = self.screen.stage.app.manifest.shortcuts
        if name not in shortcuts:
            raise NotSeenError(f"no shortcut is called {name!r}; there is {sorted(shortcuts)}")
        use_shortcut(self.screen.stage, self.profile, shortcuts[name])

    def opens_home(self) -> OpenView:
        """Open the app's Home tab and give it as soon as the app has published one."""
        open_home(self.screen.stage, self.profile)
        return self.home

    @property
    def home(self) -> OpenView:
        """The app's Home tab, waited for."""
        homes = self.workspace.views.homes
        return OpenView(screen=self.screen, view=self.screen.wait(lambda: homes.get(self.profile.id), "a Home tab"))

    @property
    def modal(self) -> OpenView:
        """The modal on top, waited for."""
        top = self.screen.wait(lambda: self.workspace.views.top(self.profile.id), "a modal")
        return OpenView(screen=self.screen, view=top)

    @property
    def modals(self) -> list[OpenView]:
        """The modals open now, the lowest first."""
        with self.workspace.lock:
            stack = self.workspace.views.stacks.get(self.profile.id, [])
            return [OpenView(screen=self.screen, view=each) for each in stack]

    def channel(self, name: str) -> list[SeenMessage]:
        """List the messages of a channel this person sees, oldest first, thread replies and ephemerals included."""
        with self.workspace.lock:
            said = self.workspace.messages.by_channel[self._place(name).id]
            visible = [each for each in said if each.ephemeral_to in {"", self.profile.id}]
            return [seen(self.screen, each) for each in visible]

    def notes(self) -> list[SeenMessage]:
        """List what stands in this person's notes to themselves, where `types` types unless told otherwise."""
        return self.channel(SELF)

    def dm(self) -> list[SeenMessage]:
        """List the direct messages with the bot."""
        return self.channel(DM)

    @overload
    def waits_for(self, wanted: str, where: str = DM, timeout: float | None = None) -> SeenMessage: ...
    @overload
    def waits_for(self, wanted: Callable[[], Found | None], where: str = DM, timeout: float | None = None) -> Found: ...
    def waits_for(
        self, wanted: str | Callable[[], Found | None], where: str = DM, timeout: float | None = None
    ) -> SeenMessage | Found:
        """Wait for the newest message in `where` that says these words, or until a function finds something."""
        if not isinstance(wanted, str):
            return self.screen.wait(wanted, "what was waited for", timeout)
        found = self.workspace.wait_until(
            lambda: self._newest(wanted, where), self.screen.patience if timeout is None else timeout
        )
        if found is None:
            shown = [each.text for each in self.channel(where)]
            raise NotSeenError(f"{self.profile.name} does not read {wanted!r} in {where}, but {shown}; {self.toasts}")
        return found

    def _newest(self, words: str, where: str) -> SeenMessage | None:
        shown = reversed(self.channel(where))
        return next((each for each in shown if words in each.text or words in each.notification), None)

    def reloads(self) -> None:
        """Reload Slack: ephemeral messages are gone."""
        with self.workspace.lock:
            self.workspace.messages.forget_ephemerals(self.profile.id)

    def _place(self, name: str) -> Channel:
        """Find a conversation this person is in; others are not on their screen."""
        with self.workspace.lock:
            channels = self.workspace.channels
            if name in {DM, SELF}:
                bot = self.workspace.bot.id
                return channels.notes(self.profile) if name == SELF else channels.direct(self.profile, bot)
            channel = channels.by_id.get(name) or channels.named(name)
            if channel is None or self.profile.id not in channel.members:
                raise NotSeenError(f"{self.profile.name} sees no channel {name}")
            return channel
