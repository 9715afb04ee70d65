"""What people do in the company, whatever happens to the bot: they press, and press again when they saw no answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from access.extension import ExtensionForm
from access.form import RequestForm
from access.people import Person
from access.refusals import CannotTell, Refusal
from access.request import RequestId
from operations.decide import approve_request
from operations.end import revoke_session
from operations.extend import request_extension
from operations.identify import identify
from operations.submit import submit_request
from tests.access.given import MINUTE, RITA
from tests.faults.gates import Crash
from tests.faults.world import World
from tests.faults.world_process import Process

T = TypeVar("T")
IDLE = timedelta(seconds=1)
RESTARTED_AFTER = timedelta(seconds=20)
"""How long a supervisor takes to start the bot again: much less than a lease, so that old leases are still held."""
SOON = 4 * MINUTE
"""Longer than a lease and its restart, shorter than the wait for the second look after an end."""
FOR_EVER = timedelta(days=365)
_MOST_DEATHS, _MOST_PRESSES, _MOST_ROUNDS = 20, 6, 400


class Stuck(AssertionError):  # noqa: N818 - it states a fact
    """The company does not come to rest: people or workers try for ever."""


class Story:
    """People, a supervisor that starts the bot again whenever it dies, and a clock that jumps to what is due next."""

    def __init__(self, world: World, next_due: Callable[[], datetime | None]) -> None:
        self.world = world
        self._next_due = next_due
        self._process: Process | None = None

    def asks(self, request_id: RequestId, form: RequestForm, by: Person = RITA) -> None:
        """Send a form until it is seen to be taken; the same form is the same request."""

        def send(process: Process) -> None:
            if process.deps.identities.get(by.slack_id) is None:
                identify(process.deps, by.slack_id)
            try:
                submit_request(process.deps, form, by.slack_id, request_id)
            except CannotTell:
                identify(process.deps, by.slack_id)
                raise
            self.world.seen.append(request_id)

        self._press(send)

    def approves(self, request_id: RequestId, by: Person) -> None:
        """Press Approve until it counts, or somebody hears that it counted before."""
        self._press(lambda process: approve_request(process.deps, request_id, by.slack_id))

    def extends(self, request_id: RequestId, extension_id: RequestId, form: ExtensionForm, by: Person = RITA) -> None:
        """Ask for more time until it is seen to be taken; the same form is the same request."""

        def send(process: Process) -> None:
            request_extension(process.deps, request_id, form, by.slack_id, extension_id)
            self.world.seen.append(extension_id)

        self._press(send)

    def revokes(self, request_id: RequestId, by: Person) -> None:
        """Press Revoke and give a reason."""
        self._press(lambda process: revoke_session(process.deps, request_id, by.slack_id, "Not needed any more."))

    def rests(self, horizon: timedelta = SOON) -> None:
        """Let time pass until nothing is due within the horizon."""
        for _ in range(_MOST_ROUNDS):
            self._with_bot(Process.work)
            now, due = self.world.clock.now(), self._next_due()
            if due is None or due > now + horizon:
                return
            self.world.clock.move_to(max(due, now + IDLE))
        raise Stuck(f"there is always something due, at last at {self._next_due()}")

    def _press(self, gesture: Callable[[Process], object]) -> None:
        """Make a gesture as people do: a rule's no is an answer, an error or a silence is a reason to try again."""
        for _ in range(_MOST_PRESSES):
            try:
                self._with_bot(gesture)
            except CannotTell:
                self.world.clock.move(10 * IDLE)
            except Refusal:
                return
            except Exception:  # noqa: BLE001 - told as "could not be stored, try again in a minute"
                self.world.clock.move(60 * IDLE)
            else:
                return
        raise Stuck("somebody pressed in vain")

    def _with_bot(self, act: Callable[[Process], T]) -> T:
        """Let the running bot do something; when it dies of it, it is started again and it is done again."""
        for _ in range(_MOST_DEATHS):
            try:
                return act(self._process or self._start())
            except Crash:
                self._bury()
        raise Stuck("the bot cannot stay alive")

    def _start(self) -> Process:
        self.world.gates.revive()
        process = Process(self.world)
        try:
            process.start()
        except Exception:  # noqa: BLE001 - whatever keeps a bot from starting ends its process
            raise Crash from None
        self._process = process
        return process

    def _bury(self) -> None:
        self._process = None
        self.world.deaths += 1
        self.world.clock.move(RESTARTED_AFTER)
