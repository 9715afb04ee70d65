"""Reads JSON more strictly than `json` does: no key twice, no NaN, nothing that AWS cannot store."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

_DEEPEST = 32
"""Levels of brackets; a policy needs six."""
_BLANKS = "\t\n\r"
_LAST_LATIN = "\xff"


class _Refused(ValueError):  # noqa: N818 - a word of this module only
    """JSON that Python would have taken."""


def read_json(text: str) -> tuple[Any, list[str]]:
    """Read JSON; returns the value and the problems in words, with None as value where it cannot be read."""
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return made

    if _depth(text) > _DEEPEST:
        return None, ["The policy has too many brackets inside each other."]
    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        return None, [f"The policy is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."]
    except ValueError as error:
        return None, [f"The policy is not JSON: {error}."]
    return document, [f'The key "{key}" stands twice in one object; only one of them would count.' for key in repeated]


def unfit_characters(text: str, document: Any) -> list[str]:
    """Name characters that AWS does not take, in the text and in values written as escapes."""
    written = {each for each in text if not _fit(each)}
    decoded = {each for value in _strings(document) for each in value if not _fit(each)} - written
    problems = [f"The policy holds {_named(written)}: AWS takes only Latin-1 characters."] if written else []
    return problems + ([f"The policy holds {_named(decoded)}, written as an escape."] if decoded else [])


def _named(characters: set[str]) -> str:
    return ", ".join(f"the character U+{ord(each):04X}" for each in sorted(characters)[:3])


def _fit(character: str) -> bool:
    return character in _BLANKS or " " <= character <= _LAST_LATIN


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)


def _depth(text: str) -> int:
    """Count brackets roughly, those within strings included, so that no text can exhaust the stack."""
    deepest = level = 0
    for character in text:
        if character in "[{":
            level += 1
            deepest = max(deepest, level)
        elif character in "]}":
            level -= 1
    return deepest


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _Refused(f"{digits} is too large a number")
    return value
