"""The modals of an approver: the reason for rejecting or revoking, and the whole policy of a custom set."""

from access.request import Request, RequestId
from access.session import Session
from blocks import ids
from blocks.custom_set import content_lines, whole_policy
from blocks.inputs import field, text_input
from blocks.message import Block
from blocks.parts import plain, quoted, section
from blocks.summary import details
from blocks.text import inline, paragraph, when
from blocks.view_state import answers_of, part, string, typed

REASON_MOST = 1_000
CHUNK = 2_900
"""Characters of policy in one block: Slack's text objects take 3,000."""
_QUOTED_MOST = 500
_REASON_BLOCK = "reason"


def reject_form(request: Request) -> Block:
    """Ask why a request is rejected."""
    about = [section(*details(request)), quoted("Justification", paragraph(request.justification, _QUOTED_MOST))]
    return _form(request, ids.REJECT_FORM, "Reject", [*about, _reason("The requester reads this.")])


def revoke_form(request: Request, session: Session | None) -> Block:
    """Ask why a session is revoked."""
    until = f"*Until:* {when(session.ends_at)}" if session and session.granted_at else "*Until:* not granted yet"
    about = section(*details(request), until)
    return _form(request, ids.REVOKE_FORM, "Revoke", [about, _reason("The holder reads this.")])


def _form(request: Request, callback_id: str, verb: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(f"{verb} {request.label}"),
        "submit": plain(verb),
        "close": plain("Back"),
        "private_metadata": request.id,
        "blocks": blocks,
    }


def _reason(hint: str) -> Block:
    return field("Reason", text_input(ids.REASON, most=REASON_MOST, multiline=True), _REASON_BLOCK, hint=hint)


def read_reason(view: object) -> tuple[RequestId, str]:
    """Read which request it concerns and the reason, trimmed; empty where the view does not say."""
    return RequestId(string(part(view, "private_metadata"))), typed(answers_of(view), ids.REASON).strip()


def reason_errors(words: str) -> dict[str, str]:
    """Put a problem at the reason, by block id, as Slack wants it."""
    return {_REASON_BLOCK: words}


def policy_view(request: Request) -> Block:
    """Show all that a custom permission set holds, every character of it."""
    content = request.permission_set.content
    lines = content_lines(content) if content else ["A standard permission set: your administrators define it."]
    return {
        "type": "modal",
        "callback_id": ids.POLICY_VIEW,
        "title": plain(f"{request.label} policy"),
        "close": plain("Close"),
        "private_metadata": request.id,
        "blocks": [
            section(f"*{inline(request.permission_set.shown_name)}* for {inline(request.account_name)}", *lines),
            *(whole_policy(content, CHUNK) if content and content.inline_policy else []),
        ],
    }
