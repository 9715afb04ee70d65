"""Home tabs: who has opened theirs, and the orders to draw them anew that one drawing stands for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from access.people import SlackId
from storage.tables import homes, open_effects, outbox


def opened(db: Connection, slack_id: SlackId, now: datetime) -> None:
    """Remember that somebody has opened their home tab."""
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    new = build(homes).values(slack_id=slack_id, opened_at=now)
    db.execute(new.on_conflict_do_update(index_elements=["slack_id"], set_={"opened_at": now}))


def last_opened(db: Connection, slack_id: SlackId) -> datetime | None:
    """Tell when somebody last opened their home tab, as far as noted; None where they never did."""
    return db.execute(select(homes.c.opened_at).where(homes.c.slack_id == slack_id)).scalar_one_or_none()


def anybody(db: Connection, since: datetime) -> bool:
    """Tell whether anybody has opened a home tab since then."""
    return bool(db.execute(select(exists().where(homes.c.opened_at > since))).scalar_one())


def openers(db: Connection, since: datetime) -> frozenset[SlackId]:
    """List who has opened their home tab since then."""
    found = db.execute(select(homes.c.slack_id).where(homes.c.opened_at > since)).scalars()
    return frozenset(SlackId(each) for each in found)


def forget(db: Connection, slack_id: SlackId) -> None:
    """Forget somebody whose home tab Slack does not take any more."""
    db.execute(delete(homes).where(homes.c.slack_id == slack_id))


def put_off_too(db: Connection, ids: Collection[int], due_at: datetime) -> None:
    """Put effects off together with one of their subject that is held: Slack asked to wait, and that holds for all."""
    later = update(outbox).where(outbox.c.id.in_(ids), open_effects, outbox.c.due_at < due_at)
    db.execute(later.values(due_at=due_at))
