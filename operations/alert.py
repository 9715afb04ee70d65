"""Post the alerts about overdue sessions where SSO admins see them, and put them right when it is over."""

import logging
from collections.abc import Iterable

from access.changes import ALERTS, EffectKind
from access.request import Request
from access.session import Session, SessionId
from blocks.message import Message
from blocks.overdue import overdue_alert
from operations.deps import Deps
from operations.outcome import Done, Later, Outcome
from operations.ports import Posted
from operations.publish import found_among
from slackapi.errors import SlackRefused
from storage import alerts, floods, outbox, requests, sessions
from storage.alerts import Alert
from storage.floods import Undone
from storage.outbox import Claimed

log = logging.getLogger(__name__)
MOST_SINGLE = 20
"""Alerts that wait at a time, above which one message stands for all: Slack takes one a second in a channel."""
_MOST = 500
_AFTER_REFUSAL = 300.0
Pair = tuple[Request, Session]


def post_alert(deps: Deps, claimed: Claimed) -> Outcome:
    """Say in red that a session is overdue; nothing is posted about what has ended meanwhile.

    Where many wait, one message is about all of them, and their effects are finished together with this one.
    """
    with deps.database.read() as db:
        undone = floods.waiting(db, ALERTS, EffectKind.ALERT, _MOST)
    others = undone if len(undone) > MOST_SINGLE else []
    pairs = _pairs(deps, [_own(claimed), *(SessionId(each.arguments["session"]) for each in others)])
    still = [each for each in pairs if each[1].marked_overdue]
    about = tuple(session.id for _, session in still or pairs)
    try:
        posted = _stand(deps, claimed, others, still or pairs)
    except SlackRefused as refused:
        log.error("nobody could be alerted: %s", refused, extra={"request": pairs[0][0].label})  # noqa: TRY400 - in words
        return Later(words=f"the alert could not be posted: {refused}", after=_AFTER_REFUSAL)
    now = deps.clock.now()
    with deps.database.begin() as db:
        outbox.finish(db, claimed, now)
        floods.finish_too(db, [each.id for each in others], now)
        if posted is not None:
            alerts.remember(db, Alert(channel=posted.channel, ts=posted.ts, sessions=about))
    return Done.FINISHED


def update_alert(deps: Deps, claimed: Claimed) -> Outcome:
    """Show the alerts about sessions that have ended as they stand now, those of all that wait for it at once."""
    with deps.database.read() as db:
        undone = floods.waiting(db, ALERTS, EffectKind.UPDATE_ALERT, _MOST)
        ended = {_own(claimed), *(SessionId(each.arguments["session"]) for each in undone)}
        stale = {alert for each in ended for alert in alerts.about(db, each)}
    for alert in sorted(stale, key=lambda each: (each.channel, each.ts)):
        try:
            _show(deps, alert, overdue_alert(_pairs(deps, alert.sessions), deps.clock.now()))
        except SlackRefused as refused:
            log.warning("an alert could not be put right: %s", refused, extra={"effect": claimed.effect.key})
    with deps.database.begin() as db:
        outbox.finish(db, claimed, deps.clock.now())
        floods.finish_too(db, [each.id for each in undone], deps.clock.now())
    return Done.FINISHED


def _own(claimed: Claimed) -> SessionId:
    return SessionId(claimed.effect.arguments["session"])


def _pairs(deps: Deps, ids: Iterable[SessionId]) -> list[Pair]:
    """Load sessions with their requests, each once."""
    found: list[Pair] = []
    with deps.database.read() as db:
        for each in dict.fromkeys(ids):
            session = sessions.get(db, each)
            request = requests.get(db, session.request_id) if session else None
            if session is None or request is None:
                raise LookupError(f"an alert is about session {each}, which is not there")
            found.append((request, session))
    return found


def _stand(deps: Deps, claimed: Claimed, others: list[Undone], pairs: list[Pair]) -> Posted | None:
    """Post the alert, or find and mend the one whose answer was lost; what is over already is posted no more.

    Where the admin channel refuses, the account's owners are alerted instead.
    """
    message = overdue_alert(pairs, deps.clock.now())

    def stand_in(channel: str) -> Posted | None:
        found = found_among(deps, claimed, others, channel)
        if found is not None:
            _show(deps, found, message)
            return found
        new = any(session.marked_overdue for _, session in pairs)
        return deps.messenger.post(channel, message.text, message.blocks, key=claimed.effect.key) if new else None

    admins, owners = deps.rules.admin_channel, deps.owner_channel_of(pairs[0][0].account_id)
    try:
        return stand_in(admins)
    except SlackRefused as refused:
        if owners == admins:
            raise
        log.error("the SSO admins could not be alerted: %s", refused, extra={"request": pairs[0][0].label})  # noqa: TRY400 - in words
        return stand_in(owners)


def _show(deps: Deps, where: Posted | Alert, message: Message) -> None:
    deps.messenger.update(where.channel, where.ts, message.text, message.blocks)
