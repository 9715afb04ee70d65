"""A Socket Mode client is well while its connection is open and answers pings."""

import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest

from bot.socket_health import is_healthy, plain_errors


def client(**changes: Any) -> Any:
    """Build what is looked at of a client that is well."""
    well = {"closed": False, "stale": False, "current_session": SimpleNamespace(closed=False), "ping_interval": 5.0}
    return SimpleNamespace(**{**well, "last_ping_pong_time": time.time(), **changes})


@pytest.mark.parametrize("pong_age", [None, 0, 19])
def test_a_client_that_answers_is_well(pong_age: float | None) -> None:
    """Within four ping intervals, or before the first ping."""
    assert is_healthy(client(last_ping_pong_time=None if pong_age is None else time.time() - pong_age))


@pytest.mark.parametrize(
    "change",
    [
        {"closed": True},
        {"stale": True},
        {"current_session": None},
        {"current_session": SimpleNamespace(closed=True)},
        {"last_ping_pong_time": time.time() - 21},
    ],
)
def test_a_client_that_is_gone_or_silent_is_not(change: dict[str, Any]) -> None:
    """Each sign alone is enough."""
    assert not is_healthy(client(**change))


def test_its_errors_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """The client logs a whole traceback every few seconds while Slack is away."""
    with caplog.at_level(logging.ERROR):
        plain_errors().error("Failed to connect", exc_info=OSError("away"))
    assert [record.exc_info for record in caplog.records] == [None]
