"""One numbered gate for all I/O of the bot: at each gate it can die, or the call can fail in one of three ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Crash(BaseException):
    """The process dies at this point: nothing may catch it, and nothing it does on the way out has an effect."""


class Mode(StrEnum):
    """What happens at a gate instead of what should."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    FAIL = "fails, and says so"
    LOST_CALL = "no effect, no answer"
    LOST_ANSWER = "effect, no answer"


READS = (Mode.FAIL,)
COMMITS = (Mode.CRASH_BEFORE, Mode.FAIL, Mode.LOST_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a gate leads to: `failed` is the error of a call that surely did nothing, `lost` of one without an answer.

    `modes` are those that differ: a crash after one effect is the same as a crash before the next, since nothing
    outside the process changes in between; a failed commit has one face; and a call that only reads loses nothing.
    """

    name: str
    failed: Callable[[], Exception]
    lost: Callable[[], Exception]
    modes: tuple[Mode, ...] = (Mode.CRASH_BEFORE, Mode.FAIL, Mode.LOST_CALL, Mode.LOST_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One gate that was passed in a run."""

    number: int
    kind: Kind
    mode: Mode | None


class Gates:
    """Counts the gates of one run and lets happen what is planned; `watch` looks at the world around every effect."""

    def __init__(self, plan: Mapping[int, Mode] | None = None) -> None:
        self.passed: list[Passed] = []
        self.watch: Callable[[Kind], None] = lambda _: None
        self._plan = dict(plan or {})
        self._dead = False

    @property
    def count(self) -> int:
        """How many gates were passed so far."""
        return len(self.passed)

    @property
    def met(self) -> list[Passed]:
        """List the gates at which something happened."""
        return [each for each in self.passed if each.mode is not None]

    def io(self, kind: Kind, effect: Callable[[], T]) -> T:
        """Pass one gate: look, have the effect, look again, and let go wrong what is planned for this number."""
        if self._dead:
            raise Crash  # on its way out a dead process reaches nothing any more
        mode = self._plan.get(self.count + 1)
        self.passed.append(Passed(number=self.count + 1, kind=kind, mode=mode))
        self.watch(kind)
        match mode:
            case Mode.CRASH_BEFORE:
                self._die()
            case Mode.FAIL:
                raise kind.failed()
            case Mode.LOST_CALL:
                raise kind.lost()
        answer = effect()
        self.watch(kind)
        match mode:
            case Mode.CRASH_AFTER:
                self._die()
            case Mode.LOST_ANSWER:
                raise kind.lost()
        return answer

    def revive(self) -> None:
        """Let a new process do I/O."""
        self._dead = False

    def _die(self) -> None:
        self._dead = True
        raise Crash
