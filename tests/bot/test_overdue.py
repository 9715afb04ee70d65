"""What operators see of overdue sessions: a figure, a mark in the list, and a line in the log for each transition."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest

from access.request import RequestStatus
from access.session import Ending, SessionStatus
from bot.commands import list_sessions
from bot.measuring import measure
from bot.metrics import Metrics
from bot.settings import Settings
from operations.decide import approve_request
from operations.end import revoke_session
from storage import requests, sessions
from storage.transactions import Database
from tests.access.given import MINUTE, OLAF, RITA
from tests.operations.company import a_clock, found_company
from tests.storage.examples import HOUR, NOW, request, session


def store(database: Database) -> None:
    """Store one session that is overdue, one that is being ended, one that nobody ordered to end, and one in time."""
    late = {"status": SessionStatus.REVOKING, "ending": Ending.REVOKED}
    with database.begin() as db:
        for number in range(1, 5):
            requests.add(db, request(1000 + number, status=RequestStatus.APPROVED))
        sessions.add(db, session(1, **late, end_ordered_at=NOW - HOUR))
        sessions.add(db, session(2, **late, end_ordered_at=NOW - MINUTE))
        sessions.add(db, session(3, status=SessionStatus.ACTIVE, ends_at=NOW - HOUR))
        sessions.add(db, session(4, status=SessionStatus.ACTIVE))


def test_the_figure_counts_what_did_not_end_in_time(database: Database) -> None:
    """Ordered too long ago, or past its end without an order: 2 of 4."""
    store(database)
    clock = a_clock()
    clock.move_to(NOW)
    metrics = Metrics()
    measure(found_company(database, None, object(), object(), clock).deps, metrics)  # type: ignore[arg-type]
    assert b"jitbot_overdue_sessions 2.0" in metrics.exposition()


def test_the_list_of_sessions_has_the_mark(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line says whether the session is overdue at this moment."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    now = datetime.now(UTC)
    with database.begin() as db:
        for number in (1, 2):
            requests.add(db, request(1000 + number, status=RequestStatus.APPROVED))
        sessions.add(
            db, session(1, status=SessionStatus.REVOKING, ending=Ending.EXPIRED, end_ordered_at=now - HOUR, ends_at=now)
        )
        sessions.add(db, session(2, status=SessionStatus.ACTIVE, ends_at=now + HOUR))
    out = io.StringIO()
    assert list_sessions(Settings(), out) == 0
    marks = {each["request"]: each["overdue"] for each in map(json.loads, out.getvalue().splitlines())}
    assert marks == {"REQ-1001": True, "REQ-1002": False}


def test_every_transition_is_a_line_with_its_request(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Who runs the bot at night reads what happened, by number, and nothing that people wrote."""
    caplog.set_level(logging.INFO, logger="operations.settle")
    company = found_company(database, None, KnownDirectory(), KnownDirectory(), a_clock())  # type: ignore[arg-type]
    asked = company.ask()
    approve_request(company.deps, asked.id, OLAF.slack_id)
    with pytest.raises(Exception, match="Only an owner"):
        revoke_session(company.deps, asked.id, RITA.slack_id, "The incident is over.")
    revoke_session(company.deps, asked.id, OLAF.slack_id, "The incident is over.")
    said = [each for each in caplog.records if each.name == "operations.settle"]
    assert [each.getMessage() for each in said] == [
        f"{asked.label}: requested by {RITA.slack_id}",
        f"{asked.label}: approved by {OLAF.slack_id}",
        f"{asked.label}: refused by {RITA.slack_id} (verb revoke, refusal NotAnApprover)",
        f"{asked.label}: end ordered by {OLAF.slack_id} (ending revoked by an approver)",
    ]
    assert {(each.levelno, vars(each)["request"]) for each in said} == {(logging.INFO, asked.label)}
    assert not any("incident" in each.getMessage() for each in said)


class KnownDirectory:
    """A directory in which everybody has an id."""

    id = "principal"

    def user_by_email(self, email: str) -> "KnownDirectory":
        """Find somebody."""
        assert email
        return self
