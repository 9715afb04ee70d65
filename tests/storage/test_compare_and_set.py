"""The version alone guards a change: also one that the status would let through."""

import pytest

from storage import requests
from storage.transactions import Database, LostRace
from tests.storage.examples import MINUTE, NOW, request


def test_of_two_changes_to_an_undecided_request_the_second_is_a_lost_race(database: Database) -> None:
    """A reminder and an escalation of the same version: both leave it undecided, and neither may undo the other."""
    with database.begin() as db:
        requests.add(db, request())
    with database.begin() as db:
        requests.save(db, request().changed(reminded_at=NOW))
    with pytest.raises(LostRace), database.begin() as db:
        requests.save(db, request().changed(escalated_at=NOW + MINUTE))
    with database.read() as db:
        assert requests.get(db, request().id) == request().changed(reminded_at=NOW)
