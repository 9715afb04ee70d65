"""Rules about elements standing together in one block."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_rules.basics import no_repeats
from sandbox.slack.block_rules.findings import Finding, wrong


def unique_action_ids(block: Any, pointer: str) -> Iterator[Finding]:
    """Want every action_id once in its block."""
    ids = [each["action_id"] for each in block["elements"] if each.get("action_id")]
    yield from no_repeats(ids, pointer, "action_id")


def one_primary(block: Any, pointer: str) -> Iterator[Finding]:
    """Want one primary button at most; Slack only advises this, we refuse it (C)."""
    if sum(each.get("style") == "primary" for each in block["elements"]) > 1:
        yield from wrong(f"{pointer}/elements", "no more than 1 primary button allowed")


def file_input_is_quiet(block: Any, pointer: str) -> Iterator[Finding]:
    """Want no dispatch_action with a file input."""
    if block["element"]["type"] == "file_input" and block.get("dispatch_action"):
        yield from wrong(f"{pointer}/dispatch_action", "must be false with a file_input")
