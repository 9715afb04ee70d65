"""Which runs to make: samples with a printed seed, and what is said of them."""

import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tests.faults.gates import Mode, Passed
from tests.faults.world_kills import Kill
from tests.faults.world_runs import Beginning, Plan, Ran

T = TypeVar("T")
_NEAR = 12
_GATES_OF_A_PROCESS = 40
"""A process that starts again passes about so many before it has mended what the last one left, and goes on."""


def seeded(what: str) -> random.Random:
    """Make a source of chance, and print its seed: SEED=… makes the same runs again."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(2**32))
    say(f"{what}: SEED={seed}")
    return random.Random(seed)  # noqa: S311 - chooses test cases


def say(words: str) -> None:
    """Say something that pytest shows where a test fails, and with -s."""
    sys.stdout.write(f"{words}\n")


def sample(chance: random.Random, many: Sequence[T], most: int) -> Sequence[T]:
    """Choose some, or take all where there are no more."""
    return many if len(many) <= most else chance.sample(many, most)


def every_mode(passed: Iterable[Passed]) -> list[Plan]:
    """List all five ways at each of the gates, those included that do not differ."""
    return [{each.number: mode} for each in passed for mode in Mode]


def a_pair(chance: random.Random, beginning: Beginning) -> Plan:
    """Choose two gates, the second often close behind the first, where the bot mends what the first one broke."""
    first = chance.choice(beginning.gates)
    near = chance.random() < 0.5
    second = first.number + chance.randint(1, _NEAR if near else 2 * len(beginning.gates))
    return {first.number: chance.choice(first.kind.modes), second: chance.choice(list(Mode))}


def all_well(what: str, runs: Iterable[Callable[[], Ran]]) -> None:
    """Make runs, print how many there were, and claim that no promise was broken in any."""
    begun, made, broken = time.perf_counter(), 0, []
    for each in runs:
        ran = each()
        made += 1
        if ran.problems:
            broken.append(str(ran))
    say(f"{what}: {made} runs, {len(broken)} with a broken promise, {time.perf_counter() - begun:.1f} s")
    assert made
    assert not broken, "\n".join([f"{len(broken)} of {made} runs:", *broken[:10]])


def kills_by_chance(chance: random.Random, many: int) -> list[Kill]:
    """Choose for each of so many processes at which of its gates it dies, and whether before or after the effect."""
    moments = ["before", "after"]
    return [Kill(at=chance.randint(1, _GATES_OF_A_PROCESS), moment=chance.choice(moments)) for _ in range(many)]
