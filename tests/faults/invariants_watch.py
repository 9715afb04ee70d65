"""Promises that hold at every moment: no access without a row that ends it, none after its end, and ends are ends."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from access.request import RequestStatus
from access.session import SessionStatus
from sandbox.aws import AwsSandbox
from sandbox.aws.world import Holding
from storage.engines import database_url

_SESSIONS = (
    "SELECT id, status, principal_id, account_id, set_arn, ends_at, end_ordered_at, announced_at, existed_before"
    " FROM sessions"
)
_REQUESTS = "SELECT id, status FROM requests"
_OPEN = "SELECT due_at, leased_until FROM outbox WHERE done_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A session as it is committed; `over` is when it was to end, whichever came first."""

    id: str
    status: SessionStatus
    principal_id: str
    account_id: str
    set_arn: str
    ends_at: datetime
    over: datetime
    announced: bool
    existed_before: bool

    def covers(self, holding: Holding) -> bool:
        """Tell whether it is about this assignment."""
        mine = (self.account_id, self.set_arn, self.principal_id)
        return mine == (holding.account_id, holding.set_arn, holding.principal_id)


class Onlooker:
    """Reads what is committed, past the bot and its gates, on a connection of its own."""

    def __init__(self, url: str) -> None:
        place = database_url(url)
        self._db: Any
        if place.get_backend_name() == "sqlite":
            self._db = sqlite3.connect(str(place.database), isolation_level=None, timeout=10)
        else:
            self._db = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def sessions(self) -> list[Row]:
        """Read the sessions."""
        return [_row(*each) for each in self._db.execute(_SESSIONS).fetchall()]

    def requests(self) -> dict[str, RequestStatus]:
        """Read where requests stand."""
        return {found: RequestStatus(status) for found, status in self._db.execute(_REQUESTS).fetchall()}

    def in_hand(self, now: datetime) -> bool:
        """Tell whether an effect is held under a lease that is not over."""
        held = [leased for _, leased in self._db.execute(_OPEN).fetchall() if leased]
        return any(_time(each) > now for each in held)

    def next_due(self, announce_before: timedelta) -> datetime | None:
        """Tell when the bot next has something to do: an effect, the end of a lease, an end or its announcement."""
        effects = [max(_time(due), _time(leased or due)) for due, leased in self._db.execute(_OPEN).fetchall()]
        running = [each for each in self.sessions() if each.status in {SessionStatus.GRANTING, SessionStatus.ACTIVE}]
        ends = [each.ends_at for each in running]
        soon = [each.ends_at - announce_before for each in running if not each.announced]
        return min((*effects, *ends, *soon), default=None)


class Watch:
    """Looks at AWS and the committed rows at any moment, and writes down every broken promise.

    `bound` is how long after its end access may still stand while all goes wrong that a run lets go wrong.
    """

    def __init__(self, onlooker: Onlooker, aws: AwsSandbox, now: Callable[[], datetime], bound: timedelta) -> None:
        self.problems: list[str] = []
        self._onlooker = onlooker
        self._aws = aws.world
        self._now = now
        self._bound = bound
        self._sessions: list[Row] = []
        self._requests: dict[str, RequestStatus] = {}

    def look(self, *, committed: bool = True) -> None:
        """Look; only after a commit are there new rows to read."""
        if committed:
            self._read()
        with self._aws.lock:
            self._aws.settle()
            holdings = list(self._aws.holdings)
        for each in holdings:
            self._check(each)

    def _read(self) -> None:
        """Read anew, and see that nothing has left a state that is for good (I6)."""
        found, decided = self._onlooker.sessions(), self._onlooker.requests()
        latest = {each.id: each.status for each in found}
        for before in self._sessions:
            if not before.status.live and latest.get(before.id) is not before.status:
                self._says(f"I6: session {before.id} left {before.status} for {latest.get(before.id)}")
        for request, status in self._requests.items():
            if not status.undecided and decided.get(request) is not status:
                self._says(f"I6: request {request} left {status} for {decided.get(request)}")
            elif request not in decided:
                self._says(f"I5: request {request} is gone")
        self._sessions, self._requests = found, decided

    def _check(self, holding: Holding) -> None:
        """See that an assignment belongs to a live session (I2) whose end is not long over (I1)."""
        about = [each for each in self._sessions if each.covers(holding)]
        live = [each for each in about if each.status.live]
        if not live:
            self._says(f"I2: {holding} without a live session, but {[(each.id, each.status) for each in about]}")
        elif max(each.over for each in live) + self._bound < self._now():
            self._says(f"I1: {holding} stands {self._bound} after the end of {live[0].id}")

    def _says(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _row(  # noqa: PLR0913, PLR0917 - the columns of the question
    found: str, status: str, principal: str, account: str, arn: str, ends_at: Any, ordered: Any, announced: Any,
    existed: Any,
) -> Row:  # fmt: skip
    ends = _time(ends_at)
    return Row(
        id=found,
        status=SessionStatus(status),
        principal_id=principal,
        account_id=account,
        set_arn=arn,
        ends_at=ends,
        over=min(ends, _time(ordered)) if ordered else ends,
        announced=bool(announced),
        existed_before=bool(existed),
    )


def _time(stored: Any) -> datetime:
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
