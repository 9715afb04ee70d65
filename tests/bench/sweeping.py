"""The idle sweep with 100,000 past and 1,000 live sessions, on SQLite and PostgreSQL."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

import psycopg
from sqlalchemy import insert

from access.catalogue import Catalogue
from access.request import Request, RequestId, RequestStatus
from access.session import Session, SessionId, SessionStatus
from bot.scheduler import sweep
from operations.deps import Deps
from storage import requests, sessions, tables
from storage.outbox import Lane, due
from tests.access.given import a_request, a_session
from tests.bench.figures import Row, milliseconds, percentile
from tests.bench.office import bench_deps, now
from tests.postgresql import Server

PAST = 100_000
LIVE = 1_000
ROUNDS = 200
CHUNK = 5_000


def _fill(deps: Deps) -> None:
    at = now()
    for first in range(0, PAST + LIVE, CHUNK):
        numbers = range(first, min(first + CHUNK, PAST + LIVE))
        pairs = [_pair(number, live=number >= PAST, at=at) for number in numbers]
        with deps.database.begin() as db:
            db.execute(insert(tables.requests), [requests._to_row(request) for request, _ in pairs])
            db.execute(insert(tables.sessions), [sessions._to_row(session) for _, session in pairs])


def _pair(number: int, *, live: bool, at: datetime) -> tuple[Request, Session]:
    request_id = RequestId(f"r{number}")
    request = a_request(RequestStatus.APPROVED, id=request_id, number=number + 1)
    status = SessionStatus.ACTIVE if live else SessionStatus.EXPIRED
    session = a_session(status, id=SessionId(f"s{number}"), request_id=request_id)
    return request, replace(session, ends_at=at + timedelta(hours=5) if live else session.ends_at)


def _timed(work: Callable[[], object]) -> str:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return f"median {milliseconds(median(times))}, p95 {milliseconds(percentile(times, 0.95))}"


def _look(deps: Deps) -> None:
    """Look into each lane of the outbox, as the idle workers do every second."""
    with deps.database.read() as db:
        for lane in Lane:
            due(db, lane, deps.clock.now())


def _measure_on(url: str, name: str) -> list[Row]:
    with bench_deps(url, Catalogue(accounts={}, standard_sets={})) as deps:
        _fill(deps)
        sweep(deps)
        sweeping, looking = _timed(lambda: sweep(deps)), _timed(lambda: _look(deps))
    size = f"{PAST:,} past and {LIVE:,} live sessions, {name}"
    return [
        Row(what=f"idle sweep, {size}", measured=sweeping, promised="< 2 ms"),
        Row(what=f"idle look into the outbox's three lanes, {size}", measured=looking, promised="-"),
    ]


def measure() -> list[Row]:
    """Measure on both databases."""
    rows = _measure_on("sqlite:///:memory:", "SQLite")
    with Server.started() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        rows += _measure_on(server.url("bench"), "PostgreSQL")
    return rows
