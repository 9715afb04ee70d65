"""The workers go on while nothing can be claimed, and say so in words, not in a storm of stack traces."""

import logging
import sqlite3
import time
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy.exc import OperationalError

from bot.clock import SystemClock
from bot.metrics import Metrics
from bot.worker import Worker
from operations.deps import Deps

PATIENCE = 30.0


class FullDisk:
    """A database on a full disk: it counts how often somebody tried."""

    def __init__(self) -> None:
        self.tried = 0

    def read(self) -> object:
        self.tried += 1
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise OperationalError("BEGIN", {}, error)

    begin = read


def test_what_cannot_be_claimed_is_said_once_a_minute_in_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Three lanes try again and again on a full disk: one line, without a stack trace."""
    monkeypatch.setattr("bot.worker._IDLE", 0.01)
    database = FullDisk()
    worker = Worker(cast(Deps, SimpleNamespace(database=database, clock=SystemClock())), "w1", Metrics())
    worker.start()
    deadline = time.monotonic() + PATIENCE
    while database.tried < 30 and time.monotonic() < deadline:
        time.sleep(0.01)
    (said,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    worker.stop(PATIENCE)
    assert database.tried >= 30
    assert "the disk is full" in said.getMessage()
    assert said.exc_info is None
