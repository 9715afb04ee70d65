"""Alerts: which messages in red are about which sessions, so that each is put right when they have ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from access.session import SessionId
from storage.tables import alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message: its address in Slack, and the sessions that it is about."""

    channel: str
    ts: str
    sessions: tuple[SessionId, ...]


def remember(db: Connection, alert: Alert) -> None:
    """Store where an alert was posted; remembering the same message again changes nothing."""
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    rows = [{"channel": alert.channel, "ts": alert.ts, "session_id": each} for each in alert.sessions]
    db.execute(build(alerts).on_conflict_do_nothing(index_elements=["channel", "ts", "session_id"]), rows)


def about(db: Connection, session_id: SessionId) -> list[Alert]:
    """List the alerts about a session, the first posted first, each with all the sessions that it is about."""
    own = select(alerts.c.channel, alerts.c.ts).where(alerts.c.session_id == session_id)
    return [_alert(db, channel, ts) for channel, ts in db.execute(own.order_by(alerts.c.ts, alerts.c.channel)).all()]


def _alert(db: Connection, channel: str, ts: str) -> Alert:
    same = select(alerts.c.session_id).where(alerts.c.channel == channel, alerts.c.ts == ts)
    found: Iterable[SessionId] = db.execute(same.order_by(alerts.c.session_id)).scalars().all()
    return Alert(channel=channel, ts=ts, sessions=tuple(found))
