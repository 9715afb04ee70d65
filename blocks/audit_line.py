"""One line in the audit channel for each event: who, what, when and why; nobody is notified by it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from access.changes import Event, EventKind
from blocks.message import Message
from blocks.parts import section
from blocks.text import inline, when

WORDS_MOST = 200
HASH_MOST = 80
ANCHOR_DIGITS = 16
_SHOWN = {
    EventKind.REQUESTED: "📝 Requested",
    EventKind.APPROVED: "👍 Approved",
    EventKind.REJECTED: "⛔ Rejected",
    EventKind.WITHDRAWN: "🔙 Withdrawn",
    EventKind.REMINDED: "🔔 Reminded",
    EventKind.ESCALATED: "⏫ SSO admins asked",
    EventKind.LAPSED: "⌛ Lapsed",
    EventKind.GRANTED: "🟢 Granted",
    EventKind.GRANT_DELAYED: "🐢 Grant delayed",
    EventKind.GRANT_FAILED: "❌ Grant refused by AWS",
    EventKind.HARD_STOP: "✂️ AWS sessions are cut",
    EventKind.ANNOUNCED: "⏰ End announced",
    EventKind.EXTENDED: "⏩ Extended",
    EventKind.END_ORDERED: "🔚 End ordered",
    EventKind.REVOKE_DELAYED: "⚠️ Removal delayed",
    EventKind.OVERDUE: "🔴 Overdue",
    EventKind.RETRY_ORDERED: "🔁 Retry by hand",
    EventKind.ORPHAN_REMOVED: "🧹 Leftover access removed",
    EventKind.EXPIRED: "🏁 Expired",
    EventKind.REVOKED: "🔒 Revoked",
    EventKind.FAILED: "❌ Failed",
    EventKind.REFUSED: "🚫 Refused",
    EventKind.CONFIGURATION_LOADED: "📂 Configuration loaded",
    EventKind.ASSIGNMENT_MISSING: "🕳️ Access taken away in AWS",
    EventKind.ASSIGNMENT_RETURNED: "🩹 Access is back in AWS",
    EventKind.DRIFT_FOUND: "🔎 Not made by jitbot",
    EventKind.DRIFT_ADOPTED: "🤝 Adopted as session",
    EventKind.DRIFT_IGNORED: "🙈 Ignored",
    EventKind.OFFBOARDED: "🚪 Left",
    EventKind.FROZEN: "🧊 Frozen",
    EventKind.UNFROZEN: "🔥 Freeze lifted",
    EventKind.REVOKE_ALL_ORDERED: "🛑 Revoking all ordered",
    EventKind.REVOKE_ALL_CONFIRMED: "🛑 Revoking all confirmed",
    EventKind.REVOKE_ALL_LAPSED: "⌛ Revoking all lapsed",
}
_LABELS = {
    "session_duration": "session",
    "managed_policies": "managed policies",
    "ending": "ending",
    "late": "late",
    "extends": "extends",
    "extension": "by",
    "path": "path",
    "refusal": "refusal",
    "scope": "scope",
    "order": "order",
    "confirmed_by": "confirmed by",
    "words": "words",
    "reason": "reason",
    "justification": "justification",
}


def audit_line(event: Event, anchor: str = "") -> Message:
    """Render one event; details that are missing are left out, those not known here stay in the log.

    `anchor` is the entry's `seq:hash`: its beginning stands in the line, as a witness outside the database that
    `jitbot audit verify --anchor` takes.
    """
    what = shown_kind(event.kind)
    number = [inline(event.request)] if event.request else []
    seen = [witness(anchor)] if anchor else []
    pieces = [f"*{what}*", *number, _actor(event), *_target(event), *_details(event), when(event.at), *seen]
    line = " · ".join(pieces)
    return Message(text=line.replace("*", ""), blocks=[section(line)])


def shown_kind(kind: EventKind) -> str:
    """Name a kind of event, as emoji and word."""
    return _SHOWN.get(kind, f"• {inline(kind.value)}")


def witness(anchor: str) -> str:
    """Shorten an anchor (`seq:hash`) to what `jitbot audit verify --anchor` needs."""
    return f"`{inline(anchor[: anchor.find(':') + ANCHOR_DIGITS + 1])}`"


def _actor(event: Event) -> str:
    """Name the actor with the id behind: names change, ids do not, and a mention would notify."""
    actor = inline(event.actor)
    return f"{inline(event.actor_name)} ({actor})" if event.actor_name.strip() else actor


def _target(event: Event) -> Iterator[str]:
    said = {key: inline(words) for key, words in event.details.items() if words.strip()}
    account = said.get("account_name") or said.get("account")
    if "account" in said and account != said["account"]:
        account = f"{account} ({said['account']})"
    kind = f" ({said['kind'].lower()})" if "kind" in said else ""
    what = f"{said['permission_set']}{kind}" if "permission_set" in said else ""
    if what or account:
        yield " in ".join(each for each in (what, account) if each)
    if "duration" in said:
        yield f"for {said['duration']}"
    if "role" in said or "level" in said:
        yield f"as {said.get('role') or said['level']}"
    if "stand_in" in said:
        yield inline(event.details["stand_in"], WORDS_MOST)


def _details(event: Event) -> Iterator[str]:
    for key in ("until", "since"):
        if moment := event.details.get(key, ""):
            yield f"{key} {_moment(moment)}"
    for key, label in _LABELS.items():
        if words := event.details.get(key, "").strip():
            yield f"{label}: {inline(words, WORDS_MOST)}"
    if digest := event.details.get("policy_sha256", ""):
        yield f"policy sha256: {inline(digest, HASH_MOST)}"


def _moment(words: str) -> str:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return inline(words)
    return when(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
