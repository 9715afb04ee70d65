"""How performing an effect ended: done, done and stored already, or to be tried again."""

from dataclasses import dataclass
from enum import Enum


class Done(Enum):
    """The effect is done."""

    FINISH = "the row has still to be finished"
    FINISHED = "the row was finished in the transaction that stored what came of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not done yet: try again, in words; `unknown` tells that the effect may have happened all the same.

    `after` is the wait in seconds where it is known; otherwise the back-off decides. `polite` waits (something runs
    as it should and is only not finished) do not count as trouble.
    """

    words: str
    after: float | None = None
    unknown: bool = False
    polite: bool = False


Outcome = Done | Later
