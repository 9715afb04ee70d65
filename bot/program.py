"""Runs the program: the database first, then what ends sessions, then what listens to Slack."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from slack_bolt import BoltRequest
from sqlalchemy.exc import SQLAlchemyError

from bot.build import Parts
from bot.configuration import Configuration
from bot.measuring import measure
from bot.scheduler import Scheduler
from operations.first_ends import end_far_reaching_first
from operations.keep_sets import keep_standard_sets
from operations.started import record_configuration
from slackapi.errors import LookUpFailed
from storage import outbox
from storage.listening import Listener
from storage.troubles import why_unwritten

log = logging.getLogger(__name__)
STOP_WITHIN = 25.0
"""Seconds; container platforms kill after 30."""
_ASK_SLACK_EVERY = 5.0
_ASK_AWS_EVERY = 30.0


class Transport(Protocol):
    """Brings Slack's gestures to the app."""

    @property
    def connected(self) -> bool:
        """Tell whether gestures arrive."""

    def check(self) -> str | None:
        """Say for /readyz what keeps gestures away, or None."""

    def start(self) -> None:
        """Begin in the background; Slack being away is waited for."""

    def stop(self, timeout: float) -> None:
        """Take nothing new, finish what is in flight."""


class Program:
    """One running bot: the database first, then overdue ends, the outbox and the sweeps; Slack is met meanwhile."""

    def __init__(self, parts: Parts, configuration: Configuration, path: str, transport: Transport) -> None:
        self.parts = parts
        self.scheduler = Scheduler(parts.deps, self._refresh, lambda: measure(parts.deps, parts.metrics))
        database = parts.deps.database
        self.listener = Listener(database.url, parts.worker.wake) if database.dialect == "postgresql" else None
        parts.metrics.watch_sweep(lambda: self.scheduler.age)
        parts.metrics.watch_slack(lambda: transport.connected)
        self._configuration = configuration
        self._path = path
        self._transport = transport
        self._stopping = threading.Event()
        self._recorded = False
        self._slack_trouble = "Slack was not asked yet"
        self.slack_known = threading.Event()

    def check_slack(self) -> str | None:
        """Say for /readyz what keeps Slack's gestures away, or None."""
        return self._transport.check() if self.slack_known.is_set() else self._slack_trouble

    def start(self) -> None:
        """Start everything; raises what the database refuses, and waits for nobody else."""
        database = self.parts.deps.database
        database.claim_process()
        database.upgrade()
        _unless_unwritable(self._record_configuration)
        _unless_unwritable(self._free_leases)
        threading.Thread(target=self._meet_slack, name="meet-slack", daemon=True).start()
        end_far_reaching_first(self.parts.deps)
        self.parts.worker.start()
        self.scheduler.start()
        if self.listener:
            self.listener.start()

    def _record_configuration(self) -> None:
        if self._recorded:
            return
        accounts, sets = len(self._configuration.accounts), len(self._configuration.standard_sets)
        summary = f"{accounts} accounts, {sets} standard permission sets"
        record_configuration(self.parts.deps, self._path, self._configuration.digest, summary)
        self._recorded = True

    def _free_leases(self) -> None:
        """Take over at once what a killed process held: nobody else works on a SQLite file that is claimed."""
        deps = self.parts.deps
        if deps.database.path is None:
            return
        with deps.database.begin() as db:
            freed = outbox.hand_back(db, None, deps.clock.now())
        if freed:
            log.warning("%d effects were under way when the bot ended without a stop", freed)

    def stop(self) -> None:
        """Take nothing new, finish or hand back what is held, close the database."""
        self._stopping.set()
        if self.slack_known.is_set():
            self._transport.stop(STOP_WITHIN / 3)
        _finish(self.parts.listeners, STOP_WITHIN / 12)
        self.scheduler.stop(STOP_WITHIN / 12)
        self.parts.background.shutdown(wait=False, cancel_futures=True)
        self.parts.drawing.shutdown(wait=False, cancel_futures=True)
        if self.listener:
            self.listener.stop(STOP_WITHIN / 12)
        self.parts.worker.stop(STOP_WITHIN / 2)
        self.parts.deps.database.close()
        log.info("stopped; what was unfinished is in the outbox")

    def _meet_slack(self) -> None:
        """Wait until Slack knows the token and gestures can be taken; ends are carried out meanwhile."""
        while not self._stopping.is_set():
            try:
                self._listen()
            except LookUpFailed as failure:
                self._say(f"Slack is not there yet: {failure}")
            except OSError as failure:
                self._say(f"Slack's requests cannot be taken yet: {failure}. Is HTTP_ADDR right?")
            else:
                return
            self._stopping.wait(_ASK_SLACK_EVERY)

    def _listen(self) -> None:
        self.parts.people.home()
        warm_up(self.parts)
        self._transport.start()
        self.slack_known.set()
        log.info("Slack knows the bot's token")

    def _say(self, trouble: str) -> None:
        self._slack_trouble = trouble
        if not self._stopping.is_set():
            log.warning("%s", trouble)

    def _refresh(self) -> None:
        """Bring what is known of AWS up to date; where Identity Center was never found, ask again soon."""
        _unless_unwritable(self._record_configuration)
        while not self._refreshed() and self.parts.aws.trouble:
            if self._stopping.wait(_ASK_AWS_EVERY):
                return

    def _refreshed(self) -> bool:
        """Find Identity Center, bring what is cached of AWS up to date, and the kept sets in step."""
        try:
            self.parts.aws()
            self.parts.shelf.refresh()
            keep_standard_sets(self.parts.deps)
        except Exception as error:  # noqa: BLE001 - the next round comes, whatever it was
            if not self._stopping.is_set():
                log.warning("AWS could not be asked yet: %s", error)
            return False
        return True


def _unless_unwritable(write: Callable[[], None]) -> None:
    """Write at the start; where nothing can be written, ends are carried out all the same (decisions/0008)."""
    try:
        write()
    except SQLAlchemyError as error:
        why = why_unwritten(error)
        if why is None:
            raise
        log.error("the start cannot be recorded yet: %s", why)  # noqa: TRY400 - in words


def _finish(pool: ThreadPoolExecutor, seconds: float) -> None:
    """Let a pool finish what it has begun, within so many seconds; what an answer has promised is to be stored."""
    waiting = threading.Thread(target=pool.shutdown, daemon=True)
    waiting.start()
    waiting.join(seconds)


def warm_up(parts: Parts) -> None:
    """Send a gesture of our own through the app, so that the first person does not wait for Bolt's auth.test."""
    body = {"type": "event_callback", "event": {"type": "jitbot_warm_up"}}
    parts.app.dispatch(BoltRequest(mode="socket_mode", body=body))
