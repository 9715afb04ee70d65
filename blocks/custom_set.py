"""What a custom permission set holds, as approvers read it."""

import json

from access.permission_sets import SetContent
from blocks.message import Block
from blocks.parts import preformatted, section
from blocks.text import clip, inline

POLICY_NAME_MOST = 140
READABLE_MOST = 100_000
"""Beyond this a policy is shown as it is stored: spreading it over lines would burst a modal (250 kB, 100 blocks)."""


def content_lines(content: SetContent) -> list[str]:
    """Name session duration and managed policies, for mrkdwn."""
    lines = [f"*Session duration:* {content.session_duration}"]
    if content.managed_policies:
        names = ", ".join(inline(each, POLICY_NAME_MOST) for each in content.managed_policies)
        lines.append(f"*Managed policies:* {names}")
    return lines


def readable_policy(text: str) -> str:
    """Set a policy out over lines; every character beyond ASCII shows as its code, so that nothing can hide."""
    try:
        spread = json.dumps(json.loads(text), indent=2)
    except (ValueError, RecursionError):
        spread = ""
    return spread if 0 < len(spread) <= READABLE_MOST else text.encode("ascii", "backslashreplace").decode()


def policy_block(content: SetContent, most: int) -> Block:
    """Show the inline policy, at most `most` characters of it."""
    return preformatted("Inline policy", clip(readable_policy(content.inline_policy), most))


def whole_policy(content: SetContent, chunk: int) -> list[Block]:
    """Show every character of the inline policy, in blocks of at most `chunk` characters."""
    text = readable_policy(content.inline_policy)
    pieces = [text[start : start + chunk] for start in range(0, len(text), chunk)]
    return [section("*Inline policy*"), *(preformatted("", piece) for piece in pieces)] if pieces else []
