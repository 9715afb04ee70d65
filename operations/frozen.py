"""Whether all granting is frozen, and what that means for a grant that AWS was not asked for yet."""

from sqlalchemy import Connection

from access.freeze import Freeze, must_not_be_frozen, needs_more_time, wait_out
from access.request import Request
from access.session import Session
from operations.deps import Deps
from operations.outcome import Later
from operations.settle import settle, there
from storage import freezes

LOOK_AGAIN = 60.0
"""Seconds: whoever lifts the freeze makes the waiting grants due at once."""


def frozen_now(deps: Deps) -> Freeze | None:
    """Read the freeze, None where nothing is frozen."""
    with deps.database.read() as db:
        return freezes.current(db)


def refuse_while_frozen(db: Connection) -> None:
    """Refuse to approve in this very transaction while everything is frozen."""
    must_not_be_frozen(freezes.current(db))


def held_by_freeze(deps: Deps, request: Request, session: Session) -> Later | None:
    """Let a grant wait while everything is frozen, unless AWS has been asked for it already; it never fails of that.

    Its time to be granted is given anew as it runs out. One whose answer was lost waits as well, unless AWS holds it.
    """
    frozen = None if session.grant_operation else frozen_now(deps)
    if frozen is None:
        return None
    if session.sent_at is not None and session.set_arn and deps.identity_center.is_assigned(session.assignment):
        return None
    now, margin = deps.clock.now(), deps.rules.grant_margin
    if needs_more_time(request, session, now, margin):
        settle(deps, request.id, lambda latest, current: wait_out(latest, there(current), now, margin))
    return Later(words=f"frozen by {frozen.by_name}", after=LOOK_AGAIN, polite=True)
