"""Small real Bolt apps for the sandbox's tests, on Socket Mode and on HTTP."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_sdk import WebClient
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackSandbox


class Clock:
    """Unix seconds that pass only by hand; starts at the real time, since Bolt checks signatures by it."""

    def __init__(self) -> None:
        self.at = time.time()

    def __call__(self) -> float:
        """Tell the time."""
        return self.at

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds


def bolt_app(client: WebClient) -> App:
    """Make a Bolt app on the sandbox's API."""
    return App(
        client=client,
        signing_secret="sandbox-secret",
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )


class SocketApp:
    """A Bolt app behind one real aiohttp Socket Mode connection, on a thread of its own; `mute` never acknowledges."""

    def __init__(self, app: App, sandbox: SlackSandbox, *, ping_interval: float = 5, mute: bool = False) -> None:
        self.app, self.sandbox, self.ping_interval, self.mute = app, sandbox, ping_interval, mute
        self.pool = ThreadPoolExecutor(8)
        self.connections = 0
        self.received: list[SocketModeRequest] = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        web = AsyncWebClient(base_url=self.sandbox.api_url)
        client = SocketModeClient(app_token="xapp-sandbox", web_client=web, ping_interval=self.ping_interval)
        client.socket_mode_request_listeners.append(self._take)
        await client.connect()  # type: ignore[no-untyped-call]
        self._ready.set()
        await self._stop.wait()
        await client.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        if self.mute:
            return
        started = time.time()
        bolt_request = BoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request))
        response = await asyncio.get_running_loop().run_in_executor(self.pool, self.app.dispatch, bolt_request)
        await send_async_response(client, request, response, started)

    def __enter__(self) -> Self:
        before = len(self.sandbox.sockets.links)
        self._thread.start()
        assert self._ready.wait(5)
        opened = self.sandbox.workspace.wait_until(lambda: len(self.sandbox.sockets.links) > before, 5)
        assert opened
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.pool.shutdown(wait=False, cancel_futures=True)


class HttpApp:
    """A Bolt app at a request URL; `seen` keeps the headers and bodies that came."""

    def __init__(self, app: App, sandbox: SlackSandbox) -> None:
        self.app, self.sandbox = app, sandbox
        self.seen: list[tuple[dict[str, str], str]] = []
        self.fail_next = 0
        self.no_retry = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/slack/events"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Hand a request to the app."""
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.answer(self, body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name the base class has
                """Say nothing on standard error."""

        return Handler

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        """Let Bolt answer, or fail on purpose."""
        self.seen.append(({key.lower(): value for key, value in handler.headers.items()}, body))
        if self.fail_next:
            self.fail_next -= 1
            self._send(handler, 500, {"x-slack-no-retry": "1"} if self.no_retry else {}, "")
            return
        response = self.app.dispatch(BoltRequest(body=body, headers=dict(handler.headers.items())))
        self._send(
            handler, response.status, {key: values[0] for key, values in response.headers.items()}, response.body
        )

    def _send(self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: str) -> None:
        handler.send_response(status)
        for key, value in headers.items():
            handler.send_header(key, value)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    def __enter__(self) -> Self:
        self._thread.start()
        self.sandbox.use_http(self.url)
        self.seen.clear()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
