"""Who has opened the home tab, and orders put off together."""

from datetime import timedelta

from access.changes import Effect, EffectKind
from access.people import SlackId
from storage import floods, homes, outbox
from storage.floods import Undone
from storage.outbox import Lane
from storage.transactions import Database
from tests.access.given import HOUR, MINUTE, NOW

RITA, OLAF = SlackId("U0RITA"), SlackId("U0OLAF")
DAY = timedelta(days=1)


def test_who_opens_again_is_one_row_with_the_later_time(database: Database) -> None:
    """Opening twice is remembered once."""
    with database.begin() as db:
        homes.opened(db, RITA, NOW)
        homes.opened(db, RITA, NOW + DAY)
    with database.read() as db:
        assert homes.last_opened(db, RITA) == NOW + DAY
        assert homes.last_opened(db, OLAF) is None


def test_only_those_count_who_looked_lately(database: Database) -> None:
    """Somebody who has not looked since then is not among the openers."""
    with database.begin() as db:
        homes.opened(db, RITA, NOW)
        homes.opened(db, OLAF, NOW - DAY)
    with database.read() as db:
        assert homes.openers(db, NOW - HOUR) == {RITA}
        assert homes.anybody(db, NOW - HOUR)
        assert not homes.anybody(db, NOW)


def test_who_is_forgotten_is_gone(database: Database) -> None:
    """Nothing is left of them, and the others stay."""
    with database.begin() as db:
        homes.opened(db, RITA, NOW)
        homes.opened(db, OLAF, NOW)
        homes.forget(db, RITA)
    with database.read() as db:
        assert homes.openers(db, NOW - HOUR) == {OLAF}


def undone(database: Database) -> list[Undone]:
    """List the orders to draw home tabs that are not performed yet."""
    with database.read() as db:
        return floods.waiting(db, "homes", EffectKind.REFRESH_HOMES, 10)


def test_putting_off_never_brings_anything_forward(database: Database) -> None:
    """Orders that were due before wait until then; one that waits longer anyway is left alone."""
    with database.begin() as db:
        orders = [
            Effect(kind=EffectKind.REFRESH_HOMES, subject="homes", key=f"homes:{wait}", delay=wait)
            for wait in (0 * MINUTE, HOUR)
        ]
        outbox.add(db, orders, NOW)
    with database.begin() as db:
        homes.put_off_too(db, [each.id for each in undone(database)], NOW + MINUTE)
    with database.read() as db:
        assert not outbox.due(db, Lane.SLACK, NOW)
        assert outbox.due(db, Lane.SLACK, NOW + MINUTE)
        assert outbox.state(db, NOW + 30 * MINUTE)[Lane.SLACK].ready == 1
