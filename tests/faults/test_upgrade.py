"""Upgrading a database with live sessions: nothing is lost, whoever upgrades, and wherever the process is killed."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from access.session import SessionStatus
from storage import outbox, sessions
from storage.migrations import REVISIONS
from storage.outbox import Lane
from storage.transactions import Database
from tests.access.given import NOW
from tests.faults.effort import FULL
from tests.storage.examples import effect
from tests.storage.old_schema import make_old, revision_of, rows_of

UPGRADE = "import sys; from storage.transactions import Database; Database(sys.argv[1]).upgrade()"
KILLED_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from storage.transactions import Database

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def _count(db, cursor, statement, *_):
    global left
    writes = statement.split(None, 1)[0].upper() in {"ALTER", "CREATE", "DROP", "INSERT", "UPDATE", "DELETE"}
    left -= writes
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

Database(sys.argv[1]).upgrade()
"""
"""Kills itself with the statement number `left` that changes anything still undone."""
MOST_STATEMENTS = 60
SAMPLED = (0, 2, 4, 6, 9, 12)
"""Before the first statement, among the columns, the new table, and while SQLite rebuilds the outbox."""


@pytest.fixture(name="old")
def make(empty_database_url: str) -> str:
    """Make a database of revision 0001 with a request and a session in every status."""
    make_old(empty_database_url)
    return empty_database_url


def test_every_row_is_there_after_the_upgrade(old: str) -> None:
    """Requests, decisions, sessions, outbox, cards and counters are those of before, with their ids."""
    before = rows_of(old)
    database = Database(old)
    database.upgrade()
    assert rows_of(old) == before
    assert {len(before[table]) for table in ("requests", "sessions")} == {12, 6}
    with database.read() as db:
        assert {each.status for each in sessions.live(db, 9)} == {each for each in SessionStatus if each.live}
        assert all(each.overdue_since is None for each in sessions.live(db, 9))
    database.close()


def test_an_id_of_the_outbox_is_not_given_out_twice(old: str) -> None:
    """The newest row was performed and forgotten before: rebuilding the table does not use its number again."""
    highest = max(int(str(each[0])) for each in rows_of(old)["outbox"])
    database = Database(old)
    database.upgrade()
    with database.begin() as db:
        outbox.add(db, [effect("new")], NOW)
        (new,) = [each for each in outbox.claim(db, Lane.SLACK, NOW, "w", NOW - NOW, 9) if each.effect.key == "new"]
    assert new.id == highest + 2
    database.close()


def test_four_processes_upgrade_a_filled_database_at_once(old: str) -> None:
    """One does it, three find it done, and every row is there once."""
    before = rows_of(old)
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, old], stderr=subprocess.PIPE)  # noqa: S603 - our own
        for _ in range(4)
    ]
    assert [(each.communicate(timeout=120)[1], each.returncode) for each in started] == [(b"", 0)] * 4
    assert revision_of(old) == REVISIONS[-1]
    assert rows_of(old) == before


@pytest.mark.timeout(900)
def test_killed_anywhere_it_is_the_old_one_or_the_new_one_whole(old: str) -> None:
    """`kill -9` before each statement: revision 0001 with all its rows as ever, until the upgrade is through."""
    before = rows_of(old)
    killed = 0
    for left in range(MOST_STATEMENTS) if FULL else SAMPLED:
        command = [sys.executable, "-c", KILLED_AT, old, str(left)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)  # noqa: S603 - our own
        assert rows_of(old) == before
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        assert revision_of(old) == "0001"
        killed += 1
    print(f"killed {killed} times")  # noqa: T201 - a figure for the report
    assert killed >= 4
    database = Database(old)
    database.upgrade()
    with database.read() as db:
        assert db.execute(text("SELECT count(*) FROM alerts")).scalar_one() == 0
    assert (revision_of(old), rows_of(old)) == (REVISIONS[-1], before)
    database.close()
