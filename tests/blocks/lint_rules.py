"""Small rules that the Block Kit linter is put together from; each yields what is wrong, with its place."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
_SHOWN = r"(?:\{date_short_pretty\} at \{time\}|\{time\}, \{date_short_pretty\})"
_DATE = rf"!date\^\d{{9,11}}\^{_SHOWN}\|\d{{4}}-\d\d-\d\d \d\d:\d\d UTC"
_ENTITY = re.compile(rf"<(?:@[UW][A-Z0-9]+|#[CGD][A-Z0-9]+|{_DATE}|https://[^<>|\s]+\|[^<>|]+)>")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


def loose_markup(words: str) -> bool:
    """Tell whether anything but our own control forms is left unescaped."""
    rest = _ENTITY.sub("", words)
    return "<" in rest or ">" in rest or bool(_LOOSE_AMPERSAND.search(words))


def string(most: int, least: int = 1) -> Rule:
    """Take a string within limits."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: not a string"
        elif not least <= len(value) <= most:
            yield f"{at}: {len(value)} characters, not {least} to {most}"

    return check


def whole(low: int, high: int) -> Rule:
    """Take a whole number within limits."""

    def check(value: Any, at: str) -> Iterator[str]:
        if type(value) is not int or not low <= value <= high:
            yield f"{at}: {value!r} is not {low} to {high}"

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    """Take true or false."""
    if type(value) is not bool:
        yield f"{at}: {value!r} is not true or false"


def one_of(*allowed: str) -> Rule:
    """Take one of these words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: {value!r} is none of {', '.join(allowed)}"

    return check


def rows(rule: Rule, low: int, high: int) -> Rule:
    """Take a list of so many things."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            yield f"{at}: not a list of {low} to {high}"
            return
        for number, each in enumerate(value):
            yield from rule(each, f"{at}/{number}")

    return check


def shape(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """Take an object with these keys and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: not an object"
            return
        yield from (f"{at}: unknown key {key}" for key in value if key not in known)
        yield from (f"{at}: missing {key}" for key in required if key not in value)
        for key in known.keys() & value.keys():
            yield from known[key](value[key], f"{at}/{key}")

    return check


def typed(table: dict[str, Rule]) -> Rule:
    """Take an object by its type; an unknown type is an error, as Slack has it."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in table:
            yield f"{at}: unknown type {kind!r} here"
            return
        rest = {key: each for key, each in value.items() if key != "type"}
        yield from table[str(kind)](rest, at)

    return check


def both(*checks: Rule) -> Rule:
    """Take what satisfies all of these."""

    def check(value: Any, at: str) -> Iterator[str]:
        for rule in checks:
            yield from rule(value, at)

    return check


def plain(most: int) -> Rule:
    """Take a plain_text object."""
    return typed({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def _escaped(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, str) and loose_markup(value):
        yield f"{at}: unescaped markup in {value!r}"


def _verbatim(value: Any, at: str) -> Iterator[str]:
    if value.get("verbatim") is not True:
        yield f"{at}: mrkdwn that is not verbatim"


def words(most: int) -> Rule:
    """Take a text object of either kind; mrkdwn must be escaped and verbatim."""
    mrkdwn = both(shape({"text": both(string(most), _escaped)}, {"verbatim": boolean}), _verbatim)
    return typed({"plain_text": shape({"text": string(most)}, {"emoji": boolean}), "mrkdwn": mrkdwn})


def distinct(key: str) -> Rule:
    """Take a list whose members differ in this key."""

    def check(value: Any, at: str) -> Iterator[str]:
        seen = (
            [each[key] for each in value if isinstance(each, dict) and key in each] if isinstance(value, list) else []
        )
        yield from (f"{at}: {key} {each!r} twice" for each in sorted({each for each in seen if seen.count(each) > 1}))

    return check
