"""Runs the soak for some minutes: `python -m tests.soak 10 [seed]`; leaves with 1 where a promise was broken."""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.clock import SystemClock
from bot.demo.world import World
from tests.soak.checking import come_to_rest, problems
from tests.soak.people import Load
from tests.soak.process import BotProcess, Sample
from tests.soak.trouble import Trouble

GESTURE_PAUSE = 1.5
FAULT_PAUSE = 3.0
KILL_EVERY = 75.0
SAMPLE_EVERY = 15.0
LOG = Path("var/soak.log")
"""Where the bot's log is kept when a promise was broken."""
_HEAD = "| minute | pid | resident MB | threads | files | WAL MB | oldest: revoke | grant | slack (s) |"
_COUNTED = {
    "requests": "SELECT status, count(*) FROM requests GROUP BY status",
    "sessions": "SELECT status, count(*) FROM sessions GROUP BY status",
    "effects and attempts": "SELECT count(*), sum(attempts) FROM outbox",
}


def say(words: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class WithoutBot(World):
    """The demo's company, whose bot is a process of its own."""

    def start_bot(self) -> None:
        """Start nothing."""


def soak(minutes: float, seed: int) -> list[str]:
    """Play, kill the bot again and again until half-time, come to rest, and return what is wrong."""
    with tempfile.TemporaryDirectory(prefix="jitbot-soak-") as folder, _company(folder) as world:
        bot = BotProcess(world, Path(folder))
        bot.start()
        bot.wait_ready()
        load, trouble = Load(world, seed, GESTURE_PAUSE), Trouble(world, seed, FAULT_PAUSE)
        load.start()
        trouble.start()
        say(_HEAD)
        say("|---" * (_HEAD.count("|") - 1) + "|")
        _play(bot, minutes * 60, random.Random(seed))  # noqa: S311 - no secret
        load.stop()
        trouble.stop()
        come_to_rest(bot)
        found = problems(world, bot, load.accepted)
        _tell(world, bot, load, trouble)
        if found:
            LOG.parent.mkdir(exist_ok=True)
            LOG.write_bytes(bot.log.read_bytes())
    return found


def _company(folder: str) -> WithoutBot:
    world = WithoutBot(f"sqlite:///{folder}/nobody.db", clock=SystemClock())
    world.slack.limits.on = False
    return world


def _play(bot: BotProcess, seconds: float, dice: random.Random) -> None:
    begun = time.monotonic()
    killed = sampled = begun
    while (now := time.monotonic()) - begun < seconds:
        time.sleep(1)
        if now - killed > KILL_EVERY and now - begun < seconds / 2:
            killed = now
            bot.kill()
            bot.time_passes(for_share=dice.choice((2, 3)), for_effects=False)
            bot.start()
        if now - sampled > SAMPLE_EVERY:
            sampled = now
            _show(bot.sample())


def _show(sample: Sample | None) -> None:
    if sample is None:
        raise RuntimeError("the bot has left by itself")
    ages = " | ".join(f"{sample.ages.get(lane, 0.0):.0f}" for lane in ("revoke", "grant", "slack"))
    figures = f"{sample.resident:.0f} | {sample.threads} | {sample.files} | {sample.wal:.1f}"
    say(f"| {sample.minute:.1f} | {sample.pid} | {figures} | {ages} |")


def _tell(world: World, bot: BotProcess, load: Load, trouble: Trouble) -> None:
    say(f"\npeople: {dict(load.done)}, accepted {len(load.accepted)}; starts of the bot: {bot.starts}")
    say(f"faults: {dict(trouble.made)}")
    for what, question in _COUNTED.items():
        say(f"{what}: {bot.asks(question)}")
    say(f"calls of AWS: {len(world.aws.calls)}, of Slack: {Counter(world.slack.calls).total()}")


def main() -> None:
    """Soak, and say what came of it."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1_000_000)  # noqa: S311 - no secret
    say(f"soaking for {minutes:g} minutes, seed {seed}\n")
    found = soak(minutes, seed)
    say("\nevery promise was kept" if not found else f"\nBROKEN (the bot's log is in {LOG}):\n" + "\n".join(found))
    sys.exit(bool(found))


main()
