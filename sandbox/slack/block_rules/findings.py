"""What a Block Kit rule finds wrong, and where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing Slack would refuse; `pointer` is a JSON pointer from the call's arguments."""

    pointer: str
    message: str

    @property
    def line(self) -> str:
        """The way Slack writes it."""
        return f"{self.message} [json-pointer:{self.pointer}]"


Rule = Callable[[Any, str], Iterator[Finding]]
"""Looks at one value at one JSON pointer."""


def wrong(pointer: str, message: str) -> Iterator[Finding]:
    """Give a single finding."""
    yield Finding(pointer=pointer, message=message)
