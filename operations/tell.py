"""Tell people what happened: direct messages, reminders, and the lines of the audit channel."""

import logging

from access.changes import NoticeKind, Place
from blocks.audit_line import audit_line
from blocks.notices import notice
from operations.deps import Deps
from operations.outcome import Later
from operations.publish import channels_of, load, post_once
from slackapi.errors import SlackRefused
from storage import audit
from storage.outbox import Claimed

log = logging.getLogger(__name__)
_AFTER_REFUSAL = 300.0


def tell(deps: Deps, claimed: Claimed) -> Later | None:
    """Send the requester a direct message, or the approvers of a level a reminder."""
    request, session = load(deps, claimed)
    kind = NoticeKind(claimed.effect.arguments["notice"])
    message = notice(kind, request, session, portal_url=deps.rules.portal_url, now=deps.clock.now())
    try:
        if kind is NoticeKind.REMINDER:
            if not request.status.undecided:
                return None
            channels = channels_of(deps, request)
            place = Place(claimed.effect.arguments["place"])
            post_once(deps, claimed, channels.admin if place is Place.ADMINS else channels.owner, message)
        else:
            key = claimed.effect.key
            deps.messenger.direct(request.requester.slack_id, message.text, message.blocks, key=key)
    except SlackRefused as refused:
        log.error("nobody could be told: %s", refused, extra={"request": request.label})  # noqa: TRY400 - said in words
    return None


def post_audit_line(deps: Deps, claimed: Claimed) -> Later | None:
    """Post one entry of the audit log to the audit channel; a channel that refuses is tried again for ever."""
    with deps.database.read() as db:
        event = audit.get(db, int(claimed.effect.arguments["seq"]))
    try:
        post_once(deps, claimed, deps.rules.audit_channel, audit_line(event))
    except SlackRefused as refused:
        return Later(words=f"the audit channel refuses: {refused}", after=_AFTER_REFUSAL)
    return None
