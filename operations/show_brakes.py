"""Say in the admin channel what was frozen, lifted or revoked; an order's one message changes as it is carried out."""

from datetime import datetime

from access.changes import EventKind
from access.freeze import Freeze
from access.mass_order import MassOrder, OrderStatus, Progress
from access.people import SlackId
from blocks.brakes import frozen_message, lifted_message
from blocks.mass import order_message
from blocks.message import Message
from operations.deps import Deps
from operations.end_all import load_order
from operations.outcome import Done, Later, Outcome
from operations.publish import post_once
from slackapi.errors import SlackRefused
from storage import mass_orders
from storage.mass_orders import Shown
from storage.outbox import Claimed

_AFTER_REFUSAL = 300.0
_NEXT_LOOK = 10.0


def show_brakes(deps: Deps, claimed: Claimed) -> Outcome:
    """Post or change one message; a channel that refuses is tried again for ever."""
    try:
        if "order" in claimed.effect.arguments:
            return _show_order(deps, claimed)
        post_once(deps, claimed, deps.rules.admin_channel, _of_freeze(claimed))
    except SlackRefused as refused:
        return Later(words=f"the admin channel refuses: {refused}", after=_AFTER_REFUSAL)
    return Done.FINISH


def _of_freeze(claimed: Claimed) -> Message:
    said = claimed.effect.arguments
    about = Freeze(
        by=SlackId(said["by"]),
        by_name=said["by_name"],
        at=datetime.fromisoformat(said["at"]),
        reason=said["reason"],
    )
    return frozen_message(about) if said["what"] == EventKind.FROZEN.value else lifted_message(about)


def _show_order(deps: Deps, claimed: Claimed) -> Outcome:
    """Show an order as it stands now, until AWS has confirmed the end of every session of it."""
    order = load_order(deps, claimed)
    with deps.database.read() as db:
        stands, progress = mass_orders.shown(db, order.id), mass_orders.progress(db, order.id)
        concerned = mass_orders.count(db, order.scope) if order.status is OrderStatus.WAITING else 0
    state = f"{order.version}.{progress.ordered}.{progress.live}"
    if stands.state != state:
        message = order_message(order, progress, concerned)
        channel, ts = _put(deps, claimed, stands, message)
        with deps.database.begin() as db:
            mass_orders.note_shown(db, order.id, Shown(channel=channel, ts=ts, state=state))
    if _goes_on(order, progress):
        return Later(words="AWS has not confirmed every end yet", after=_NEXT_LOOK, polite=True)
    return Done.FINISH


def _goes_on(order: MassOrder, progress: Progress) -> bool:
    return order.status is OrderStatus.DONE and progress.live > 0


def _put(deps: Deps, claimed: Claimed, stands: Shown, message: Message) -> tuple[str, str]:
    if stands.ts:
        deps.messenger.update(stands.channel, stands.ts, message.text, message.blocks)
        return stands.channel, stands.ts
    posted = post_once(deps, claimed, deps.rules.admin_channel, message)
    return posted.channel, posted.ts
