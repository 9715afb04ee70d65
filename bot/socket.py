"""Socket Mode: Bolt's sync App on slack_sdk's aiohttp client, supervised, in a thread and an event loop of its own."""

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.socket_health import ConnectionLost, is_healthy, plain_errors

DISPATCH_THREADS = 32
PING_SECONDS = 5.0
CONNECT_SECONDS = 15.0
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
log = logging.getLogger(__name__)


class SocketTransport:
    """Takes Slack's payloads over Socket Mode and dispatches them to `app`.

    A dispatch holds its thread until the listener acks, so the pool is its own and not the App's listener executor.
    Slack being away is waited for, at the start as later.
    """

    def __init__(
        self,
        app: App,
        app_token: str,
        base_url: str,
        *,
        ping_seconds: float = PING_SECONDS,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._base_url = base_url
        self._ping_seconds = ping_seconds
        self._first_wait = first_wait
        self._pool = ThreadPoolExecutor(DISPATCH_THREADS, thread_name_prefix="dispatch")
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun = threading.Event()
        self._stopping: asyncio.Event | None = None
        self._idle: asyncio.Event | None = None
        self._drain_seconds = 0.0
        self._in_flight = 0
        self._client: SocketModeClient | None = None
        self.rebuilds = 0
        self.trouble = "not connected yet"

    @property
    def connected(self) -> bool:
        """Tell whether a connection stands and has answered pings lately."""
        client = self._client
        return client is not None and is_healthy(client)

    @property
    def stopping(self) -> bool:
        """Tell whether a stop was asked for, after which nothing more is taken."""
        return self._stopping is not None and self._stopping.is_set()

    def check(self) -> str | None:
        """Say for /readyz what keeps Slack's payloads away, or None."""
        return None if self.connected else f"Socket Mode is not connected: {self.trouble}"

    def start(self) -> None:
        """Start connecting; returns at once, and Slack may come later."""
        if self._thread is not None:
            raise RuntimeError("The transport was started before.")
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="socket-mode", daemon=True)
        self._thread.start()
        self._begun.wait()

    def stop(self, timeout: float = 10.0) -> None:
        """Take nothing more, wait up to `timeout` seconds for what is in flight to be acked, then disconnect."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._drain_seconds = timeout
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout + CONNECT_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._begun.set()
        wait = self._first_wait
        while not self._stopping.is_set():
            connected_at = time.monotonic()
            try:
                await self._serve_once()
            except Exception as error:  # noqa: BLE001 - whatever it is, the supervisor says it and tries again
                self.trouble = _words(error)
                if time.monotonic() - connected_at > LONGEST_WAIT:
                    wait = self._first_wait
                self.rebuilds += 1
                log.warning("Socket Mode is not connected: %s. Next try in %.1f s.", self.trouble, wait)
                await self._pause(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _serve_once(self) -> None:
        """Connect, and return when asked to stop; raises when the connection is lost for good."""
        web = AsyncWebClient(base_url=self._base_url, timeout=int(CONNECT_SECONDS))
        client = SocketModeClient(
            app_token=self._app_token, web_client=web, ping_interval=self._ping_seconds, logger=plain_errors()
        )
        client.socket_mode_request_listeners.append(self._take)
        try:
            client.wss_uri = await asyncio.wait_for(client.issue_new_wss_url(), CONNECT_SECONDS)
            await asyncio.wait_for(client.connect(), CONNECT_SECONDS)  # type: ignore[no-untyped-call]
            self._client, self.trouble = client, "the connection broke"
            log.info("Socket Mode is connected.")
            await self._watch(client)
        finally:
            await self._close(client)
            self._client = None

    async def _watch(self, client: SocketModeClient) -> None:
        """Return when asked to stop; raise where the client has not mended its connection by itself for a while."""
        well_at = time.monotonic()
        while not await self._pause(self._ping_seconds / 2):
            if is_healthy(client):
                well_at = time.monotonic()
            elif time.monotonic() - well_at > 4 * self._ping_seconds:
                raise ConnectionLost("the connection went silent and did not come back")
        await self._drain()

    async def _drain(self) -> None:
        idle = self._idle
        if idle is None or idle.is_set():
            return
        log.info("Stopping: %d payload(s) are still being answered.", self._in_flight)
        try:
            await asyncio.wait_for(idle.wait(), self._drain_seconds)
        except TimeoutError:
            log.warning("Stopped while %d payload(s) were not answered.", self._in_flight)

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._stopping is None or self._stopping.is_set() or self._idle is None:
            # not acked: Slack sends events again, and shows the person an error for anything else
            return
        self._in_flight += 1
        self._idle.clear()
        try:
            start = time.time()
            bolt_request = BoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request))
            response = await asyncio.get_running_loop().run_in_executor(self._pool, self._app.dispatch, bolt_request)
            # the connection may have been built anew meanwhile, and the old one takes no ack
            await send_async_response(self._client or client, request, response, start)
        finally:
            self._in_flight -= 1
            if self._in_flight == 0:
                self._idle.set()

    async def _pause(self, seconds: float) -> bool:
        """Wait; tells whether a stop was asked for."""
        stopping = self._stopping
        if stopping is None:
            return True
        try:
            await asyncio.wait_for(stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _close(self, client: SocketModeClient) -> None:
        try:
            await asyncio.wait_for(client.close(), self._ping_seconds)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - a broken connection may break once more at its end
            log.debug("Closing the connection failed: %s", _words(error))


def _words(error: BaseException) -> str:
    if isinstance(error, SlackApiError):
        data = error.response.data if isinstance(error.response.data, dict) else {}
        code = data.get("error") or f"HTTP {error.response.status_code}"
        return f"Slack refuses SLACK_APP_TOKEN or is not ready ({code})"
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_SECONDS:.0f} s"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
