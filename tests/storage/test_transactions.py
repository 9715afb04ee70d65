"""Transactions are kept whole or not at all, on one process's SQLite file and on anybody's PostgreSQL."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from access.request import RequestId
from storage import outbox, requests, sessions, transactions
from storage.outbox import Lane
from storage.transactions import Database, DatabaseInUse, TransactionGone, UnusableUrl
from tests.storage.examples import NOW, effect, request, session
from tests.storage.threads import at_once


def stored_numbers(database: Database) -> list[int]:
    with database.read() as db:
        return [each.number for each in requests.undecided(db, 99)]


def test_what_a_transaction_did_is_kept(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())

    assert stored_numbers(database) == [1001]


def test_a_transaction_that_raises_keeps_nothing(database: Database) -> None:
    def store_and_fail() -> None:
        with database.begin() as db:
            requests.add(db, request())
            outbox.add(db, [effect("k1")], NOW)
            raise KeyError("after everything was written")

    with pytest.raises(KeyError):
        store_and_fail()

    assert stored_numbers(database) == []
    with database.begin() as db:
        assert outbox.claim(db, Lane.SLACK, NOW, "w", timedelta(seconds=9), 9) == []


def test_a_transaction_that_goes_on_after_an_error_keeps_nothing(database: Database) -> None:
    def go_on_after_an_error() -> None:
        with database.begin() as db:
            requests.add(db, request(1001))
            with pytest.raises(IntegrityError):
                sessions.add(db, session(9))
            requests.add(db, request(1002))

    with pytest.raises(TransactionGone):
        go_on_after_an_error()

    assert stored_numbers(database) == []


def test_a_transaction_that_swallows_an_error_at_its_end_keeps_nothing(database: Database) -> None:
    def swallow_an_error() -> None:
        with database.begin() as db:
            requests.add(db, request(1001))
            with pytest.raises(IntegrityError):
                sessions.add(db, session(9))

    with pytest.raises(TransactionGone):
        swallow_an_error()

    assert stored_numbers(database) == []
    with database.begin() as db:
        requests.add(db, request(1003))
    assert stored_numbers(database) == [1003]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jitbot.db'}", pool_size=1)
    database.upgrade()

    def fill() -> None:
        with database.begin() as db:
            db.exec_driver_sql("PRAGMA max_page_count = 60")
            requests.next_number(db)
            with pytest.raises(OperationalError, match="full"):
                requests.add(db, request(justification="x" * 10_000_000))
            requests.next_number(db)

    with pytest.raises(TransactionGone):
        fill()

    with database.begin() as db:
        assert requests.next_number(db) == 1001
    database.close()


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as db:
        db.execute(text("UPDATE counters SET value = 0"))
    with database.begin() as db:
        assert requests.next_number(db) == 1001


def test_a_reading_transaction_sees_one_unchanging_picture(database: Database) -> None:
    with database.read() as db:
        before = requests.undecided(db, 9)
        with database.begin() as other:
            requests.add(other, request())
        assert requests.undecided(db, 9) == before == []

    assert stored_numbers(database) == [1001]


def test_a_commit_that_wrote_wakes_whoever_waits_for_it_and_no_other_does(database: Database) -> None:
    woken: list[list[int]] = []
    database.on_commit = lambda: woken.append(stored_numbers(database))

    with database.begin() as db:
        assert outbox.claim(db, Lane.SLACK, NOW, "w", timedelta(seconds=9), 9) == []
    with database.read() as db:
        requests.get(db, RequestId("r1"))
    database.check()
    assert woken == []
    with database.begin() as db:
        requests.add(db, request())
    assert woken == [[1001]]
    with pytest.raises(IntegrityError), database.begin() as db:
        sessions.add(db, session(9))
    assert woken == [[1001]]


def test_many_threads_write_without_losing_anything(database: Database) -> None:
    def write(number: int) -> None:
        for step in range(5):
            with database.begin() as db:
                requests.add(db, request(1001 + number * 5 + step))

    at_once(8, write)

    assert sorted(stored_numbers(database)) == list(range(1001, 1041))


def test_waiting_for_the_write_lock_of_a_stuck_thread_ends(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.dialect == "postgresql":
        with database.begin() as db:
            assert db.execute(text("SHOW lock_timeout")).scalar_one() == "3s"
            assert db.execute(text("SHOW statement_timeout")).scalar_one() == "15s"
            assert db.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "30s"
        return
    monkeypatch.setattr(transactions, "WRITE_LOCK_SECONDS", 0.01)
    with database.begin(), pytest.raises(WaitedTooLong), database.begin():
        pass


def test_sqlite_keeps_every_commit_on_disk_and_its_foreign_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jitbot.db'}")
    database.upgrade()

    with database.read() as db:
        found = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    database.close()


def test_a_database_whose_writing_fails_does_not_pass_its_check(database: Database) -> None:
    database.check()
    with database.begin() as db:
        db.execute(text("ALTER TABLE counters RENAME TO gone"))

    with pytest.raises(DBAPIError):
        database.check()
    with database.begin() as db:
        db.execute(text("ALTER TABLE gone RENAME TO counters"))


def test_the_database_tells_its_own_time(database: Database) -> None:
    assert abs(database.clock() - datetime.now(UTC)) < timedelta(seconds=30)
    assert database.clock().utcoffset() == timedelta(0)


def test_a_read_only_database_reads_beside_a_writing_one_and_refuses_to_write(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())
    reader = Database(database.url.render_as_string(hide_password=False), read_only=True)

    assert stored_numbers(reader) == [1001]
    with pytest.raises(RuntimeError, match="reading only"), reader.begin():
        pass
    with pytest.raises(DBAPIError), reader.read() as db:
        db.execute(text("UPDATE counters SET value = 0"))
    reader.close()


def test_a_read_only_database_reads_when_no_bot_runs(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())
    database.close()
    reader = Database(database.url.render_as_string(hide_password=False), read_only=True)

    assert stored_numbers(reader) == [1001]
    reader.close()


CLAIM = """
import sys
from storage.transactions import Database
database = Database(sys.argv[1])
database.claim_process()
print("claimed", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_on_sqlite_in_words_until_the_first_is_gone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new folder' / 'jitbot.db'}"
    command = [sys.executable, "-c", CLAIM, url]
    second = Database(url)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:  # noqa: S603 - our own
        assert first.stdout
        assert first.stdout.readline() == b"claimed\n"
        with pytest.raises(DatabaseInUse, match=rf"Another jitbot \(process {first.pid}\) works on .*jitbot\.db"):
            second.claim_process()
        first.kill()

    second.claim_process()
    second.claim_process()
    second.close()
    third = Database(url)
    third.claim_process()
    third.close()


def test_postgresql_takes_many_processes(postgresql_url: str) -> None:
    first, second = Database(postgresql_url), Database(postgresql_url)

    first.claim_process()
    second.claim_process()

    first.close()
    second.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/jitbot"])
def test_a_database_that_cannot_be_used_is_refused_in_words(url: str) -> None:
    with pytest.raises(UnusableUrl, match="SQLite"):
        Database(url)


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg2://h/d"])
def test_every_spelling_of_postgresql_means_psycopg_3(url: str) -> None:
    database = Database(url)

    assert (database.url.drivername, database.dialect) == ("postgresql+psycopg", "postgresql")


def test_options_of_an_address_are_kept_beside_our_own(postgresql_url: str) -> None:
    database = Database(f"{postgresql_url}&options=-c%20search_path%3Dpristine%20-c%20lock_timeout%3D1s")

    with database.read() as db:
        assert db.execute(text("SHOW search_path")).scalar_one() == "pristine"
        assert db.execute(text("SHOW lock_timeout")).scalar_one() == "1s"
        assert db.execute(text("SHOW statement_timeout")).scalar_one() == "15s"
    database.close()
