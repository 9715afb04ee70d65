"""The real process, killed by SIGKILL at its gates and started again: every promise is kept, on both databases."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import _empty
from tests.faults.effort import FULL
from tests.faults.world_kill_life import live_through
from tests.faults.world_kills import Kill, besieged
from tests.faults.world_samples import kills_by_chance, say, seeded

pytestmark = pytest.mark.timeout(7200)  # a patience: real processes on a machine that may be busy
KILLS = 6
_GATES_OF_A_LIFE = 200
_FULL_SECONDS = 1200
"""How long `make prove` goes on with single kills, on each database."""


def lived(url: str, folder: Path, kills: Sequence[Kill]) -> int:
    """Let a company live under these kills, claim that every promise was kept, and return how many kills came."""
    begun = time.perf_counter()
    with besieged(url, folder, kills) as siege:
        live_through(siege)
        broken = siege.broken()
        killed_at = siege.world.killed_at
    say(f"{time.perf_counter() - begun:.0f} s, killed at {killed_at}")
    assert not broken, f"{broken} after kills at {killed_at} of {kills}"
    return len(killed_at)


def test_killed_again_and_again_the_bot_keeps_every_promise(database_url: str, tmp_path: Path) -> None:
    """One life in which the process dies six times, before or after an effect, comes to its end as it should."""
    kills = kills_by_chance(seeded("kills"), KILLS)
    assert lived(database_url, tmp_path, kills) > 1


@pytest.mark.skipif(not FULL, reason="one real life for each gate takes too long for every run: make prove")
def test_killed_at_each_gate_once_the_bot_keeps_every_promise(
    database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """One kill in each life, before or after any gate, in an order of chance and as long as there is time."""
    chance = seeded("single kills")
    every = [Kill(at=at, moment=moment) for at in range(1, _GATES_OF_A_LIFE + 1) for moment in ("before", "after")]
    deadline, lives, came = time.monotonic() + _FULL_SECONDS, 0, 0
    for kill in chance.sample(every, len(every)):
        if time.monotonic() > deadline:
            break
        folder = tmp_path / str(lives)
        folder.mkdir()
        came += lived(_emptied(database_url, sqlite_template, folder), folder, [kill])
        lives += 1
    say(f"{lives} lives of {len(every)}, {came} kills")
    assert came


def _emptied(url: str, template: Path, folder: Path) -> str:
    """Give the address of an empty database: a new file, or the same database with its first rows."""
    if url.startswith("sqlite"):
        shutil.copyfile(template, folder / "jitbot.db")
        return f"sqlite:///{folder / 'jitbot.db'}"
    _empty(url)
    return url
