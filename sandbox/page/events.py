"""Live updates: server-sent events that carry each region whose HTML has changed, and what Slack tells in toasts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from sandbox.page.render.drawing import PANES, REGIONS, Drawing
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

_LOOK_EVERY = 1.0
"""Real seconds between two looks at what announces nothing: AWS, the clock, the audit log."""
_TOGETHER = 0.03
"""Real seconds in which changes count as one."""


@dataclass(slots=True, kw_only=True)
class Changes:
    """Wakes every open window when the workspace changes; windows live on one event loop."""

    loop: asyncio.AbstractEventLoop | None = None
    windows: set[asyncio.Event] = field(default_factory=set)
    closing: bool = False

    def watch(self, workspace: Workspace) -> None:
        """Listen to a workspace."""
        workspace.subscribe(self._changed)

    def _changed(self, _change: Json) -> None:
        """Wake the windows; called under the workspace's lock, from any thread."""
        if self.loop is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """Let every window look; on the loop's own thread."""
        for each in self.windows:
            each.set()

    def close(self) -> None:
        """Let every window end its stream."""
        self.closing = True
        self.wake()


async def stream(changes: Changes, drawing: Drawing, toasts_seen: int) -> AsyncIterator[str]:
    """Tell one window everything that changes before its eyes, from the whole of it at the beginning."""
    window = asyncio.Event()
    changes.windows.add(window)
    shown: dict[str, str] = {}
    try:
        while not changes.closing:
            window.clear()
            for name in (*REGIONS, *PANES):
                html = await run_in_threadpool(drawing.region, name)
                if html != shown.get(name):
                    shown[name] = html
                    yield _event("region", {"name": name, "html": html}, toasts_seen)
            told, toasts_seen = _toasts(drawing, toasts_seen)
            for text in told:
                yield _event("toast", {"text": text}, toasts_seen)
            await _wait(window)
    finally:
        changes.windows.discard(window)


def _toasts(drawing: Drawing, seen: int) -> tuple[list[str], int]:
    workspace = drawing.seat.sandbox.workspace
    with workspace.lock:
        new = [each.text for each in workspace.toasts[seen:] if each.user == drawing.seat.profile.id]
        return new, len(workspace.toasts)


async def _wait(window: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(window.wait(), _LOOK_EVERY)
        await asyncio.sleep(_TOGETHER)


def _event(kind: str, told: Json, toasts_seen: int) -> str:
    return f"event: {kind}\nid: {toasts_seen}\ndata: {json.dumps(told)}\n\n"
