"""Tell people what happened: direct messages and reminders."""

import logging

from access.changes import NoticeKind, Place
from access.request import Request
from access.session import Session
from blocks.message import Message
from blocks.notices import NoticeFacts, notice
from operations.deps import Deps
from operations.outcome import Done, Outcome
from operations.publish import channels_of, direct, load, post_once
from operations.settle import session_of
from slackapi.errors import SlackRefused
from storage.outbox import Claimed

log = logging.getLogger(__name__)


def tell(deps: Deps, claimed: Claimed) -> Outcome:
    """Send the requester a direct message, or the approvers of a level a reminder."""
    request, session = load(deps, claimed)
    kind = NoticeKind(claimed.effect.arguments["notice"])
    if kind is NoticeKind.EXTENDED:
        with deps.database.read() as db:
            session = session_of(db, request)
    message = notice(kind, request, session, _facts(deps, session))
    try:
        if kind is NoticeKind.REMINDER:
            if not request.status.undecided:
                return Done.FINISH
            _remind(deps, claimed, request, message)
        else:
            direct(deps, claimed, request, message)
    except SlackRefused as refused:
        log.error("nobody could be told: %s", refused, extra={"request": request.label})  # noqa: TRY400 - said in words
    return Done.FINISH


def _remind(deps: Deps, claimed: Claimed, request: Request, message: Message) -> None:
    """Remind the approvers of a level; SSO admins are reminded for owners whose channel is closed."""
    channels = channels_of(deps, request)
    if Place(claimed.effect.arguments["place"]) is Place.OWNERS:
        try:
            post_once(deps, claimed, channels.owner, message)
        except SlackRefused as refused:
            log.warning("the owners could not be reminded: %s", refused, extra={"request": request.label})
        else:
            return
    post_once(deps, claimed, channels.admin, message)


def _facts(deps: Deps, session: Session | None) -> NoticeFacts:
    """Gather what a notice says beyond the request: the way in, and why."""
    return NoticeFacts(
        now=deps.clock.now(),
        portal_url=deps.rules.portal_url,
        region=deps.rules.region,
        words=session.end_reason if session else "",
    )
