"""The disk is full when the bot is started: what is over is taken away all the same, and told when there is room."""

import pytest

from bot.build import Parts
from tests.faults.full_disk import FullDisk
from tests.journeys.tale import OWNERS, Tale


def test_a_bot_started_on_a_full_disk_ends_what_is_over(fresh: Tale, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts, removes the access in AWS, and records and shows the end once writing works again."""
    label = fresh.granted()
    fresh.world.stop_bot()
    fresh.passes(hours=2)
    disks: list[FullDisk] = []
    build = fresh.world._build

    def on_a_full_disk() -> Parts:
        parts = build()
        disks.append(FullDisk(parts.deps.database))
        disks[0].fill()
        return parts

    monkeypatch.setattr(fresh.world, "_build", on_a_full_disk)
    fresh.world.start_bot()

    fresh.until(lambda: fresh.holds() == [])
    assert fresh.kinds(label)[-1] == "granted"
    disks[0].free()
    fresh.card("olga", label, OWNERS, "Expired")
    fresh.hears("rita", label, "has expired")
    fresh.settles()
    assert fresh.kinds(label)[-1] == "expired"
