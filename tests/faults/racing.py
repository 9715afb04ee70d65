"""Contests between two bots over the same requests: two processes on PostgreSQL, two threads on SQLite."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any, Protocol, Self

from access.people import Person
from access.refusals import Refusal
from access.request import RequestId, RequestStatus
from access.session import SessionId, SessionStatus
from bot.clock import MovableClock
from operations.decide import approve_request, reject_request
from operations.deps import Deps
from operations.end import end_due_sessions, end_session_early, revoke_session
from operations.ports import Aws, Clock
from operations.remind import lapse_due_requests
from operations.withdraw import withdraw_request
from storage import requests, sessions
from storage.transactions import Database
from tests.access.given import ABEL, ADA, HOUR, MINUTE, NOW, OLAF, OLGA, RITA, a_catalogue, a_request, a_session
from tests.operations.company import RULES
from tests.operations.slack import KnownPeople, RecordingMessenger

PATIENCE = 60.0
FIRST = 2000
_SECOND = timedelta(seconds=1)


class Move(StrEnum):
    """What one side of a contest does in each round."""

    OLAF_APPROVES = "Olaf approves"
    OLGA_APPROVES = "Olga approves"
    OLGA_REJECTS = "Olga rejects"
    RITA_WITHDRAWS = "Rita withdraws"
    IT_LAPSES = "it lapses"
    OLAF_EXTENDS = "Olaf extends"
    OLGA_EXTENDS = "Olga extends"
    OLAF_REVOKES = "Olaf revokes"
    OLGA_REVOKES = "Olga revokes"
    RITA_IS_DONE = "Rita is done"
    IT_EXPIRES = "it expires"

    @property
    def by_the_clock(self) -> bool:
        """Tell whether a sweep makes this move, and nobody is there to be told."""
        return self in {Move.IT_LAPSES, Move.IT_EXPIRES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a round went for one side: won, or refused with these words."""

    won: bool
    words: str = ""


class Barrier(Protocol):
    """Lets both sides go at the same moment."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the other."""


def request_of(number: int) -> RequestId:
    """Name the request of a round."""
    return RequestId(f"rq_{number}")


def prepare(database: Database, rounds: int, *, running: bool) -> None:
    """Store a request for each round, undecided or with a running session; they lapse or end a minute apart."""
    status = RequestStatus.APPROVED if running else RequestStatus.PENDING
    with database.begin() as db:
        for number in range(rounds):
            request = a_request(status, id=request_of(number), number=FIRST + number)
            requests.add(db, replace(request, lapses_at=_due(number)))
            if running:
                session = a_session(SessionStatus.ACTIVE, id=SessionId(f"se_{number}"), request_id=request.id)
                sessions.add(db, replace(session, ends_at=_due(number)))


def prepare_extensions(database: Database, rounds: int) -> None:
    """Store a running session for each round, which ends a minute after the one before, and a request to extend it."""
    prepare(database, rounds, running=True)
    with database.begin() as db:
        for number in range(rounds):
            more = a_request(id=more_of(request_of(number)), number=FIRST + rounds + number, extends=FIRST + number)
            requests.add(db, replace(more, lapses_at=_due(number)))


def more_of(request_id: RequestId) -> RequestId:
    """Name the request to extend the session of another."""
    return RequestId(f"{request_id}_more")


def _due(number: int) -> datetime:
    return NOW + 3 * HOUR + number * MINUTE


class Racers:
    """Two processes that play one contest after the other; use it as a context manager."""

    def __init__(self) -> None:
        spawning = get_context("spawn")
        self._barrier = spawning.Barrier(2)  # kept: it is gone with its last holder here
        pipes = [spawning.Pipe() for _ in range(2)]
        self._pipes = [ours for ours, _ in pipes]
        self._processes = [
            spawning.Process(target=_serve, args=(self._barrier, theirs), daemon=True) for _, theirs in pipes
        ]
        for each, (_, theirs) in zip(self._processes, pipes, strict=True):
            each.start()
            theirs.close()

    def race(self, url: str, moves: tuple[Move, Move], rounds: int) -> list[tuple[Told, Told]]:
        """Let both make their moves, each round from a barrier; returns how each round went for both."""
        for pipe, move in zip(self._pipes, moves, strict=True):
            pipe.send((url, move.value, rounds))
        first, second = ([Told(won=won, words=words) for won, words in pipe.recv()] for pipe in self._pipes)
        return list(zip(first, second, strict=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join(PATIENCE)
            pipe.close()


def threads_race(url: str, moves: tuple[Move, Move], rounds: int) -> list[tuple[Told, Told]]:
    """Let two threads of one process make their moves on one database, as SQLite has it."""
    barrier, database = threading.Barrier(2), Database(url)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda move: _play(database, move, rounds, barrier), moves)
    database.close()
    return list(zip(first, second, strict=True))


def _serve(barrier: Barrier, pipe: "Pipe[Any, Any]") -> None:
    while (contest := pipe.recv()) is not None:
        url, move, rounds = contest
        database = Database(url, pool_size=2)
        pipe.send([(each.won, each.words) for each in _play(database, Move(move), rounds, barrier)])
        database.close()


def _play(database: Database, move: Move, rounds: int, barrier: Barrier) -> list[Told]:
    clock = MovableClock(NOW, frozen=True)
    act = _ACTS[move]
    deps = deciding_deps(database, clock)
    told = []
    for number in range(rounds):
        # Who decides does so in the last second; the sweep comes when it is over.
        clock.move_to(_due(number) if move.by_the_clock else _due(number) - _SECOND)
        barrier.wait(PATIENCE)
        told.append(_tried(act, deps, request_of(number)))
    return told


def _tried(act: Callable[[Deps, RequestId], object], deps: Deps, request_id: RequestId) -> Told:
    try:
        return Told(won=act(deps, request_id) != 0)
    except Refusal as refusal:
        return Told(won=False, words=refusal.words)


def _approve(by: Person) -> Callable[[Deps, RequestId], object]:
    return lambda deps, request_id: approve_request(deps, request_id, by.slack_id)


def _extend(by: Person) -> Callable[[Deps, RequestId], object]:
    return lambda deps, request_id: approve_request(deps, more_of(request_id), by.slack_id)


def _revoke(by: Person) -> Callable[[Deps, RequestId], object]:
    return lambda deps, request_id: revoke_session(deps, request_id, by.slack_id, "Not needed any more.")


_ACTS: dict[Move, Callable[[Deps, RequestId], object]] = {
    Move.OLAF_APPROVES: _approve(OLAF),
    Move.OLGA_APPROVES: _approve(OLGA),
    Move.OLGA_REJECTS: lambda deps, request_id: reject_request(deps, request_id, OLGA.slack_id, "Not now."),
    Move.RITA_WITHDRAWS: lambda deps, request_id: withdraw_request(deps, request_id, RITA.slack_id),
    Move.IT_LAPSES: lambda deps, _: lapse_due_requests(deps),
    Move.OLAF_EXTENDS: _extend(OLAF),
    Move.OLGA_EXTENDS: _extend(OLGA),
    Move.OLAF_REVOKES: _revoke(OLAF),
    Move.OLGA_REVOKES: _revoke(OLGA),
    Move.RITA_IS_DONE: lambda deps, request_id: end_session_early(deps, request_id, RITA.slack_id),
    Move.IT_EXPIRES: lambda deps, _: end_due_sessions(deps),
}


def deciding_deps(database: Database, clock: Clock) -> Deps:
    """Wire what decides and tells, without any AWS."""
    people = KnownPeople(RITA, OLAF, OLGA, ADA, ABEL)
    people.groups = {"S0PAYMENTS": (OLGA,), "S0SSOADMINS": (ABEL,)}
    catalogue = a_catalogue()
    return Deps(
        clock=clock,
        database=database,
        people=people,
        aws=_no_aws,
        messenger=RecordingMessenger(),
        catalogue=lambda: catalogue,
        rules=RULES,
        wait=lambda _: None,
        new_id=lambda: secrets.token_urlsafe(12),
        suffix=lambda: "abcd",
    )


def _no_aws() -> Aws:
    raise LookupError("deciding asks nothing of AWS")
