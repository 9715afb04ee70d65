"""Requests come back as they were stored, and change by compare-and-set."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from access.people import SlackId
from access.request import Level, RequestId, RequestStatus, Verdict
from storage import requests
from storage.transactions import Database, LostRace
from tests.storage.examples import CUSTOM, HOUR, MINUTE, NOW, decision, request


def store(database: Database, *stored: object) -> None:
    with database.begin() as db:
        for each in stored:
            requests.add(db, each)  # type: ignore[arg-type]


def test_the_first_request_number_is_1001_and_numbers_increase(database: Database) -> None:
    with database.begin() as db:
        first = requests.next_number(db)
    with database.begin() as db:
        second = requests.next_number(db)

    assert (first, second) == (1001, 1002)


def test_a_number_of_a_transaction_rolled_back_is_taken_again(database: Database) -> None:
    def take_and_fail() -> None:
        with database.begin() as db:
            raise KeyError(requests.next_number(db))

    with pytest.raises(KeyError, match="1001"):
        take_and_fail()

    with database.begin() as db:
        assert requests.next_number(db) == 1001


def test_a_request_comes_back_as_it_was_stored(database: Database) -> None:
    full = request(
        permission_set=CUSTOM,
        status=RequestStatus.REJECTED,
        decisions=(
            decision("U9", Level.OWNER, stand_in=True),
            decision("U2", Level.ADMIN, verdict=Verdict.REJECTED, reason="why?"),
        ),
        closed_at=NOW + MINUTE,
        reminded_at=NOW + HOUR,
        escalated_at=NOW + 2 * HOUR,
        version=7,
    )
    store(database, request(1002), full)

    with database.read() as db:
        assert requests.get(db, full.id) == full
        assert requests.by_number(db, 1002) == request(1002)
        assert requests.get(db, RequestId("r9")) is None
        assert requests.by_number(db, 9) is None


def test_a_locked_request_comes_back_like_any_other(database: Database) -> None:
    store(database, request())

    with database.begin() as db:
        assert requests.get(db, RequestId("r1"), lock=True) == request()
        assert requests.by_number(db, 1001) == request()


def test_saving_stores_the_next_version_and_adds_its_new_decisions(database: Database) -> None:
    store(database, request(permission_set=CUSTOM, status=RequestStatus.PENDING_OWNER))
    with database.begin() as db:
        found = requests.get(db, RequestId("r1"))
        assert found
        second = found.changed(status=RequestStatus.PENDING_ADMIN, decisions=(decision("U9", Level.OWNER),))
        requests.save(db, second)
    with database.begin() as db:
        third = second.changed(
            status=RequestStatus.APPROVED, decisions=(*second.decisions, decision("U2", Level.ADMIN))
        )
        requests.save(db, third)

    with database.read() as db:
        assert requests.get(db, RequestId("r1")) == third


def test_saving_over_a_version_that_somebody_else_saved_is_a_lost_race(database: Database) -> None:
    store(database, request())
    with database.begin() as db:
        requests.save(db, request().changed(status=RequestStatus.WITHDRAWN))

    with pytest.raises(LostRace), database.begin() as db:
        requests.save(db, request().changed(status=RequestStatus.APPROVED, decisions=(decision(),)))

    with database.read() as db:
        assert requests.get(db, RequestId("r1")) == request().changed(status=RequestStatus.WITHDRAWN)


def test_saving_what_was_never_stored_is_a_lost_race(database: Database) -> None:
    with pytest.raises(LostRace), database.begin() as db:
        requests.save(db, request().changed(status=RequestStatus.WITHDRAWN))


def test_adding_the_same_request_twice_is_a_lost_race(database: Database) -> None:
    store(database, request())

    with pytest.raises(LostRace), database.begin() as db:
        requests.add(db, replace(request(1002), id=RequestId("r1")))


def test_a_decided_request_never_gets_another_status(database: Database) -> None:
    decided = request(status=RequestStatus.REJECTED, decisions=(decision(verdict=Verdict.REJECTED),))
    store(database, decided)

    with pytest.raises(LostRace), database.begin() as db:
        requests.save(db, decided.changed(status=RequestStatus.APPROVED))
    with database.begin() as db:
        requests.save(db, decided.changed(reminded_at=NOW))


def test_one_person_counts_once_whatever_the_level(database: Database) -> None:
    first = request(permission_set=CUSTOM, status=RequestStatus.PENDING_ADMIN, decisions=(decision("U9", Level.OWNER),))
    store(database, first)

    twice = (*first.decisions, decision("U9", Level.ADMIN))
    with pytest.raises(IntegrityError), database.begin() as db:
        requests.save(db, first.changed(status=RequestStatus.APPROVED, decisions=twice))


def test_a_requester_sees_their_own_requests_newest_first(database: Database) -> None:
    other = replace(request().requester, slack_id=SlackId("U7"))
    store(database, request(1001), request(1002, requester=other), request(1003), request(1004))

    with database.read() as db:
        assert [each.number for each in requests.of_requester(db, SlackId("U1"), 2)] == [1004, 1003]


def test_undecided_requests_are_listed_oldest_first(database: Database) -> None:
    store(
        database,
        request(1001, requested_at=NOW + MINUTE, status=RequestStatus.PENDING_OWNER),
        request(1002, requested_at=NOW, status=RequestStatus.PENDING_ADMIN, decisions=(decision(),)),
        request(1003, account_id="999988887777"),
        request(1004, status=RequestStatus.APPROVED),
        request(1005, requested_at=NOW + 2 * MINUTE),
    )

    with database.read() as db:
        assert [each.number for each in requests.undecided(db, 9)] == [1002, 1003, 1001, 1005]
        assert requests.undecided(db, 1)[0].decisions == (decision(),)


def test_undecided_requests_lapse_when_their_time_is_over(database: Database) -> None:
    store(
        database,
        request(1001, lapses_at=NOW),
        request(1002, lapses_at=NOW - MINUTE, status=RequestStatus.PENDING_ADMIN),
        request(1003, lapses_at=NOW + MINUTE),
        request(1004, lapses_at=NOW - MINUTE, status=RequestStatus.REJECTED),
    )

    with database.read() as db:
        assert [each.number for each in requests.to_lapse(db, NOW, 9)] == [1002, 1001]
        assert [each.number for each in requests.to_lapse(db, NOW, 1)] == [1002]


def test_undecided_requests_are_reminded_of_once_and_not_when_they_lapse(database: Database) -> None:
    store(
        database,
        request(1001, requested_at=NOW - HOUR),
        request(1002, requested_at=NOW - 2 * HOUR, status=RequestStatus.PENDING_OWNER),
        request(1003, requested_at=NOW - HOUR, reminded_at=NOW),
        request(1004, requested_at=NOW - HOUR + MINUTE),
        request(1005, requested_at=NOW - 2 * HOUR, lapses_at=NOW),
        request(1006, requested_at=NOW - 2 * HOUR, status=RequestStatus.WITHDRAWN),
    )

    with database.read() as db:
        assert [each.number for each in requests.to_remind(db, NOW, NOW - HOUR, 9)] == [1002, 1001]


def test_the_wait_for_the_second_level_begins_with_the_decision_of_the_first(database: Database) -> None:
    store(
        database,
        request(
            1001,
            requested_at=NOW - 3 * HOUR,
            status=RequestStatus.PENDING_ADMIN,
            decisions=(decision(at=NOW - MINUTE),),
        ),
        request(
            1002,
            requested_at=NOW - 3 * HOUR,
            status=RequestStatus.PENDING_ADMIN,
            decisions=(decision(at=NOW - HOUR),),
        ),
    )

    with database.read() as db:
        assert [each.number for each in requests.to_remind(db, NOW, NOW - HOUR, 9)] == [1002]


def test_only_requests_for_standard_sets_are_escalated_and_once(database: Database) -> None:
    store(
        database,
        request(1001, requested_at=NOW - HOUR),
        request(1002, requested_at=NOW - HOUR, status=RequestStatus.PENDING_OWNER),
        request(1003, requested_at=NOW - HOUR, escalated_at=NOW),
        request(1004, requested_at=NOW),
    )

    with database.read() as db:
        assert [each.number for each in requests.to_escalate(db, NOW - HOUR, 9)] == [1001]
