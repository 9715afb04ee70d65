"""Times are UTC on the way in and on the way out, and words come out of their list."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, StatementError

from access.people import SlackId
from access.request import RequestId, RequestStatus
from storage import requests
from storage.tables import requests as requests_table
from storage.transactions import Database
from tests.storage.examples import NOW, request


@pytest.mark.parametrize("hours", [-5, 0, 14])
def test_a_time_in_any_zone_comes_back_as_the_same_instant_in_utc(database: Database, hours: int) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=hours)))
    with database.begin() as db:
        requests.add(db, request(requested_at=local))

    with database.read() as db:
        found = requests.get(db, RequestId("r1"))
    assert found
    assert (found.requested_at, found.requested_at.utcoffset()) == (NOW, timedelta(0))


def test_times_are_compared_as_instants(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request(1001, lapses_at=NOW))
        requests.add(db, request(1002, lapses_at=NOW.replace(microsecond=0)))

    west = NOW.astimezone(timezone(timedelta(hours=-5)))
    with database.read() as db:
        assert [each.number for each in requests.to_lapse(db, west, 9)] == [1002, 1001]
        assert [each.number for each in requests.to_lapse(db, west.replace(microsecond=0), 9)] == [1002]


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - this is what must be refused

    with pytest.raises(StatementError, match="without a zone"), database.begin() as db:
        requests.add(db, request(requested_at=naive))
    with pytest.raises(StatementError, match="without a zone"), database.begin() as db:
        requests.to_lapse(db, naive, 9)


def test_a_word_out_of_another_list_is_refused(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())

    with pytest.raises(StatementError), database.begin() as db:
        db.execute(update(requests_table).values(status="granting"))
    with pytest.raises(DBAPIError), database.begin() as db:
        db.execute(text("UPDATE requests SET status = 'granting'"))


def test_text_comes_back_as_it_was_typed(database: Database) -> None:
    hostile = "<!channel> '; DROP TABLE requests; -- : %s \u202e \U0001f600 " + "x" * 5000
    with database.begin() as db:
        requests.add(db, request(justification=hostile, status=RequestStatus.PENDING))

    with database.read() as db:
        assert requests.of_requester(db, SlackId("U1"), 1)[0].justification == hostile
