"""What /livez and /readyz ask: is the process alive, and can it do its work."""

from collections.abc import Mapping

from bot.health import Check
from bot.program import Program

_STALE_SECONDS = 30.0
_SKEW_SECONDS = 30.0


def live_checks(program: Program) -> Mapping[str, Check]:
    """Alive is who sweeps."""
    return {"sweep": lambda: _sweep(program)}


def ready_checks(program: Program, slack: Check) -> Mapping[str, Check]:
    """Ready is who can write, reach Slack, and has found Identity Center."""
    return {
        "database": lambda: _database(program),
        "clock": lambda: _skew(program),
        "sweep": lambda: _sweep(program),
        "slack": slack,
        "aws": lambda: program.parts.aws.trouble,
    }


def _sweep(program: Program) -> str | None:
    age = program.scheduler.age
    return f"the last sweep was {age:.0f} s ago" if age > _STALE_SECONDS else None


def _database(program: Program) -> None:
    program.parts.deps.database.check()


def _skew(program: Program) -> str | None:
    deps = program.parts.deps
    skew = abs((deps.database.clock() - deps.clock.now()).total_seconds())
    return f"the database's clock is {skew:.0f} s away from ours" if skew > _SKEW_SECONDS else None
