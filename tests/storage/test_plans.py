"""What is asked every two seconds is answered from a small index, however much lies in the past."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event, text

from access.people import SlackId
from access.session import SessionId
from storage import alerts, outbox, requests, sessions
from storage.outbox import Lane
from storage.transactions import Database
from tests.storage.examples import HOUR, NOW, session

Ask = Callable[[Connection], object]
QUESTIONS: dict[str, Ask] = {
    "ix_sessions_running": lambda db: sessions.to_end(db, NOW, 9),
    "ix_sessions_running ": sessions.next_end,
    "ix_sessions_ending": lambda db: sessions.to_call_overdue(db, NOW, NOW - HOUR, 9),
    "ix_alerts_session_id": lambda db: alerts.about(db, SessionId("s9")),
    "ix_sessions_announce": lambda db: sessions.to_announce(db, NOW, NOW + HOUR, 9),
    "ix_sessions_live": lambda db: sessions.live(db, 9),
    "ix_sessions_assignment": lambda db: sessions.sharing(db, session().assignment, SessionId("s9")),
    "ix_requests_lapse": lambda db: requests.to_lapse(db, NOW, 9),
    "ix_requests_undecided": lambda db: requests.to_escalate(db, NOW, 9),
    "ix_requests_requester": lambda db: requests.of_requester(db, SlackId("U1"), 9),
    "ix_sessions_ended": sessions.counts,
    "ix_outbox_due|ix_outbox_subject": lambda db: outbox.due(db, Lane.SLACK, NOW),
    "ix_outbox_leased": lambda db: outbox.claim(db, Lane.SLACK, NOW, "w", HOUR, 9),
    "ix_outbox_done": lambda db: outbox.prune(db, NOW),
}


def plans(db: Connection, ask: Ask) -> str:
    """Ask, and return how the database goes about each statement."""
    explain = "EXPLAIN" if db.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    found: list[str] = []

    def before(conn: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        cursor = conn.connection.cursor()
        cursor.execute(f"{explain} {statement}", parameters)  # type: ignore[arg-type]
        found.extend(str(row) for row in cursor.fetchall())
        cursor.close()

    event.listen(db, "before_cursor_execute", before)
    ask(db)
    event.remove(db, "before_cursor_execute", before)
    return "\n".join(found)


@pytest.mark.parametrize("indexes", QUESTIONS)
def test_the_question_is_answered_from_its_index(database: Database, indexes: str) -> None:
    with database.begin() as db:
        if database.dialect == "postgresql":
            # Tables this small are read whole; whether the index could answer is what matters.
            db.execute(text("SET LOCAL enable_seqscan = off"))
        assert re.search(indexes.strip(), plans(db, QUESTIONS[indexes]))
