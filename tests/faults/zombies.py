"""A worker in a process of its own that is stopped by the system between its look at AWS and its order, and goes on."""

import os
import signal
from datetime import datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import boto3

from aws.clients import build_clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.throttle import Throttle
from bot.clock import MovableClock
from bot.worker import LEASE
from operations.perform import perform
from sandbox.aws import AwsSandbox
from storage import outbox
from storage.outbox import Lane
from storage.transactions import Database
from tests.operations.company import found_company


def stopped(pid: int) -> bool:
    """Tell whether a process stands still by a signal (proc(5), the state in /proc/pid/stat)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def grant_and_stop(database_url: str, aws_url: str, instance: Instance, now: datetime, pipe: "Pipe[Any, Any]") -> None:
    """Claim the one grant that is due, stop before AWS is asked for it, and say, woken up, whether it was done."""
    clock, database = MovableClock(now, frozen=True), Database(database_url, pool_size=2)
    clients = build_clients(
        "eu-west-1",
        throttle=Throttle(rate=1_000_000),
        endpoint_url=aws_url,
        session=boto3.session.Session("testing", "testing", region_name="eu-west-1"),
    )
    center, directory = IdentityCenter(clients, instance), Directory(clients, instance)
    company = found_company(database, AwsSandbox(), center, directory, clock)
    company.center.before("request_assignment", lambda: _stop(clock))
    with database.begin() as db:
        [claimed] = outbox.claim(db, Lane.GRANT, clock.now(), "zombie", LEASE, 1)
    pipe.send(perform(company.deps, claimed))
    database.close()


def _stop(clock: MovableClock) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    clock.move(timedelta(hours=1))  # what it finds when it looks at the clock again
