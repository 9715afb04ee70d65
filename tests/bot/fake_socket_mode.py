"""A small Slack that speaks Socket Mode: it opens connections, sends envelopes, and can go away or silent."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

T = TypeVar("T")


class FakeSocketMode:
    """All that a test sees of it is here; everything that touches the loop goes through `run`."""

    def __init__(self) -> None:
        self.url = ""
        self.away = False
        self.refusal = ""
        self.silent = False
        self.opened = 0
        self.broken_links = 0
        self.acks: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._tickets: set[str] = set()
        self._issued = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._loop = asyncio.new_event_loop()

    def send(self, message: dict[str, Any]) -> None:
        """Send something down the newest connection, once it has been taken in here: the client may know earlier."""
        self.until(lambda: self._sockets)
        self.run(self._sockets[-1].send_str(json.dumps(message)))

    def command(self, envelope_id: str, **more: Any) -> None:
        """Send a slash command."""
        payload = {"command": "/jit", "text": envelope_id, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
        body = {"type": "slash_commands", "envelope_id": envelope_id, "payload": payload, **more}
        self.send({"accepts_response_payload": True, **body})

    def drop(self) -> None:
        """Break all connections without a word."""

        async def abort() -> None:
            for each in self._sockets:
                transport = each._req.transport if each._req else None
                if transport:
                    transport.abort()

        self.run(abort())

    def until(self, holds: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait for something to come true."""
        with self._changed:
            assert self._changed.wait_for(holds, seconds), "it did not come true in time"

    def acked(self) -> list[str]:
        """Name the envelopes that were acked."""
        return [str(each["envelope_id"]) for each in self.acks]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def open(self, _: web.Request) -> web.Response:
        """Answer apps.connections.open."""
        if self.away:
            return web.Response(status=503, text="away")
        if self.refusal:
            return web.json_response({"ok": False, "error": self.refusal})
        self._issued += 1
        self._tickets.add(str(self._issued))
        link = self.url.replace("http", "ws").replace("/api", f"/link?ticket={self._issued}")
        return web.json_response({"ok": True, "url": link})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one connection; each ticket opens one door once."""
        ticket = request.query["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        if self.broken_links:
            self.broken_links -= 1
            raise web.HTTPServiceUnavailable
        connection = web.WebSocketResponse(autoping=False)
        await connection.prepare(request)
        self._sockets.append(connection)
        self._note(opened=1)
        await connection.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        async for message in connection:
            if message.type == WSMsgType.PING and not self.silent:
                await connection.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._note(ack=json.loads(message.data))
        return connection

    @contextmanager
    def serving(self) -> Iterator["FakeSocketMode"]:
        """Serve on loopback while the block runs."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        runner = self.run(self._start())
        try:
            yield self
        finally:
            self.run(runner.cleanup())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(5)
            self._loop.close()

    async def _start(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.post("/api/apps.connections.open", self.open), web.get("/link", self.link)])
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
        return runner

    def _note(self, opened: int = 0, ack: dict[str, Any] | None = None) -> None:
        with self._changed:
            self.opened += opened
            if ack is not None:
                self.acks.append(ack)
            self._changed.notify_all()
