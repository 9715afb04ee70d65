"""Cursors: handing a long list out in pages."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.api.call import ApiError, Call
from sandbox.slack.wire import Json

Item = TypeVar("Item")
LARGEST_PAGE = 999
"""Items one page of conversations.history may have; we hold every list to it (docs.slack.dev, pagination)."""


def page_of(call: Call, items: Sequence[Item], usual: int) -> tuple[list[Item], Json]:
    """Cut out the page a call asks for, and give the response_metadata with the next cursor."""
    size = call.number("limit", usual) or usual
    if size > LARGEST_PAGE:
        raise ApiError("invalid_limit")
    start = _start(call.text("cursor"))
    following = start + size
    cursor = base64.b64encode(f"next:{following}".encode()).decode() if following < len(items) else ""
    return list(items[start:following]), {"next_cursor": cursor}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise ApiError("invalid_cursor") from None
