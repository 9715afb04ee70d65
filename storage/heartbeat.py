"""When a bot swept last: the sign of life that whoever watches from outside can read."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from storage.tables import counters

_NAME = "swept_at"


def beat(db: Connection, now: datetime) -> None:
    """Note that a bot sweeps; several replicas note it in turn."""
    stamp = int(now.timestamp())
    if db.execute(update(counters).where(counters.c.name == _NAME).values(value=stamp)).rowcount == 0:
        db.execute(insert(counters).values(name=_NAME, value=stamp))


def last_beat(db: Connection) -> datetime | None:
    """Tell when a bot swept last, None where none ever did."""
    stamp = db.execute(select(counters.c.value).where(counters.c.name == _NAME)).scalar_one_or_none()
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
