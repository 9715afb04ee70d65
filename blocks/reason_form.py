"""The modals of an approver: the reason for rejecting or revoking, and the whole policy of a custom set."""

from access.refusals import Refusal
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


def reject_form(request_id: RequestId, request: Request | None = None) -> Block:
    """Ask why a request is rejected; what it is about may follow when it has been looked up."""
    about = [section(*details(request)), quoted("Justification", _justification(request))] if request else []
    title = f"Reject {request.label}" if request else "Reject request"
    return _form(request_id, ids.REJECT_FORM, ("Reject", title), [*about, _reason("The requester reads this.")])


def revoke_form(request_id: RequestId, request: Request | None = None, session: Session | None = None) -> Block:
    """Ask why a session is revoked; what it is about may follow when it has been looked up."""
    about = [section(*details(request), _until(session))] if request else []
    title = f"Revoke {request.label}" if request else "Revoke access"
    return _form(request_id, ids.REVOKE_FORM, ("Revoke", title), [*about, _reason("The holder reads this.")])


def loading(title: str) -> Block:
    """Show that something is being looked up: a modal must be opened within 3 s of the press."""
    return _view(title, [section("One moment …")])


def told(title: str, words: str) -> Block:
    """Say in a modal what became of it."""
    return _view(title, [section(inline(words, _QUOTED_MOST))])


def refused(title: str, refusal: Refusal) -> Block:
    """Say in a modal that is open already why not, and what to do now."""
    step = [inline(refusal.next_step, _QUOTED_MOST)] if refusal.next_step.strip() else []
    return _view(title, [section(f"🚫 {inline(refusal.words, _QUOTED_MOST)}", *step)])


def _view(title: str, blocks: list[Block]) -> Block:
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}


def _justification(request: Request) -> str:
    return paragraph(request.justification, _QUOTED_MOST)


def _until(session: Session | None) -> str:
    return f"*Until:* {when(session.ends_at)}" if session and session.granted_at else "*Until:* not granted yet"


def _form(request_id: RequestId, callback_id: str, words: tuple[str, str], blocks: list[Block]) -> Block:
    verb, title = words
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(verb),
        "close": plain("Back"),
        "private_metadata": request_id,
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
