"""The response_url endpoint: an app's answer to one gesture, five times in half an hour."""

from collections import deque
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack.api.arguments import read_arguments
from sandbox.slack.api.call import ApiError
from sandbox.slack.api.endpoint import Answered
from sandbox.slack.app import InstalledApp
from sandbox.slack.faults import DroppedCall, Fault, HtmlPage, LostAnswer, RateLimited, ServerError
from sandbox.slack.protocols import drop_connection
from sandbox.slack.responses import apply_response
from sandbox.slack.tickets import TicketError
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseUrls:
    """Every response_url of one workspace; the faults of the method `response_url` strike here.

    `answers` remembers what became of each call.
    """

    workspace: Workspace
    app: InstalledApp
    answers: deque[Answered] = field(default_factory=deque)

    async def answer(self, request: Request) -> Response:
        """Answer one call of a response_url."""
        fault = self.app.faults.take("response_url")
        match fault:
            case RateLimited(retry_after=seconds):
                self._note("not done", fault)
                return PlainTextResponse("ratelimited", 429, headers={"Retry-After": str(seconds)})
            case ServerError(after=False) | HtmlPage():
                self._note("not done", fault)
                return PlainTextResponse("server_error", 500)
            case DroppedCall():
                self._note("not done", fault)
                return drop_connection(request)
            case LostAnswer():
                await self._apply(request, fault)
                return drop_connection(request)
            case _:
                return await self._apply(request, fault)

    def _note(self, outcome: str, fault: Fault | None, why: tuple[str, ...] = ()) -> None:
        ordered = type(fault).__name__ if fault else ""
        now = self.workspace.now()
        self.answers.append(Answered(method="response_url", at=now, outcome=outcome, why=why, fault=ordered))

    async def _apply(self, request: Request, fault: Fault | None) -> Response:
        try:
            body = await read_arguments(request)
            with self.workspace.lock:
                right = self.workspace.tickets.use_response(request.path_params["key"], self.workspace.now())
                apply_response(self.workspace, right, body)
        except TicketError as error:
            self._note(str(error), fault)
            return JSONResponse({"ok": False, "error": str(error)}, status_code=404)
        except ApiError as error:
            self._note(error.code, fault, error.why)
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        self._note("ok", fault)
        return PlainTextResponse("ok")
