"""Sessions come back as they were stored, and the sweeps find them by their end."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from access.people import SlackId
from access.request import RequestId, RequestStatus
from access.session import Assignment, Ending, Session, SessionId, SessionStatus
from storage import requests, sessions
from storage.transactions import Database, LostRace
from tests.storage.examples import HOUR, MINUTE, NOW, request, session

ACTIVE = SessionStatus.ACTIVE


def store(database: Database, *stored: Session, holder: str = "U1") -> None:
    """Store sessions, each with the request that it belongs to."""
    with database.begin() as db:
        for each in stored:
            asked = request(1000 + int(each.id[1:]), status=RequestStatus.APPROVED)
            requests.add(db, replace(asked, requester=replace(asked.requester, slack_id=SlackId(holder))))
            sessions.add(db, each)


def ids(found: list[Session]) -> list[str]:
    return [each.id for each in found]


def test_a_session_comes_back_as_it_was_stored(database: Database) -> None:
    full = session(
        status=SessionStatus.REVOKED,
        sent_at=NOW,
        grant_operation="g",
        removal_operation="d",
        existed_before=True,
        granted_at=NOW + MINUTE,
        announced_at=NOW + HOUR,
        ending=Ending.REVOKED,
        ended_by=SlackId("U2"),
        ended_by_name="Ada",
        end_reason="enough",
        end_ordered_at=NOW + HOUR,
        ended_at=NOW + HOUR + MINUTE,
        trouble="none",
        version=9,
    )
    store(database, full, session(2))

    with database.read() as db:
        assert sessions.get(db, SessionId("s1")) == full
        assert sessions.of_request(db, RequestId("r2")) == session(2)
        assert sessions.get(db, SessionId("s9")) is None
        assert sessions.of_request(db, RequestId("r9")) is None


def test_a_locked_session_comes_back_like_any_other(database: Database) -> None:
    store(database, session())

    with database.begin() as db:
        assert sessions.get(db, SessionId("s1"), lock=True) == session()
        assert sessions.of_request(db, RequestId("r1"), lock=True) == session()


def test_the_sessions_of_many_requests_are_found_at_once(database: Database) -> None:
    store(database, session(1), session(2), session(3))

    with database.read() as db:
        found = sessions.of_requests(db, [RequestId("r1"), RequestId("r3"), RequestId("r9")])
        assert found == {"r1": session(1), "r3": session(3)}
        assert sessions.of_requests(db, []) == {}


def test_a_request_has_at_most_one_session(database: Database) -> None:
    store(database, session(1))

    with pytest.raises(IntegrityError), database.begin() as db:
        sessions.add(db, replace(session(1), id=SessionId("s7")))


def test_saving_stores_the_next_version(database: Database) -> None:
    store(database, session())
    changed = session().changed(status=ACTIVE, granted_at=NOW, ends_at=NOW + HOUR)
    with database.begin() as db:
        sessions.save(db, changed)

    with database.read() as db:
        assert sessions.get(db, SessionId("s1")) == changed


def test_saving_over_a_version_that_somebody_else_saved_is_a_lost_race(database: Database) -> None:
    store(database, session())
    with database.begin() as db:
        sessions.save(db, session().changed(status=SessionStatus.REVOKING))

    with pytest.raises(LostRace), database.begin() as db:
        sessions.save(db, session().changed(status=ACTIVE))


def test_an_ended_session_never_gets_another_status(database: Database) -> None:
    ended = session(status=SessionStatus.EXPIRED)
    store(database, ended)

    with pytest.raises(LostRace), database.begin() as db:
        sessions.save(db, ended.changed(status=ACTIVE))
    with database.begin() as db:
        sessions.save(db, ended.changed(trouble="seen again"))


def test_the_sweep_finds_granting_and_active_sessions_past_their_end_longest_over_first(database: Database) -> None:
    store(
        database,
        session(1, ends_at=NOW),
        session(2, ends_at=NOW - HOUR, status=ACTIVE),
        session(3, ends_at=NOW + MINUTE, status=ACTIVE),
        session(4, ends_at=NOW - HOUR, status=SessionStatus.REVOKING),
        session(5, ends_at=NOW - HOUR, status=SessionStatus.EXPIRED),
    )

    with database.read() as db:
        assert ids(sessions.to_end(db, NOW, 9)) == ["s2", "s1"]
        assert ids(sessions.to_end(db, NOW, 1)) == ["s2"]


def test_only_active_sessions_that_end_soon_are_announced_and_once(database: Database) -> None:
    soon = NOW + 15 * MINUTE
    store(
        database,
        session(1, ends_at=soon, status=ACTIVE),
        session(2, ends_at=NOW + MINUTE, status=ACTIVE),
        session(3, ends_at=NOW + MINUTE, status=ACTIVE, announced_at=NOW),
        session(4, ends_at=NOW, status=ACTIVE),
        session(5, ends_at=NOW + MINUTE),
        session(6, ends_at=soon + MINUTE, status=ACTIVE),
    )

    with database.read() as db:
        assert ids(sessions.to_announce(db, NOW, soon, 9)) == ["s2", "s1"]


def test_sessions_share_an_assignment_only_while_they_run(database: Database) -> None:
    store(
        database,
        session(1),
        session(2, status=ACTIVE, ends_at=NOW),
        session(3),
        session(4, status=SessionStatus.REVOKING),
        session(5, set_arn="arn:set/2"),
        session(6, account_id="999988887777"),
        session(7, principal_id="p-2"),
    )

    with database.read() as db:
        assert ids(sessions.sharing(db, session(1).assignment, SessionId("s1"))) == ["s2", "s3"]


def test_sessions_whose_set_is_not_known_yet_share_nothing(database: Database) -> None:
    store(database, session(1, set_arn=""), session(2, set_arn=""))
    unknown = Assignment(principal_id="p-1", account_id="111122223333", set_arn="")

    with database.read() as db:
        assert sessions.sharing(db, unknown, SessionId("s1")) == []


def test_live_sessions_are_listed_for_all_and_for_one_holder(database: Database) -> None:
    store(database, session(1), session(2, ends_at=NOW, status=SessionStatus.REVOKING))
    store(database, session(3, status=ACTIVE, ends_at=NOW - HOUR), session(4, status=SessionStatus.FAILED), holder="U7")

    with database.read() as db:
        assert ids(sessions.live(db, 9)) == ["s3", "s2", "s1"]
        assert ids(sessions.live(db, 1)) == ["s3"]
        assert ids(sessions.live_of_holder(db, SlackId("U1"))) == ["s2", "s1"]
        assert ids(sessions.live_of_holder(db, SlackId("U7"))) == ["s3"]


def test_sessions_are_counted_by_status_and_a_status_without_any_counts_zero(database: Database) -> None:
    store(database, session(1), session(2), session(3, status=SessionStatus.EXPIRED))

    with database.read() as db:
        expected = {"granting": 2, "active": 0, "revoking": 0, "expired": 1, "revoked": 0, "failed": 0}
        assert sessions.counts(db) == expected


def test_the_next_end_is_that_of_granting_and_active_sessions(database: Database) -> None:
    with database.read() as db:
        assert sessions.next_end(db) is None
    store(
        database,
        session(1, ends_at=NOW + HOUR),
        session(2, ends_at=NOW + MINUTE, status=ACTIVE),
        session(3, ends_at=NOW, status=SessionStatus.REVOKING),
    )

    with database.read() as db:
        assert sessions.next_end(db) == NOW + MINUTE
