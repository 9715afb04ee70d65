"""What /livez and /readyz ask: is the process alive, and can it do its work."""

from collections.abc import Mapping
from datetime import timedelta

from bot.health import Check
from bot.program import Program
from operations.deps import Deps
from storage.stuck import stuck_lanes
from storage.transactions import Database
from storage.troubles import why_unwritten

_STALE_SECONDS = 30.0
_PATIENCE = timedelta(minutes=5)
"""Longer than the longest attempt and its lease."""
_SKEW_SECONDS = 30.0


def live_checks(program: Program) -> Mapping[str, Check]:
    """Alive is who sweeps."""
    return {"sweep": lambda: _sweep(program)}


def ready_checks(program: Program, slack: Check) -> Mapping[str, Check]:
    """Ready is who can write, drains the outbox, reaches Slack, and has found Identity Center."""
    return {
        "database": lambda: database_trouble(program.parts.deps.database),
        "clock": lambda: _skew(program),
        "sweep": lambda: _sweep(program),
        "slack": lambda: slack() or program.parts.people.trouble,
        "outbox": lambda: outbox_trouble(program.parts.deps),
        "aws": lambda: program.parts.aws.trouble,
    }


def _sweep(program: Program) -> str | None:
    age = program.scheduler.age
    return f"the last sweep was {age:.0f} s ago" if age > _STALE_SECONDS else None


def database_trouble(database: Database) -> str | None:
    """Say why the database cannot be written, or None; raises what says nothing of that."""
    try:
        database.check()
    except Exception as error:
        if words := why_unwritten(error):
            return f"the database cannot be written: {words}. Nothing is granted; what is over is removed all the same."
        raise
    return None


def outbox_trouble(deps: Deps) -> str | None:
    """Say which lanes of the outbox nobody drains, or None."""
    with deps.database.read() as db:
        stuck = stuck_lanes(db, deps.clock.now(), _PATIENCE)
    lanes = [f"{lane} for {wait.total_seconds():.0f} s" for lane, wait in stuck.items()]
    return f"nobody performs what is due in the outbox: {', '.join(lanes)}" if lanes else None


def _skew(program: Program) -> str | None:
    deps = program.parts.deps
    skew = abs((deps.database.clock() - deps.clock.now()).total_seconds())
    return f"the database's clock is {skew:.0f} s away from ours" if skew > _SKEW_SECONDS else None
