"""The rules for one statement of an identity policy (IAM User Guide, policy grammar and element reference)."""

import re
from typing import Any

KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
"""All keys of a statement in an identity policy, in the order they are written; Principal is none of them."""
RESERVED_SIDS = ("JitExpiry", "JitGuard")
"""Sids of statements that only the bot writes."""

_SID = re.compile(r"[0-9A-Za-z]*")
_ACTION = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+")
_ARN = re.compile(r"arn:[a-z*-]+:[^:]+:[^:]*:[^:]*:.*", re.DOTALL)
_COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_STRING_TESTS = ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")
OPERATORS = frozenset(
    {
        *(f"String{each}" for each in _STRING_TESTS),
        *(f"{kind}{each}" for kind in ("Numeric", "Date") for each in _COMPARISONS),
        *(f"Arn{each}" for each in ("Equals", "NotEquals", "Like", "NotLike")),
        "BinaryEquals",
        "Bool",
        "IpAddress",
        "NotIpAddress",
        "Null",
    }
)
"""Condition operators, without `ForAnyValue:`, `ForAllValues:` and `IfExists`."""


def statement_problems(statement: Any) -> list[str]:
    """Say what is wrong with one statement, one sentence each."""
    if not isinstance(statement, dict):
        return ["it must be a JSON object."]
    problems = [f'"{key}" is not a key of a statement here.' for key in statement if key not in KEYS]
    if statement.get("Effect") not in ("Allow", "Deny"):
        problems.append('"Effect" must be exactly "Allow" or "Deny".')
    problems += _sid_problems(statement.get("Sid", ""))
    problems += _one_of(statement, "Action", "NotAction", _action_problem)
    problems += _one_of(statement, "Resource", "NotResource", _resource_problem)
    if "Condition" in statement:
        problems += _condition_problems(statement["Condition"])
    return problems


def _sid_problems(sid: Any) -> list[str]:
    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        return ['"Sid" takes letters and digits only.']
    if sid.startswith(RESERVED_SIDS):
        return [f'the Sid "{sid}" is reserved for jitbot.']
    return []


def _one_of(statement: dict[str, Any], plain: str, negated: str, problem_of: Any) -> list[str]:
    given = [key for key in (plain, negated) if key in statement]
    if len(given) != 1:
        return [f'it needs either "{plain}" or "{negated}", and only one of them.']
    values = _texts(statement[given[0]])
    if values is None:
        return [f'"{given[0]}" must be a string or a list of strings, none of them empty.']
    return [problem for each in values if (problem := problem_of(each))]


def _texts(value: Any) -> list[str] | None:
    listed = value if isinstance(value, list) else [value]
    return listed if listed and all(isinstance(each, str) and each for each in listed) else None


def _action_problem(action: str) -> str | None:
    if _ACTION.fullmatch(action):
        return None
    return f'the action "{action}" must be written as service:Action, such as s3:GetObject.'


def _resource_problem(resource: str) -> str | None:
    if resource == "*" or _ARN.fullmatch(resource):
        return None
    return f'the resource "{resource}" must be an ARN or "*".'


def _condition_problems(condition: Any) -> list[str]:
    if not isinstance(condition, dict):
        return ['"Condition" must be a JSON object.']
    problems: list[str] = []
    for operator, tests in condition.items():
        if not _known(operator):
            problems.append(f'"{operator}" is not a condition operator.')
        if not isinstance(tests, dict) or not tests:
            problems.append(f'the condition "{operator}" needs condition keys with values.')
            continue
        problems += [
            f'the condition key "{key}" needs a value, or a list of values, of strings, numbers or true and false.'
            for key, value in tests.items()
            if not key or not _condition_value(value)
        ]
    return problems


def _known(operator: str) -> bool:
    bare = operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
    return bare in OPERATORS or (bare.removesuffix("IfExists") in OPERATORS - {"Null"})


def _condition_value(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(isinstance(each, str | int | float) for each in listed)
