"""The card of a request: one function for every state and every place, to post it and to update it."""

from dataclasses import dataclass
from datetime import datetime

from access.changes import Place
from access.request import LONGEST_JUSTIFICATION, Request
from access.session import Session
from blocks.buttons import buttons, show_policy
from blocks.custom_set import content_lines, policy_block, readable_policy
from blocks.message import MESSAGE_BUDGET, Block, Message, text_length
from blocks.parts import actions, context, header, quoted, section
from blocks.progress import decision_blocks, session_blocks, waiting_for
from blocks.summary import details, sentence, status_line
from blocks.text import paragraph, when

POLICY_MOST = 2_500
"""Ours: a longer policy pushes the buttons out of sight on a phone."""
_POLICY_RESERVE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Where approvers of one request are asked: the owners' channel of its account, and the SSO admins'."""

    owner: str
    admin: str


def request_card(
    request: Request, session: Session | None, *, place: Place | None, channels: Channels, now: datetime
) -> Message:
    """Render the card as it is now; without a place it has no buttons that decide anything."""
    top = [header(status_line(request, session)), section(*details(request), *_content_lines(request))]
    top.append(quoted("Justification", paragraph(request.justification, LONGEST_JUSTIFICATION)))
    story = [block for each in request.decisions for block in decision_blocks(each)]
    story += session_blocks(session, now) if session else []
    if request.status.undecided:
        story.append(section(waiting_for(request, channels.owner, channels.admin)))
    story.append(context(_times(request)))
    policy, cut = _policy(request, MESSAGE_BUDGET - text_length([*top, *story]))
    pressable = [*([show_policy(request)] if cut else []), *(buttons(request, session, place) if place else [])]
    return Message(
        text=f"{status_line(request, session)} · {sentence(request)}",
        blocks=[*top, *policy, *story, *([actions(*pressable)] if pressable else [])],
    )


def _content_lines(request: Request) -> list[str]:
    content = request.permission_set.content
    return content_lines(content) if content else []


def _policy(request: Request, room: int) -> tuple[list[Block], bool]:
    """Show as much of the inline policy as there is room for; tell whether something is missing."""
    content = request.permission_set.content
    if content is None or not content.inline_policy:
        return [], False
    most = min(POLICY_MOST, room - _POLICY_RESERVE)
    return [policy_block(content, most)], len(readable_policy(content.inline_policy)) > most


def _times(request: Request) -> str:
    asked = f"Asked {when(request.requested_at)}"
    if request.status.undecided:
        return f"{asked} · lapses {when(request.lapses_at)}"
    return f"{asked} · {request.status.lower()} {when(request.closed_at)}" if request.closed_at else asked
