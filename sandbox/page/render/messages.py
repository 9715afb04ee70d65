"""The messages of one place as a template draws them: threads under their first message, days apart."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.page.places import Seat
from sandbox.slack.channels import Channel
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.visible import notified


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One message: who said it and when, whom it notifies in words, and the replies in its thread."""

    message: Message
    author: Profile
    at: datetime
    day: str
    new_day: bool
    mentions_me: bool
    calls: tuple[str, ...]
    replies: tuple["ShownMessage", ...] = ()

    @property
    def key(self) -> str:
        """Its id on the page."""
        return f"m{self.message.channel}-{self.message.ts.replace('.', '-')}"


def shown_messages(seat: Seat, channel: Channel) -> list[ShownMessage]:
    """List what this person sees in a channel, oldest first."""
    seen = seat.messages(channel)
    threads: dict[str, list[Message]] = defaultdict(list)
    for each in seen:
        if each.thread_ts and each.thread_ts != each.ts:
            threads[each.thread_ts].append(each)
    flow = [
        each
        for each in seen
        if each.in_main_flow or not seat.sandbox.workspace.messages.find(channel.id, each.thread_ts)
    ]
    shown: list[ShownMessage] = []
    for each in flow:
        before = shown[-1].day if shown else ""
        replies = tuple(_shown(seat, reply, "", ()) for reply in threads[each.ts])
        shown.append(_shown(seat, each, before, replies))
    return shown


def _shown(seat: Seat, message: Message, before: str, replies: tuple[ShownMessage, ...]) -> ShownMessage:
    at = datetime.fromtimestamp(float(message.ts), UTC).astimezone(seat.reader.zone)
    day = f"{at:%A}, {at:%B} {at.day}"
    called = [each for each in notified(message, seat.reader) if each in {"here", "channel", "everyone"}]
    return ShownMessage(
        message=message,
        author=seat.sandbox.workspace.people.by_id[message.user],
        at=at,
        day=day,
        new_day=day != before and not message.thread_ts,
        mentions_me=seat.notifies(message),
        calls=tuple(called),
        replies=replies,
    )
