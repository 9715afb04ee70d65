"""Calls of one standard lifecycle, to Slack and to AWS, counted over the wire."""

import tempfile
from collections import Counter
from datetime import timedelta

from bot.demo.story import send_form
from bot.demo.world import World
from tests.bench.figures import Row


def measure() -> list[Row]:
    """Play one standard request from asking to expiry, and count."""
    with tempfile.TemporaryDirectory() as folder, World(f"sqlite:///{folder}/bench.db") as world:
        rita, olga = world.people["rita"], world.people["olga"]
        world.people["sam"].waits_for("Configuration loaded", "#jit-audit", 20)
        _play_to_the_end(world)
        before = len(world.aws.calls)
        slack_before = Counter(world.slack.calls)
        rita.types("/jit request prod-payments ReadOnly 2h counted from asking to its end")
        send_form(rita)
        card = olga.waits_for("REQ-1002", "#payments-owners", 20)
        card.press("Approve")
        rita.waits_for("REQ-1002: you have", timeout=20)
        granted = world.aws.calls[before:]
        world.clock_moves(timedelta(hours=1, minutes=46))
        rita.waits_for("REQ-1002: ReadOnly in prod-payments ends", timeout=20)
        world.clock_moves(timedelta(minutes=15))
        world.people["sam"].waits_for("Expired · REQ-1002", "#jit-audit", 20)
        rita.waits_for("REQ-1002: ReadOnly in prod-payments has expired", timeout=20)
        olga.waits_for("REQ-1002 · 🏁 Expired", "#payments-owners", 20)
        slack = Counter(world.slack.calls) - slack_before
    return [_aws_row(Counter(each.operation for each in granted)), _slack_row(slack)]


def _play_to_the_end(world: World) -> None:
    """Let everything that is remembered afterwards (sets, people, conversations) be looked up once."""
    rita, olga = world.people["rita"], world.people["olga"]
    rita.types("/jit request prod-payments ReadOnly 1h so that caches are warm")
    send_form(rita)
    olga.waits_for("REQ-1001", "#payments-owners", 20).press("Approve")
    rita.waits_for("REQ-1001: you have", timeout=20).press("I'm done")
    rita.waits_for("REQ-1001: you ended", timeout=20)


def _aws_row(calls: Counter[str]) -> Row:
    words = ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))
    return Row(
        what="AWS calls of a standard request and grant", measured=f"{calls.total()}: {words}", promised="constant"
    )


def _slack_row(calls: Counter[str]) -> Row:
    words = ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))
    return Row(
        what="Slack calls of a standard lifecycle", measured=f"{calls.total()}: {words}", promised="written down"
    )
