"""A message as one person sees it, and what they can press on it."""

import copy
from dataclasses import dataclass

from sandbox.slack.elements import Placed, all_options
from sandbox.slack.finding import NotSeenError, button_label, buttons, field_label, fields, pick, pick_option
from sandbox.slack.gestures.presses import choose, press, press_payload
from sandbox.slack.messages import Message
from sandbox.slack.screen import Screen
from sandbox.slack.visible import message_text, notification_text, notified
from sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """A message as it stood when it was looked at; pressing an old one is a stale press."""

    screen: Screen
    message: Message

    @property
    def text(self) -> str:
        """The full visible text, of the blocks where there are any."""
        with self.screen.stage.workspace.lock:
            return message_text(self.message, self.screen.reader)

    @property
    def notification(self) -> str:
        """The top-level text, which notifications show and screen readers read."""
        with self.screen.stage.workspace.lock:
            return notification_text(self.message, self.screen.reader)

    @property
    def notifies(self) -> list[str]:
        """Whom it notifies: `channel`, `here`, `everyone`, and ids of people and groups."""
        with self.screen.stage.workspace.lock:
            return notified(self.message, self.screen.reader)

    @property
    def ts(self) -> str:
        """Its id in its channel."""
        return self.message.ts

    @property
    def thread(self) -> str:
        """The ts of the thread it is in, empty outside threads."""
        return self.message.thread_ts

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.message.ephemeral_to)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks as Slack keeps them."""
        return self.message.blocks

    def again(self) -> "SeenMessage":
        """Look at it anew; NotSeenError where it is gone."""
        workspace = self.screen.stage.workspace
        with workspace.lock:
            message = workspace.messages.find(self.message.channel, self.message.ts)
            if message is None:
                raise NotSeenError(f"the message is gone: {self.text}")
            return seen(self.screen, message)

    def buttons(self) -> list[str]:
        """List the words on its buttons."""
        return [button_label(each) for each in buttons(self.message.blocks)]

    def menus(self) -> list[str]:
        """List the words beside its menus and other fields."""
        return [field_label(each, self.screen.reader) for each in fields(self.message.blocks)]

    def press(self, label: str, *, confirm: bool = True) -> None:
        """Press a button; its confirm dialog is agreed to, or cancelled with `confirm=False`."""
        placed = self._button(label)
        if self.screen.agrees(placed, confirm=confirm):
            press(self.screen.stage, self.screen.profile, self._source(), placed)

    def press_payload(self, label: str) -> Json:
        """Build what pressing would send, without sending it: to be changed and sent with `deliver_raw`."""
        return press_payload(self.screen.stage, self.screen.profile, self._source(), self._button(label), {})

    def chooses(self, menu: str, option: str, *, confirm: bool = True) -> None:
        """Choose an option of a menu by its words; a menu without any words of its own is named ``."""
        placed = pick(fields(self.message.blocks), menu, lambda each: field_label(each, self.screen.reader), "menu")
        chosen = pick_option(all_options(placed.element), option)
        if self.screen.agrees(placed, confirm=confirm):
            choose(self.screen.stage, self.screen.profile, self._source(), placed, chosen)

    def _button(self, label: str) -> Placed:
        return pick(buttons(self.message.blocks), label, button_label, "button")

    def _source(self) -> Message:
        """Give the message as it stands now, or as it was seen where it is gone; only members can act on it."""
        workspace = self.screen.stage.workspace
        with workspace.lock:
            if self.screen.profile.id not in workspace.channels.by_id[self.message.channel].members:
                raise NotSeenError(f"{self.screen.profile.name} is not in the channel")
            return workspace.messages.find(self.message.channel, self.message.ts) or self.message


def seen(screen: Screen, message: Message) -> SeenMessage:
    """Look at a message now."""
    return SeenMessage(screen=screen, message=copy.deepcopy(message))
