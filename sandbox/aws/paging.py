"""Pages of a list, each with a token for the next one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.aws.errors import invalid
from sandbox.aws.world import World

Params = Mapping[str, Any]
Answer = dict[str, Any]
_START = "page-"


def page(world: World, params: Params, key: str, items: Sequence[Any]) -> Answer:
    """Answer with one page under `key`; an empty first page may carry a token, so callers loop on the token."""
    token = str(params.get("NextToken") or "")
    if token and not (token.startswith(_START) and token.removeprefix(_START).isdigit()):
        invalid("NextToken is not valid.")
    if world.empty_pages and not token:
        return {key: [], "NextToken": f"{_START}0"}
    start = int(token.removeprefix(_START) or 0)
    end = start + min(int(params.get("MaxResults", world.page_size)), world.page_size)
    answer: Answer = {key: list(items[start:end])}
    if end < len(items):
        answer["NextToken"] = f"{_START}{end}"
    return answer
