"""What a custom permission set holds, as approvers read it."""

from access.permission_sets import FAR_REACHING, SetContent
from blocks.message import Block
from blocks.parts import preformatted, section
from blocks.text import clip, inline

POLICY_NAME_MOST = 140


def content_lines(content: SetContent) -> list[str]:
    """Name session duration and managed policies, for mrkdwn."""
    lines = [f"*Session duration:* {content.session_duration}"]
    if content.managed_policies:
        names = ", ".join(inline(each, POLICY_NAME_MOST) for each in content.managed_policies)
        lines.append(f"*Managed policies:* {names}")
    lines.append(
        "*Hard stop:* added by jitbot: once the access has ended AWS denies everything, in open AWS sessions too."
    )
    far = sorted(FAR_REACHING.intersection(content.managed_policies))
    if far:
        lines.append(f"⚠️ *Far-reaching:* {', '.join(far)} can do nearly everything in the account.")
    return lines


def readable_policy(text: str) -> str:
    """Show a policy as it is sent to AWS; what is beyond ASCII, which the parser leaves none of, shows as its code."""
    return text.encode("ascii", "backslashreplace").decode()


def policy_block(content: SetContent, most: int) -> Block:
    """Show the inline policy, at most `most` characters of it."""
    return preformatted("Inline policy", clip(readable_policy(content.inline_policy), most))


def whole_policy(content: SetContent, chunk: int) -> list[Block]:
    """Show every character of the inline policy, in blocks of at most `chunk` characters."""
    text = readable_policy(content.inline_policy)
    pieces = [text[start : start + chunk] for start in range(0, len(text), chunk)]
    return [section("*Inline policy*"), *(preformatted("", piece) for piece in pieces)] if pieces else []
