"""A gate around a port: what happens before and after each call, death included, is the test's to say."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

Happening = Callable[[], object]


class Crash(BaseException):
    """The process dies at this point: nothing may catch it."""


def crash() -> None:
    """Die."""
    raise Crash


def raises(error: BaseException) -> Happening:
    """Give a happening that raises."""

    def happen() -> None:
        raise error

    return happen


class Gate:
    """Stands for `inside` and passes every call on; each happening is used once, in order.

    What happens after a call happens when it has had its effect: an error raised there is a lost answer.
    """

    def __init__(self, inside: object) -> None:
        self.inside = inside
        self.calls: list[str] = []
        self._before: defaultdict[str, deque[Happening]] = defaultdict(deque)
        self._after: defaultdict[str, deque[Happening]] = defaultdict(deque)

    def before(self, method: str, *happenings: Happening) -> None:
        """Let these happen before the next calls of a method."""
        self._before[method].extend(happenings)

    def after(self, method: str, *happenings: Happening) -> None:
        """Let these happen after the next calls of a method."""
        self._after[method].extend(happenings)

    @property
    def unused(self) -> int:
        """Count the happenings that never happened."""
        return sum(len(each) for each in (*self._before.values(), *self._after.values()))

    def __getattr__(self, method: str) -> Any:
        target = getattr(self.inside, method)

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append(method)
            _happen(self._before[method])
            answer = target(*arguments, **named)
            _happen(self._after[method])
            return answer

        return call


def _happen(queue: deque[Happening]) -> None:
    if queue:
        queue.popleft()()
