"""Reads lists page by page, on the token alone: AWS may send an empty page that is not the last."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aws.errors import Busy

MOST_PAGES = 2_000


def pages(call: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield each page; `call` gets the token argument to add, empty for the first page.

    Raises Busy where AWS repeats a token or never ends, because half a list must not be taken for the whole.
    """
    token: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        answer = call(token)
        yield answer
        following = str(answer.get("NextToken") or "")
        if not following:
            return
        if following == token.get("NextToken"):
            break
        token = {"NextToken": following}
    raise Busy("AWS sends a list that does not end.", alert=True)
