"""A model of how AWS decides a request by identity policies: an explicit deny wins, then an allow is needed.

Only what the tests need of it (IAM User Guide, "Policy evaluation logic" and "Condition operators"); anything else in a
policy is an error of the test rather than a guess.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

Context = Mapping[str, str]
"""Condition keys and their values: dates as ISO 8601 with Z."""


def allowed(policies: Iterable[str], action: str, context: Context, resource: str = "*") -> bool:
    """Tell whether a principal with these inline policies may do something now."""
    matching = [
        statement["Effect"]
        for policy in policies
        for statement in _listed(json.loads(policy)["Statement"])
        if _matches(statement, action, resource, context)
    ]
    return "Deny" not in matching and "Allow" in matching


def _matches(statement: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    unknown = statement.keys() - {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert not unknown, f"the model does not know {unknown}"
    return (
        any(fnmatchcase(action.lower(), each.lower()) for each in _listed(statement["Action"]))
        and any(fnmatchcase(resource, each) for each in _listed(statement["Resource"]))
        and all(_holds(operator, tests, context) for operator, tests in statement.get("Condition", {}).items())
    )


def _holds(operator: str, tests: dict[str, Any], context: Context) -> bool:
    lowered = {key.lower(): value for key, value in context.items()}
    return all(
        key.lower() in lowered and any(_TESTS[operator](lowered[key.lower()], wanted) for wanted in _listed(values))
        for key, values in tests.items()
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda is_, wanted: is_ == wanted,
    "DateGreaterThan": lambda is_, wanted: _moment(is_) > _moment(wanted),
    "DateLessThan": lambda is_, wanted: _moment(is_) < _moment(wanted),
}
