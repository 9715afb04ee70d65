"""Several processes that drain one outbox with the bot's own workers, and say what each of them sent."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any, cast

from access.changes import Effect, EffectKind, NoticeKind
from access.request import RequestStatus
from bot.clock import SystemClock
from bot.metrics import Metrics
from bot.worker import Worker
from storage import outbox, requests
from storage.outbox import Lane
from storage.transactions import Database
from tests.access.given import a_request
from tests.faults.racing import FIRST, PATIENCE, Barrier, deciding_deps, request_of
from tests.operations.slack import RecordingMessenger

REQUESTS = 100


def order_messages(database: Database, count: int) -> list[str]:
    """Order so many direct messages, those of one request never to be sent at the same time; returns their keys."""
    with database.begin() as db:
        for number in range(REQUESTS):
            requests.add(db, a_request(RequestStatus.REJECTED, id=request_of(number), number=FIRST + number))
        outbox.add(db, [_message(number) for number in range(count)], SystemClock().now())
    return [_message(number).key for number in range(count)]


def _message(number: int) -> Effect:
    request_id = request_of(number % REQUESTS)
    arguments = {"request": request_id, "notice": NoticeKind.REJECTED.value}
    return Effect(kind=EffectKind.TELL, subject=request_id, key=f"tell:{number}", arguments=arguments)


def drain(url: str, processes: int, empty: Callable[[], bool]) -> list[list[str]]:
    """Let so many processes work until `empty` says so; returns the keys of what each of them sent."""
    spawning = get_context("spawn")
    barrier = spawning.Barrier(processes)
    pipes = [spawning.Pipe() for _ in range(processes)]
    started = [
        spawning.Process(target=_work, args=(url, f"w{number}", barrier, theirs), daemon=True)
        for number, (_, theirs) in enumerate(pipes)
    ]
    for each in started:
        each.start()
    try:
        while not empty():
            pipes[0][0].poll(0.05)
        for ours, _ in pipes:
            ours.send("stop")
        return [ours.recv() for ours, _ in pipes]
    finally:
        for each in started:
            each.join(PATIENCE)
            each.kill()


def _work(url: str, name: str, barrier: Barrier, pipe: "Pipe[Any, Any]") -> None:
    database = Database(url)
    deps = deciding_deps(database, SystemClock())
    worker = Worker(deps, name, Metrics(), {Lane.SLACK: 4})
    database.on_commit = worker.wake
    barrier.wait(PATIENCE)
    worker.start()
    pipe.recv()
    worker.stop(PATIENCE)
    pipe.send([each.key for each in cast(RecordingMessenger, deps.messenger).postings])
    database.close()
