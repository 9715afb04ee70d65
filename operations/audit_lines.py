"""Post the entries of the audit log to the audit channel, a line each; where many wait, one message for all."""

from access.changes import AUDIT, EffectKind
from blocks.audit_digest import Digest, audit_digest
from blocks.audit_line import audit_line
from blocks.message import Message
from operations.deps import Deps
from operations.outcome import Done, Later, Outcome
from operations.publish import found_among, post_once
from slackapi.errors import SlackRefused
from storage import audit, floods, outbox
from storage.floods import Undone
from storage.outbox import Claimed

MOST_LINES = 20
"""Lines that wait at a time, above which a digest stands for them: Slack takes one message a second in a channel."""
_MOST = 500
_AFTER_REFUSAL = 300.0


def post_audit_line(deps: Deps, claimed: Claimed) -> Outcome:
    """Post one entry, or all that wait in a digest; a channel that refuses is tried again for ever."""
    with deps.database.read() as db:
        undone = floods.waiting(db, AUDIT, EffectKind.AUDIT_LINE, _MOST)
    try:
        if len(undone) > MOST_LINES:
            return _post_digest(deps, claimed, undone)
        post_once(deps, claimed, deps.rules.audit_channel, _line(deps, _seq(claimed)))
    except SlackRefused as refused:
        return Later(words=f"the audit channel refuses: {refused}", after=_AFTER_REFUSAL)
    return Done.FINISH


def _line(deps: Deps, seq: int) -> Message:
    with deps.database.read() as db:
        return audit_line(audit.get(db, seq), audit.anchor(db, seq))


def _post_digest(deps: Deps, claimed: Claimed, undone: list[Undone]) -> Outcome:
    """Post the digest; one whose answer was lost is found again, and shows from then on all that waits now."""
    message = audit_digest(_digest(deps, {_seq(claimed), *(int(each.arguments["seq"]) for each in undone)}))
    channel = deps.rules.audit_channel
    found = found_among(deps, claimed, undone, channel)
    if found is not None:
        deps.messenger.update(found.channel, found.ts, message.text, message.blocks)
    else:
        deps.messenger.post(channel, message.text, message.blocks, key=claimed.effect.key)
    now = deps.clock.now()
    with deps.database.begin() as db:
        outbox.finish(db, claimed, now)
        floods.finish_too(db, [each.id for each in undone], now)
    return Done.FINISHED


def _digest(deps: Deps, numbers: set[int]) -> Digest:
    first, last = min(numbers), max(numbers)
    with deps.database.read() as db:
        events = [audit.get(db, seq) for seq in sorted(numbers)]
        return Digest(first=first, last=last, events=events, anchor=audit.anchor(db, last))


def _seq(claimed: Claimed) -> int:
    return int(claimed.effect.arguments["seq"])
