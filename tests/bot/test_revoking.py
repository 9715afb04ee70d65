"""`jitbot sessions revoke`: the order stands in the database, beside whoever works on it, with the system's user."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from access.request import RequestStatus
from access.session import SessionStatus
from bot.configuration import load_configuration
from bot.revoking import operating_system_user, revoke
from bot.settings import Settings
from storage import audit, outbox, requests, sessions
from storage.outbox import Lane
from storage.transactions import Database
from tests.storage.examples import MINUTE, decision, request, session

EXAMPLE = Path(__file__).parents[2] / "jitbot.example.yml"


def settings(url: str) -> Settings:
    return Settings(slack_bot_token=SecretStr("xoxb-nothing"), database_url=url)


@pytest.fixture(name="sqlite_file")
def make_sqlite_file(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """Open a SQLite file as the running bot does."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


def given_a_session(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request(status=RequestStatus.APPROVED, decisions=(decision(),)))
        sessions.add(db, session(status=SessionStatus.ACTIVE))


def typed(url: str, *words: str) -> "tuple[int, str]":
    """Type the command in this process."""
    out = io.StringIO()
    label, reason = words
    return revoke(settings(url), load_configuration(EXAMPLE), label, reason, out), out.getvalue()


def last_entry(database: Database) -> dict[str, object]:
    with database.read() as db:
        found: dict[str, object] = json.loads(list(audit.export(db))[-1])["body"]
    return found


def test_the_order_is_in_the_database_and_in_the_log(database: Database, database_url: str) -> None:
    given_a_session(database)

    code, said = typed(database_url, "REQ-1001", "The laptop is gone.")

    assert code == 0
    assert said.startswith("REQ-1001 is being ended: the order is in the database.")
    with database.read() as db:
        stored = sessions.of_request(db, request().id)
        waiting = outbox.state(db, datetime.now(UTC) + MINUTE)[Lane.REVOKE]
    assert waiting.ready == 1
    assert stored is not None
    assert stored.status is SessionStatus.REVOKING
    entry = last_entry(database)
    assert (entry["kind"], entry["actor"]) == ("end_ordered", f"operator:{operating_system_user()}")


def test_what_cannot_be_ended_is_said(database: Database, database_url: str) -> None:
    given_a_session(database)
    assert typed(database_url, "REQ-9999", "why") == (
        1,
        "jitbot: There is no request REQ-9999. Try jitbot sessions list.\n",
    )
    assert "A revocation needs a reason." in typed(database_url, "REQ-1001", "  ")[1]
    assert typed(database_url, "REQ-1001", "once")[0] == 0
    code, said = typed(database_url, "REQ-1001", "twice")
    assert code == 1
    assert "is being ended already by" in said


def test_on_sqlite_it_says_whether_a_bot_works_on_the_file(sqlite_file: Database) -> None:
    """A bot that holds the file is no hindrance; without one, nobody removes, and that is said."""
    given_a_session(sqlite_file)
    url = f"sqlite:///{sqlite_file.path}"
    assert "No bot works on this database now" in typed(url, "REQ-1001", "once")[1]

    with sqlite_file.begin() as db:
        requests.add(db, request(1002, status=RequestStatus.APPROVED))
        sessions.add(db, session(2, status=SessionStatus.ACTIVE))
    sqlite_file.claim_process()
    assert "The running bot removes the access." in typed(url, "REQ-1002", "once")[1]


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        typed(f"sqlite:///{path}", "REQ-1001", "why")
    assert not path.exists()


def test_a_process_of_its_own_writes_beside_a_bot_that_writes(sqlite_file: Database) -> None:
    """A real second process, while the bot writes without a pause: its order stands, and nothing of either is lost."""
    given_a_session(sqlite_file)
    sqlite_file.claim_process()
    command = [sys.executable, "-m", "bot", "sessions", "revoke", "REQ-1001", "--reason", "gone"]
    with subprocess.Popen(  # noqa: S603 - our own
        command, env=environment(sqlite_file), cwd=EXAMPLE.parent, stdout=PIPE, stderr=PIPE, text=True
    ) as started:
        written = 0
        while started.poll() is None:
            sqlite_file.check()
            written += 1
        out, errors = started.communicate()

    assert (started.returncode, errors) == (0, "")
    assert "The running bot removes the access." in out
    with sqlite_file.read() as db:
        stored = sessions.of_request(db, request().id)
        assert db.execute(text("SELECT value FROM counters WHERE name = 'checks'")).scalar_one() == written
        assert db.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert stored is not None
    assert stored.status is SessionStatus.REVOKING


def environment(database: Database) -> dict[str, str]:
    """Give what the command needs of its surroundings, and nothing else."""
    return {
        "DATABASE_URL": f"sqlite:///{database.path}",
        "JITBOT_CONFIG": str(EXAMPLE),
        "AWS_ACCESS_KEY_ID": "nothing",
        "AWS_SECRET_ACCESS_KEY": "nothing",
    }
