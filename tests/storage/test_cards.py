"""The bot remembers where each message stands and what it shows."""

from dataclasses import replace

from access.changes import Place
from access.request import RequestId
from storage import cards, requests
from storage.cards import Card
from storage.transactions import Database
from tests.storage.examples import request

OWNERS = Card(request_id=RequestId("r1"), place=Place.OWNERS, channel="C1", ts="1700000000.000100", shown="1.0")
REQUESTER = replace(OWNERS, place=Place.REQUESTER, channel="D1", ts="1700000000.000200")


def remember(database: Database, *stored: Card) -> None:
    with database.begin() as db:
        for number in (1001, 1002):
            if requests.by_number(db, number) is None:
                requests.add(db, request(number))
        for each in stored:
            cards.remember(db, each)


def test_the_cards_of_a_request_are_found_in_the_order_of_posting(database: Database) -> None:
    remember(database, REQUESTER, OWNERS, replace(OWNERS, request_id=RequestId("r2"), ts="1700000000.000300"))

    with database.read() as db:
        assert cards.of_request(db, RequestId("r1")) == [OWNERS, REQUESTER]


def test_the_same_message_is_remembered_once(database: Database) -> None:
    remember(database, OWNERS)
    remember(database, replace(OWNERS, shown="0.0"))

    with database.read() as db:
        assert cards.of_request(db, RequestId("r1")) == [OWNERS]


def test_a_card_knows_what_it_shows(database: Database) -> None:
    remember(database, OWNERS, REQUESTER)
    with database.begin() as db:
        assert cards.shown(db, OWNERS, "2.0")

    with database.read() as db:
        assert cards.of_request(db, RequestId("r1")) == [replace(OWNERS, shown="2.0"), REQUESTER]


def test_what_a_card_shows_is_not_overwritten_by_somebody_who_read_it_earlier(database: Database) -> None:
    remember(database, OWNERS)
    with database.begin() as db:
        assert cards.shown(db, OWNERS, "3.0")
    with database.begin() as db:
        assert not cards.shown(db, OWNERS, "2.0")

    with database.read() as db:
        assert [each.shown for each in cards.of_request(db, RequestId("r1"))] == ["3.0"]
