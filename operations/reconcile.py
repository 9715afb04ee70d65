"""Every ten minutes: act on what differs between AWS and the sessions, each part apart from the others."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from access.changes import Effect, EffectKind, EventKind, verify_absent
from access.drift import Findings
from access.lifecycle import event_of
from access.refusals import Refusal
from access.session import Session
from aws.errors import AwsTrouble
from operations.deps import Deps
from operations.offboard import offboard_leavers
from operations.reconcile_look import Stopped, look_around
from operations.reconcile_missing import tell_missing
from operations.reconcile_report import report_strangers
from operations.settle import record
from slackapi.errors import SlackTrouble
from storage import drift, floods, outbox, requests

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
_TURN = timedelta(minutes=9)
"""A little less, so that the timer's own unevenness never skips a round."""
_MOST_OF_ONE_TARGET = 100


def reconcile_in_turn(deps: Deps, stopping: Callable[[], bool] = lambda: False) -> Findings | None:
    """Reconcile, unless another replica did within the last ten minutes; None where it did, or the bot stops."""
    with deps.database.begin() as db:
        mine = drift.take_turn(db, deps.clock.now(), _TURN)
    if not mine:
        return None
    try:
        return reconcile(deps, stopping)
    except Stopped:
        return None


def reconcile(deps: Deps, stopping: Callable[[], bool] = lambda: False) -> Findings:
    """Compare, and act on each difference; raises where AWS could not be compared, and leaves what then is unsaid."""
    _apart("who has left", lambda: offboard_leavers(deps, stopping))
    found = look_around(deps, stopping)
    for what, work in _PARTS.items():
        if stopping():
            raise Stopped
        _apart(what, partial(work, deps, found))
    return found


def _apart(what: str, work: Callable[[], object]) -> None:
    """Do one part; what stops it stops no other."""
    try:
        work()
    except Stopped:
        raise
    except (AwsTrouble, SlackTrouble, Refusal) as trouble:
        log.warning("%s could not be dealt with; the next round tries again: %s", what, trouble)
    except Exception:
        log.exception("%s could not be dealt with; the next round tries again", what)


def order_removals(deps: Deps, found: Findings) -> int:
    """Order that what ended sessions may have left is looked at once more and removed; returns how many.

    It is the look that follows every end: it reads the database anew right before AWS is asked, waits for a grant
    under way on the same target, and reads back.
    """
    ordered = sum(_order(deps, each, "") for each in found.leftover)
    return ordered + sum(_order(deps, each, found.name_of(each.set_arn)) for each in found.leftover_sets)


def _order(deps: Deps, session: Session, set_name: str) -> bool:
    now = deps.clock.now()
    look = _look(session, now.isoformat())
    with deps.database.begin() as db:
        waiting = floods.waiting(db, look.subject, EffectKind.VERIFY_ABSENT, _MOST_OF_ONE_TARGET)
        if any(each.arguments.get("set_arn") == session.set_arn for each in waiting):
            return False
        outbox.add(db, [look], now)
        request = requests.get(db, session.request_id)
        if set_name and request is not None:
            words = f"its permission set {set_name} was left in AWS and is removed"
            record(db, [event_of(EventKind.ORPHAN_REMOVED, request, now, words=words)], now)
    return True


def _look(session: Session, at: str) -> Effect:
    usual = verify_absent(session, timedelta(0))
    arguments = {**usual.arguments, "set_arn": session.set_arn}
    return replace(usual, key=f"{usual.key}:reconcile:{at}", arguments=arguments)


_PARTS: Mapping[str, Callable[[Deps, Findings], int]] = {
    "what is left over": order_removals,
    "what is missing": tell_missing,
    "what is not ours": report_strangers,
}
