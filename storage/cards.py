"""Cards: where each message about a request stands in Slack, and which state it shows."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from access.changes import Place
from access.request import RequestId
from storage.tables import cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One posted message: `channel` and `ts` are its address in Slack, `shown` is the version that it shows."""

    request_id: RequestId
    place: Place
    channel: str
    ts: str
    shown: str


def remember(db: Connection, card: Card) -> None:
    """Store where a card was posted; remembering the same message again changes nothing."""
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    row: dict[str, Any] = {each.name: getattr(card, each.name) for each in fields(card)}
    db.execute(build(cards).values(row).on_conflict_do_nothing(index_elements=["channel", "ts"]))


def of_request(db: Connection, request_id: RequestId) -> list[Card]:
    """List a request's cards, the first posted first."""
    which = select(cards).where(cards.c.request_id == request_id).order_by(cards.c.ts, cards.c.channel)
    return [Card(**row) for row in db.execute(which).mappings()]


def shown(db: Connection, card: Card, version: str) -> bool:
    """Note that a card now shows `version`; False where somebody else has changed it since `card` was read."""
    same = update(cards).where(cards.c.channel == card.channel, cards.c.ts == card.ts, cards.c.shown == card.shown)
    return db.execute(same.values(shown=version)).rowcount == 1
