"""What is remembered of the home tabs that this process has drawn: lost at a restart, and then found out anew."""

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime

from access.people import SlackId
from blocks.home import Page

_MOST = 20_000
"""People; beyond, everything is forgotten, which costs each of them one drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody sees: `hash` is Slack's name for the drawing, `digest` ours for the state behind it."""

    hash: str = ""
    digest: str = ""
    page: Page = field(default_factory=Page)


class HomeMemory:
    """Who sees which page, drawn from which state; `rest_until` is when the next round begins. Safe across threads."""

    def __init__(self) -> None:
        self._seen: dict[SlackId, Seen] = {}
        self._waiting: set[SlackId] = set()
        self._lock = threading.Lock()
        self.rest_until: datetime | None = None

    def seen(self, slack_id: SlackId) -> Seen:
        """Tell what somebody sees, as far as known."""
        with self._lock:
            return self._seen.get(slack_id, Seen())

    def shown(self, slack_id: SlackId, seen: Seen) -> None:
        """Note what Slack has taken."""
        with self._lock:
            if len(self._seen) >= _MOST:
                self._seen.clear()
            self._seen[slack_id] = seen

    def turned(self, slack_id: SlackId, page: Page, told_hash: str = "") -> None:
        """Note which page somebody wants to see from now on, and learn which drawing stands if that is not known."""
        with self._lock:
            known = self._seen.get(slack_id, Seen())
            self._seen[slack_id] = replace(known, page=page, hash=known.hash or told_hash)

    def outdated(self, slack_id: SlackId, stale: str) -> None:
        """Forget a hash that Slack called stale, unless a newer one is known by now."""
        with self._lock:
            known = self._seen.get(slack_id, Seen())
            if known.hash == stale:
                self._seen[slack_id] = replace(known, hash="", digest="")

    def queue(self, slack_id: SlackId) -> bool:
        """Note that a drawing is to begin; False where one waits to begin already, which will do for both."""
        with self._lock:
            if slack_id in self._waiting:
                return False
            self._waiting.add(slack_id)
            return True

    def begun(self, slack_id: SlackId) -> None:
        """Note that the drawing that waited has begun: what comes now needs another one."""
        with self._lock:
            self._waiting.discard(slack_id)
