"""What contradicts itself in a configuration file, told from plain values so that other mistakes do not hide it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from access.durations import AccessDuration
from access.permission_sets import LONGEST_CUSTOM_NAME, LONGEST_IN_AWS, HardStop
from bot.configuration_fields import parse_length
from bot.configuration_model import LimitsPart, nearest
from bot.configuration_yaml import Path

Finding: TypeAlias = tuple[Path, str]
SHORTEST = min(each.length for each in AccessDuration)


def contradictions(data: object) -> Iterator[Finding]:
    """List what contradicts itself, as (path, words); whatever has the wrong shape is passed over."""
    if not isinstance(data, dict):
        return
    for rule in (_empty, _twice_in_accounts, _twice_in_sets, _sets, _offered, _approvers, _limits, _identities):
        yield from rule(data)


def _items(data: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = data.get(name)
    return [(at, each) for at, each in enumerate(found if isinstance(found, list) else []) if isinstance(each, dict)]


def _twice(data: Mapping[str, Any], part: str, name: str, norm: Callable[[str], str]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, each in _items(data, part):
        value = each.get(name)
        if isinstance(value, str) and first.setdefault(norm(value), index) != index:
            yield (
                (part, index, name),
                f"{value} stands twice, first in {part}[{first[norm(value)]}]: remove one of them.",
            )


def _empty(data: Mapping[str, Any]) -> Iterator[Finding]:
    if data.get("accounts") == []:
        yield ("accounts",), "the list is empty: name at least one account."


def _twice_in_accounts(data: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _twice(data, "accounts", "id", str)
    yield from _twice(data, "accounts", "name", str.lower)


def _twice_in_sets(data: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _twice(data, "permission_sets", "name", str.lower)


def _sets(data: Mapping[str, Any]) -> Iterator[Finding]:
    content = ("managed_policies", "inline_policy", "session_duration")
    for index, each in _items(data, "permission_sets"):
        path: Path = ("permission_sets", index)
        named = [name for name in content if name in each]
        if each.get("existing") is True and named:
            yield (
                (*path, "existing"),
                f"a set found in AWS is not defined here: remove {' and '.join(named)}, or existing.",
            )
        elif each.get("existing") is not True and not each.get("managed_policies") and not each.get("inline_policy"):
            yield path, "this set gives nothing: add managed_policies or inline_policy, or write existing: true."
        if each.get("hard_stop") == HardStop.CLONE:
            yield from _clones(path, each)


def _clones(path: Path, each: Mapping[str, Any]) -> Iterator[Finding]:
    """Tell what keeps a set from being copied for each session."""
    name = str(each.get("name"))
    if each.get("existing") is True:
        yield (
            (*path, "hard_stop"),
            "a set found in AWS cannot be copied: define its content here, or write hard_stop: none.",
        )
    if len(name) > LONGEST_CUSTOM_NAME:
        named = f"copies are named JIT-{name}-xxxx, and AWS takes {LONGEST_IN_AWS} characters:"
        yield (*path, "name"), f"{named} at most {LONGEST_CUSTOM_NAME} here, or write hard_stop: none."


def _offered(data: Mapping[str, Any]) -> Iterator[Finding]:
    defined = {str(each.get("name")) for _, each in _items(data, "permission_sets")}
    for index, account in _items(data, "accounts"):
        path: Path = ("accounts", index, "permission_sets")
        names = account.get("permission_sets", [])
        if not isinstance(names, list):
            continue
        if not names and account.get("custom_sets") is False:
            yield path[:-1], "nothing can be asked for here: list permission_sets, or allow custom_sets."
        for at, name in enumerate(names):
            if name in names[:at]:
                yield (*path, at), f"{name} stands twice in this list: remove one of them."
            elif isinstance(name, str) and name not in defined:
                yield (*path, at), _undefined(name, defined)


def _undefined(name: str, defined: set[str]) -> str:
    meant = nearest(name, defined)
    if meant:
        return f"no permission set is named {name}. Did you mean {meant}?"
    return f"no permission set is named {name}: define it under permission_sets."


def _approvers(data: Mapping[str, Any]) -> Iterator[Finding]:
    if data.get("sso_admins"):
        return
    accounts = _items(data, "accounts")
    if any(account.get("custom_sets", True) is True for _, account in accounts):
        yield (
            ("sso_admins",),
            "nobody is named, and custom sets need an SSO admin: name one, or write custom_sets: false everywhere.",
        )
    for index, account in accounts:
        if not account.get("owners"):
            yield ("accounts", index), "nobody can decide here: name owners, or sso_admins for all accounts."


def _limits(data: Mapping[str, Any]) -> Iterator[Finding]:
    given = data.get("limits", {})
    if not isinstance(given, dict):
        return
    limits = {
        name: parse_length(given[name]) if name in given else field.default
        for name, field in LimitsPart.model_fields.items()
        if isinstance(field.default, timedelta)
    }
    lapse = limits["lapse_after"] or timedelta.max
    for name, what in (("remind_after", "nobody would be reminded"), ("escalate_after", "nothing would escalate")):
        value = limits[name]
        if value and value >= lapse:
            yield ("limits", name), f"{what}, for requests lapse after {lapse}: make it shorter than lapse_after."
    if limits["announce_before"] and limits["announce_before"] >= SHORTEST:
        yield ("limits", "announce_before"), "it must be shorter than the shortest access duration, 1 hour."


def _identities(data: Mapping[str, Any]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    given = data.get("identities", {})
    for slack_id, email in given.items() if isinstance(given, dict) else ():
        if isinstance(email, str) and first.setdefault(email.lower(), slack_id) != slack_id:
            yield (
                ("identities", slack_id),
                f"{email} is already the identity of {first[email.lower()]}: two people cannot share one.",
            )
