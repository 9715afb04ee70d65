"""From Approve pressed to its ack, on SQLite: 50 presses a second, and 50 in the same instant."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from slack_bolt import App, BoltRequest

from access.catalogue import Catalogue
from access.request import RequestId
from blocks import ids
from bot.build import LISTENER_THREADS
from handlers.register import register
from handlers.safely import Handling
from operations.deps import Deps
from slackapi.clients import make_clients
from storage import requests
from tests.access.given import a_request
from tests.bench.figures import QuickSlack, Row, milliseconds, percentile
from tests.bench.office import OWNER, bench_deps, now

SECONDS = 20
RATE = 50
BURST = 50


def _fill(deps: Deps, count: int) -> None:
    at = now()
    with deps.database.begin() as db:
        for number in range(count):
            request = a_request(id=RequestId(f"r{number}"), number=number + 1, requested_at=at)
            requests.add(db, replace(request, lapses_at=at + timedelta(hours=24)))


def press(app: App, number: int) -> float:
    action = {"action_id": ids.APPROVE, "block_id": "b", "type": "button", "value": f"r{number}"}
    body = {"type": "block_actions", "user": {"id": OWNER}, "team": {"id": "T0BENCH"}, "actions": [action]}
    start = time.perf_counter()
    response = app.dispatch(BoltRequest(mode="socket_mode", body=body))
    if response.status != 200:
        raise RuntimeError(f"not acked: {response.status}")
    return time.perf_counter() - start


def measure() -> list[Row]:
    """Press steadily, then all at once; every press is a request of its own that is really approved."""
    slack = QuickSlack()
    with bench_deps("sqlite:///:memory:", Catalogue(accounts={}, standard_sets={})) as deps:
        _fill(deps, SECONDS * RATE + BURST)
        listeners = ThreadPoolExecutor(LISTENER_THREADS)
        client = make_clients("xoxb-bench", slack.url).interactive
        app = App(client=client, token_verification_enabled=False, listener_executor=listeners)
        register(app, Handling(deps=deps, background=ThreadPoolExecutor(4)))
        press(app, 0)
        steady = _steady(app)
        burst = _burst(app)
        listeners.shutdown(wait=True)
    slack.stop()
    return [
        Row(
            what=f"Approve to ack, {RATE} a second, SQLite",
            measured=f"p50 {milliseconds(percentile(steady, 0.5))}, p99 {milliseconds(percentile(steady, 0.99))}",
            promised="p99 <= 50 ms",
        ),
        Row(
            what=f"Approve to ack, {BURST} in one instant, SQLite",
            measured=f"slowest {milliseconds(max(burst))}",
            promised="<= 1 s",
        ),
    ]


def _steady(app: App) -> list[float]:
    begun = time.perf_counter()
    with ThreadPoolExecutor(LISTENER_THREADS) as pool:
        pending = []
        for number in range(1, SECONDS * RATE):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            pending.append(pool.submit(press, app, number))
        return [each.result() for each in pending]


def _burst(app: App) -> list[float]:
    barrier = threading.Barrier(BURST)

    def press_one(number: int) -> float:
        barrier.wait()
        return press(app, number)

    first = SECONDS * RATE
    with ThreadPoolExecutor(BURST) as pool:
        return list(pool.map(press_one, range(first, first + BURST)))
