"""What a message may carry: its text, blocks, attachments and metadata, checked as chat.* checks them."""

from sandbox.slack.api.call import ApiError, Call
from sandbox.slack.block_rules import check_message, text_length
from sandbox.slack.ids import with_block_ids
from sandbox.slack.messages import Message
from sandbox.slack.wire import Json, compact_size
from sandbox.slack.workspace import Workspace

LONGEST_TEXT = 4_000
"""Characters of `text` in one message; longer posts are split, longer updates refused."""
LONGEST_POST = 40_000
"""Characters of `text` a post keeps; the rest is cut."""
LONGEST_BLOCKS = 10_000
"""Characters of text in all blocks together (C: undocumented, seen refused at 11,341)."""
MOST_ATTACHMENTS = 100
LARGEST_METADATA = 16_384
"""Bytes of metadata (C: Slack names no figure)."""


def read_content(args: Json) -> Json:
    """Check what is to be said and give it as the fields of a Message; ApiError where Slack refuses."""
    blocks, attachments, text = args.get("blocks") or [], args.get("attachments") or [], str(args.get("text") or "")
    _check_blocks(blocks)
    if not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    if not text.strip() and not blocks and not attachments:
        raise ApiError("no_text")
    return {"text": text, "blocks": with_block_ids(blocks), "attachments": attachments}


def _check_blocks(blocks: object) -> None:
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if findings := check_message(blocks):
        lines = [each.line for each in findings]
        raise ApiError(
            "invalid_blocks", errors=lines, response_metadata={"messages": [f"[ERROR] {each}" for each in lines]}
        )
    if text_length(blocks) > LONGEST_BLOCKS:
        raise ApiError("msg_blocks_too_long")


def read_metadata(call: Call) -> Json | None:
    """Check a message's metadata: an event_type and an event_payload, not too large."""
    metadata = call.args.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise ApiError("invalid_metadata_format")
    if compact_size(metadata) > LARGEST_METADATA:
        raise ApiError("metadata_too_large")
    return metadata


def from_the_bot(workspace: Workspace, channel: str, content: Json) -> Message:
    """Make a message of the bot's, dated now."""
    ts = workspace.messages.fresh_ts(workspace.now())
    return Message(
        channel=channel, ts=ts, user=workspace.bot.id, bot_id=workspace.bot_id, app_id=workspace.app_id, **content
    )
