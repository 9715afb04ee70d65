"""Order the end of a session on an authority that was judged elsewhere: an order to revoke all, or an operator's."""

from datetime import datetime

from access.changes import Change, EventKind, revoke_access, update_cards
from access.lifecycle import event_of
from access.people import SlackId
from access.refusals import ReasonNeeded
from access.request import Request, cleaned
from access.session import Ending, Session, SessionStatus
from access.session_lifecycle import must_be_running

OPERATOR = "operator:"
"""Before the name of a system's user who typed a command: somebody with the database in their hands, not in Slack."""


def operator(name: str) -> SlackId:
    """Name the actor of a command by the operating system's user."""
    return SlackId(f"{OPERATOR}{name}")


def revoke_as_operator(request: Request, session: Session | None, name: str, reason: str, now: datetime) -> Change:
    """Order the early end from the command line, with a reason; who may type there is the machine's affair."""
    why = cleaned(reason)
    if not why:
        raise ReasonNeeded("A revocation needs a reason.", "Give it with --reason; the holder reads it.")
    return order_end(request, session, operator(name), f"{name} (operator)", now, reason=why, role="operator")


def order_end(
    request: Request, session: Session | None, by: SlackId, by_name: str, now: datetime, **details: str
) -> Change:
    """Order the early end as a revocation with the `reason` in the details: the same removal, the same read-back."""
    ending = must_be_running(request, session).changed(
        status=SessionStatus.REVOKING,
        ending=Ending.REVOKED,
        ended_by=by,
        ended_by_name=by_name,
        end_reason=details["reason"],
        end_ordered_at=now,
        trouble="",
    )
    event = event_of(EventKind.END_ORDERED, request, now, by, by_name, ending=Ending.REVOKED.value, **details)
    return Change(
        request=request, session=ending, events=(event,), effects=(revoke_access(ending), update_cards(request, ending))
    )
