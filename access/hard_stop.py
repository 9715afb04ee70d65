"""The hard stop: a statement in the permission set itself that denies everything once its moment has passed.

AWS evaluates permissions at each request, so it holds for credentials that are already handed out, and when the bot is
down (AWS documents: IAM User Guide, "Policy evaluation logic" and "aws:CurrentTime"; Identity Center User Guide,
"Revoke active IAM role sessions created by permission sets").
"""

import json
from datetime import UTC, datetime
from typing import Any

EXPIRY_SID = "JitExpiry"
EXPIRY_BYTES = 138
"""What the statement takes of the 10,240 bytes without white space that an inline policy may have."""
_VERSION = "2012-10-17"


def with_expiry(policy: str, cut: datetime) -> str:
    """Return an inline policy, given as JSON or empty, that denies everything after `cut` (aware, to the second).

    The statement stands last and once: one that is there already gives way, so that an end can be moved. What stands
    before it is left as it was, for approvers have read it. Raises ValueError for a moment without a time zone.
    """
    if cut.tzinfo is None:
        raise ValueError("the hard stop needs a moment in a time zone")
    document: dict[str, Any] = json.loads(policy) if policy else {"Version": _VERSION}
    kept = [each for each in _statements(document) if each.get("Sid") != EXPIRY_SID]
    return json.dumps(document | {"Statement": [*kept, _expiry(cut)]}, indent=2, allow_nan=False)


def expiry_of(policy: str) -> datetime | None:
    """Read at which moment an inline policy begins to deny everything, or None where it does not."""
    statements = _statements(json.loads(policy)) if policy else []
    found = next((each for each in statements if each.get("Sid") == EXPIRY_SID), None)
    if found is None:
        return None
    return datetime.fromisoformat(found["Condition"]["DateGreaterThan"]["aws:CurrentTime"])


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    listed = document.get("Statement", [])
    return listed if isinstance(listed, list) else [listed]


def _expiry(cut: datetime) -> dict[str, object]:
    moment = f"{cut.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "Sid": EXPIRY_SID,
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateGreaterThan": {"aws:CurrentTime": moment}},
    }
