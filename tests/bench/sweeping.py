"""The idle sweep with 100,000 past and 1,000 live sessions, on SQLite and PostgreSQL."""

import time
from dataclasses import replace
from datetime import timedelta
from statistics import median

import psycopg

from access.catalogue import Catalogue
from access.request import RequestId, RequestStatus
from access.session import SessionId, SessionStatus
from bot.scheduler import sweep
from operations.deps import Deps
from storage import requests, sessions
from storage.outbox import Lane, due
from tests.access.given import a_request, a_session
from tests.bench.figures import Row, milliseconds, percentile
from tests.bench.office import bench_deps, now
from tests.postgresql import Server

PAST = 100_000
LIVE = 1_000
ROUNDS = 200


def _fill(deps: Deps) -> None:
    at = now()
    for first in range(0, PAST + LIVE, 5_000):
        with deps.database.begin() as db:
            for number in range(first, min(first + 5_000, PAST + LIVE)):
                _one(db, number, live=number >= PAST, at=at)


def _one(db: object, number: int, *, live: bool, at: object) -> None:
    request_id = RequestId(f"r{number}")
    request = a_request(RequestStatus.APPROVED, id=request_id, number=number + 1)
    status = SessionStatus.ACTIVE if live else SessionStatus.EXPIRED
    session = a_session(status, id=SessionId(f"s{number}"), request_id=request_id)
    requests.add(db, request)  # type: ignore[arg-type]
    ends_at = at + timedelta(hours=5) if live else session.ends_at  # type: ignore[operator]
    sessions.add(db, replace(session, ends_at=ends_at))  # type: ignore[arg-type]


def _idle(deps: Deps) -> list[float]:
    """Sweep and look into each lane of the outbox, as an idle bot does every two seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        sweep(deps)
        with deps.database.read() as db:
            for lane in Lane:
                due(db, lane, deps.clock.now())
        times.append(time.perf_counter() - start)
    return times


def _measure_on(url: str, name: str) -> Row:
    with bench_deps(url, Catalogue(accounts={}, standard_sets={})) as deps:
        _fill(deps)
        sweep(deps)
        times = _idle(deps)
    figures = f"median {milliseconds(median(times))}, p95 {milliseconds(percentile(times, 0.95))}"
    return Row(
        what=f"idle sweep, {PAST:,} past and {LIVE:,} live sessions, {name}", measured=figures, promised="< 2 ms"
    )


def measure() -> list[Row]:
    """Measure on both databases."""
    rows = [_measure_on("sqlite:///:memory:", "SQLite")]
    with Server.started() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        rows.append(_measure_on(server.url("bench"), "PostgreSQL"))
    return rows
