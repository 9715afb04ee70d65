"""The bot as a real process that kills itself at one of its gates: `python -m tests.faults.world_kill_child run …`.

Nothing of the product knows of it: the program is started as it is, with gates around its commits and its calls of AWS
and Slack, a clock that a file moves, and shorter pauses between two looks.

`CRASH_AT` is the number of the gate (0: none), `CRASH_MOMENT` is `before` or `after` its effect, `GATES_JOURNAL` is
where each gate is written down before it is passed, `CLOCK_FILE` holds by how many seconds the clock is ahead.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar

from botocore.client import BaseClient
from slack_sdk.web.base_client import BaseClient as SlackClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bot import cli, commands, scheduler, worker
from bot.build import build
from bot.clock import MovableClock
from storage.watching import has_written

T = TypeVar("T")
_LONGEST_PAUSE = 0.05


class FileClock(MovableClock):
    """Runs by itself, ahead by as many seconds as the file says."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _passed(self) -> timedelta:
        return super()._passed() + timedelta(seconds=float(self._file.read_text() or 0))


class KillingGates:
    """Counts what passes, from all threads, and kills the process at one of them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._at = int(environment.get("CRASH_AT", "0"))
        self._after = environment.get("CRASH_MOMENT") == "after"
        self._journal = os.open(environment["GATES_JOURNAL"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = 0
        self._lock = threading.Lock()

    def io(self, name: str, effect: Callable[[], T]) -> T:
        """Pass a gate, or die before or after its effect."""
        with self._lock:
            self._count += 1
            mine = self._count == self._at
            os.write(self._journal, f"{self._count} {name}\n".encode())
        if mine and not self._after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = effect()
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def gate_commits(gates: KillingGates) -> None:
    """Let every commit that writes pass a gate."""
    wrote = threading.local()
    commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

    def noted(db: Connection) -> None:
        wrote.it = has_written(db)

    def gated(dialect: DefaultDialect, dbapi: Any) -> None:
        if getattr(wrote, "it", False):
            wrote.it = False
            gates.io("commit", lambda: commit(dialect, dbapi))
        else:
            commit(dialect, dbapi)

    event.listen(Engine, "commit", noted)
    DefaultDialect.do_commit = gated  # type: ignore[method-assign]


def gate_calls(gates: KillingGates, client: type, method: str, whose: str) -> None:
    """Let every call of a client pass a gate; its first argument names it."""
    inside = getattr(client, method)

    @wraps(inside)
    def gated(this: object, name: str, *arguments: Any, **named: Any) -> Any:
        return gates.io(f"{whose} {name}", lambda: inside(this, name, *arguments, **named))

    setattr(client, method, gated)


def main() -> None:
    """Put the gates in place, and start the program."""
    gates = KillingGates(os.environ)
    gate_commits(gates)
    gate_calls(gates, BaseClient, "_make_api_call", "aws")
    gate_calls(gates, SlackClient, "api_call", "slack")
    clock = FileClock(Path(os.environ["CLOCK_FILE"]))
    commands.build = partial(  # type: ignore[attr-defined]
        build, clock=clock, wait=lambda seconds: time.sleep(min(seconds, _LONGEST_PAUSE))
    )
    scheduler.SWEEP_SECONDS = 0.3  # type: ignore[assignment]
    worker._IDLE = 0.1
    sys.argv[0] = "jitbot"
    cli.main()


if __name__ == "__main__":
    main()
