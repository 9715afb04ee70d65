"""A small memory of look-ups: it forgets by time, and many askers at once make one call."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class _Entry(Generic[V]):
    value: V
    until: float


class Cache(Generic[K, V]):
    """Remembers values; `monotonic` gives seconds. Failures are told to everybody waiting, and never remembered."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._entries: dict[K, _Entry[V]] = {}
        self._flights: dict[K, Future[V]] = {}

    def get(self, key: K, load: Callable[[], V], keep: Callable[[V], float]) -> V:
        """Return what is remembered, or load it and keep it for `keep(value)` seconds; raises what `load` raises."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and self._monotonic() < entry.until:
                return entry.value
            flight = self._flights.get(key)
            mine = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        return self._fly(key, flight, load, keep) if mine else flight.result()

    def forget(self, key: K) -> None:
        """Drop what is known; a look-up already under way is not remembered either."""
        with self._lock:
            self._entries.pop(key, None)
            self._flights.pop(key, None)

    def forget_where(self, matches: Callable[[V], bool]) -> None:
        """Drop all remembered values that match."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if matches(entry.value)]:
                del self._entries[key]
            # what is under way may match as well, and cannot be asked yet
            self._flights.clear()

    def _fly(self, key: K, flight: "Future[V]", load: Callable[[], V], keep: Callable[[V], float]) -> V:
        asked_at = self._monotonic()
        try:
            value = load()
        except BaseException as error:
            self._land(key, flight)
            flight.set_exception(error)
            raise
        self._land(key, flight, _Entry(value, asked_at + keep(value)))
        flight.set_result(value)
        return value

    def _land(self, key: K, flight: "Future[V]", entry: _Entry[V] | None = None) -> None:
        with self._lock:
            if self._flights.get(key) is not flight:
                return
            del self._flights[key]
            if entry is not None:
                if len(self._entries) >= MOST_ENTRIES:
                    self._entries.clear()
                self._entries[key] = entry
