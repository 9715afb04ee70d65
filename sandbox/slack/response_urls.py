"""The response_url endpoint: an app's answer to one gesture, five times in half an hour."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack.api.arguments import read_arguments
from sandbox.slack.api.call import ApiError
from sandbox.slack.app import InstalledApp
from sandbox.slack.faults import DroppedCall, HtmlPage, LostAnswer, RateLimited, ServerError
from sandbox.slack.protocols import drop_connection
from sandbox.slack.responses import apply_response
from sandbox.slack.tickets import TicketError
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseUrls:
    """Every response_url of one workspace; the faults of the method `response_url` strike here."""

    workspace: Workspace
    app: InstalledApp

    async def answer(self, request: Request) -> Response:
        """Answer one call of a response_url."""
        match self.app.faults.take("response_url"):
            case RateLimited(retry_after=seconds):
                return PlainTextResponse("ratelimited", 429, headers={"Retry-After": str(seconds)})
            case ServerError(after=False) | HtmlPage():
                return PlainTextResponse("server_error", 500)
            case DroppedCall():
                return drop_connection(request)
            case LostAnswer():
                await self._apply(request)
                return drop_connection(request)
            case _:
                return await self._apply(request)

    async def _apply(self, request: Request) -> Response:
        try:
            body = await read_arguments(request)
            with self.workspace.lock:
                right = self.workspace.tickets.use_response(request.path_params["key"], self.workspace.now())
                apply_response(self.workspace, right, body)
        except TicketError as error:
            return JSONResponse({"ok": False, "error": str(error)}, status_code=404)
        except ApiError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        return PlainTextResponse("ok")
