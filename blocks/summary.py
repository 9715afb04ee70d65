"""What a request asks for, in the few words that every card, list and form begins with."""

from access.request import Request
from access.session import Session, ShownStatus, shown_status
from blocks.text import inline, person

EMOJI = {
    ShownStatus.PENDING: "⏳",
    ShownStatus.PENDING_OWNER: "⏳",
    ShownStatus.PENDING_ADMIN: "⏳",
    ShownStatus.APPROVED: "👍",
    ShownStatus.REJECTED: "⛔",
    ShownStatus.WITHDRAWN: "🔙",
    ShownStatus.LAPSED: "⌛",
    ShownStatus.ACTIVE: "🟢",
    ShownStatus.EXPIRED: "🏁",
    ShownStatus.REVOKED: "🔒",
    ShownStatus.FAILED: "❌",
}


OVERDUE = "🔴 Overdue"


def status_line(request: Request, session: Session | None) -> str:
    """Give number, status and the mark of an overdue session, as emoji and word: never one without the other."""
    status = shown_status(request, session)
    mark = f" · {OVERDUE}" if session and session.marked_overdue else ""
    return f"{request.label} · {EMOJI[status]} {status}{mark}"


def target(request: Request) -> str:
    """Name permission set and account for mrkdwn, or how much more of them an extension asks for."""
    more = f"{request.duration} more of " if request.extends is not None else ""
    return f"{more}*{inline(request.permission_set.shown_name)}* in *{inline(request.account_name)}*"


def sentence(request: Request) -> str:
    """Say who asks for what, for mrkdwn and for top-level texts: escaped, without markup."""
    asked = f"{inline(request.permission_set.shown_name)} in {inline(request.account_name)}"
    if request.extends is not None:
        return (
            f"{inline(request.requester.name)} asks to extend {request.extends_label}, {asked}, by {request.duration}"
        )
    return f"{inline(request.requester.name)} asks for {asked} for {request.duration}"


def details(request: Request) -> list[str]:
    """Lay out who asks and for what, a line each, for mrkdwn."""
    requester = request.requester
    kind = request.permission_set.kind.value.lower()
    return [
        f"*Requester:* {person(requester.slack_id, requester.name)}",
        f"*Permission set:* {inline(request.permission_set.shown_name)} ({kind})",
        f"*AWS account:* {inline(request.account_name)} ({inline(request.account_id)})",
        f"*Access duration:* {_duration(request)}",
    ]


def _duration(request: Request) -> str:
    return (
        f"{request.duration} more: extends {request.extends_label}" if request.extends is not None else request.duration
    )
