"""Freeze all granting, and lift the freeze: stored for all replicas, told in the admin channel and on every card."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from access import freeze as rules
from access.changes import Event
from access.freeze import Freeze, announce, redraw
from access.people import SlackId
from access.refusals import TooLate
from operations.acting_alone import acting_alone
from operations.deps import Deps
from operations.home_order import order_all_homes
from operations.settle import narrate, record
from storage import freezes, outbox, requests
from storage.transactions import LostRace

_TRIES = 5
_MOST_CARDS = 500
Made = TypeVar("Made")


def freeze_granting(deps: Deps, slack_id: SlackId, reason: str) -> Freeze:
    """Freeze, as SSO admin; raises the refusal where this person may not, or somebody was faster."""
    with acting_alone(deps, slack_id, "freeze") as actor:

        def put_on(db: Connection) -> tuple[Freeze, Event]:
            frozen, event = rules.freeze(freezes.current(db), actor.person, actor.roster, deps.clock.now(), reason)
            freezes.put_on(db, frozen)
            _order(db, event)
            return frozen, event

        frozen, event = _settled(deps, put_on)
    narrate([event])
    return frozen


def unfreeze_granting(deps: Deps, slack_id: SlackId) -> None:
    """Lift the freeze, as SSO admin; the grants that waited for it go on at once."""
    with acting_alone(deps, slack_id, "unfreeze") as actor:

        def lift(db: Connection) -> Event:
            current = freezes.current(db)
            event = rules.unfreeze(current, actor.person, actor.roster, deps.clock.now())
            if current is not None:
                freezes.lift(db, current)
            freezes.release_grants(db, event.at)
            _order(db, event)
            return event

        event = _settled(deps, lift)
    narrate([event])


def _settled(deps: Deps, act: Callable[[Connection], Made]) -> Made:
    """Act in one transaction; a lost race is judged anew, and then refused in words."""
    for _ in range(_TRIES):
        try:
            with deps.database.begin() as db:
                return act(db)
        except LostRace:
            continue
    raise TooLate("Others freeze and unfreeze right now.", "Look at it again in a moment.")


def _order(db: Connection, event: Event) -> None:
    """Order the message and the banners, and write it down, last in the transaction."""
    cards = [redraw(each, event) for each in requests.undecided(db, _MOST_CARDS)]
    outbox.add(db, [announce(event), *cards], event.at)
    order_all_homes(db, event.kind, event.at)
    record(db, [event], event.at)
