"""Whether anything is due is told in one look, and never no where one of the sweeps would find something."""

from datetime import timedelta

import pytest

from access.request import Request, RequestStatus
from access.session import Session, SessionStatus
from storage import requests, sessions
from storage.due import anything_due
from storage.transactions import Database
from tests.storage.examples import HOUR, MINUTE, NOW, request, session

OLD = NOW - 2 * HOUR


def due_now(database: Database) -> bool:
    """Ask with ends overdue after 2 minutes, announced 15 before, reminders after an hour, escalation after half."""
    with database.read() as db:
        return anything_due(
            db,
            NOW,
            ordered_before=NOW - 2 * MINUTE,
            ends_before=NOW + 15 * MINUTE,
            remind_before=NOW - HOUR,
            escalate_before=NOW - HOUR / 2,
        )


def store(database: Database, asked: Request, held: Session | None = None) -> None:
    with database.begin() as db:
        requests.add(db, asked)
        if held:
            sessions.add(db, held)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"requested_at": NOW - HOUR / 2}, True),
        ({"requested_at": NOW - HOUR / 2, "escalated_at": NOW}, False),
        ({"requested_at": OLD, "escalated_at": NOW}, True),
        ({"requested_at": OLD, "escalated_at": NOW, "reminded_at": NOW}, False),
        ({"requested_at": OLD, "escalated_at": NOW, "reminded_at": NOW, "lapses_at": NOW}, True),
        ({"requested_at": OLD, "lapses_at": NOW, "status": RequestStatus.REJECTED}, False),
    ],
)
def test_requests_that_wait_too_long_are_due(database: Database, changes: dict[str, object], expected: bool) -> None:  # noqa: FBT001 - a table
    store(database, request(1001, **changes))

    assert due_now(database) is expected


@pytest.mark.parametrize(
    ("status", "ends_in", "announced", "expected"),
    [
        (SessionStatus.ACTIVE, timedelta(0), True, True),
        (SessionStatus.GRANTING, timedelta(0), False, True),
        (SessionStatus.ACTIVE, 15 * MINUTE, False, True),
        (SessionStatus.ACTIVE, 15 * MINUTE, True, False),
        (SessionStatus.ACTIVE, 16 * MINUTE, False, False),
        (SessionStatus.REVOKING, timedelta(0), False, False),
        (SessionStatus.EXPIRED, timedelta(0), False, False),
    ],
)
def test_sessions_near_their_end_are_due(
    database: Database,
    status: SessionStatus,
    ends_in: timedelta,
    announced: bool,  # noqa: FBT001 - a table
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    asked = request(1001, status=RequestStatus.APPROVED)
    held = session(1, status=status, ends_at=NOW + ends_in, announced_at=NOW if announced else None)
    store(database, asked, held)

    assert due_now(database) is expected
