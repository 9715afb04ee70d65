"""What operators see of a freeze: a figure that is 1 while it lasts."""

from bot.measuring import measure
from bot.metrics import Metrics
from operations.freeze import freeze_granting, unfreeze_granting
from sandbox.aws import AwsSandbox
from storage.transactions import Database
from tests.access.given import ABEL, ADA
from tests.operations.company import a_clock, found_company


def test_the_figure_shows_a_freeze_as_long_as_it_lasts(database: Database) -> None:
    """0, then 1, then 0 again, on each replica."""
    clock, metrics = a_clock(), Metrics()
    deps = found_company(database, AwsSandbox(clock.now), object(), object(), clock).deps

    def shown() -> float | None:
        measure(deps, metrics)
        return metrics.registry.get_sample_value("jitbot_frozen")

    assert shown() == 0
    freeze_granting(deps, ADA.slack_id, "")
    assert shown() == 1
    unfreeze_granting(deps, ABEL.slack_id)
    assert shown() == 0
