"""Reading a call's arguments as Slack does: from the query, a form, or JSON."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.slack.api.call import ApiError
from sandbox.slack.wire import Json

_WRITTEN_AS_JSON = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
}
"""Arguments that are JSON even inside a form, and the error where they cannot be read."""


async def read_arguments(request: Request) -> Json:
    """Give a call's arguments by name; ApiError where they cannot be read."""
    body = await request.body()
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    args: Json = dict(request.query_params)
    args |= _json_object(body) if kind == "application/json" else dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {key: _decoded(key, value) for key, value in args.items()}


def _json_object(body: bytes) -> Json:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(read, dict):
        raise ApiError("json_not_object")
    return read


def _decoded(key: str, value: Any) -> Any:
    if key not in _WRITTEN_AS_JSON or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(_WRITTEN_AS_JSON[key]) from None
