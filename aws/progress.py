"""Waiting for AWS, with a bound: how far an asynchronous operation is, and when to ask next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aws.errors import FORGOTTEN

FIRST_DELAY = 1.0
GROWTH = 1.5
LONGEST_DELAY = 5.0
LONGEST_POLL = 300.0


class State(StrEnum):
    """How far an operation is, as AWS writes it."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an operation is; `reason` is AWS's own text where it FAILED, `known` whether AWS knows it (yet)."""

    state: State
    reason: str = ""
    known: bool = True

    @property
    def over(self) -> bool:
        """Tell whether it has come to its end, well or badly."""
        return self.state is not State.IN_PROGRESS


NOT_YET = Progress(state=State.IN_PROGRESS, known=False)
"""What AWS may say right after an order: it does not know it yet."""


def progress_of(status: Mapping[str, Any]) -> Progress:
    """Read how far an operation is from AWS's own description of it."""
    return Progress(state=State(status["Status"]), reason=status.get("FailureReason", ""))


def delays(bound: float = LONGEST_POLL) -> Iterator[float]:
    """Yield the seconds to wait before each question: 1, 1.5, 2.25 and so on up to 5, `bound` in total."""
    delay, waited = FIRST_DELAY, 0.0
    while waited + delay <= bound:
        yield delay
        waited += delay
        delay = min(delay * GROWTH, LONGEST_DELAY)


def poll(ask: Callable[[], Progress], wait: Callable[[float], None], *, bound: float = LONGEST_POLL) -> Progress:
    """Ask until it is over, or `bound` seconds have been waited; `wait` is told the seconds.

    Returns the last answer, which is IN_PROGRESS where the bound was reached. AWS may not know an operation right
    after the order; one that it does not know at the bound either was lost, and counts as FAILED.
    """
    last = Progress(state=State.IN_PROGRESS)
    for delay in delays(bound):
        wait(delay)
        last = ask()
        if last.over:
            break
    return last if last.known else Progress(state=State.FAILED, reason=FORGOTTEN)
