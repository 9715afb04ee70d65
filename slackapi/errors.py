"""What Slack's Web API can answer besides yes, sorted by what can be done about it.

SlackTrouble
├── SlackBusy       later again; `unknown` tells that the call may have been carried out all the same
├── SlackRefused    no for good: `code` as Slack names it, and the mend in words
├── SlackAuthLost   the bot's token is no longer accepted
└── LookUpFailed    who somebody is, or who is in a group, could not be told; it counts as no
"""

import socket
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

HTTP_TOO_MANY = 429
HTTP_SERVER_ERROR = 500

_RATE_CODES = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited"})
_NOT_DONE_CODES = frozenset({"team_added_to_org", "service_unavailable"})
_UNKNOWN_CODES = frozenset({"fatal_error", "internal_error", "request_timeout"})
"""Slack says of these that part of the work may have succeeded (chat.postMessage, Errors)."""
_AUTH_CODES = frozenset(
    {"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
)
_AUTH_CODES |= {"not_allowed_token_type", "team_access_not_granted", "ekm_access_denied", "two_factor_setup_required"}

_MENDS = {
    "channel_not_found": "Check the channel's id, and invite the bot where the channel is private: /invite @jitbot",
    "not_in_channel": "Invite the bot into the channel: /invite @jitbot",
    "is_archived": "The channel is archived: unarchive it, or name another one in the configuration.",
    "is_inactive": "The channel is frozen: name another one in the configuration.",
    "restricted_action": "A workspace setting keeps the bot from posting there: let an administrator allow it.",
    "messages_tab_disabled": "Switch the app's Messages tab on (App Home), so that it can send direct messages.",
    "cannot_dm_bot": "A bot takes no direct messages.",
    "user_not_found": "There is no such person in this workspace.",
    "users_not_found": "Nobody in this workspace has this e-mail address.",
    "user_disabled": "This person's account in Slack is deactivated.",
    "user_not_visible": "This person is not visible to the bot.",
    "user_not_in_channel": "This person is not in the channel.",
    "no_such_subteam": "There is no such user group: check its id (S…) in the configuration.",
    "plan_upgrade_required": "This Slack plan has no user groups: list people by their e-mail addresses.",
    "missing_scope": "Give the app this scope in its manifest and install it anew.",
    "message_not_found": "The message was deleted.",
    "cant_update_message": "Only its poster can change a message: another app or an older installation posted it.",
    "edit_window_closed": "A workspace setting forbids to change messages this old.",
    "invalid_blocks": "Slack does not take these blocks: this is a fault in jitbot, please report it.",
    "invalid_blocks_format": "Slack does not take these blocks: this is a fault in jitbot, please report it.",
    "msg_blocks_too_long": "The message is too long: this is a fault in jitbot, please report it.",
    "msg_too_long": "The message is too long: this is a fault in jitbot, please report it.",
    "not_enabled": "Switch the app's Home tab on (App Home), or install the app from its manifest anew.",
    "no_text": "The message has no text: this is a fault in jitbot, please report it.",
}


class SlackTrouble(Exception):  # noqa: N818 - the tree's names say what happened
    """Slack did not do what was asked; `words` say why, for people."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class SlackBusy(SlackTrouble):
    """Try later: after `retry_after` seconds where Slack named them; `unknown`: it may have been done all the same."""

    def __init__(self, words: str, *, retry_after: float | None = None, unknown: bool = False) -> None:
        super().__init__(words)
        self.retry_after = retry_after
        self.unknown = unknown


class SlackRefused(SlackTrouble):
    """No for good, with Slack's `code`."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class SlackAuthLost(SlackTrouble):
    """The bot's token is no longer accepted."""


class LookUpFailed(SlackTrouble):
    """Who somebody is, or who is in a group, could not be told; it counts as no."""


def classify(error: BaseException) -> SlackTrouble:
    """Sort what a call of slack_sdk raised; pure.

    Rate limits are surely not carried out; a refused connection neither. A lost or late answer, a 5xx and Slack's own
    `fatal_error` and `internal_error` leave it open (https://docs.slack.dev/reference/methods/chat.postMessage).
    """
    if isinstance(error, SlackTrouble):
        return error
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
        return SlackBusy(f"Slack cannot be reached ({error.reason}).")
    return SlackBusy(f"Slack's answer was lost ({type(error).__name__}).", unknown=True)


def _answered(error: SlackApiError) -> SlackTrouble:
    response = error.response
    body: Mapping[str, Any] = response.data if isinstance(response.data, dict) else {}
    code = str(body.get("error", ""))
    if response.status_code == HTTP_TOO_MANY or code in _RATE_CODES:
        return SlackBusy("Slack asks to slow down.", retry_after=_retry_after(response.headers))
    if code in _NOT_DONE_CODES:
        return SlackBusy(f"Slack is not ready ({code}).")
    if response.status_code >= HTTP_SERVER_ERROR or code in _UNKNOWN_CODES or not code.replace("_", "").isalnum():
        return SlackBusy(f"Slack failed (HTTP {response.status_code}).", unknown=True)
    if code in _AUTH_CODES:
        return SlackAuthLost(
            f"Slack no longer accepts the bot's token ({code}): install the app anew and set SLACK_BOT_TOKEN."
        )
    return SlackRefused(code, _words(code, body))


def _words(code: str, body: Mapping[str, Any]) -> str:
    metadata = body.get("response_metadata")
    messages = metadata.get("messages", []) if isinstance(metadata, dict) else []
    told = [str(body[key]) for key in ("needed",) if body.get(key)] + [str(each) for each in messages]
    mend = _MENDS.get("restricted_action" if code.startswith("restricted_action") else code, "")
    return " ".join(part for part in (f"Slack refused: {code}.", mend, f"({'; '.join(told)})" if told else "") if part)


def _retry_after(headers: Mapping[str, Any]) -> float | None:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            text = value[0] if isinstance(value, list) else value
            return float(text) if str(text).isdigit() else None
    return None
