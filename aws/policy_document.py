"""Reads an inline policy strictly and writes it canonically, so that approvers see the very bytes AWS receives.

The rules are those of the IAM policy grammar (IAM User Guide, "Grammar of the IAM JSON policy language") and of
sso-admin PutInlinePolicyToPermissionSet; what AWS merely shrugs at is refused here, in words.
"""

import json
from typing import Any

from aws.policy_json import read_json, unfit_characters
from aws.policy_statement import KEYS, statement_problems

VERSION = "2012-10-17"
LONGEST_POLICY = 10_240
"""Bytes without white space that one inline policy may have."""
LONGEST_TEXT = 32_768
"""Characters that PutInlinePolicyToPermissionSet takes."""
_TOP_KEYS = ("Version", "Id", "Statement")
_MOST_SHOWN = 6


class PolicyProblems(ValueError):  # noqa: N818 - it lists problems, each a sentence for a person
    """A policy that cannot be sent; `problems` are sentences for the person who wrote it."""

    def __init__(self, problems: list[str]) -> None:
        hidden = len(problems) - _MOST_SHOWN
        shown = problems[:_MOST_SHOWN] + ([f"And {hidden} more."] if hidden > 0 else [])
        super().__init__(" ".join(shown))
        self.problems = tuple(problems)


def parse_policy(text: str, *, reserve: int = 0) -> str:
    """Return the policy in its canonical form; `reserve` bytes are kept free for statements the bot adds.

    Canonical is what people can read: keys in the grammar's order, set out over lines (AWS does not count white space),
    every character beyond ASCII as its code, so that nothing can hide.

    Raises PolicyProblems with every problem found, in words.
    """
    if len(text) > LONGEST_TEXT:
        raise PolicyProblems([f"The policy has {len(text):,} characters; AWS takes {LONGEST_TEXT:,}."])
    document, problems = read_json(text)
    problems += unfit_characters(text, document)
    if not problems or document is not None:
        problems += _document_problems(document)
    if problems:
        raise PolicyProblems(problems)
    canonical = _canonical(document)
    size, most = policy_size(canonical), LONGEST_POLICY - reserve
    if size > most:
        beside = " beside what jitbot adds" if reserve else ""
        raise PolicyProblems([f"The policy has {size:,} bytes without white space; at most {most:,} fit{beside}."])
    if len(canonical) > LONGEST_TEXT:
        words = f"Set out over lines the policy has {len(canonical):,} characters; AWS takes {LONGEST_TEXT:,}."
        raise PolicyProblems([words])
    return canonical


def policy_size(text: str) -> int:
    """Count the bytes that AWS counts: all but white space."""
    return len("".join(text.split()).encode())


def _document_problems(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return ["The policy must be a JSON object: { … }."]
    problems = [
        f'"{key}" is not a key of a policy; it has Version, Id and Statement.'
        for key in document.keys() - set(_TOP_KEYS)
    ]
    problems.sort()
    if document.get("Version") != VERSION:
        problems.append(f'The policy needs "Version": "{VERSION}".')
    if not isinstance(document.get("Id", ""), str):
        problems.append('"Id" must be a string.')
    return problems + _statements_problems(document.get("Statement"))


def _statements_problems(statements: Any) -> list[str]:
    listed = statements if isinstance(statements, list) else [statements]
    if statements is None or not listed:
        return ['The policy needs at least one statement in "Statement".']
    problems: list[str] = []
    sids: set[str] = set()
    for number, statement in enumerate(listed, 1):
        found = statement_problems(statement)
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        if isinstance(sid, str) and sid:
            if sid in sids:
                found.append(f'The Sid "{sid}" stands twice.')
            sids.add(sid)
        problems += [f"Statement {number}: {each}" for each in found]
    return problems


def _canonical(document: dict[str, Any]) -> str:
    statements = document["Statement"]
    ordered = {key: document[key] for key in _TOP_KEYS if key in document}
    ordered["Statement"] = [_ordered(each) for each in (statements if isinstance(statements, list) else [statements])]
    return json.dumps(ordered, indent=2, allow_nan=False)


def _ordered(statement: dict[str, Any]) -> dict[str, Any]:
    return {key: statement[key] for key in KEYS if key in statement}
