"""Faults on demand: what Slack or the network may do to one call, queued for each Web API method."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """Answer 429 before anything happened."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerError:
    """Answer 500; with `after` the call did happen."""

    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAnswer:
    """Let the call happen, then drop the connection without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedCall:
    """Drop the connection before anything happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Let the call happen, and answer only after `seconds` of real time."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """Answer with a web page where JSON is due, before anything happened."""

    status: int = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Answer ok:false with this error; with `after` the call did happen (fatal_error does that at Slack)."""

    code: str
    after: bool = False


Fault = RateLimited | ServerError | LostAnswer | DroppedCall | Hang | HtmlPage | Refuse


class Faults:
    """Faults waiting for their call, and two that last until they are switched off."""

    def __init__(self) -> None:
        self.edit_window_closed = False
        self.ephemerals_dropped = False
        self._queues: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.Lock()

    def on(self, method: str, *faults: Fault) -> None:
        """Have the next calls of a method (`response_url` counts as one) meet these faults, one each."""
        with self._lock:
            self._queues[method].extend(faults)

    def take(self, method: str) -> Fault | None:
        """Give the fault the next call meets."""
        with self._lock:
            queue = self._queues[method]
            return queue.popleft() if queue else None

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._queues.clear()
        self.edit_window_closed = self.ephemerals_dropped = False
