"""Posts, updates and finds messages; every call leaves once, and its failure says whether it may have been done."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk.web import SlackResponse

from access.people import SlackId
from slackapi.clients import Clients
from slackapi.errors import SlackRefused, classify

Blocks = Sequence[Mapping[str, Any]]
METADATA_EVENT = "jit_post"
LONGEST_TEXT = 4_000
"""Slack refuses longer text in chat.update and splits it in chat.postMessage."""
CLOCK_MARGIN = timedelta(seconds=60)
PAGE = 200
MOST_PAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


class Messenger:
    """The bot's voice in Slack; all methods raise `slackapi.errors.SlackTrouble` and its kinds."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._direct: dict[SlackId, str] = {}

    def post(self, channel: str, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post once; `key` goes along as metadata so that `find_posted` can find the message after a lost answer."""
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": key}} if key else None
        response = _call(
            lambda: self._clients.posting.chat_postMessage(
                channel=channel,
                text=clip_text(text),
                blocks=_plain(blocks),
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return _posted(response)

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Replace a message of our own; doing it again does no harm."""
        _call(
            lambda: self._clients.posting.chat_update(
                channel=channel, ts=ts, text=clip_text(text), blocks=_plain(blocks)
            )
        )

    def direct(self, slack_id: SlackId, text: str, blocks: Blocks, *, key: str = "") -> Posted:
        """Post into the conversation with one person."""
        channel = self._conversation_with(slack_id)
        try:
            return self.post(channel, text, blocks, key=key)
        except SlackRefused as refused:
            if refused.code == "channel_not_found":
                with self._lock:
                    self._direct.pop(slack_id, None)
            raise

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        """Find the message with this key, posted after about `since` (aware), or None.

        Direct messages are not searched: the bot has no scope to read them, and twice does no harm there.
        """
        if channel.startswith("D"):
            return None
        oldest = f"{(since - CLOCK_MARGIN).timestamp():.6f}"
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = _call(partial(self._page, channel, oldest, cursor))
            for message in page.get("messages") or []:
                if _key_of(message) == key:
                    return Posted(channel=channel, ts=str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None

    def publish_home(self, slack_id: SlackId, view: Mapping[str, Any], *, stands: str = "", hurry: bool = False) -> str:
        """Draw somebody's home tab; returns the hash by which Slack knows this drawing.

        `stands` is the hash of the drawing that it is drawn over: `SlackRefused` with `hash_conflict` where another
        one stands by now. `hurry` gives up sooner, where somebody looks at it.
        """
        client = self._clients.interactive if hurry else self._clients.posting
        answer = _call(lambda: client.views_publish(user_id=slack_id, view=dict(view), hash=stands or None))
        return str((answer.get("view") or {}).get("hash") or "")

    def _page(self, channel: str, oldest: str, cursor: str | None) -> SlackResponse:
        return self._clients.reading.conversations_history(
            channel=channel, oldest=oldest, cursor=cursor, limit=PAGE, include_all_metadata=True
        )

    def _conversation_with(self, slack_id: SlackId) -> str:
        with self._lock:
            known = self._direct.get(slack_id)
        if known is None:
            # opening a conversation again returns the same one, so it may be retried as reading may
            response = _call(lambda: self._clients.reading.conversations_open(users=slack_id))
            known = str((response.get("channel") or {}).get("id", ""))
            with self._lock:
                self._direct[slack_id] = known
        return known


def clip_text(text: str) -> str:
    """Cut the top-level text to what Slack takes, never within an escaped character."""
    if len(text) <= LONGEST_TEXT:
        return text
    cut = text[: LONGEST_TEXT - 1]
    start = cut.rfind("&")
    if start > len(cut) - len("&amp;") and ";" not in cut[start:]:
        cut = cut[:start]
    return cut + "…"


def _call(send: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return send()
    except Exception as error:
        raise classify(error) from error


def _plain(blocks: Blocks) -> list[dict[str, Any]]:
    return [dict(each) for each in blocks]


def _posted(response: SlackResponse) -> Posted:
    return Posted(channel=str(response["channel"]), ts=str(response["ts"]))


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA_EVENT:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
