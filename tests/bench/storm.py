"""A restart with 10,000 overdue sessions: `python -m tests.bench.storm [sqlite] [postgresql] [count]`, both by default.

AWS answers each call after 50 ms and without its limit of rate, which would make it hours; that time is computed from
the calls that were counted.
"""

import logging
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import psycopg
from slack_bolt import App

from access.request import RequestId
from access.session import SessionStatus
from aws.throttle import REQUESTS_PER_SECOND
from bot.build import LISTENER_THREADS
from bot.clock import SystemClock
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.worker import Worker
from handlers.register import register
from handlers.safely import Handling
from operations.deps import Deps
from operations.first_ends import end_far_reaching_first
from operations.ports import Aws
from slackapi.clients import make_clients
from storage import requests
from storage.transactions import Database
from tests.access.given import a_request
from tests.bench.figures import QuickSlack, Row, milliseconds, percentile
from tests.bench.office import InstantMessenger, InstantPeople
from tests.bench.pressing import press
from tests.faults.racing import deciding_deps
from tests.faults.storming import FAR, SlowAws, Storm, account_of, brew, still_there, storm_catalogue
from tests.postgresql import Server

SESSIONS = 10_000
CALL_SECONDS = 0.05
PRESS_EVERY = 1.0
_MOST_PRESSES = 3000
_LOOK_EVERY = 0.25


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen while it stormed; times in seconds since the start, memory in MB."""

    before: float
    ordered: float = 0.0
    far_gone: float = 0.0
    gone: float = 0.0
    most: float = 0.0
    presses: list[float] = field(default_factory=list)


def _resident() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@contextmanager
def _deps(database: Database, aws: SlowAws) -> Iterator[Deps]:
    catalogue = storm_catalogue()
    yield replace(
        deciding_deps(database, SystemClock()),
        catalogue=lambda: catalogue,
        aws=lambda: cast(Aws, aws),
        messenger=InstantMessenger(),
        people=InstantPeople(),
    )


@contextmanager
def _running(deps: Deps) -> Iterator[None]:
    """Start as `bot.program` does."""
    worker = Worker(deps, "w1", Metrics())
    scheduler = Scheduler(deps, lambda: None, lambda: None)
    deps.database.on_commit = worker.wake
    end_far_reaching_first(deps)
    worker.start()
    scheduler.start()
    yield
    scheduler.stop(30)
    worker.stop(30)


@contextmanager
def _pressing(deps: Deps, seen: Seen) -> Iterator[None]:
    """Approve a request every second, as somebody in Slack does."""
    slack, over = QuickSlack(), threading.Event()
    listeners = ThreadPoolExecutor(LISTENER_THREADS)
    client = make_clients("xoxb-bench", slack.url).interactive
    app = App(client=client, token_verification_enabled=False, listener_executor=listeners)
    register(app, Handling(deps=deps, background=ThreadPoolExecutor(4)))

    def go_on() -> None:
        for number in range(_MOST_PRESSES):
            if over.wait(PRESS_EVERY):
                return
            seen.presses.append(press(app, number))

    thread = threading.Thread(target=go_on)
    thread.start()
    yield
    over.set()
    thread.join()
    listeners.shutdown(wait=True)
    slack.stop()


def _storm(database: Database, count: int) -> tuple[Seen, SlowAws]:
    aws, storm = SlowAws(CALL_SECONDS), Storm(count=count)
    with _deps(database, aws) as deps:
        brew(database, aws, storm)
        _add_requests(database)
        seen = Seen(before=_resident())
        begun = time.perf_counter()
        with _pressing(deps, seen), _running(deps):
            while not seen.gone:
                time.sleep(_LOOK_EVERY)
                _look(database, aws, storm, seen, time.perf_counter() - begun)
    return seen, aws


def _look(database: Database, aws: SlowAws, storm: Storm, seen: Seen, passed: float) -> None:
    seen.most = max(seen.most, _resident())
    removed = len(aws.removed)
    if not seen.far_gone and sum(each.set_arn.endswith(FAR) for each in aws.removed[:removed]) == storm.far:
        seen.far_gone = passed
    left = still_there(database)
    overdue = [each for each in aws.held if each.principal_id.startswith("p-")] if removed >= storm.count else [None]
    if not seen.ordered and left.get(SessionStatus.REVOKING, 0) + removed >= storm.count:
        seen.ordered = passed
    if not overdue and SessionStatus.REVOKING not in left:
        seen.gone = passed


def _add_requests(database: Database) -> None:
    now = SystemClock().now()
    with database.begin() as db:
        for number in range(_MOST_PRESSES):
            asked = a_request(
                id=RequestId(f"r{number}"), number=number + 1, requested_at=now, account_id=account_of(number)
            )
            requests.add(db, replace(asked, lapses_at=now + timedelta(hours=24)))


def _rows(database: Database, name: str, count: int) -> list[Row]:
    database.upgrade()
    seen, aws = _storm(database, count)
    database.close()
    per_end = sum(aws.calls[each] for each in ("request_removal", "removal_status", "is_assigned")) / count
    hours = per_end * count / REQUESTS_PER_SECOND / 3600
    presses = f"p50 {milliseconds(percentile(seen.presses, 0.5))}, slowest {milliseconds(max(seen.presses))}"
    return [
        Row(
            what=f"{count:,} overdue at a restart, {name}: until none is left",
            measured=f"{seen.gone:.0f} s",
            promised="-",
        ),
        Row(what="until all ends are ordered", measured=f"{seen.ordered:.0f} s", promised="-"),
        Row(what="until all far-reaching tenths are gone", measured=f"{seen.far_gone:.0f} s", promised="first"),
        Row(
            what=f"at Identity Center's rate ({per_end:.1f} calls each, {REQUESTS_PER_SECOND:.0f}/s)",
            measured=f"{hours:.1f} h",
            promised="-",
        ),
        Row(what="memory before and at most", measured=f"{seen.before:.0f} and {seen.most:.0f} MB", promised="bounded"),
        Row(what=f"Approve to ack meanwhile, {len(seen.presses)} presses", measured=presses, promised="< 3 s"),
    ]


def on_sqlite(count: int = SESSIONS) -> list[Row]:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="jitbot-bench-") as folder:
        return _rows(Database(f"sqlite:///{folder}/bench.db"), "SQLite", count)


def on_postgresql(count: int = SESSIONS) -> list[Row]:
    """Measure on PostgreSQL."""
    with Server.started() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        return _rows(Database(server.url("bench")), "PostgreSQL", count)


ON = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main(words: list[str]) -> None:
    """Print a row for each figure, of the databases and for the number of sessions named."""
    logging.disable(logging.ERROR)
    count = next((int(each) for each in words if each.isdecimal()), SESSIONS)
    print("| what | measured | promised |\n|---|---|---|")
    for name in [each for each in words if each in ON] or list(ON):
        for row in ON[name](count):
            print(f"| {row.what} | {row.measured} | {row.promised} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
