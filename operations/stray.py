"""Record a button or form that no version of the bot made: old, or forged."""

from access.changes import Event, EventKind
from access.people import SlackId
from operations.deps import Deps
from operations.settle import record


def record_stray(deps: Deps, slack_id: SlackId, name: str) -> None:
    """Write it to the audit log, with who sent it."""
    now = deps.clock.now()
    details = {"verb": name, "refusal": "NotFound", "words": "no version of the bot made this button or form"}
    with deps.database.begin() as db:
        record(db, [Event(kind=EventKind.REFUSED, at=now, actor=slack_id, details=details)], now)
