"""Show somebody their home tab: at once when they open it, and anew when what it shows has changed.

Slack gives every drawing a hash and refuses one that was made before the drawing that stands (`hash_conflict`). Where
no hash is known (after a restart, or when another process drew), a drawing goes out without one, and what is stored is
looked at once more afterwards: what an older drawing covered is drawn again.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from access.people import SlackId
from blocks.home import home_view
from operations.deps import Deps
from operations.home_load import digest_of, load_home, load_own_home
from operations.home_memory import Seen
from operations.home_order import order_own_home
from slackapi.errors import SlackBusy, SlackRefused
from storage import homes

log = logging.getLogger(__name__)
_TRIES = 5
_NOTED_DAILY = timedelta(days=1)
_WAIT = timedelta(seconds=5)
CONFLICT = "hash_conflict"


def open_home(deps: Deps, slack_id: SlackId) -> None:
    """Show somebody their home tab as it is now.

    Who never opened it sees their own part first, before anything is looked up in Slack. What Slack does not take now
    is ordered, so that it is drawn later.
    """
    with deps.database.read() as db:
        before = homes.last_opened(db, slack_id)
    if before is None:
        _show_own(deps, slack_id)
    if before is None or deps.clock.now() - before >= _NOTED_DAILY:
        with deps.database.begin() as db:  # before it is drawn: what changes from now on orders another drawing
            homes.opened(db, slack_id, deps.clock.now())
    show_or_order(deps, slack_id)


def show_or_order(deps: Deps, slack_id: SlackId, *, only_if_changed: bool = False) -> None:
    """Show a home tab now; where Slack is busy it is ordered, and drawn when Slack lets us."""
    try:
        show_home(deps, slack_id, only_if_changed=only_if_changed, hurry=True)
    except SlackBusy as busy:
        log.info("a home tab is drawn later: %s", busy, extra={"person": slack_id})
        now = deps.clock.now()
        with deps.database.begin() as db:
            wait = timedelta(seconds=busy.retry_after) if busy.retry_after else _WAIT
            order_own_home(db, slack_id, now, wait)


def show_home(deps: Deps, slack_id: SlackId, *, only_if_changed: bool = False, hurry: bool = False) -> bool:
    """Draw a home tab from what is stored now, until that is what stands; tells whether anything was sent.

    `only_if_changed` leaves alone what shows this state already. Raises `slackapi.errors.SlackTrouble`.
    """
    sent, tried = False, False
    for _ in range(_TRIES):
        seen = deps.home_memory.seen(slack_id)  # before the state is read: a drawing is as old as its hash
        home = load_home(deps, slack_id, seen.page)
        digest = digest_of(home)
        if (only_if_changed or tried) and digest == seen.digest:
            return sent
        tried = True
        try:
            told = deps.messenger.publish_home(
                slack_id, home_view(home, deps.clock.now()), stands=seen.hash, hurry=hurry
            )
        except SlackRefused as refused:
            if refused.code != CONFLICT:
                raise
            deps.home_memory.outdated(slack_id, seen.hash)
            continue
        sent = True
        deps.home_memory.shown(slack_id, Seen(hash=told, digest=digest, page=home.page))
        if seen.hash:
            return True
    log.warning("a home tab changes faster than it can be drawn", extra={"person": slack_id})
    return sent


def _show_own(deps: Deps, slack_id: SlackId) -> None:
    """Show what is known at once; where it cannot be shown, the whole of it follows all the same."""
    seen = deps.home_memory.seen(slack_id)
    home = load_own_home(deps, slack_id)
    try:
        view = home_view(home, deps.clock.now())
        told = deps.messenger.publish_home(slack_id, view, stands=seen.hash, hurry=True)
    except SlackBusy:
        return
    except SlackRefused as refused:
        if refused.code != CONFLICT:
            raise
        deps.home_memory.outdated(slack_id, seen.hash)
    else:
        deps.home_memory.shown(slack_id, replace(seen, hash=told, digest=""))
