"""The small rules all others are made of: texts, numbers, lists, and objects with known keys."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sandbox.slack.block_rules.findings import Finding, Rule, wrong

NONE: Mapping[str, Rule] = {}


def anything(_value: Any, _pointer: str) -> Iterator[Finding]:
    """Find nothing: for what Slack documents too little to check."""
    return iter(())


def text(longest: int, shortest: int = 1) -> Rule:
    """Want a string of so many characters, in Slack's words for it."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield from wrong(pointer, "must provide a string")
        elif len(value) < shortest:
            yield from wrong(pointer, f"must be more than {shortest - 1} characters")
        elif len(value) > longest:
            yield from wrong(pointer, f"must be less than {longest + 1} characters")

    return rule


def boolean(value: Any, pointer: str) -> Iterator[Finding]:
    """Want true or false."""
    if not isinstance(value, bool):
        yield from wrong(pointer, "must provide a boolean")


def whole(low: int, high: int) -> Rule:
    """Want a whole number in a range."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield from wrong(pointer, "must provide an integer")
        elif not low <= value <= high:
            yield from wrong(pointer, f"must be between {low} and {high}")

    return rule


def one_of(*allowed: str) -> Rule:
    """Want one of a few words."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if value not in allowed:
            yield from wrong(pointer, f"must be a valid enum value: {', '.join(allowed)}")

    return rule


def items(each: Rule, low: int, high: int) -> Rule:
    """Want a list of so many things, each by its own rule."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if not isinstance(value, list):
            yield from wrong(pointer, "must provide an array")
            return
        if len(value) > high:
            yield from wrong(pointer, f"no more than {high} items allowed")
        if len(value) < low:
            yield from wrong(pointer, f"no fewer than {low} items allowed")
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return rule


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] = NONE, *, also: Collection[Rule] = ()) -> Rule:
    """Want an object with these keys and no others; `also` looks at the whole where its keys are sound."""
    known = {**required, **optional}

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if not isinstance(value, dict):
            yield from wrong(pointer, "must provide an object")
            return
        missing = [key for key in required if value.get(key) is None]
        findings = [Finding(pointer=pointer, message=f"missing required field: {key}") for key in missing]
        findings += [each for key, held in value.items() for each in _keyed(known, key, held, pointer)]
        yield from findings or (each for more in also for each in more(value, pointer))

    return rule


def _keyed(known: Mapping[str, Rule], key: str, held: Any, pointer: str) -> Iterator[Finding]:
    """Look at what one key holds; null stands for an absent key."""
    if key not in known:
        yield from wrong(pointer, f"invalid additional property: {key}")
    elif held is not None:
        yield from known[key](held, f"{pointer}/{key}")


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """Want an object whose `type` is known here, and that type's rule."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            yield from wrong(pointer, "missing required field: type")
        elif not isinstance(kind, str) or kind not in rules:
            yield from wrong(f"{pointer}/type", f"unsupported type: {kind}")
        else:
            yield from rules[kind](value, pointer)

    return rule


def only_one(*keys: str) -> Rule:
    """Want exactly one of these keys."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if sum(value.get(key) is not None for key in keys) != 1:
            yield from wrong(pointer, f"must provide exactly one of: {', '.join(keys)}")

    return rule


def at_least_one(*keys: str) -> Rule:
    """Want one of these keys or more."""

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        if not any(value.get(key) is not None for key in keys):
            yield from wrong(pointer, f"must provide at least one of: {', '.join(keys)}")

    return rule


def no_repeats(values: Collection[Any], pointer: str, what: str) -> Iterator[Finding]:
    """Find values that stand twice."""
    known: set[Any] = set()
    for value in values:
        if value in known:
            yield from wrong(pointer, f"duplicate {what}: {value}")
        known.add(value)
