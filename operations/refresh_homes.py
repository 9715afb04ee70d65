"""Draw the home tabs anew of those whom changes concern: all changes that wait in one round, each person once."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from access.changes import EffectKind
from access.people import SlackId
from operations.deps import Deps
from operations.home import show_home
from operations.home_order import HOMES, KEPT
from operations.outcome import Done, Later, Outcome
from slackapi.errors import LookUpFailed, SlackBusy, SlackRefused, SlackTrouble
from storage import floods, homes, outbox
from storage.floods import Undone
from storage.outbox import Claimed

log = logging.getLogger(__name__)
_MOST = 1_000
_MOST_FAILURES = 2
_LONGEST = timedelta(seconds=30)
_PACE = timedelta(seconds=0.6)
"""views.publish takes about a hundred a minute, and those who open their tab need some of them."""
_GONE = frozenset({"user_not_found", "user_disabled", "users_not_found", "user_not_visible"})


def refresh_homes(deps: Deps, claimed: Claimed) -> Outcome:
    """Draw the home tabs that waiting changes concern; one that shows the state already costs no call.

    Everything that waits now is finished with it. Where Slack asks to wait, all of it waits.
    """
    with deps.database.read() as db:
        waiting = floods.waiting(db, HOMES, EffectKind.REFRESH_HOMES, _MOST)
    now = deps.clock.now()
    rest = deps.home_memory.rest_until
    if rest is not None and now < rest <= now + _LONGEST:
        return _later(deps, waiting, rest - now, "resting between two rounds of home tabs")
    try:
        whole = _draw(deps, [claimed.effect.arguments, *(each.arguments for each in waiting)])
    except SlackTrouble as trouble:
        after = trouble.retry_after if isinstance(trouble, SlackBusy) else None
        _later(deps, waiting, timedelta(seconds=after or 5.0), str(trouble))
        raise
    if not whole:
        return Later(words="more home tabs are to be drawn", after=1.0, polite=True)
    with deps.database.begin() as db:
        outbox.finish(db, claimed, deps.clock.now())
        floods.finish_too(db, [each.id for each in waiting if each.id != claimed.id], deps.clock.now())
    return Done.FINISHED


def _later(deps: Deps, waiting: Iterable[Undone], wait: timedelta, words: str) -> Later:
    with deps.database.begin() as db:
        homes.put_off_too(db, [each.id for each in waiting], deps.clock.now() + wait)
    return Later(words=words, after=wait.total_seconds(), polite=True)


def _draw(deps: Deps, orders: Iterable[Mapping[str, str]]) -> bool:
    """Draw for everybody concerned; False where the time was up before all had theirs."""
    begun, drawn = deps.clock.now(), 0
    try:
        for each in sorted(_concerned(deps, list(orders), begun)):
            if deps.clock.now() - begun > _LONGEST:
                return False
            drawn += _drawn(deps, each)
    finally:
        deps.home_memory.rest_until = deps.clock.now() + min(drawn * _PACE, _LONGEST)
    return True


def _drawn(deps: Deps, slack_id: SlackId) -> bool:
    """Draw one; what is wrong with one person's is no matter of the others'."""
    try:
        return show_home(deps, slack_id, only_if_changed=True)
    except SlackRefused as refused:
        log.warning("a home tab could not be drawn: %s", refused, extra={"person": slack_id})
        if refused.code in _GONE:
            with deps.database.begin() as db:
                homes.forget(db, slack_id)
    except SlackTrouble:
        raise
    except Exception:
        log.exception("a home tab could not be drawn", extra={"person": slack_id})
    return False


def _concerned(deps: Deps, orders: list[Mapping[str, str]], now: datetime) -> frozenset[SlackId]:
    """Tell who of those who look at theirs is concerned: by name, as requester, or as approver of the account."""
    with deps.database.read() as db:
        openers = homes.openers(db, now - KEPT)
    if any(not each for each in orders):
        return openers
    found = {SlackId(each[name]) for each in orders for name in ("person", "requester") if name in each}
    accounts = {each["account"] for each in orders if "account" in each}
    return openers & (found | _approvers(deps, accounts, openers - found))


def _approvers(deps: Deps, accounts: set[str], sought: frozenset[SlackId]) -> set[SlackId]:
    """Look up who decides in any of the accounts, until all that are sought are found.

    Where Slack does not tell, they see the change when they open their tab; it is not asked again and again.
    """
    found: set[SlackId] = set()
    failures = 0
    for each in sorted(accounts):
        if sought <= found or failures >= _MOST_FAILURES:
            break
        try:
            roster = deps.people.roster(deps.owners_of(each), deps.rules.sso_admins)
        except LookUpFailed as failure:
            failures += 1
            log.warning("approvers' home tabs are not drawn anew: %s", failure)
        else:
            found |= roster.owners | roster.admins
    return found
