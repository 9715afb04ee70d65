"""Socket Mode: up to ten connections, each envelope to exactly one of them (docs.slack.dev, Socket Mode)."""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.slack.delivery import ACK_WITHIN, Answer, Kind, Retry, takes_answer
from sandbox.slack.protocols import abort, deafen
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

MOST_CONNECTIONS = 10
CONNECTION_TIME = 3600
"""Seconds told as approximate_connection_time."""


@dataclass(eq=False, slots=True, kw_only=True)
class Link:
    """One connection of the app."""

    socket: WebSocket
    deaf: bool = False

    async def send(self, message: Json) -> None:
        """Send one JSON message; a connection lost meanwhile loses it."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self.socket.send_text(json.dumps(message))


@dataclass(slots=True, kw_only=True)
class SocketFaults:
    """What goes wrong next with envelopes (C); each is used up by the envelopes it strikes.

    `delay_next` is in real seconds; with `hold_next` an envelope leaves only after the one that follows it.
    """

    duplicate_next: int = 0
    lose_next: int = 0
    delay_next: float = 0.0
    hold_next: bool = False
    ack_on_any_link: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    link: Link
    ack: asyncio.Future[Json]


@dataclass(slots=True, kw_only=True)
class SocketMode:
    """The sockets of one app, on the server's event loop."""

    workspace: Workspace
    ack_within: float = ACK_WITHIN
    faults: SocketFaults = field(default_factory=SocketFaults)
    links: list[Link] = field(default_factory=list)
    choose: Callable[[list[Link]], Link] = secrets.choice
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _overtaken: asyncio.Event | None = None

    async def serve(self, socket: WebSocket) -> None:
        """Keep one connection from hello to its end."""
        if not self.workspace.tickets.use_socket(socket.query_params.get("ticket", ""), self.workspace.now()):
            await socket.close(code=4001)
            return
        await socket.accept()
        link = Link(socket=socket)
        if len(self.links) >= MOST_CONNECTIONS:
            await self._disconnect(link, "too_many_websockets")
            return
        self.links.append(link)
        self.workspace.announce("socket_opened", links=len(self.links))
        try:
            await link.send(self._hello())
            await self._listen(link)
        finally:
            self._drop(link)

    def _drop(self, link: Link) -> None:
        if link in self.links:
            self.links.remove(link)
        self.workspace.announce("socket_closed", links=len(self.links))

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": CONNECTION_TIME}
        info = {"app_id": self.workspace.app_id}
        return {"type": "hello", "num_connections": len(self.links), "connection_info": info, "debug_info": debug}

    async def _listen(self, link: Link) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                text = await link.socket.receive_text()
                with contextlib.suppress(ValueError):
                    self._take_ack(link, json.loads(text))

    def _take_ack(self, link: Link, message: Json) -> None:
        waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is None or waiting.ack.done() or link.deaf:
            return
        if link is waiting.link or self.faults.ack_on_any_link:
            waiting.ack.set_result(message)

    async def deliver(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Answer:
        """Send one envelope over one connection picked by chance, and wait for its acknowledgement."""
        if not self.links:
            return Answer(acked=False, problem="dispatch_failed", reason="connection_failed")
        link = self.choose(self.links)
        envelope = self._envelope(kind, payload, retry)
        waiting = _Waiting(link=link, ack=asyncio.get_running_loop().create_future())
        self._waiting[envelope["envelope_id"]] = waiting
        try:
            await self._send(link, envelope)
            ack = await asyncio.wait_for(waiting.ack, self.ack_within)
        except TimeoutError:
            return Answer(acked=False, problem="operation_timeout", reason="http_timeout")
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Answer(acked=True, body=ack.get("payload") if envelope["accepts_response_payload"] else None)

    def _envelope(self, kind: Kind, payload: Json, retry: Retry | None) -> Json:
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": str(kind), "payload": payload}
        envelope["accepts_response_payload"] = takes_answer(kind, payload)
        if kind is Kind.EVENT:
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
        return envelope

    async def _send(self, link: Link, envelope: Json) -> None:
        await self._linger()
        if self.faults.lose_next:
            self.faults.lose_next -= 1
            return
        await link.send(envelope)
        if self.faults.duplicate_next:
            self.faults.duplicate_next -= 1
            await self.choose(self.links).send(envelope)
        if self._overtaken:
            self._overtaken.set()

    async def _linger(self) -> None:
        """Keep an envelope back where a fault says so."""
        if self.faults.delay_next:
            seconds, self.faults.delay_next = self.faults.delay_next, 0.0
            await asyncio.sleep(seconds)
        if self.faults.hold_next:
            self.faults.hold_next, self._overtaken = False, asyncio.Event()
            self.workspace.announce("envelope_held")
            await self._overtaken.wait()
            self._overtaken = None

    async def _disconnect(self, link: Link, reason: str) -> None:
        await link.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        if reason != "warning":
            with contextlib.suppress(RuntimeError):
                await link.socket.close()

    async def warn(self) -> list[Link]:
        """Begin what Slack does every few hours: warn every connection that it will be closed; gives them."""
        warned = list(self.links)
        for link in warned:
            await self._disconnect(link, "warning")
        return warned

    async def refresh(self, warned: list[Link]) -> None:
        """End it, about ten seconds later: those still there are asked to reconnect and closed."""
        for link in [each for each in warned if each in self.links]:
            await self._disconnect(link, "refresh_requested")
            self._drop(link)

    async def disable(self) -> None:
        """Switch Socket Mode off: every connection hears link_disabled and is closed."""
        for link in list(self.links):
            await self._disconnect(link, "link_disabled")

    async def cut(self) -> None:
        """Cut every TCP connection without a word."""
        for link in list(self.links):
            abort(link.socket)
            self._drop(link)

    async def deafen(self) -> None:
        """Leave every connection half-open: envelopes still go to it, nothing comes back."""
        for link in self.links:
            link.deaf = True
            deafen(link.socket)
