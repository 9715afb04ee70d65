"""One small company: Rita asks, Olaf and Olga own, Ada and Abel run Identity Center; only a test moves its clock."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from access.catalogue import Account, Catalogue
from access.changes import Event
from access.form import RequestForm
from access.people import Person
from access.request import Request, RequestId
from access.session import Session
from bot.clock import MovableClock
from bot.scheduler import sweep
from bot.worker import LEASE
from operations.decide import approve_request
from operations.deps import Deps, Rules
from operations.identify import identify
from operations.perform import perform
from operations.ports import Aws, Directory, IdentityCenter
from operations.submit import submit_request
from sandbox.aws import AwsSandbox
from storage import audit, outbox, requests, sessions
from storage.outbox import Claimed, Lane
from storage.transactions import Database
from tests.access.given import (
    ABEL,
    ADA,
    HOUR,
    LAPSE_AFTER,
    MAX,
    MINUTE,
    NOW,
    OLAF,
    OLGA,
    RITA,
    a_catalogue,
    a_form,
)
from tests.operations.gate import Gate
from tests.operations.slack import KnownPeople, RecordingMessenger

PAYMENTS = "111122223333"
OWNER_CHANNEL, ADMIN_CHANNEL, AUDIT_CHANNEL = "C0PAYMENTS", "C0ADMINS", "C0AUDIT"
RULES = Rules(
    admin_channel=ADMIN_CHANNEL,
    audit_channel=AUDIT_CHANNEL,
    sso_admins=(ADA.email, "S0SSOADMINS"),
    portal_url="https://example.awsapps.com/start",
    region="eu-west-1",
    identities={},
    lapse_after=LAPSE_AFTER,
    remind_after=HOUR,
    escalate_after=30 * MINUTE,
    announce_before=15 * MINUTE,
)
_MOST = 5000
IN_AWS = (Lane.REVOKE, Lane.GRANT)
"""The lanes that change something in AWS."""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class GatedAws:
    """Identity Center and its directory, each behind a gate."""

    identity_center: IdentityCenter
    directory: Directory


@dataclass(slots=True, kw_only=True)
class Company:
    """Everything a test of operations touches: `center` and `directory` are gates around the real ports.

    Only `lanes` are drained: tests about nothing but AWS leave Slack's out, which is most of the work.
    """

    clock: MovableClock
    database: Database
    aws: AwsSandbox
    center: Gate
    directory: Gate
    slack: RecordingMessenger
    people: KnownPeople
    deps: Deps
    catalogue: Catalogue
    lanes: tuple[Lane, ...] = tuple(Lane)

    def ask(self, form: RequestForm | None = None, by: Person = RITA) -> Request:
        """Send a form and return the request."""
        identify(self.deps, by.slack_id)
        return submit_request(self.deps, form or a_form(), by.slack_id, RequestId(f"rq_{next(_numbers)}"))

    def approved(self, form: RequestForm | None = None) -> Request:
        """Ask, and have it approved by Olaf, and for a custom set by Ada too; nothing of it is performed yet."""
        asked = self.ask(form)
        change = approve_request(self.deps, asked.id, OLAF.slack_id)
        if change.session is None:
            change = approve_request(self.deps, asked.id, ADA.slack_id)
        return change.request

    def sweep(self) -> None:
        """Settle what time has made due, without performing it."""
        sweep(self.deps)

    def active(self, form: RequestForm | None = None, *lanes: Lane) -> Request:
        """Ask, approve and grant."""
        request = self.approved(form)
        self.drain(*lanes)
        assert self.session(request).granted_at is not None
        return request

    def drain(self, *lanes: Lane) -> int:
        """Perform all that is due now, in these lanes or in the usual ones; returns how many effects were attempted."""
        attempted = 0
        while claimed := [each for lane in lanes or self.lanes for each in self.claim(lane)]:
            for each in claimed:
                perform(self.deps, each)
            attempted += len(claimed)
            assert attempted < _MOST, "the outbox never runs dry"
        return attempted

    def claim(self, lane: Lane, worker: str = "w1", limit: int = 1) -> list[Claimed]:
        """Claim as a worker does, which only reads where nothing is due."""
        with self.database.read() as db:
            if not outbox.due(db, lane, self.clock.now()):
                return []
        with self.database.begin() as db:
            return outbox.claim(db, lane, self.clock.now(), worker, LEASE, limit)

    def pass_time(self, by: timedelta, *lanes: Lane) -> None:
        """Let time pass as it does for the bot: sweeps and workers come by at each of a few steps."""
        end, step = self.clock.now() + by, max(by / 4, timedelta(seconds=10))
        while self.clock.now() < end:
            self.clock.move(min(step, end - self.clock.now()))
            self.sweep()
            self.drain(*lanes)

    def restart(self, *lanes: Lane) -> None:
        """Start anew after a crash: whatever was held is free again when its lease is over."""
        self.clock.move(LEASE + timedelta(seconds=1))
        self.sweep()
        self.drain(*lanes)

    def request(self, request: Request) -> Request:
        """Read a request as it is stored now."""
        with self.database.read() as db:
            found = requests.get(db, request.id)
        assert found is not None
        return found

    def session(self, request: Request) -> Session:
        """Read the session of a request as it is stored now."""
        with self.database.read() as db:
            found = sessions.of_request(db, request.id)
        assert found is not None
        return found

    def events(self, request: Request | None = None) -> list[str]:
        """List the kinds of the events in the audit log, of one request or of all."""
        return [each.kind.value for each in self.entries() if request is None or each.request == request.label]

    def entries(self) -> list[Event]:
        """Read the audit log."""
        with self.database.read() as db:
            return [audit.get(db, seq) for seq in range(2, audit.head(db).seq + 1)]

    def waiting(self) -> int:
        """Count the effects that are not performed yet and are due within a minute."""
        with self.database.read() as db:
            return sum(each.ready for each in outbox.state(db, self.clock.now() + MINUTE).values())

    def aws_calls(self) -> list[str]:
        """Name the calls that reached AWS."""
        return [each.operation for each in self.aws.calls]

    def use(self, **changes: Any) -> None:
        """Let the bot work with other dependencies."""
        self.deps = replace(self.deps, **changes)

    def use_account(self, account: Account) -> None:
        """Let the configuration know an account differently."""
        known: Mapping[str, Account] = self.catalogue.accounts
        self.catalogue = replace(self.catalogue, accounts={**known, account.id: account})


def found_company(
    database: Database, aws: AwsSandbox, center: object, directory: object, clock: MovableClock
) -> Company:
    """Wire a company's bot; `center` and `directory` are what AWS is reached by."""
    people = KnownPeople(RITA, OLAF, OLGA, ADA, ABEL, MAX)
    people.groups = {"S0PAYMENTS": (OLGA,), "S0SSOADMINS": (ABEL,)}
    slack, gates = RecordingMessenger(), (Gate(center), Gate(directory))
    gated = GatedAws(cast(IdentityCenter, gates[0]), cast(Directory, gates[1]))
    deps = _deps(clock, database, people, slack, lambda: gated)
    company = Company(
        clock=clock,
        database=database,
        aws=aws,
        center=gates[0],
        directory=gates[1],
        slack=slack,
        people=people,
        deps=deps,
        catalogue=a_catalogue(),
    )
    company.use(catalogue=lambda: company.catalogue)
    return company


def _deps(
    clock: MovableClock, database: Database, people: KnownPeople, slack: RecordingMessenger, aws: Callable[[], Aws]
) -> Deps:
    def wait(seconds: float) -> None:
        clock.move(timedelta(seconds=seconds))

    return Deps(
        clock=clock,
        database=database,
        people=people,
        aws=aws,
        messenger=slack,
        catalogue=a_catalogue,
        rules=RULES,
        wait=wait,
        new_id=lambda: f"se_{next(_numbers)}",
        suffix=lambda: f"{next(_numbers):04d}"[-4:],
    )


def a_clock() -> MovableClock:
    """Give a clock that stands until it is moved."""
    return MovableClock(NOW, frozen=True)
