"""The wire: one WSGI application that answers for Identity Center itself and hands the rest to moto."""

import io
import json
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from werkzeug.test import run_wsgi_app

from sandbox.aws.assignments import ASSIGNMENTS
from sandbox.aws.directory import DIRECTORY, check_store
from sandbox.aws.errors import AwsError
from sandbox.aws.faults import Fault, FaultKind, When
from sandbox.aws.instances import INSTANCES, check_instance
from sandbox.aws.organization import moto_application
from sandbox.aws.permission_sets import PERMISSION_SETS
from sandbox.aws.provisioning import PROVISIONING
from sandbox.aws.service_model import request_problems
from sandbox.aws.set_content import SET_CONTENT
from sandbox.aws.world import World

SERVICES = {
    "SWBExternalService": "sso-admin",
    "AWSIdentityStore": "identitystore",
    "AWSOrganizationsV20161128": "organizations",
}
IDENTITY_CENTER = INSTANCES | PERMISSION_SETS | SET_CONTENT | ASSIGNMENTS | PROVISIONING
ACCOUNTS_PER_PAGE = 20
"""Organizations returns at most this many accounts at a time, moto returns more."""
LONGEST_HANG = 30.0
IAM_CODES = {
    "ThrottlingException": "Throttling",
    "InternalServerException": "ServiceFailure",
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "ConflictException": "ConcurrentModification",
}
"""What the older services, IAM and STS, call the errors that can be ordered."""

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Reply = tuple[int, str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that reached AWS: `service` as boto3 names it, and when by the sandbox's clock."""

    service: str
    operation: str
    params: Mapping[str, Any]
    at: datetime
    fault: Fault | None = None


@dataclass(slots=True, kw_only=True)
class Wire:
    """Reads a request, lets faults happen, answers, and keeps a log of `calls`."""

    world: World
    calls: list[Call] = field(default_factory=list)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        call = self._read(environ)
        try:
            status, content_type, body = self._reply(call, environ)
        except AwsError as error:
            status, content_type, body = _error_reply(call.service, error)
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("x-amzn-RequestId", str(uuid4())),
        ]
        start_response(f"{status} {'OK' if status < 400 else 'Error'}", headers)  # noqa: PLR2004 - HTTP's border
        return [body]

    def _read(self, environ: Environ) -> Call:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        prefix, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if prefix in SERVICES:
            service, params = SERVICES[prefix], json.loads(body or b"{}")
        else:
            params = dict(parse_qsl(body.decode("utf-8", "replace")))
            service, operation = "query", params.pop("Action", "")
        if operation == "ListAccounts":
            body = json.dumps({"MaxResults": ACCOUNTS_PER_PAGE, **params}).encode()
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        fault = self.world.faults.take(operation)
        call = Call(service=service, operation=operation, params=params, at=self.world.now(), fault=fault)
        self.calls.append(call)
        return call

    def _reply(self, call: Call, environ: Environ) -> Reply:
        if call.fault and call.fault.when is When.BEFORE:
            self._go_wrong(call.fault, environ)
        reply = self._act(call, environ)
        if call.fault:
            self._go_wrong(call.fault, environ)
        return reply

    def _act(self, call: Call, environ: Environ) -> Reply:
        problems = request_problems(call.service, call.operation, call.params) if call.service != "query" else []
        if problems:
            code = "InvalidInputException" if call.service == "organizations" else "ValidationException"
            raise AwsError(code, "; ".join(problems))
        if call.service in {"sso-admin", "identitystore"}:
            return 200, "application/x-amz-json-1.1", json.dumps(self._answer(call)).encode()
        return self._ask_moto(environ)

    def _answer(self, call: Call) -> dict[str, Any]:
        known = IDENTITY_CENTER if call.service == "sso-admin" else DIRECTORY
        if call.operation not in known:
            raise AwsError("UnknownOperationException", f"This Identity Center has no {call.operation}.")
        with self.world.lock:
            self.world.settle()
            if call.service == "sso-admin":
                check_instance(self.world, call.operation, call.params)
            else:
                check_store(self.world, call.params)
            return known[call.operation](self.world, call.params)

    def _ask_moto(self, environ: Environ) -> Reply:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.world.management_account
        chunks, status, headers = run_wsgi_app(moto_application(), environ, buffered=True)
        return int(status.split()[0]), headers.get("Content-Type", "text/xml"), b"".join(chunks)

    def _go_wrong(self, fault: Fault, environ: Environ) -> None:
        if fault.kind in {FaultKind.HANG, FaultKind.DROP}:
            if fault.kind is FaultKind.HANG:
                self.world.faults.hang(LONGEST_HANG)
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        raise AwsError(fault.kind.value, "As ordered.", 500 if fault.kind is FaultKind.SERVER_ERROR else 400)


def _error_reply(service: str, error: AwsError) -> Reply:
    if service == "query":
        code = IAM_CODES.get(error.code, error.code)
        told = f"<Type>Sender</Type><Code>{code}</Code><Message>{error.message}</Message>"
        return error.status, "text/xml", f"<ErrorResponse><Error>{told}</Error></ErrorResponse>".encode()
    body = json.dumps({"__type": error.code, "Message": error.message})
    return error.status, "application/x-amz-json-1.1", body.encode()
