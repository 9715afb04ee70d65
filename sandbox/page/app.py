"""The page's addresses: a window for each person and place, its live updates, gestures and levers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page.controls import Controls
from sandbox.page.events import Changes, stream
from sandbox.page.gestures import Gestures
from sandbox.page.levers import pull
from sandbox.page.places import Reading, Seat, members
from sandbox.page.render.drawing import Drawing, make_environment
from sandbox.slack.finding import NotSeenError
from sandbox.slack.server import SlackSandbox
from sandbox.slack.wire import Json

STATIC = Path(__file__).parent / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: nothing but our own script and style runs here, whatever a bot writes."""
_NOT_FOUND, _WRONG_TYPE = 404, 415


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page over one Slack; `changes` must be told its event loop before windows open."""

    sandbox: SlackSandbox
    controls: Controls
    changes: Changes = field(default_factory=Changes)
    reading: Reading = field(default_factory=Reading)
    gestures: Gestures = field(default_factory=Gestures)
    environment: Environment = field(default_factory=make_environment)

    def asgi(self) -> Starlette:
        """Give the application; it answers to the names of this machine only, so that no other site can use it."""
        return Starlette(
            routes=[
                Route("/", self._front),
                Mount("/static", StaticFiles(directory=STATIC)),
                Route("/world/{lever}/{which}", self._lever, methods=["POST"]),
                Route("/as/{name}", self._front),
                Route("/as/{name}/do/{gesture}", self._gesture, methods=["POST"]),
                Route("/as/{name}/{place}", self._window),
                Route("/as/{name}/{place}/live", self._live),
            ],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        )

    def _seat(self, request: Request) -> Seat:
        found = next((each for each in members(self.sandbox) if each.name == request.path_params["name"]), None)
        if found is None:
            raise HTTPException(_NOT_FOUND, "Nobody here is called so.")
        return Seat(sandbox=self.sandbox, profile=found, reading=self.reading)

    def _drawing(self, request: Request) -> Drawing:
        seat = self._seat(request)
        place = seat.place(request.path_params["place"])
        if place is None:
            raise HTTPException(_NOT_FOUND, f"{seat.profile.real_name} sees no such place.")
        return Drawing(seat=seat, place=place, controls=self.controls, environment=self.environment)

    async def _front(self, request: Request) -> Response:
        """Send somebody without a place to their first channel."""
        people = members(self.sandbox)
        if not people:
            raise HTTPException(_NOT_FOUND, "Nobody has joined yet.")
        seat = (
            self._seat(request)
            if "name" in request.path_params
            else Seat(sandbox=self.sandbox, profile=people[0], reading=self.reading)
        )
        return RedirectResponse(f"/as/{seat.profile.name}/{seat.places()[0].slug}", status_code=303)

    async def _window(self, request: Request) -> Response:
        drawing = self._drawing(request)
        theme = request.cookies.get("theme", "")
        html = await run_in_threadpool(drawing.page, theme if theme in {"light", "dark"} else "")
        arrive = BackgroundTask(self.gestures.arrives, drawing.seat, drawing.place.slug)
        return HTMLResponse(html, headers=_headers(), background=arrive)

    async def _live(self, request: Request) -> Response:
        """Stream what changes; a window that comes back says in Last-Event-ID which toasts it has seen."""
        seen = request.headers.get("last-event-id") or request.query_params.get("toasts", "0")
        told = stream(self.changes, self._drawing(request), int(seen) if seen.isdigit() else 0)
        return StreamingResponse(told, media_type="text/event-stream", headers=_headers())

    async def _gesture(self, request: Request) -> Response:
        seat, sent = self._seat(request), await _sent(request)
        return await _done(lambda: self.gestures.do(seat, request.path_params["gesture"], sent))

    async def _lever(self, request: Request) -> Response:
        await _sent(request)
        lever, which = request.path_params["lever"], request.path_params["which"]
        answer = await _done(lambda: pull(self.sandbox, self.controls, lever, which))
        self.changes.wake()
        return answer


def _headers() -> dict[str, str]:
    return {"content-security-policy": _POLICY, "cache-control": "no-store", "x-content-type-options": "nosniff"}


async def _sent(request: Request) -> Json:
    """Read what the script sent; only JSON is taken, which a form on another site cannot send."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(_WRONG_TYPE, "JSON only")
    sent = await request.json()
    return sent if isinstance(sent, dict) else {}


async def _done(act: Callable[[], Json | None]) -> Response:
    """Do something that may wait for the bot; what cannot be done is told in words."""
    try:
        return JSONResponse(await run_in_threadpool(act) or {})
    except NotSeenError as error:
        return JSONResponse({"problem": str(error)})
