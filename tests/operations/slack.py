"""Slack as operations see it: a messenger that writes everything down, and people with rosters."""

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from access.people import Membership, Person, Roster, SlackId
from operations.ports import Blocks
from slackapi.errors import LookUpFailed, SlackBusy, SlackRefused, SlackTrouble
from slackapi.messenger import Posted


@dataclass(slots=True, kw_only=True)
class Posting:
    """One message as Slack holds it."""

    channel: str
    ts: str
    text: str
    blocks: Blocks
    key: str
    edits: int = 0

    @property
    def buttons(self) -> list[str]:
        """The words on its buttons."""
        rows = [each["elements"] for each in self.blocks if each["type"] == "actions"]
        return [element["text"]["text"] for row in rows for element in row]


class RecordingMessenger:
    """Holds what was posted, by channel; conversations with one person are `D` and their id.

    `closed` names channels that refuse, with Slack's code; `down` makes every call fail before it has an effect;
    `lost` is how many answers are yet to be lost after the effect.
    """

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self.calls: list[tuple[str, str]] = []
        self.closed: dict[str, str] = {}
        self.down: SlackTrouble | None = None
        self.lost = 0
        self.homes: dict[SlackId, tuple[str, dict[str, Any]]] = {}
        self.hurried: list[bool] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def post(self, channel: str, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post a message."""
        self._called("post", channel)
        ts = f"{next(self._numbers)}.000000"
        self.postings.append(Posting(channel=channel, ts=ts, text=text, blocks=blocks, key=key))
        self._answer()
        return Posted(channel=channel, ts=ts)

    def direct(self, slack_id: SlackId, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post a direct message."""
        return self.post(f"D{slack_id}", text, blocks, key=key)

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Change a message in place."""
        self._called("update", channel)
        found = next(each for each in self.postings if (each.channel, each.ts) == (channel, ts))
        found.text, found.blocks, found.edits = text, blocks, found.edits + 1
        self._answer()

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        """Find a message by its key; direct messages cannot be searched."""
        self._called("find_posted", channel)
        found = [each for each in self.in_channel(channel) if each.key == key and not channel.startswith("D")]
        return Posted(channel=channel, ts=found[0].ts) if found else None

    def publish_home(self, slack_id: SlackId, view: dict[str, Any], *, stands: str = "", hurry: bool = False) -> str:
        """Draw a home tab, over the drawing that stands and no other."""
        self._called("publish_home", slack_id)
        if stands and slack_id in self.homes and stands != self.homes[slack_id][0]:
            raise SlackRefused("hash_conflict", "Another drawing stands by now.")
        told = f"h{next(self._numbers)}"
        self.homes[slack_id] = (told, view)
        self.hurried.append(hurry)
        self._answer()
        return told

    def in_channel(self, channel: str) -> list[Posting]:
        """List what stands in one channel, oldest first."""
        return [each for each in self.postings if each.channel == channel]

    def told(self, slack_id: SlackId) -> list[str]:
        """List all words of the direct messages to one person."""
        return [f"{each.text} {texts_of(each.blocks)}" for each in self.in_channel(f"D{slack_id}")]

    def count(self, method: str) -> int:
        """Count the calls of one method."""
        return sum(1 for name, _ in self.calls if name == method)

    def _called(self, method: str, channel: str) -> None:
        with self._lock:
            self.calls.append((method, channel))
        if self.down is not None:
            raise self.down
        if channel in self.closed:
            raise SlackRefused(self.closed[channel], f"Slack refused: {self.closed[channel]}.")

    def _answer(self) -> None:
        if self.lost:
            self.lost -= 1
            raise SlackBusy("Slack's answer was lost.", unknown=True)


class KnownPeople:
    """Who is who: `persons` by id, `groups` by id; while `silent`, no look-up is answered."""

    def __init__(self, *persons: Person) -> None:
        self.persons: dict[SlackId, Person] = {each.slack_id: each for each in persons}
        self.groups: dict[str, tuple[Person, ...]] = {}
        self.silent = False
        self.forgotten: list[str] = []

    def person(self, slack_id: SlackId) -> Person:
        """Describe somebody."""
        if self.silent or slack_id not in self.persons:
            raise LookUpFailed("Slack could not be asked who somebody is.")
        return self.persons[slack_id]

    def roster(self, owners: Iterable[str], admins: Iterable[str]) -> Roster:
        """Resolve as slackapi.people does: an empty group fails, an address of nobody is left out."""
        return Roster(owners=self._members(owners), admins=self._members(admins))

    def forget(self, slack_id: SlackId) -> None:
        """Write down who is to be looked up anew."""
        self.forgotten.append(slack_id)

    def forget_group(self, group_id: str) -> None:
        """Write down which group is to be looked up anew."""
        self.forgotten.append(group_id)

    def _members(self, principals: Iterable[str]) -> frozenset[SlackId]:
        if self.silent:
            raise LookUpFailed("Slack could not be asked who is in a group.")
        return frozenset(each.slack_id for name in principals for each in self._resolved(name))

    def _resolved(self, name: str) -> list[Person]:
        if "@" in name:
            everybody = self.persons.values()
            return [each for each in everybody if each.email == name and each.membership is Membership.FULL]
        if not self.groups.get(name):
            raise LookUpFailed(f"The Slack user group {name} has no members.")
        return list(self.groups[name])


def texts_of(part: Any) -> str:
    """Join every text in blocks."""
    if isinstance(part, list):
        return " ".join(texts_of(each) for each in part)
    if isinstance(part, dict):
        return " ".join(texts_of(each) for each in part.values())
    return part if isinstance(part, str) else ""
