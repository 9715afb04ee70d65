"""Names for what travels between Slack and an app as JSON."""

import json
from typing import Any

Json = dict[str, Any]
"""One JSON object as Slack or the app wrote it."""


def compact_size(value: object) -> int:
    """Count the bytes of `value` written as compact JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
