"""The buttons of a request: which there are follows from its state and the place; who may press is judged later.

A button carries the opaque id of the request and nothing else.
"""

from access.changes import Place
from access.request import Request, RequestStatus
from access.session import Session, SessionStatus
from blocks import ids
from blocks.message import Block
from blocks.parts import button, confirm
from blocks.text import bare


def buttons(request: Request, session: Session | None, place: Place) -> list[Block]:
    """Give the buttons that mean something now in this place; none where nothing can be done any more."""
    if request.status.undecided:
        return _undecided(request, place)
    if place is Place.REQUESTER:
        return _of_holder(request, session)
    if session is None:
        return []
    if session.marked_overdue:
        return [retry_now(request)]
    running = session.status in {SessionStatus.GRANTING, SessionStatus.ACTIVE}
    return [_button("Revoke", ids.REVOKE, request, "danger")] if running else []


def _of_holder(request: Request, session: Session | None) -> list[Block]:
    """Let the holder go on, or stop; whoever has nothing any more can ask again."""
    if session and session.status is SessionStatus.ACTIVE:
        return [done(request)] if session.existed_before else [extend(request), done(request)]
    over = not session.status.live if session else request.status is not RequestStatus.APPROVED
    return [again(request)] if over and request.extends is None else []


def _undecided(request: Request, place: Place) -> list[Block]:
    if place is Place.REQUESTER:
        return [_button("Withdraw", ids.WITHDRAW, request)]
    if place is Place.OWNERS and request.status is RequestStatus.PENDING_ADMIN:
        return []
    return decisions(request)


def decisions(request: Request) -> list[Block]:
    """Give Approve and Reject; approving what somebody defined themselves is asked once more."""
    approve = _button("Approve", ids.APPROVE, request, "primary")
    if request.custom:
        approve["confirm"] = confirm(
            f"Approve {request.label}?",
            f"{bare(request.requester.name)} defined {request.permission_set.shown_name} for "
            f"{bare(request.account_name)}. Have you read its policies?",
            "Approve",
            "Not yet",
        )
    return [approve, _button("Reject", ids.REJECT, request, "danger")]


def done(request: Request) -> Block:
    """Give the button by which a holder ends a session early."""
    return _button("I'm done", ids.DONE, request)


def extend(request: Request) -> Block:
    """Give the button by which a holder asks for more time."""
    return _button("Extend", ids.EXTEND, request)


def again(request: Request) -> Block:
    """Give the button that opens the form with what was asked for before."""
    return _button("Ask again", ids.AGAIN, request)


def retry_now(request: Request) -> Block:
    """Give the button that tries the removal of an overdue session at once."""
    return _button("Retry now", ids.RETRY, request, "danger")


def show_policy(request: Request) -> Block:
    """Give the button that shows the whole inline policy."""
    return _button("Show policy", ids.POLICY, request)


def _button(label: str, action_id: str, request: Request, style: str = "") -> Block:
    return button(label, action_id, request.id, style=style, about=request.label)
