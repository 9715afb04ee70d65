"""A database that is locked, or whose connections die under the bot: what was taken is kept, and work goes on."""

import errno
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from access.refusals import AlreadyDecided, AlreadyDone
from access.request import RequestId, RequestStatus
from access.session import SessionStatus
from operations.decide import approve_request
from operations.end import revoke_session
from operations.identify import identify
from operations.perform import perform
from operations.revoke_anyway import GRACE, RevokeAnyway
from operations.submit import submit_request
from storage import chain, requests, sessions
from storage.outbox import FencedOut
from storage.transactions import Database, DatabaseInUse
from storage.troubles import why_unwritten
from tests.access.given import HOUR, OLAF, OLGA, RITA, a_form
from tests.faults.effort import rounds
from tests.operations.company import IN_AWS, Company

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PATIENCE = 120.0
WHY = "Not needed any more."


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Let another process hold SQLite's write lock for longer than anybody waits."""
    with closing(sqlite3.connect(str(database.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite wait a hundredth of a second for a lock, where it would wait five."""
    monkeypatch.setattr("storage.engines.BUSY_MS", 10)


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
def test_a_database_that_somebody_keeps_locked_is_an_error_and_nothing_half_written(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    """The press is refused with the reason, the sweep says it once, and both work when the lock is gone."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at)
    with locked(company.database):
        with pytest.raises(DBAPIError, match="database is locked") as refused:
            revoke_session(company.deps, request.id, OLGA.slack_id, WHY)
        company.sweep()
    assert why_unwritten(refused.value) == "another process keeps it locked"
    assert "1 changes could not be stored: another process keeps it locked" in caplog.text
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.events(request)[-1] == "granted"

    company.sweep()
    company.drain(*IN_AWS)

    assert company.session(request).status is SessionStatus.EXPIRED


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
def test_a_lock_that_is_never_let_go_keeps_no_access_alive(company: Company) -> None:
    """A backup or a shell that forgot its transaction: what is over goes, as with a full disk."""
    anyway = RevokeAnyway(company.deps)
    request = company.active()
    company.clock.move(2 * HOUR + GRACE)
    with locked(company.database):
        company.sweep()
        assert anyway() == 1
        company.clock.move(GRACE)
        assert company.aws.assignments() == []
    company.sweep()
    company.drain(*IN_AWS)
    assert company.session(request).status is SessionStatus.EXPIRED


def test_a_full_disk_keeps_no_bot_from_taking_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock holds although the number of the process cannot be written into it: a bot that starts ends sessions."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        first = Database(f"sqlite:///{tmp_path}/jitbot.db")
        first.claim_process()
    with pytest.raises(DatabaseInUse, match="process unknown"):
        Database(f"sqlite:///{tmp_path}/jitbot.db").claim_process()
    first.close()


def kill_all(url: str) -> None:
    """End every connection of the bot, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'jitbot'")


@ON_POSTGRESQL
def test_the_first_transaction_after_a_restart_of_postgresql_works(company: Company, database_url: str) -> None:
    """Every connection of the pool is dead: each is tried before it is used, and nobody notices."""
    request = company.approved()
    kill_all(database_url)

    revoke_session(company.deps, request.id, OLGA.slack_id, WHY)

    assert company.session(request).status is SessionStatus.REVOKING


@ON_POSTGRESQL
def test_a_transaction_whose_connection_dies_keeps_nothing(company: Company, database_url: str) -> None:
    """It is told as an error; nothing of it is stored, and the next one has a connection that lives."""
    request = company.approved()

    def die_inside() -> None:
        with company.database.begin() as db:
            requests.next_number(db)
            kill_all(database_url)
            requests.next_number(db)

    with pytest.raises(DBAPIError) as lost:
        die_inside()

    assert why_unwritten(lost.value) in {"it is shutting down or starting", "the connection was lost"}
    company.database.check()
    assert company.ask().number == request.number + 1


class Office:
    """People who press until they see it taken, and workers, on a database whose connections die at random."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.taken: list[RequestId] = []
        self.over = threading.Event()
        self._numbers = count(1)
        self._lock = threading.Lock()

    def press(self, _: int) -> None:
        """Ask and approve, each until it is seen to be taken."""
        with self._lock:
            request_id = RequestId(f"rq_storm_{next(self._numbers)}")
        deps = self.company.deps
        insist(lambda: submit_request(deps, a_form(), RITA.slack_id, request_id))
        insist(lambda: approve_request(deps, request_id, OLAF.slack_id))
        self.taken.append(request_id)

    def work(self, worker: str) -> None:
        """Claim and perform as a worker does, which goes on after an error."""
        while not self.over.is_set():
            for lane in IN_AWS:
                try:
                    for each in self.company.claim(lane, worker):
                        perform(self.company.deps, each)
                except (SQLAlchemyError, FencedOut):
                    continue

    def kill(self, url: str, chance: random.Random) -> int:
        """End one connection after the other until everybody has pressed; returns how many were ended."""
        killed = 0
        with psycopg.connect(url, autocommit=True) as admin:
            while not self.over.wait(chance.uniform(0.0, 0.03)):
                row = admin.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE"
                    " application_name = 'jitbot' AND state <> 'idle' ORDER BY random() LIMIT 1) AS one"
                ).fetchone()
                killed += row[0] if row else 0
        return killed


def insist(press: Callable[[], object]) -> None:
    """Press again where the answer was an error of the database: whether it was taken is not known then."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            press()
        except SQLAlchemyError:
            assert time.monotonic() < deadline, "nobody could press"
        except (AlreadyDone, AlreadyDecided):
            return
        else:
            return


@ON_POSTGRESQL
def test_connections_that_die_at_random_lose_no_request_and_double_no_grant(
    company: Company, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever was seen as taken is there and granted once; the log verifies; the pool holds no dead connection."""
    seed = secrets.randbits(32)
    identify(company.deps, RITA.slack_id)
    company.lanes = IN_AWS
    office = Office(company)
    with ThreadPoolExecutor(8) as pool:
        workers = [pool.submit(office.work, f"w{number}") for number in range(2)]
        killer = pool.submit(office.kill, database_url, random.Random(seed))  # noqa: S311 - to be repeated
        try:
            for each in [pool.submit(office.press, number) for number in range(rounds(40, 1000))]:
                each.result(PATIENCE)
        finally:
            office.over.set()
        killed = killer.result(PATIENCE)
        for each in workers:
            each.result(PATIENCE)
    with capsys.disabled():
        print(f"\nseed {seed}: {killed} connections ended, {len(office.taken)} requests taken")  # noqa: T201
    assert killed > 0
    company.restart()
    company.pass_time(HOUR / 4)

    all_is_there_once(company, office.taken)


def all_is_there_once(company: Company, taken: list[RequestId]) -> None:
    """Claim that each request taken is approved and granted once, and that nothing hangs in the database."""
    with company.database.read() as db:
        for each in taken:
            request, session = requests.get(db, each), sessions.of_request(db, each)
            assert request
            assert request.status is RequestStatus.APPROVED
            assert session
            assert session.status is SessionStatus.ACTIVE
            events = company.events(request)
            assert [events.count(kind) for kind in ("requested", "approved", "granted")] == [1, 1, 1]
        assert chain.verify(db).ok
    assert len(company.aws.world.holdings) == 1
    company.database.check()
    assert company.database._engine.pool.status().endswith("Current Checked out connections: 0")
