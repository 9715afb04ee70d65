"""Whether time has made anything due, in one look at the database."""

from access.overdue import PATIENCE
from operations.deps import Deps
from storage import due


def anything_due(deps: Deps) -> bool:
    """Tell whether a sweep may find something to settle."""
    now, rules = deps.clock.now(), deps.rules
    with deps.database.read() as db:
        return due.anything_due(
            db,
            now,
            ordered_before=now - PATIENCE,
            ends_before=now + rules.announce_before,
            remind_before=now - rules.remind_after,
            escalate_before=now - rules.escalate_after,
        )
