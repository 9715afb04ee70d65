"""Sessions that are over and not ended: read page by page, when nothing can be written."""

from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from access.session import Session
from storage.tables import ending_sessions, live_sessions, sessions


def unended(db: Connection, now: datetime, limit: int, after: Session | None = None) -> list[Session]:
    """List live sessions whose end has come or was ordered, by their end, from `after` (the last one listed) on."""
    ends_at, number = sessions.c.ends_at, sessions.c.id
    over = select(sessions).where(live_sessions, or_(ending_sessions, ends_at <= now))
    if after is not None:
        same_end = and_(ends_at == after.ends_at, number > after.id)
        over = over.where(or_(ends_at > after.ends_at, same_end))
    page = over.order_by(ends_at, number).limit(limit)
    return [Session(**row) for row in db.execute(page).mappings()]
