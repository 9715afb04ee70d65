"""Reads from the database what the gauges show."""

from datetime import datetime

from access.overdue import PATIENCE
from bot.metrics import Metrics
from operations.deps import Deps
from storage import audit, freezes, outbox, sessions


def measure(deps: Deps, metrics: Metrics) -> None:
    """Set the gauges to what the database holds now."""
    now = deps.clock.now()
    with deps.database.read() as db:
        counts, lanes = sessions.counts(db), outbox.state(db, now)
        overdue = sessions.count_overdue(db, now - PATIENCE)
        next_end, head = sessions.next_end(db), audit.head(db)
        frozen = freezes.current(db)
    for status, count in counts.items():
        metrics.sessions.labels(status=status).set(count)
    for lane, waiting in lanes.items():
        metrics.outbox_ready.labels(lane=lane.value).set(waiting.ready)
        metrics.outbox_oldest_age.labels(lane=lane.value).set(waiting.oldest.total_seconds())
    metrics.expiry_lag.set(_lag(next_end, now))
    metrics.overdue.set(overdue)
    metrics.frozen.set(float(frozen is not None))
    metrics.audit_seq.set(head.seq)


def _lag(next_end: datetime | None, now: datetime) -> float:
    """Tell by how many seconds the oldest end is overdue."""
    return max(0.0, (now - next_end).total_seconds()) if next_end else 0.0
