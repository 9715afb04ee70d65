"""Write to the audit log with which configuration the bot started."""

from access.changes import BOT, Event, EventKind
from operations.deps import Deps
from operations.settle import record


def record_configuration(deps: Deps, path: str, digest: str, summary: str) -> None:
    """Record the configuration: its file, SHA-256 and a summary in words."""
    now = deps.clock.now()
    details = {"path": path, "sha256": digest, "words": summary}
    with deps.database.begin() as db:
        record(db, [Event(kind=EventKind.CONFIGURATION_LOADED, at=now, actor=BOT, details=details)], now)
