"""The bot's own adapters of AWS and Slack, led to the sandboxes without HTTP, and its commits, through the gates."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, cast

from botocore import xform_name
from botocore.exceptions import ClientError, ReadTimeoutError
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from sqlalchemy import Connection, Engine, event

from aws.clients import Clients as AwsClients
from aws.throttle import Throttle
from sandbox.aws.errors import AwsError
from sandbox.aws.service_model import service_model
from sandbox.aws.wire import Call as AwsCall
from sandbox.aws.wire import Wire
from sandbox.slack.api.call import ApiError
from sandbox.slack.api.call import Call as SlackCall
from sandbox.slack.api.endpoint import METHODS
from sandbox.slack.app import InstalledApp
from sandbox.slack.workspace import Workspace
from slackapi.clients import Clients as SlackClients
from storage.transactions import Database
from storage.watching import has_written
from tests.faults.gates import COMMITS, READS, Gates, Kind

_SLACK_READS = frozenset(
    {"auth.test", "users.info", "users.lookupByEmail", "usergroups.users.list", "conversations.history"}
)
_AWS_READS = ("List", "Describe", "Get")


class DirectAws:
    """One boto3 client without the wire between: parameters are checked against AWS's model, errors are botocore's."""

    def __init__(self, service: str, wire: Wire, gates: Gates) -> None:
        self._service = service
        self._wire = wire
        self._gates = gates

    def __getattr__(self, method: str) -> Callable[..., Any]:
        operation = _operations(self._service)[method]
        kind = _aws_kind(operation)

        def call(**params: Any) -> Any:
            return self._gates.io(kind, partial(self._send, operation, params))

        return call

    def _send(self, operation: str, params: Mapping[str, Any]) -> Any:
        world = self._wire.world
        try:
            sent = AwsCall(service=self._service, operation=operation, params=params, at=world.now())
            return json.loads(self._wire._act(sent, {})[2])
        except AwsError as error:
            raise _client_error(error.code, error.message, operation) from None


def aws_clients(wire: Wire, gates: Gates) -> AwsClients:
    """Make the clients of one start of the bot; nothing is paced."""
    admin, store = (cast(Any, DirectAws(service, wire, gates)) for service in ("sso-admin", "identitystore"))
    throttle = Throttle(rate=1_000_000, wait=lambda _: None)
    return AwsClients(reads=admin, changes=admin, identity_store=store, iam=cast(Any, None), throttle=throttle)


class DirectSlack:
    """Slack's WebClient without the wire between: the sandbox's own methods, its refusals as slack_sdk raises them."""

    def __init__(self, workspace: Workspace, app: InstalledApp, gates: Gates) -> None:
        self._workspace = workspace
        self._app = app
        self._gates = gates

    def __getattr__(self, method: str) -> Callable[..., Any]:
        name = method.replace("_", ".")
        kind = _slack_kind(name)

        def call(**given: Any) -> Any:
            return self._gates.io(kind, partial(self._send, name, given))

        return call

    def _send(self, name: str, given: Mapping[str, Any]) -> Any:
        args = json.loads(json.dumps({key: value for key, value in given.items() if value is not None}))
        try:
            return METHODS[name].run(SlackCall(workspace=self._workspace, app=self._app, args=args))
        except ApiError as error:
            told = {"ok": False, "error": error.code, **error.extra}
            raise _slack_error(name, told) from None


def slack_clients(workspace: Workspace, app: InstalledApp, gates: Gates) -> SlackClients:
    """Make the clients of one start of the bot."""
    client = cast(WebClient, DirectSlack(workspace, app, gates))
    return SlackClients(interactive=client, reading=client, posting=client)


class SharedEngine:
    """One engine for all runs: a new one for each would spend most of a run on compiling the same statements.

    `gates` are those of the run that is on. `open` gives a new `Database` whose pool is new too, so that nothing but
    compiled statements outlives a process.
    """

    def __init__(self, url: str, gates: Gates) -> None:
        self.url = url
        self.gates = gates
        self._engine = Database(url)._engine
        self._wrote = False
        event.listen(self._engine, "commit", self._committing)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _without_disk)
        self._commit = self._engine.dialect.do_commit
        self._engine.dialect.do_commit = self._through_gate  # type: ignore[method-assign, assignment]

    def open(self) -> Database:
        """Open the database as a process does that has just started."""
        self._engine.dispose()
        engine = self._engine

        class Opened(Database):
            def _open(self, pool_size: int) -> Engine:
                return engine

        return Opened(self.url)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _committing(self, db: Connection) -> None:
        self._wrote = has_written(db)

    def _through_gate(self, dbapi: Any) -> None:
        if self._wrote:
            kind = _SQLITE_COMMIT if self._engine.dialect.name == "sqlite" else _postgresql_commit()
            self.gates.io(kind, lambda: self._commit(dbapi))
        else:
            self._commit(dbapi)


def _without_disk(dbapi: Any, _record: object) -> None:
    dbapi.execute("PRAGMA synchronous=OFF")  # these deaths are not of the machine: what was written stays written


_SQLITE_COMMIT = Kind(
    name="commit",
    failed=lambda: sqlite3.OperationalError("database is locked"),
    lost=lambda: sqlite3.OperationalError("disk I/O error"),
    modes=COMMITS,
)


@cache
def _postgresql_commit() -> Kind:
    import psycopg  # noqa: PLC0415 - an extra, needed on PostgreSQL alone

    return Kind(
        name="commit",
        failed=lambda: psycopg.OperationalError("canceling statement due to lock timeout"),
        lost=lambda: psycopg.OperationalError("server closed the connection unexpectedly"),
        modes=COMMITS,
    )


@cache
def _operations(service: str) -> dict[str, str]:
    return {xform_name(each): each for each in service_model(service).operation_names}


@cache
def _aws_kind(operation: str) -> Kind:
    return _kind(
        name=f"aws {operation}",
        failed=lambda: _client_error("ThrottlingException", "Rate exceeded", operation),
        lost=lambda: ReadTimeoutError(endpoint_url="https://sso.example.com"),
        reads=operation.startswith(_AWS_READS),
    )


def _kind(name: str, failed: Callable[[], Exception], lost: Callable[[], Exception], *, reads: bool) -> Kind:
    if reads:
        return Kind(name=name, failed=failed, lost=lost, modes=READS)
    return Kind(name=name, failed=failed, lost=lost)


def _client_error(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@cache
def _slack_kind(name: str) -> Kind:
    return _kind(
        name=f"slack {name}",
        failed=lambda: _slack_error(name, {"ok": False, "error": "ratelimited"}, 429),
        lost=lambda: TimeoutError("timed out"),
        reads=name in _SLACK_READS,
    )


def _slack_error(name: str, told: dict[str, Any], status: int = 200) -> SlackApiError:
    answer = SlackResponse(
        client=None, http_verb="POST", api_url=name, req_args={}, data=told, headers={}, status_code=status
    )
    return SlackApiError(str(told["error"]), answer)  # type: ignore[no-untyped-call]
