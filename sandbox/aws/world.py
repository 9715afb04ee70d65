"""What this Identity Center holds: its directory, permission sets, assignments and running operations."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import uuid4

from sandbox.aws.errors import conflict, missing, throttled
from sandbox.aws.faults import Faults


class Kind(StrEnum):
    """The three asynchronous operations."""

    CREATION = "creation"
    DELETION = "deletion"
    PROVISIONING = "provisioning"


class Status(StrEnum):
    """How far an operation is, as AWS writes it."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class Holding(NamedTuple):
    """One assignment: account x permission set x principal."""

    account_id: str
    set_arn: str
    principal_type: str
    principal_id: str


@dataclass(slots=True, kw_only=True)
class DirectoryUser:
    """Somebody in the identity store; `email` is empty where the directory holds none."""

    id: str
    user_name: str
    email: str
    enabled: bool


@dataclass(slots=True, kw_only=True)
class PermissionSet:
    """A permission set; `version` counts the changes that accounts must be provisioned with."""

    arn: str
    name: str
    created: datetime
    description: str = ""
    session_duration: str = "PT1H"
    relay_state: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    managed_policies: dict[str, str] = field(default_factory=dict)
    inline_policy: str = ""
    boundary: dict[str, object] = field(default_factory=dict)
    version: int = 1


@dataclass(slots=True, kw_only=True)
class Operation:
    """An asynchronous operation; `described` counts how often somebody asked, `stuck` never ends."""

    id: str
    kind: Kind
    holdings: tuple[Holding, ...]
    started: datetime
    status: Status = Status.IN_PROGRESS
    reason: str = ""
    described: int = 0
    stuck: bool = False


@dataclass(slots=True, kw_only=True)
class World:
    """The state behind the wire; every reading or change of it happens under `lock`.

    An operation is in progress until it is as old as `takes`, or was described `patience` times, whichever comes
    first. `provisioned` holds, for each set and account, the version that the account has, and `in_force` the inline
    policy of that version; it stays when the last assignment goes, for how soon AWS deletes the role nobody has
    promised. `outstanding` operations at a time are taken, more are throttled. With `empty_pages`, every list begins
    with an empty page that carries a token, as AWS is free to do.
    """

    now: Callable[[], datetime]
    management_account: str
    instance_arn: str
    store_id: str
    faults: Faults
    takes: timedelta = timedelta(seconds=1)
    patience: int = 1
    outstanding: int = 10
    page_size: int = 100
    empty_pages: bool = False
    permission_sets_enabled: bool = True
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, DirectoryUser] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    sets: dict[str, PermissionSet] = field(default_factory=dict)
    holdings: dict[Holding, None] = field(default_factory=dict)
    provisioned: dict[tuple[str, str], int] = field(default_factory=dict)
    in_force: dict[tuple[str, str], str] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)

    def permission_set(self, arn: str) -> PermissionSet:
        """Find a permission set by its ARN, or answer as AWS does for one that is not there."""
        found = self.sets.get(arn)
        if found is None:
            missing(f"PermissionSet with ARN {arn} not found.")
        return found

    def running(self) -> Iterator[Operation]:
        """Walk through the operations in progress."""
        return (each for each in self.operations.values() if each.status is Status.IN_PROGRESS)

    def busy(self, set_arn: str, account_id: str | None = None) -> bool:
        """Tell whether an operation on this set (in this account) is in progress."""
        return any(
            each.set_arn == set_arn and account_id in {None, each.account_id}
            for operation in self.running()
            for each in operation.holdings
        )

    def begin(self, kind: Kind, call: str, holdings: tuple[Holding, ...]) -> Operation:
        """Take on an operation, unless one on the same set and account runs or too many do."""
        if any(self.busy(each.set_arn, each.account_id) for each in holdings):
            conflict()
        if sum(1 for _ in self.running()) >= self.outstanding:
            throttled()
        fate = self.faults.fate(call)
        operation = Operation(id=str(uuid4()), kind=kind, holdings=holdings, started=self.now())
        operation.stuck = fate is not None and not fate.reason
        operation.reason = fate.reason if fate else ""
        self.operations[operation.id] = operation
        return operation

    def describe(self, operation_id: str, kind: Kind) -> Operation:
        """Look at an operation, which also brings it nearer to its end."""
        operation = self.operations.get(operation_id)
        if operation is None or operation.kind is not kind:
            missing(f"Request with id {operation_id} not found.")
        if operation.described >= self.patience:
            self._finish(operation)
        operation.described += 1
        return operation

    def settle(self) -> None:
        """End every operation whose time is over."""
        for operation in list(self.running()):
            if self.now() >= operation.started + self.takes:
                self._finish(operation)

    def _finish(self, operation: Operation) -> None:
        if operation.stuck or operation.status is not Status.IN_PROGRESS:
            return
        operation.reason = operation.reason or self._obstacle(operation)
        operation.status = Status.FAILED if operation.reason else Status.SUCCEEDED
        if operation.status is Status.SUCCEEDED:
            for each in operation.holdings:
                self._apply(operation.kind, each)

    def _obstacle(self, operation: Operation) -> str:
        """Say why AWS could not do it, in the words that real callers have seen; empty where it could."""
        if operation.kind is Kind.PROVISIONING:
            return ""
        holding = operation.holdings[0]
        if operation.kind is Kind.DELETION:
            return "" if holding in self.holdings else "Received a 404 status error: Assignment not found."
        if holding.principal_id not in self.users:
            return (
                f"Received a 404 status error: the USER assignee {holding.principal_id} was not found in directory"
                f" {self.store_id}."
            )
        if holding.account_id not in self.accounts:
            return f"Received a 404 status error: the account {holding.account_id} was not found."
        return ""

    def _apply(self, kind: Kind, holding: Holding) -> None:
        place = (holding.set_arn, holding.account_id)
        if kind is Kind.DELETION:
            self.holdings.pop(holding, None)
            if not any((each.set_arn, each.account_id) == place for each in self.holdings):
                self.provisioned.pop(place, None)
            return
        if kind is Kind.CREATION:
            self.holdings[holding] = None
        if kind is Kind.PROVISIONING or place not in self.provisioned:
            self.provision(*place)

    def provision(self, set_arn: str, account_id: str) -> None:
        """Bring an account up to the latest version of a set."""
        latest = self.sets[set_arn]
        self.provisioned[set_arn, account_id] = latest.version
        self.in_force[set_arn, account_id] = latest.inline_policy
