"""Order that the home tabs of those concerned are drawn anew, in the transaction of the change that they show."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from access.changes import Effect, EffectKind, shown_version
from access.request import Request
from access.session import Session
from storage import homes, outbox

HOMES = "homes"
"""The subject of the orders: one round of drawings at a time, which stands for all that wait."""
PAUSE = timedelta(seconds=1)
"""Changes within it are drawn together: a storm of changes is no storm of calls."""
KEPT = timedelta(days=30)
"""Who has not looked for so long sees the new state when they look again, and not before."""


def order_homes(db: Connection, request: Request, session: Session | None, now: datetime) -> None:
    """Order it for requester and approvers of one request; nothing is ordered where nobody looks at a home tab."""
    if homes.anybody(db, now - KEPT):
        key = f"{HOMES}:{request.id}:{shown_version(request, session)}"
        about = {"account": request.account_id, "requester": request.requester.slack_id}
        outbox.add(db, [_order(key, about, PAUSE)], now)


def order_all_homes(db: Connection, why: str, now: datetime) -> None:
    """Order it for everybody who looks at theirs; `why` makes it an order of its own."""
    if homes.anybody(db, now - KEPT):
        outbox.add(db, [_order(f"{HOMES}:all:{why}:{now.isoformat()}", {}, PAUSE)], now)


def order_own_home(db: Connection, slack_id: str, now: datetime, wait: timedelta) -> None:
    """Order it for one person whose home tab could not be drawn at once."""
    outbox.add(db, [_order(f"{HOMES}:{slack_id}:{now.isoformat()}", {"person": slack_id}, wait)], now)


def _order(key: str, about: dict[str, str], wait: timedelta) -> Effect:
    return Effect(kind=EffectKind.REFRESH_HOMES, subject=HOMES, key=key, arguments=about, delay=wait)
