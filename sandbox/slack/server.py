"""The sandbox itself: Slack's Web API, Socket Mode and response URLs on one loopback port."""

import asyncio
import socket
import threading
from collections import Counter, deque
from collections.abc import Coroutine, Mapping
from typing import Any, Self, TypeVar

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from sandbox.slack.api.endpoint import Answered, WebApi
from sandbox.slack.app import InstalledApp
from sandbox.slack.delivery import Answer, Kind, Transport
from sandbox.slack.events import Events
from sandbox.slack.faults import Faults
from sandbox.slack.gestures.stage import Stage
from sandbox.slack.http_delivery import HttpDelivery
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Manifest
from sandbox.slack.payloads import Payloads
from sandbox.slack.prompt_server import PromptServer
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

Result = TypeVar("Result")
_START_WITHIN = 10.0
MOST_ANSWERS = 50
"""Newest calls of the Web API that are remembered with their outcome."""


class SlackSandbox:
    """A Slack for one workspace and one app, on 127.0.0.1; port 0 takes a free one.

    `manifest` is a parsed manifest.yml; without one the app has the usual scopes and `/jit`.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - opens nothing but this sandbox
        app_token: str = "xapp-sandbox",  # noqa: S107 - opens nothing but this sandbox
        signing_secret: str = "sandbox-secret",  # noqa: S107 - opens nothing but this sandbox
        manifest: Mapping[str, Any] | None = None,
        port: int = 0,
    ) -> None:
        self.workspace = workspace
        self.app = InstalledApp(
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            manifest=Manifest.read(manifest),
        )
        workspace.bot.name = self.app.manifest.name
        self.port = port
        self.calls: Counter[str] = Counter()
        self.answers: deque[Answered] = deque(maxlen=MOST_ANSWERS)
        self.sockets = SocketMode(workspace=workspace)
        self.http: HttpDelivery | None = None
        self.payloads = Payloads(workspace=workspace, app=self.app)
        self.events = Events(
            workspace=workspace, transport=self._transport, retried_over_http=lambda: self.http is not None
        )
        self.stage = Stage(
            workspace=workspace, app=self.app, payloads=self.payloads, post=self.deliver_raw, fire=self.fire
        )
        self._server: PromptServer | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        workspace.subscribe(self._fire_what_changed)

    @property
    def faults(self) -> Faults:
        """The faults of the Web API."""
        return self.app.faults

    @property
    def limits(self) -> Limits:
        """The rate limits."""
        return self.app.limits

    @property
    def origin(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What goes into `WebClient(base_url=…)` or SLACK_API_URL."""
        return f"{self.origin}/api/"

    def start(self) -> Self:
        """Listen; returns when calls are answered."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self.payloads.origin = self.origin
        self._server = PromptServer.of(self._asgi())
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)), name="slack-sandbox", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_WITHIN):
            raise RuntimeError("the Slack sandbox did not start")
        return self

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        ready.set()
        if self._server is not None:
            await self._server.serve(sockets=[listener])

    def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._server is not None and self._thread is not None:
            self.on_loop(self._server.leave())
            self._thread.join()
        self._server = self._thread = self._loop = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _asgi(self) -> Starlette:
        web_api = WebApi(workspace=self.workspace, app=self.app, calls=self.calls, answers=self.answers)
        response_urls = ResponseUrls(workspace=self.workspace, app=self.app, answers=self.answers)
        return Starlette(
            routes=[
                Route("/api/{method}", web_api.answer, methods=["GET", "POST"]),
                Route("/response/{key}", response_urls.answer, methods=["POST"]),
                WebSocketRoute("/link/", self.sockets.serve),
            ]
        )

    def on_loop(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something on the server's event loop and wait for it; never from that loop's own thread."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the Slack sandbox is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def use_http(self, url: str, *, verify: bool = True) -> None:
        """Deliver to a request URL from now on; Slack first asks it for a challenge. Sockets fall silent."""
        delivery = HttpDelivery(url=url, signing_secret=self.app.signing_secret)
        if verify and not self.on_loop(delivery.verify()):
            raise ValueError("Your URL didn't respond with the value of the challenge parameter.")
        self.http = delivery

    def use_sockets(self) -> None:
        """Deliver over Socket Mode again."""
        self.http = None

    def _transport(self) -> Transport:
        return self.http or self.sockets

    def deliver_raw(self, kind: Kind | str, payload: Json) -> Answer:
        """Carry any payload to the app, forged or stale ones too, as the transport of the moment does."""
        return self.on_loop(self._transport().deliver(Kind(kind), payload))

    def fire(self, event: Json) -> None:
        """Send an event to the app where it listens for its type; waits for the acknowledgement of the first try."""
        if event["type"] in self.app.manifest.events:
            self.on_loop(self.events.send(self.payloads.event(event)))

    def tick(self) -> None:
        """Deliver the event retries that are due by the workspace's clock."""
        self.on_loop(self.events.tick())

    def _fire_what_changed(self, change: Json) -> None:
        """Turn changes of people and groups into the events Slack fires, without waiting for them."""
        event = _event_of(change, self.workspace)
        if event and event["type"] in self.app.manifest.events and self._loop is not None:
            asyncio.run_coroutine_threadsafe(self.events.send(self.payloads.event(event)), self._loop)


def _event_of(change: Json, workspace: Workspace) -> Json | None:
    if change["kind"] == "user_change":
        profile = workspace.people.by_id[change["user"]]
        told = profile.as_slack(at=workspace.now(), home_team=workspace.team_id, with_email=False)
        return {"type": "user_change", "user": told}
    if change["kind"] == "subteam_members_changed":
        return {"type": "subteam_members_changed", "subteam_id": change["group"], "team_id": workspace.team_id}
    return None
