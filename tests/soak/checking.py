"""What must be true when everything works again and everything is done."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from bot.demo.world import World
from tests.soak.process import BotProcess

QUIET_WITHIN = 300.0
LIVE = "SELECT count(*) FROM sessions WHERE status IN ('granting', 'active', 'revoking')"
OPEN = "SELECT due_at FROM outbox WHERE done_at IS NULL"
ENDS = {"expired", "revoked", "failed"}


def come_to_rest(bot: BotProcess) -> None:
    """End every session, see all effects performed, the looks after the ends included, and stop the bot."""
    for look in (_all_ended, *[_nothing_due] * 3):
        bot.stop()
        bot.time_passes(for_share=1, for_effects=True)
        bot.start()
        bot.wait_ready()
        if not _comes_true(lambda look=look: look(bot)):  # type: ignore[misc]
            break
    bot.stop()


def _all_ended(bot: BotProcess) -> bool:
    return bot.asks(LIVE) == [(0,)]


def _nothing_due(bot: BotProcess) -> bool:
    """Tell whether nothing is left but what is due later, which the next turn makes due."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    due = [due_at for (due_at,) in bot.asks(OPEN) if str(due_at) <= now]
    return not due


def _comes_true(look: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + QUIET_WITHIN
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def problems(world: World, bot: BotProcess, accepted: list[str]) -> list[str]:
    """List in words what is not as it must be; nothing where all promises were kept."""
    stored = {str(row[0]) for row in bot.asks("SELECT justification FROM requests")}
    found = {
        "assignments left in AWS": world.aws.assignments(),
        "custom sets left in AWS": [each.name for each in world.aws.permission_sets() if "jit:request" in each.tags],
        "sessions that have not ended": bot.asks(
            "SELECT id, status, trouble FROM sessions WHERE status IN ('granting', 'active', 'revoking')"
        ),
        "effects not performed": bot.asks("SELECT dedup_key, attempts, last_error FROM outbox WHERE done_at IS NULL"),
        "requests taken and lost": [each for each in accepted if each not in stored],
        "sessions without exactly one end in the log": _ends(bot),
        "sessions granted twice": bot.asks(
            "SELECT request FROM audit WHERE kind = 'granted' GROUP BY request HAVING count(*) > 1"
        ),
        "approvals of one request that are more than its levels": bot.asks(
            "SELECT request FROM audit WHERE kind = 'approved' GROUP BY request HAVING count(*) > 2"
        ),
        "the audit log": bot.verify(),
        "stack traces in the bot's log": _traces(bot),
    }
    return [f"{what}: {which}" for what, which in found.items() if which]


def _ends(bot: BotProcess) -> list[str]:
    sessions = bot.asks("SELECT 'REQ-' || r.number FROM sessions s JOIN requests r ON r.id = s.request_id")
    counted = Counter(str(row[0]) for row in bot.asks("SELECT request, kind FROM audit") if row[1] in ENDS)
    return [str(row[0]) for row in sessions if counted[str(row[0])] != 1]


def _traces(bot: BotProcess) -> list[str]:
    """List the stack traces that are no answer to a fault of Slack's in a gesture, which the person was told of."""
    lines = bot.log.read_text(errors="replace").splitlines()
    found = [each for each in lines if "Traceback (most recent call last)" in each]
    return [each[-900:] for each in found if not ('"handlers.safely"' in each and "slack_sdk" in each)]
