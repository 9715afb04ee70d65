"""One question in place of six: whether time has made anything due, asked every two seconds by a bot that idles."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, or_, select

from access.request import RequestStatus
from storage.tables import (
    ending_sessions,
    one_of,
    requests,
    running_sessions,
    sessions,
    unannounced_sessions,
    undecided_requests,
)

_DUE = select(
    or_(
        exists().where(running_sessions, sessions.c.ends_at <= bindparam("now")),
        exists().where(unannounced_sessions, sessions.c.ends_at <= bindparam("ends_before")),
        exists().where(
            ending_sessions,
            sessions.c.end_ordered_at <= bindparam("ordered_before"),
            or_(sessions.c.overdue_again_at.is_(None), sessions.c.overdue_again_at <= bindparam("now")),
        ),
        exists().where(undecided_requests, requests.c.lapses_at <= bindparam("now")),
        exists().where(
            undecided_requests,
            requests.c.requested_at <= bindparam("remind_before"),
            requests.c.reminded_at.is_(None),
        ),
        exists().where(
            undecided_requests,
            one_of(requests.c.status, [RequestStatus.PENDING]),
            requests.c.requested_at <= bindparam("escalate_before"),
            requests.c.escalated_at.is_(None),
        ),
    )
)


def anything_due(
    db: Connection,
    now: datetime,
    *,
    ordered_before: datetime,
    ends_before: datetime,
    remind_before: datetime,
    escalate_before: datetime,
) -> bool:
    """Tell whether a sweep may find something; where it says no, none of the sweeps' own questions finds anything.

    `ordered_before` is since when an end that is not proven is overdue, `ends_before` up to when ends are announced;
    the other two are since when requests wait that are to be reminded of or escalated.
    """
    times = {
        "now": now,
        "ordered_before": ordered_before,
        "ends_before": ends_before,
        "remind_before": remind_before,
        "escalate_before": escalate_before,
    }
    return bool(db.execute(_DUE, times).scalar_one())
