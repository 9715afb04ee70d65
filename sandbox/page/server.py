"""The page on a port of its own, on 127.0.0.1."""

import asyncio
import socket
import threading
from typing import Self

from sandbox.page.app import Page
from sandbox.page.controls import Controls
from sandbox.slack.prompt_server import PromptServer
from sandbox.slack.server import SlackSandbox

_START_WITHIN = 10.0


class PageServer:
    """The workspace in the browser; port 0 takes a free one. Use it as a context manager or start and stop it."""

    def __init__(self, sandbox: SlackSandbox, controls: Controls, *, port: int = 0) -> None:
        self.port = port
        self._page = Page(sandbox=sandbox, controls=controls)
        self._page.changes.watch(sandbox.workspace)
        self._server: PromptServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Listen; returns when windows can be opened. OSError where the port is taken."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self._server = PromptServer.of(self._page.asgi())
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)), name="page", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_WITHIN):
            raise RuntimeError("the page did not start")
        return self

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._page.changes.loop = asyncio.get_running_loop()
        ready.set()
        if self._server is not None:
            await self._server.serve(sockets=[listener])

    def stop(self) -> None:
        """Close every window's stream and stop listening."""
        loop = self._page.changes.loop
        if self._server is not None and self._thread is not None and loop is not None:
            loop.call_soon_threadsafe(self._page.changes.close)
            asyncio.run_coroutine_threadsafe(self._server.leave(), loop).result()
            self._thread.join()
        self._page.changes.loop = self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()
