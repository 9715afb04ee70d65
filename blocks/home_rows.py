"""One request on the home tab, as each of its parts shows it: what it is, until when, and the buttons that mean it."""

from datetime import datetime

from access.changes import Place
from access.request import Request
from access.session import Session, SessionStatus
from blocks.buttons import buttons, decisions, show_policy
from blocks.message import Block
from blocks.parts import actions, quoted, section
from blocks.progress import session_blocks
from blocks.summary import status_line, target
from blocks.text import inline, left, paragraph, person, when
from blocks.way_in import console_link

JUSTIFICATION_MOST = 250
TROUBLE_MOST = 200


def waiting_row(request: Request, now: datetime) -> list[Block]:
    """Show what somebody can decide: who asks for what and why, with Approve and Reject."""
    requester = request.requester
    remaining = f" ({left(request.lapses_at - now)} left)" if request.lapses_at > now else ""
    seen = [show_policy(request)] if request.custom else []
    return [
        section(
            f"*{status_line(request, None)}*",
            f"{person(requester.slack_id, requester.name)} asks for {_asked(request)}",
            f"Lapses {when(request.lapses_at)}{remaining}",
        ),
        quoted("", paragraph(request.justification, JUSTIFICATION_MOST)),
        actions(*decisions(request), *seen),
    ]


def session_row(request: Request, session: Session, now: datetime, portal_url: str) -> list[Block]:
    """Show one's own session: how long it lasts, the way to the console, and what its holder can do."""
    remaining = f" · {left(session.ends_at - now)} left" if _runs(session, now) else ""
    link = console_link(request, session.set_name, portal_url) if _runs(session, now) else ""
    pressable = buttons(request, session, Place.REQUESTER)
    return [
        section(f"*{status_line(request, session)}{remaining}*", target(request), *([link] if link else [])),
        *session_blocks(session, now),
        *([actions(*pressable)] if pressable else []),
    ]


def request_row(request: Request, session: Session | None) -> list[Block]:
    """Show one's own request, with what can still be done about it."""
    lines = [f"*{status_line(request, session)}*", _asked(request), f"Asked {when(request.requested_at)}"]
    return [_beside(section(*lines), buttons(request, session, Place.REQUESTER))]


def access_row(request: Request, session: Session, now: datetime) -> list[Block]:
    """Show somebody else's access to an approver, who can end it, or try again where it is overdue."""
    requester = request.requester
    lines = [
        f"*{status_line(request, session)}* · {person(requester.slack_id, requester.name)}",
        target(request),
        _until(session, now),
    ]
    if session.marked_overdue and session.trouble:
        lines.append(f"AWS says: {inline(session.trouble, TROUBLE_MOST)}")
    return [_beside(section(*lines), buttons(request, session, Place.OWNERS))]


def _until(session: Session, now: datetime) -> str:
    if session.marked_overdue:
        return f"Should have ended {when(session.over_at)}, {left(now - session.over_at)} ago"
    match session.status:
        case SessionStatus.GRANTING:
            return "AWS is setting it up"
        case SessionStatus.REVOKING:
            return "Ending: AWS is taking it away"
        case _:
            return f"Until {when(session.ends_at)}" + (
                f" ({left(session.ends_at - now)} left)" if _runs(session, now) else ""
            )


def _runs(session: Session, now: datetime) -> bool:
    return session.status is SessionStatus.ACTIVE and session.ends_at > now


def _asked(request: Request) -> str:
    """Name what is asked for, and for how long; an extension names what it extends."""
    if request.extends is not None:
        return f"{target(request)} (extends {request.extends_label})"
    return f"{target(request)}, {request.duration}"


def _beside(block: Block, pressable: list[Block]) -> Block:
    """Put a row's one button beside its words: a row of its own for each would make a long list twice as long."""
    return block | {"accessory": pressable[0]} if pressable else block
