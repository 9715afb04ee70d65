"""Turns at writing a SQLite file: one process at a time, for as long as it writes."""

from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from storage.transactions import Database
from storage.turns import Turns


def test_the_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    first, second = Turns(tmp_path / "jitbot.db"), Turns(tmp_path / "jitbot.db")
    with (
        first.taken(0),
        pytest.raises(WaitedTooLong, match=r"waited 0 s for another process that writes to jitbot.db"),
        second.taken(0),
    ):
        pass
    with second.taken(0):
        pass
    first.close()
    second.close()


def test_a_turn_is_given_back_by_who_failed_in_it(tmp_path: Path) -> None:
    first, second = Turns(tmp_path / "jitbot.db"), Turns(tmp_path / "jitbot.db")
    with pytest.raises(KeyError), first.taken(0):
        raise KeyError
    with second.taken(0):
        pass
    first.close()
    second.close()


def test_a_disk_that_takes_no_lock_file_stops_no_write(tmp_path: Path) -> None:
    with Turns(tmp_path / "missing" / "jitbot.db").taken(0):
        pass


def test_every_write_of_a_sqlite_file_is_a_turn_and_no_read_is(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "jitbot.db"
    path.write_bytes(sqlite_template.read_bytes())
    database, other = Database(f"sqlite:///{path}"), Turns(path)
    with database.begin(), pytest.raises(WaitedTooLong), other.taken(0):
        pass
    with database.read(), other.taken(0):
        pass
    database.close()
    other.close()
