"""Ids that Slack makes up by chance: views, blocks, envelopes."""

import copy
import secrets
import string

from sandbox.slack.wire import Json

_LETTERS = string.ascii_uppercase + string.digits
_BLOCK_ID_LENGTH = 5


def random_id(prefix: str, length: int = 9) -> str:
    """Make an id such as `V04F9Q2X7KD`."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """Copy blocks, giving each that lacks one a block_id (and its elements an action_id), as Slack does."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", random_id("", _BLOCK_ID_LENGTH))
        held = {"input": [block.get("element")], "section": [block.get("accessory")], "actions": block.get("elements")}
        for element in held.get(block["type"]) or []:
            if element and element["type"] != "image":
                element.setdefault("action_id", random_id("", _BLOCK_ID_LENGTH))
    return filled
