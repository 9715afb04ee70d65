"""The messages of the workspace: threads, edits, metadata and ephemerals."""

from collections import defaultdict
from dataclasses import dataclass, field

from sandbox.slack.elements import Inputs
from sandbox.slack.wire import Json


@dataclass(slots=True, kw_only=True)
class Message:
    """One message in one channel; `ephemeral_to` names the only person who sees it."""

    channel: str
    ts: str
    user: str
    text: str
    bot_id: str = ""
    app_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str = ""
    broadcast: bool = False
    edited: str = ""
    ephemeral_to: str = ""
    inputs: dict[str, Inputs] = field(default_factory=dict)

    @property
    def in_main_flow(self) -> bool:
        """Whether it stands in the channel itself and not only in a thread."""
        return not self.thread_ts or self.thread_ts == self.ts or self.broadcast

    def as_slack(self, team_id: str, *, with_metadata: bool = False) -> Json:
        """Give the message object of conversations.history and of interactions."""
        told: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": team_id}
        if self.bot_id:
            told |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if self.blocks:
            told["blocks"] = self.blocks
        if self.attachments:
            told["attachments"] = self.attachments
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.edited:
            told["edited"] = {"user": self.user, "ts": self.edited}
        if self.metadata is not None and with_metadata:
            told["metadata"] = self.metadata
        return told


class Messages:
    """What was said in every channel, oldest first."""

    def __init__(self) -> None:
        self.by_channel: dict[str, list[Message]] = defaultdict(list)
        self._last = 0

    def fresh_ts(self, now: float) -> str:
        """Make a message id: Unix seconds with six decimals, never given twice."""
        self._last = max(self._last + 1, round(now * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, message: Message) -> Message:
        """Put a message at the end of its channel."""
        self.by_channel[message.channel].append(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """Find one message, ephemerals included."""
        return next((each for each in self.by_channel[channel] if each.ts == ts), None)

    def lasting(self, channel: str) -> list[Message]:
        """List what history knows: everything but ephemerals."""
        return [each for each in self.by_channel[channel] if not each.ephemeral_to]

    def remove(self, message: Message) -> None:
        """Take a message away; nothing happens where it is gone already."""
        if message in self.by_channel[message.channel]:
            self.by_channel[message.channel].remove(message)

    def forget_ephemerals(self, viewer: str) -> None:
        """Do what reloading Slack does: somebody's ephemeral messages are gone."""
        for channel, messages in self.by_channel.items():
            self.by_channel[channel] = [each for each in messages if each.ephemeral_to != viewer]
