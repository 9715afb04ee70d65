"""What an approver should be warned of in a policy, as far as the names of the actions tell."""

import json
from collections.abc import Iterator
from typing import Any

ADMIN = "ADMIN"
"""It allows every action there is."""
GRANTS_ITSELF = "GRANTS-ITSELF"
"""It could change who has access: a write in one of the services below."""
ACCESS_SERVICES = ("sso", "sso-directory", "identitystore", "account-access", "organizations")
_READING = ("describe", "get", "ismemberin", "list", "search")


def badges(policy_text: str) -> tuple[str, ...]:
    """Name the warnings for a policy that `parse_policy` returned; a Condition never makes one go away."""
    found: set[str] = set()
    for statement in _allowing(json.loads(policy_text)):
        if "NotAction" in statement:
            excluded = _listed(statement["NotAction"])
            if not all(any(_covers(pattern, service) for pattern in excluded) for service in ACCESS_SERVICES):
                found.add(GRANTS_ITSELF)
            continue
        actions = _listed(statement.get("Action", []))
        if any(_everything(each) for each in actions):
            found.add(ADMIN)
        if any(_changes_access(each) for each in actions):
            found.add(GRANTS_ITSELF)
    return tuple(each for each in (ADMIN, GRANTS_ITSELF) if each in found)


def _allowing(document: Any) -> Iterator[dict[str, Any]]:
    return (each for each in _listed(document["Statement"]) if each.get("Effect") == "Allow")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _everything(action: str) -> bool:
    return not action.strip("*:")


def _matches(pattern: str, text: str) -> bool:
    """Match a stranger's wildcards, in time that grows with their number and never explodes, as a regex can."""
    reached = {0}
    for each in pattern.lower():
        if each == "*":
            reached = set(range(min(reached), len(text) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(text) and each in {"?", text[at]}}
        if not reached:
            return False
    return len(text) in reached


def _changes_access(action: str) -> bool:
    service, colon, name = action.partition(":")
    if not colon:
        return _everything(action)
    # A wildcard within the verb could stand for a write, so only a verb spelled out proves that nothing is changed.
    reading = name.lower().startswith(_READING)
    return not reading and any(_matches(service, each) for each in ACCESS_SERVICES)


def _covers(pattern: str, service: str) -> bool:
    prefix, colon, name = pattern.partition(":")
    if not colon:
        return _everything(pattern)
    return _matches(prefix, service) and not name.strip("*")
