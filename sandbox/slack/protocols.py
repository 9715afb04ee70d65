"""The server's connections below HTTP: dropping one without an answer, or letting one go deaf."""

import asyncio
from typing import Any, Protocol
from weakref import WeakValueDictionary

from starlette.requests import HTTPConnection
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class _Line(Protocol):
    transport: asyncio.Transport
    client: tuple[str, int] | None
    app_state: dict[str, Any]


def _remember(line: _Line) -> None:
    line.app_state.setdefault("lines", WeakValueDictionary())[line.client] = line


class HttpLine(H11Protocol):
    """An HTTP connection that can be found again by its client's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        _remember(self)


class SocketLine(WebSocketsSansIOProtocol):
    """A WebSocket connection that can go deaf: it stays open, reads nothing and answers no ping."""

    deaf = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        super().connection_made(transport)
        _remember(self)

    def data_received(self, data: bytes) -> None:
        """Read what came, unless the line is deaf."""
        if not self.deaf:
            super().data_received(data)


def _line_of(connection: HTTPConnection) -> Any:
    client = connection.client
    return connection.state.lines[(client.host, client.port) if client else None]


def deafen(connection: HTTPConnection) -> None:
    """Make a WebSocket half-open: its peer hears nothing any more, and no close either."""
    _line_of(connection).deaf = True


def abort(connection: HTTPConnection) -> None:
    """Cut the TCP connection without a word."""
    _line_of(connection).transport.abort()


def drop_connection(request: HTTPConnection) -> Response:
    """Cut the connection a call came on; the answer given back is never sent."""
    abort(request)
    return Response()
