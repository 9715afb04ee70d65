"""The door of the Web API: token, scope, limit and fault first, then the method itself."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.slack import faults
from sandbox.slack.api import app_methods, chat, conversations, people, views
from sandbox.slack.api.arguments import read_arguments
from sandbox.slack.api.call import ApiError, Call, Method, TokenKind, TooManyCallsError
from sandbox.slack.app import InstalledApp
from sandbox.slack.protocols import drop_connection
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

METHODS: dict[str, Method] = app_methods.METHODS | chat.METHODS | conversations.METHODS | people.METHODS | views.METHODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of one call: `outcome` is `ok` or Slack's error, `why` Slack's own words about it.

    `fault` names what was ordered to go wrong, empty where nothing was.
    """

    method: str
    at: float
    outcome: str
    why: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApi:
    """The Web API of one workspace for one installed app; `calls` counts what was asked of each method."""

    workspace: Workspace
    app: InstalledApp
    calls: Counter[str] = field(default_factory=Counter)
    answers: deque[Answered] = field(default_factory=deque)

    async def answer(self, request: Request) -> Response:
        """Answer one call as Slack does, faults included."""
        name = request.path_params["method"]
        self.calls[name] += 1
        fault = self.app.faults.take(name)
        if fault is not None and (early := _before(fault, request)) is not None:
            self._note(name, "not done", fault)
            return early
        response = await self._run(name, request, fault)
        return response if fault is None else await _after(fault, request, response)

    def _note(self, name: str, outcome: str, fault: faults.Fault | None, why: Iterable[str] = ()) -> None:
        ordered = type(fault).__name__ if fault else ""
        self.answers.append(
            Answered(method=name, at=self.workspace.now(), outcome=outcome, why=tuple(why), fault=ordered)
        )

    async def _run(self, name: str, request: Request, fault: faults.Fault | None) -> Response:
        try:
            args = await read_arguments(request)
            with self.workspace.lock:
                told = self._call(name, args, request)
        except TooManyCallsError as error:
            self._note(name, error.code, fault)
            return _limited(error.retry_after)
        except ApiError as error:
            self._note(name, error.code, fault, error.why)
            return self._reply({"ok": False, "error": error.code} | error.extra)
        self._note(name, "ok", fault)
        return self._reply({"ok": True} | told)

    def _call(self, name: str, args: Json, request: Request) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        self._admit(method, _token(args, request))
        wait = self.app.limits.spend_call(name, method.tier, self.workspace.now()) if method.tier else 0
        if wait:
            raise TooManyCallsError(wait)
        origin = f"http://{request.url.netloc}"
        return method.run(Call(workspace=self.workspace, app=self.app, args=args, origin=origin))

    def _admit(self, method: Method, token: str) -> None:
        """Refuse a missing, unknown or wrong kind of token, and a scope that was not granted."""
        if not token:
            raise ApiError("not_authed")
        if token not in {self.app.bot_token, self.app.app_token}:
            raise ApiError("invalid_auth")
        if token != {TokenKind.BOT: self.app.bot_token, TokenKind.APP: self.app.app_token}[method.token]:
            raise ApiError("not_allowed_token_type")
        granted = self.app.manifest.scopes
        if method.token is TokenKind.BOT and method.scopes and not granted.intersection(method.scopes):
            raise ApiError("missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(granted)))

    def _reply(self, told: Json) -> JSONResponse:
        return JSONResponse(told, headers={"x-oauth-scopes": ",".join(sorted(self.app.manifest.scopes))})


def _token(args: Json, request: Request) -> str:
    written = request.headers.get("authorization", "")
    bearer = written.removeprefix("Bearer ").strip() if written.startswith("Bearer ") else ""
    return bearer or str(args.get("token") or "")


def _limited(retry_after: int) -> JSONResponse:
    headers = {"Retry-After": str(retry_after)}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)


def _before(fault: faults.Fault, request: Request) -> Response | None:
    """Answer in place of the call, for the faults that stop it from happening."""
    match fault:
        case faults.RateLimited(retry_after=seconds):
            return _limited(seconds)
        case faults.ServerError(after=False):
            return JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
        case faults.HtmlPage(status=status):
            return HTMLResponse("<html><body>Slack is having a moment</body></html>", status_code=status)
        case faults.Refuse(code=code, after=False):
            return JSONResponse({"ok": False, "error": code})
        case faults.DroppedCall():
            return drop_connection(request)
        case _:
            return None


async def _after(fault: faults.Fault, request: Request, response: Response) -> Response:
    """Spoil the answer of a call that did happen."""
    match fault:
        case faults.ServerError():
            return JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
        case faults.Refuse(code=code):
            return JSONResponse({"ok": False, "error": code})
        case faults.LostAnswer():
            return drop_connection(request)
        case faults.Hang(seconds=seconds):
            await asyncio.sleep(seconds)
    return response
