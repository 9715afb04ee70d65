"""Where a write transaction on SQLite begins."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.transactions import Database


def test_a_write_transaction_holds_the_lock_from_its_beginning(tmp_path: Path) -> None:
    """Else one that reads first and writes later fails at once when another process wrote meanwhile."""
    path = tmp_path / "jitbot.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        with database.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    database.close()
