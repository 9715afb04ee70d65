"""The HTTP server under the sandbox, made to start and stop at once."""

import asyncio
import socket
from typing import Self

import uvicorn
from starlette.applications import Starlette

from sandbox.slack.protocols import HttpLine, SocketLine

_FAREWELL = 0.5
"""Real seconds that calls still running are given to end."""


class PromptServer(uvicorn.Server):
    """A server that stops when told, not at its next look at the clock."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._leaving = asyncio.Event()

    @classmethod
    def of(cls, app: Starlette) -> Self:
        """Make a quiet server for an app, on connections that can be cut and deafened."""
        config = uvicorn.Config(
            app,
            http=HttpLine,
            ws=SocketLine,
            ws_ping_interval=None,
            lifespan="off",
            log_config=None,
            access_log=False,
        )
        return cls(config)

    async def main_loop(self) -> None:
        """Serve until told to leave."""
        await self._leaving.wait()

    async def leave(self) -> None:
        """Leave the main loop."""
        self.should_exit = True
        self._leaving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything without uvicorn's pauses; calls that hang on purpose are cancelled."""
        for each in (*self.servers, *(sockets or ())):
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if tasks := list(self.server_state.tasks):
            _ended, late = await asyncio.wait(tasks, timeout=_FAREWELL)
            for task in late:
                task.cancel()
