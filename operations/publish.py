"""Post the cards of a request and keep every copy up to date."""

import logging
from collections.abc import Iterable

from access.changes import Place, shown_version
from access.freeze import Freeze
from access.lifecycle import escalate
from access.request import Request, RequestId
from access.session import Session
from blocks.again import said_again
from blocks.brakes import with_banner
from blocks.message import Message
from blocks.request_card import Channels, request_card
from operations.deps import Deps
from operations.frozen import frozen_now
from operations.outcome import Done, Later, Outcome
from operations.ports import Posted
from operations.settle import settle
from operations.too_late import must_hold
from slackapi.errors import SlackRefused
from storage import cards, outbox, requests, sessions
from storage.cards import Card
from storage.floods import Undone
from storage.outbox import Claimed

log = logging.getLogger(__name__)
_MOST_SOUGHT = 5
"""Lost answers that are looked for before a message for many effects is posted: each costs a call."""


def load(deps: Deps, claimed: Claimed) -> tuple[Request, Session | None]:
    """Load the request that an effect is about, with its session."""
    request_id = RequestId(claimed.effect.arguments["request"])
    with deps.database.read() as db:
        request = requests.get(db, request_id)
        session = sessions.of_request(db, request_id)
    if request is None:
        raise LookupError(f"effect {claimed.effect.key} is about a request that is not there")
    return request, session


def channels_of(deps: Deps, request: Request) -> Channels:
    """Tell in which channels a request is decided."""
    return Channels(owner=deps.owner_channel_of(request.account_id), admin=deps.rules.admin_channel)


def _drawn(deps: Deps, request: Request, session: Session | None, place: Place, frozen: Freeze | None) -> Message:
    card = request_card(request, session, place=place, channels=channels_of(deps, request), now=deps.clock.now())
    return with_banner(card, frozen)


def _banner_of(deps: Deps, request: Request) -> tuple[Freeze | None, str]:
    """Tell the freeze that an undecided card shows, and the mark of it in the version that is shown."""
    frozen = frozen_now(deps) if request.status.undecided else None
    return frozen, f":frozen.{frozen.at.isoformat()}" if frozen else ""


def post_card(deps: Deps, claimed: Claimed) -> Outcome:
    """Post the card in one place, once; where Slack refuses the owner channel, the SSO admins are asked instead."""
    request, session = load(deps, claimed)
    place = Place(claimed.effect.arguments["place"])
    with deps.database.read() as db:
        known = [each for each in cards.of_request(db, request.id) if each.place is place]
    if known:
        return Done.FINISH
    try:
        frozen, mark = _banner_of(deps, request)
        posted = _post(deps, claimed, request, _drawn(deps, request, session, place, frozen), place)
    except SlackRefused as refused:
        return _fall_back(deps, request, place, refused)
    version = shown_version(request, session) + mark
    card = Card(request_id=request.id, place=place, channel=posted.channel, ts=posted.ts, shown=version)
    with deps.database.begin() as db:
        outbox.finish(db, claimed, deps.clock.now())
        cards.remember(db, card)
    return Done.FINISHED


def _post(deps: Deps, claimed: Claimed, request: Request, drawn: Message, place: Place) -> Posted:
    key = claimed.effect.key
    channels = channels_of(deps, request)
    if place is Place.REQUESTER:
        return direct(deps, claimed, request, drawn)
    channel = channels.owner if place is Place.OWNERS else channels.admin
    found = found_again(deps, claimed, channel)
    if found is None:
        return deps.messenger.post(channel, drawn.text, drawn.blocks, key=key)
    _redraw(deps, request, found, drawn)  # it shows the state of when its answer was lost
    return found


def direct(deps: Deps, claimed: Claimed, request: Request, message: Message) -> Posted:
    """Send the requester a direct message; one whose first answer was lost says that it may be there twice."""
    sent = said_again(message) if claimed.outcome_unknown else message
    must_hold(deps, claimed)
    return deps.messenger.direct(request.requester.slack_id, sent.text, sent.blocks, key=claimed.effect.key)


def post_once(deps: Deps, claimed: Claimed, channel: str, message: Message) -> Posted:
    """Post to a channel; after an answer that was lost, look first whether the message stands there already."""
    found = found_again(deps, claimed, channel)
    return found or deps.messenger.post(channel, message.text, message.blocks, key=claimed.effect.key)


def found_again(deps: Deps, claimed: Claimed, channel: str) -> Posted | None:
    """Find the message of an earlier attempt whose answer was lost; None where there is none, so that it is posted.

    Raises `FencedOut` where the lease is over: somebody else may be posting it.
    """
    found = None
    if claimed.outcome_unknown:
        found = deps.messenger.find_posted(channel, claimed.effect.key, claimed.first_due)
    must_hold(deps, claimed)
    return found


def found_among(deps: Deps, claimed: Claimed, together: Iterable[Undone], channel: str) -> Posted | None:
    """Find the one message for many effects that an attempt at any of them may have posted, its answer lost."""
    found = found_again(deps, claimed, channel)
    others = [each for each in together if each.unknown and each.id != claimed.id]
    for each in others[:_MOST_SOUGHT]:
        found = found or deps.messenger.find_posted(channel, each.key, each.first_due)
    return found


def _fall_back(deps: Deps, request: Request, place: Place, refused: SlackRefused) -> Outcome:
    log.error("a card could not be posted: %s", refused, extra={"request": request.label})
    if place is Place.REQUESTER:
        return Done.FINISH
    if place is Place.ADMINS or deps.owner_channel_of(request.account_id) == deps.rules.admin_channel:
        return Later(words=str(refused))  # there is nowhere else to ask
    why = f"the owner channel could not be reached: {refused}"
    settle(deps, request.id, lambda latest, _: escalate(latest, deps.clock.now(), why))
    return Done.FINISH


def update_cards(deps: Deps, claimed: Claimed) -> Outcome:
    """Bring every copy of the card up to date; one that shows this state already is left alone."""
    request, session = load(deps, claimed)
    frozen, mark = _banner_of(deps, request)
    version = shown_version(request, session) + mark
    with deps.database.read() as db:
        stale = [each for each in cards.of_request(db, request.id) if each.shown != version]
    for card in stale:
        _redraw(deps, request, card, _drawn(deps, request, session, card.place, frozen))
        with deps.database.begin() as db:
            cards.shown(db, card, version)
    return Done.FINISH


def _redraw(deps: Deps, request: Request, where: Card | Posted, drawn: Message) -> None:
    """Show a card anew; a copy that Slack does not let us change is left as it is."""
    try:
        deps.messenger.update(where.channel, where.ts, drawn.text, drawn.blocks)
    except SlackRefused as refused:
        log.warning("a card could not be updated: %s", refused, extra={"request": request.label})
