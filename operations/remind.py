"""Keep undecided requests moving: remind once, ask the SSO admins in time, lapse at the end."""

from access import lifecycle
from operations.deps import Deps
from operations.sweep import MOST, each_settled
from storage import requests


def lapse_due_requests(deps: Deps) -> int:
    """Close every request that nobody decided in time; returns how many."""
    now = deps.clock.now()
    with deps.database.read() as db:
        due = [each.id for each in requests.to_lapse(db, now, MOST)]
    return each_settled(deps, due, lambda request, _: lifecycle.lapse(request, now))


def remind_due_approvers(deps: Deps) -> int:
    """Remind the approvers of requests that wait too long, once for each level; returns how many."""
    now = deps.clock.now()
    before = now - deps.rules.remind_after
    with deps.database.read() as db:
        due = [each.id for each in requests.to_remind(db, now, before, MOST)]
    return each_settled(deps, due, lambda request, _: lifecycle.remind(request, now))


def escalate_due_requests(deps: Deps) -> int:
    """Ask the SSO admins too about standard requests that no owner decided; returns how many."""
    now = deps.clock.now()
    with deps.database.read() as db:
        due = [each.id for each in requests.to_escalate(db, now - deps.rules.escalate_after, MOST)]
    return each_settled(deps, due, lambda request, _: lifecycle.escalate(request, now, "no owner has decided yet"))
