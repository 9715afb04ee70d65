"""Many overdue sessions at a restart, and an AWS that takes its time for every call."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from sqlalchemy import func, insert, select

from access.catalogue import Account, Catalogue
from access.permission_sets import RequestedSet, SetContent, SetKind, StandardSet
from access.request import Request, RequestId, RequestStatus
from access.session import Assignment, Session, SessionId, SessionStatus
from aws.progress import Progress, State
from bot.clock import SystemClock
from operations.deps import Deps
from operations.ports import Aws
from storage import requests, sessions, tables
from storage.transactions import Database
from tests.access.given import a_catalogue, a_request, a_requester, a_session, an_account
from tests.bench.office import InstantMessenger
from tests.faults.racing import deciding_deps

FAR, NEAR = "Everything", "ReadOnly"
ACCOUNTS = 50
_CHUNK = 1000


class SlowAws:
    """Identity Center in memory: each call takes `delay` seconds, `removed` tells in which order orders came.

    A removal in an account that is `hanging` takes until its event is set.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.hanging: dict[str, threading.Event] = {}
        self.removed: list[Assignment] = []
        self.asked: list[Assignment] = []
        self.held: set[Assignment] = set()
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def identity_center(self) -> "SlowAws":
        """Stand for the port."""
        return self

    @property
    def directory(self) -> "SlowAws":
        """Stand for the port."""
        return self

    def is_enabled(self, user_id: str) -> bool:
        self._call("is_enabled")
        return bool(user_id)

    def find_set(self, name: str) -> str | None:
        self._call("find_set")
        return _arn(name)

    def forget(self, arn: str) -> None:
        """Remember nothing."""

    def is_assigned(self, sought: Assignment) -> bool:
        self._call("is_assigned")
        return sought in self.held

    def request_assignment(self, wanted: Assignment) -> str:
        self._call("request_assignment")
        self.asked.append(wanted)
        self.held.add(wanted)
        return "made"

    def assignment_status(self, request_id: str) -> Progress:
        self._call("assignment_status")
        return Progress(state=State.SUCCEEDED, reason="")

    def request_removal(self, unwanted: Assignment) -> str | None:
        self._call("request_removal")
        if unwanted.account_id in self.hanging:
            self.hanging[unwanted.account_id].wait()
        with self._lock:
            self.removed.append(unwanted)
            self.held.discard(unwanted)
        return "gone"

    def removal_status(self, request_id: str) -> Progress:
        self._call("removal_status")
        return Progress(state=State.SUCCEEDED, reason="")

    def _call(self, name: str) -> None:
        with self._lock:
            self.calls[name] += 1
        if self.delay:
            time.sleep(self.delay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What was overdue: so many sessions, of which each `every`-th gives everything; the latest over are those."""

    count: int
    every: int = 10

    @property
    def far(self) -> int:
        """How many give everything."""
        return len(range(0, self.count, self.every))


def _arn(name: str) -> str:
    return f"arn:aws:sso:::permissionSet/ssoins-1/{name}"


def account_of(number: int) -> str:
    """Give the account of a session."""
    return f"{100000000000 + number % ACCOUNTS}"


def storm_catalogue() -> Catalogue:
    """Offer two sets in fifty accounts: one that gives everything, and one that reads."""
    everything = StandardSet(name=FAR)
    near = StandardSet(name=NEAR)
    accounts: list[Account] = [
        an_account(id=account_of(each), name=f"account-{each}", permission_sets=(FAR, NEAR)) for each in range(ACCOUNTS)
    ]
    content = SetContent(managed_policies=("AdministratorAccess",))
    return a_catalogue(*accounts, standard_sets={FAR: replace(everything, content=content), NEAR: near})


def storm_deps(database: Database, slow: SlowAws) -> Deps:
    """Wire what ends sessions: the machine's clock, this AWS, and a Slack that sends at once."""
    catalogue = storm_catalogue()
    wired = deciding_deps(database, SystemClock())
    return replace(wired, catalogue=lambda: catalogue, aws=lambda: cast(Aws, slow), messenger=InstantMessenger())


def brew(database: Database, aws: SlowAws, storm: Storm) -> None:
    """Store the sessions as a process left them that was down at their ends, with their assignments in AWS.

    The ones that give everything ended last, so that going by age alone would remove them last.
    """
    for first in range(0, storm.count, _CHUNK):
        pairs = [_pair(number, storm) for number in range(first, min(first + _CHUNK, storm.count))]
        aws.held.update(session.assignment for _, session in pairs)
        with database.begin() as db:
            db.execute(insert(tables.requests), [requests._to_row(request) for request, _ in pairs])
            db.execute(insert(tables.sessions), [sessions._to_row(session) for _, session in pairs])


def _pair(number: int, storm: Storm) -> tuple[Request, Session]:
    far = number % storm.every == 0
    name, account = FAR if far else NEAR, account_of(number // storm.every if far else number)
    over = timedelta(seconds=1 if far else storm.count - number + 60)
    request = a_request(
        RequestStatus.APPROVED,
        id=RequestId(f"rq_{number}"),
        number=5000 + number,
        requester=a_requester(principal_id=f"p-{number}"),
        account_id=account,
        permission_set=RequestedSet(kind=SetKind.STANDARD, name=name),
    )
    session = a_session(
        SessionStatus.ACTIVE,
        id=SessionId(f"se_{number}"),
        request_id=request.id,
        principal_id=f"p-{number}",
        account_id=account,
        set_name=name,
        set_arn=_arn(name),
    )
    return request, replace(session, ends_at=SystemClock().now() - over, announced_at=session.granted_at)


def still_there(database: Database) -> dict[SessionStatus, int]:
    """Count the sessions that have not ended, by status."""
    which = select(tables.sessions.c.status, func.count()).where(tables.live_sessions)
    with database.read() as db:
        return {row.status: row[1] for row in db.execute(which.group_by(tables.sessions.c.status))}
