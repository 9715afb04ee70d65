"""Short-lived rights Slack hands an app: trigger ids, response URLs and Socket Mode tickets."""

import secrets
from dataclasses import dataclass

TRIGGER_LIFE = 3.0
"""Seconds a trigger_id can be exchanged (docs.slack.dev, handling user interaction)."""
RESPONSE_LIFE = 30 * 60.0
"""Seconds a response_url works."""
RESPONSE_USES = 5
"""Times a response_url works."""
TICKET_LIFE = 30.0
"""Seconds a Socket Mode URL can be dialled (C)."""


class TicketError(Exception):
    """The right is not there any more; the text is Slack's error code."""


@dataclass(slots=True, kw_only=True)
class _Trigger:
    user: str
    born: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Where one gesture may be answered: who sees it, where, and the message it came from."""

    user: str
    channel: str
    born: float
    source_ts: str = ""
    uses: int = 0


class Tickets:
    """Every right handed out."""

    def __init__(self) -> None:
        self._triggers: dict[str, _Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}
        self._sockets: dict[str, float] = {}

    def trigger(self, user: str, now: float) -> str:
        """Hand out a trigger_id for something somebody just did."""
        key = f"{len(self._triggers) + 1}.{int(now)}.{secrets.token_hex(16)}"
        self._triggers[key] = _Trigger(user=user, born=now)
        return key

    def exchange(self, trigger_id: str, now: float) -> str:
        """Spend a trigger_id and say whose it was; each of Slack's three refusals is raised as TicketError."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise TicketError("invalid_trigger_id")
        if trigger.used:
            raise TicketError("exchanged_trigger_id")
        if now - trigger.born > TRIGGER_LIFE:
            raise TicketError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def response(self, right: ResponseUrl) -> str:
        """Hand out the secret part of a response_url."""
        key = secrets.token_urlsafe(18)
        self._responses[key] = right
        return key

    def use_response(self, key: str, now: float) -> ResponseUrl:
        """Spend one use of a response_url; TicketError where it is unknown, used up or too old."""
        right = self._responses.get(key)
        if right is None:
            raise TicketError("invalid_url")
        if now - right.born > RESPONSE_LIFE:
            raise TicketError("expired_url")
        if right.uses >= RESPONSE_USES:
            raise TicketError("used_url")
        right.uses += 1
        return right

    def socket(self, now: float) -> str:
        """Hand out the ticket of one Socket Mode connection."""
        key = secrets.token_hex(16)
        self._sockets[key] = now
        return key

    def use_socket(self, key: str, now: float) -> bool:
        """Spend a Socket Mode ticket; it lets one connection in."""
        born = self._sockets.pop(key, None)
        return born is not None and now - born <= TICKET_LIFE
