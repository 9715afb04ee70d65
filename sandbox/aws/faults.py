"""Faults on demand: an answer that never comes, comes wrong, or comes after AWS has acted."""

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    THROTTLING = "ThrottlingException"
    CONFLICT = "ConflictException"
    SERVER_ERROR = "InternalServerException"
    ACCESS_DENIED = "AccessDeniedException"
    EXPIRED_CREDENTIALS = "ExpiredTokenException"
    HANG = "hang"
    DROP = "drop the connection"


class When(StrEnum):
    """Whether AWS acts on the call nevertheless."""

    BEFORE = "before acting"
    AFTER = "after acting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of one call."""

    kind: FaultKind
    when: When = When.BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How an asynchronous operation will end: FAILED with this reason, or never where the reason is empty."""

    reason: str = ""


EVERY_CALL = "*"


class Faults:
    """Faults queued per operation (`CreateAccountAssignment`, or `*` for all); each is used once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, deque[Fault]] = {}
        self._fates: dict[str, deque[Fate]] = {}
        self._released = threading.Event()

    def add(self, operation: str, kind: FaultKind, when: When = When.BEFORE, *, times: int = 1) -> None:
        """Let the next `times` calls of an operation go wrong."""
        with self._lock:
            self._faults.setdefault(operation, deque()).extend([Fault(kind=kind, when=when)] * times)

    def fail(self, operation: str, reason: str, *, times: int = 1) -> None:
        """Let the next `times` asynchronous operations be taken, and then end as FAILED with this reason."""
        with self._lock:
            self._fates.setdefault(operation, deque()).extend([Fate(reason=reason)] * times)

    def never_end(self, operation: str, *, times: int = 1) -> None:
        """Let the next `times` asynchronous operations stay IN_PROGRESS for good."""
        with self._lock:
            self._fates.setdefault(operation, deque()).extend([Fate()] * times)

    def clear(self) -> None:
        """Forget every fault that was not used yet, and let hanging calls go."""
        with self._lock:
            self._faults.clear()
            self._fates.clear()
        self.release()

    def release(self) -> None:
        """Let go of every call that hangs; their connections close without an answer."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()

    def hang(self, longest: float) -> None:
        """Wait until released, at most `longest` seconds."""
        self._released.wait(longest)

    def take(self, operation: str) -> Fault | None:
        """Use up the next fault of this operation."""
        with self._lock:
            return _first(self._faults, operation)

    def fate(self, operation: str) -> Fate | None:
        """Use up the next fate of this operation."""
        with self._lock:
            return _first(self._fates, operation)


T = TypeVar("T")


def _first(queues: dict[str, deque[T]], operation: str) -> T | None:
    for name in (operation, EVERY_CALL):
        if queues.get(name):
            return queues[name].popleft()
    return None
