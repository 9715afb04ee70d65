"""Overdue sessions are found by their order, the longest first; alerts know all the sessions they are about."""

import pytest

from access.changes import ALERTS, EffectKind
from access.request import RequestStatus
from access.session import Ending, SessionId, SessionStatus
from storage import alerts, floods, outbox, requests, sessions
from storage.alerts import Alert
from storage.due import anything_due
from storage.outbox import Lane
from storage.transactions import Database
from tests.storage.examples import HOUR, MINUTE, NOW, effect, request, session

ENDING = {"status": SessionStatus.REVOKING, "ending": Ending.EXPIRED}


def store(database: Database, **changes: object) -> None:
    """Store one more session with these changes."""
    with database.begin() as db:
        number = len(sessions.live(db, 99)) + 1
        requests.add(db, request(1000 + number, status=RequestStatus.APPROVED))
        sessions.add(db, session(number, **changes))


def found(database: Database, limit: int = 9) -> list[str]:
    """List the sessions that are to be called overdue now."""
    with database.read() as db:
        due = anything_due(
            db, NOW, ordered_before=NOW - 2 * MINUTE, ends_before=NOW, remind_before=NOW - HOUR, escalate_before=NOW
        )
        listed = [str(each.id) for each in sessions.to_call_overdue(db, NOW, NOW - 2 * MINUTE, limit)]
    assert due >= bool(listed), "the look before the sweep must not say no where there is something"
    return listed


def test_the_longest_overdue_come_first(database: Database) -> None:
    store(database, **ENDING, end_ordered_at=NOW - 5 * MINUTE)
    store(database, **ENDING, end_ordered_at=NOW - HOUR)
    store(database, **ENDING, end_ordered_at=NOW - MINUTE)
    assert found(database) == ["s2", "s1"]
    assert found(database, 1) == ["s2"]


def test_what_was_called_comes_again_at_its_time_and_hides_nothing_before(database: Database) -> None:
    store(database, **ENDING, end_ordered_at=NOW - HOUR, overdue_since=NOW - HOUR, overdue_again_at=NOW + MINUTE)
    store(database, **ENDING, end_ordered_at=NOW - HOUR, overdue_since=NOW - HOUR, overdue_again_at=NOW)
    assert found(database, 1) == ["s2"]


@pytest.mark.parametrize("status", [each for each in SessionStatus if each is not SessionStatus.REVOKING])
def test_nothing_but_an_ordered_end_is_called_overdue(database: Database, status: SessionStatus) -> None:
    store(database, status=status, end_ordered_at=NOW - HOUR, ends_at=NOW + HOUR)
    assert found(database) == []


def test_an_alert_knows_all_its_sessions_and_a_session_all_its_alerts(database: Database) -> None:
    for _ in range(2):
        store(database, **ENDING, end_ordered_at=NOW)
    first, second = SessionId("s1"), SessionId("s2")
    both = Alert(channel="C1", ts="1.0", sessions=(first, second))
    again = Alert(channel="C1", ts="2.0", sessions=(first,))
    with database.begin() as db:
        for each in (both, again, both):
            alerts.remember(db, each)
    with database.read() as db:
        assert alerts.about(db, first) == [both, again]
        assert alerts.about(db, second) == [both]
        assert alerts.about(db, SessionId("s3")) == []


def test_what_waits_of_a_subject_is_listed_and_finished_together(database: Database) -> None:
    wanted = [effect(f"alert:{each}", EffectKind.ALERT, ALERTS) for each in range(3)]
    with database.begin() as db:
        outbox.add(db, [*wanted, effect("other", EffectKind.UPDATE_ALERT, ALERTS), effect("another")], NOW)
        (held,) = [each for each in outbox.claim(db, Lane.SLACK, NOW, "w", HOUR, 9) if each.effect.subject == ALERTS]
        undone = floods.waiting(db, ALERTS, EffectKind.ALERT, 9)
        assert [(each.key, each.unknown) for each in undone] == [
            ("alert:0", True),
            ("alert:1", False),
            ("alert:2", False),
        ]
        assert [each.key for each in floods.waiting(db, ALERTS, EffectKind.ALERT, 2)] == ["alert:0", "alert:1"]
        outbox.finish(db, held, NOW)
        floods.finish_too(db, [each.id for each in undone], NOW)
        assert floods.waiting(db, ALERTS, EffectKind.ALERT, 9) == []
        assert [each.key for each in floods.waiting(db, ALERTS, EffectKind.UPDATE_ALERT, 9)] == ["other"]
