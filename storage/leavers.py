"""Who has a session or an undecided request, and which: what has to end when somebody leaves."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from access.people import SlackId
from access.request import Request, Requester, RequestId
from access.session import Session
from storage import requests as stored
from storage.tables import requests, running_sessions, sessions, undecided_requests

_HELD = select(requests.c.id).join(sessions, sessions.c.request_id == requests.c.id).where(running_sessions)


def holders(db: Connection) -> list[Requester]:
    """List everybody with a granting or active session or an undecided request, each once."""
    return _people(db, [or_(undecided_requests, requests.c.id.in_(_HELD))])


def of_slack(db: Connection, slack_id: SlackId) -> list[Requester]:
    """List as whom one Slack account has something live: one user of Identity Center, unless that changed."""
    live = or_(undecided_requests, requests.c.id.in_(_HELD))
    return _people(db, [live, requests.c.requester_id == slack_id])


def sessions_of(db: Connection, who: Requester) -> list[Session]:
    """List the granting and active sessions of somebody."""
    which = (
        select(sessions).join(requests, requests.c.id == sessions.c.request_id).where(running_sessions, *_whose(who))
    )
    return [Session(**row) for row in db.execute(which.order_by(sessions.c.ends_at)).mappings()]


def undecided_of(db: Connection, who: Requester) -> list[Request]:
    """List the undecided requests of somebody."""
    ids = db.execute(select(requests.c.id).where(undecided_requests, *_whose(who))).scalars().all()
    return [found for each in ids if (found := stored.get(db, RequestId(each))) is not None]


def _whose(who: Requester) -> Iterable[ColumnElement[bool]]:
    return (requests.c.requester_id == who.slack_id, requests.c.principal_id == who.principal_id)


def _people(db: Connection, conditions: Iterable[ColumnElement[bool]]) -> list[Requester]:
    columns = (requests.c.requester_id, requests.c.requester_name, requests.c.requester_email, requests.c.principal_id)
    which: Select[*tuple[Any, ...]] = select(*columns).where(*conditions).order_by(requests.c.number.desc())
    found: dict[tuple[str, str], Requester] = {}
    for row in db.execute(which):
        found.setdefault(
            (row.requester_id, row.principal_id),
            Requester(
                slack_id=SlackId(row.requester_id),
                name=row.requester_name,
                email=row.requester_email,
                principal_id=row.principal_id,
            ),
        )
    return list(found.values())
