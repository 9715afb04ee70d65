"""The sandbox AWS as its users see it: start, stop, who and what is in it, and what it holds."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import uuid4

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.aws import organization
from sandbox.aws.faults import Faults
from sandbox.aws.permission_sets import check_duration
from sandbox.aws.wire import Call, Wire
from sandbox.aws.world import DirectoryUser, Holding, PermissionSet, World

_ACCOUNT_NUMBERS = itertools.count(900000000001)


class _Quiet(WSGIRequestHandler):
    """Keeps connections open as AWS does, and writes no line per request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSet:
    """A permission set as AWS holds it."""

    arn: str
    name: str
    description: str
    session_duration: str
    managed_policies: tuple[str, ...]
    inline_policy: str
    tags: dict[str, str] = field(default_factory=dict)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class AwsSandbox:
    """An organization with Identity Center on a port of 127.0.0.1; use it as a context manager or start and stop it.

    `now` is its clock. `takes` is how long an asynchronous operation lasts, `patience` after how many descriptions it
    is done at the latest. `world` may be tuned (page sizes, limits), `faults` make calls go wrong, `calls` is a log.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = _wall_clock,
        *,
        takes: timedelta = timedelta(seconds=1),
        patience: int = 1,
        outstanding: int = 10,
    ) -> None:
        self.faults = Faults()
        self.world = World(
            now=now,
            management_account=str(next(_ACCOUNT_NUMBERS)),
            instance_arn=f"arn:aws:sso:::instance/ssoins-{uuid4().hex[:16]}",
            store_id=f"d-{uuid4().hex[:10]}",
            faults=self.faults,
            takes=takes,
            patience=patience,
            outstanding=outstanding,
        )
        self._wire = Wire(world=self.world)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port unless told which."""
        organization.found_organization(self.management_account)
        self.world.accounts[self.management_account] = "management"
        self._server = make_server("127.0.0.1", port, self._wire, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let hanging calls go, close the port and forget the organization."""
        self.faults.clear()
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            organization.dissolve(self.management_account)
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where it listens: what goes into AWS_ENDPOINT_URL."""
        if self._server is None:
            raise RuntimeError("The sandbox AWS has not been started.")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def instance_arn(self) -> str:
        """The ARN of its Identity Center."""
        return self.world.instance_arn

    @property
    def store_id(self) -> str:
        """The id of its identity store."""
        return self.world.store_id

    @property
    def management_account(self) -> str:
        """The id of its management account."""
        return self.world.management_account

    @property
    def calls(self) -> list[Call]:
        """Every call that reached it, oldest first."""
        return self._wire.calls

    def add_user(self, user_name: str, email: str = "", *, enabled: bool = True) -> str:
        """Put somebody into the directory and return the id; user names and addresses are unique."""
        with self.world.lock:
            if any(
                each.user_name == user_name or (email and each.email == email) for each in self.world.users.values()
            ):
                raise ValueError(f"{user_name} or {email} is taken")
            user_id = f"{self.store_id.removeprefix('d-')}-{uuid4()}"
            self.world.users[user_id] = DirectoryUser(id=user_id, user_name=user_name, email=email, enabled=enabled)
            return user_id

    def set_user(self, user_id: str, *, enabled: bool) -> None:
        """Enable or disable somebody."""
        self.world.users[user_id].enabled = enabled

    def remove_user(self, user_id: str) -> None:
        """Delete somebody from the directory; what was assigned to them stays."""
        del self.world.users[user_id]

    def add_account(self, account_id: str, name: str) -> None:
        """Let an AWS account join the organization."""
        organization.add_account(self.management_account, account_id, name)
        self.world.accounts[account_id] = name

    def suspend_account(self, account_id: str) -> None:
        """Close an AWS account: it is still listed, and nothing can be assigned in it."""
        organization.suspend_account(self.management_account, account_id)
        self.world.accounts.pop(account_id)

    def add_permission_set(
        self,
        name: str,
        *,
        session_duration: str = "PT1H",
        managed_policies: tuple[str, ...] = (),
        tags: dict[str, str] | None = None,
    ) -> str:
        """Make a permission set as an administrator would, and return its ARN; policies are names with their path."""
        instance = self.instance_arn.rpartition("/")[2]
        made = PermissionSet(
            arn=f"arn:aws:sso:::permissionSet/{instance}/ps-{uuid4().hex[:16]}",
            name=name,
            created=self.world.now(),
            session_duration=check_duration(session_duration),
            managed_policies={f"arn:aws:iam::aws:policy/{each}": each.rpartition("/")[2] for each in managed_policies},
            tags=dict(tags or {}),
        )
        with self.world.lock:
            self.world.sets[made.arn] = made
        return made.arn

    def assign(self, account_id: str, user_id: str, set_arn: str) -> None:
        """Make an assignment as an administrator would, at once."""
        with self.world.lock:
            self.world.holdings[Holding(account_id, set_arn, "USER", user_id)] = None
            if (set_arn, account_id) not in self.world.provisioned:
                self.world.provision(set_arn, account_id)

    def assignments(self) -> list[tuple[str, str, str]]:
        """Tell who has what, as AWS holds it: account id, user name, name of the permission set."""
        with self.world.lock:
            self.world.settle()
            return [
                (each.account_id, self._user_name(each.principal_id), self.world.sets[each.set_arn].name)
                for each in self.world.holdings
            ]

    def in_force(self, account_id: str, name: str) -> str | None:
        """Give the inline policy that binds whoever uses a set in an account, or last did; None where nobody could."""
        with self.world.lock:
            self.world.settle()
            arns = [each.arn for each in self.world.sets.values() if each.name == name]
            return next(
                (self.world.in_force[arn, account_id] for arn in arns if (arn, account_id) in self.world.in_force), None
            )

    def _user_name(self, user_id: str) -> str:
        user = self.world.users.get(user_id)
        return user.user_name if user else user_id

    def permission_sets(self) -> list[HeldSet]:
        """List the permission sets as AWS holds them."""
        with self.world.lock:
            return [
                HeldSet(
                    arn=each.arn,
                    name=each.name,
                    description=each.description,
                    session_duration=each.session_duration,
                    managed_policies=tuple(each.managed_policies),
                    inline_policy=each.inline_policy,
                    tags=dict(each.tags),
                )
                for each in self.world.sets.values()
            ]
