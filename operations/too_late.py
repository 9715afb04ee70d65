"""What a worker takes back that it did too late: it slept past its lease, and others ended the session meanwhile.

AWS cannot be told whose lease is over, so that a worker that wakes up may still make what nobody waits for any more.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from access.changes import verify_absent
from access.session import Session
from access.session_lifecycle import VERIFY_AFTER
from operations.deps import Deps
from operations.permission_set import remove_own_set
from storage import outbox, sessions
from storage.outbox import Claimed, FencedOut

log = logging.getLogger(__name__)
_LOOKS = (timedelta(seconds=15), VERIFY_AFTER)
"""When AWS has usually done what it was asked for, and when it has for certain."""


def must_hold(deps: Deps, claimed: Claimed) -> None:
    """Refuse with `FencedOut` to go on with an effect whose lease is over: somebody else may be at it."""
    if deps.clock.now() >= claimed.leased_until:
        raise FencedOut(f"the lease of {claimed.effect.key} is over")


def look_again(deps: Deps, claimed: Claimed, session: Session) -> None:
    """Order two more looks that nothing is left, where the session had ended when its assignment was asked for.

    The look that follows every end may have been over by then. A session that has still to end is looked after by that.
    """
    if not _ended(deps, session):
        return
    log.error("an assignment was asked for too late; it is looked for and removed", extra={"session": session.id})
    looks = [
        replace(verify_absent(session, after), key=f"verify_absent:{session.id}:{claimed.token}:{number}")
        for number, after in enumerate(_LOOKS)
    ]
    with deps.database.begin() as db:
        outbox.add(db, looks, deps.clock.now())


def take_back_set(deps: Deps, session: Session, arn: str) -> None:
    """Delete a session's own set that was made when its session had ended already; its end deleted another, or none."""
    if _ended(deps, session):
        remove_own_set(deps, replace(session, set_arn=arn))


def _ended(deps: Deps, session: Session) -> bool:
    with deps.database.read() as db:
        latest = sessions.get(db, session.id)
    return latest is not None and not latest.status.live
