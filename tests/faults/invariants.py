"""The promises that hold when all is done (reliability, I1 to I7): what the log, AWS, Slack and the outbox then say."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from access.changes import EffectKind, EventKind
from access.request import Request, RequestId
from access.session import Ending, Session, SessionStatus, shown_status
from sandbox.aws import AwsSandbox
from sandbox.slack.messages import Message
from sandbox.slack.workspace import Workspace
from slackapi.messenger import METADATA_EVENT
from storage import audit, cards, chain, requests, sessions
from storage.cards import Card
from storage.tables import outbox
from storage.tables import requests as request_rows
from storage.transactions import Database

_TERMINAL = {EventKind.EXPIRED, EventKind.REVOKED, EventKind.FAILED}
_NOTICES = {
    (SessionStatus.EXPIRED, Ending.EXPIRED): "expired",
    (SessionStatus.REVOKED, Ending.REVOKED): "revoked",
    (SessionStatus.REVOKED, Ending.ENDED_EARLY): "ended_early",
    (SessionStatus.FAILED, Ending.FAILED): "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """What is left when nothing is due any more.

    `seen` are the requests that somebody saw taken. `lost_answers` tells, for an effect's key, how many of its
    attempts came to no answer: a direct message may stand once more for each of them, because the bot has no scope to
    read such conversations and so cannot look whether it stands there; nothing in a channel may. `ended` tells that
    every session must have ended by now.
    """

    database: Database
    aws: AwsSandbox
    workspace: Workspace
    audit_channel: str
    seen: Collection[RequestId]
    lost_answers: Callable[[str], int]
    ended: bool = True


def broken_promises(lasting: Lasting) -> list[str]:
    """List every promise that is broken, in words."""
    with lasting.database.read() as db:
        ids = [RequestId(each) for each in db.execute(select(request_rows.c.id)).scalars()]
        stored = [each for each in (requests.get(db, each) for each in ids) if each is not None]
        pairs = [(each, sessions.of_request(db, each.id)) for each in stored]
        log = [audit.get(db, seq) for seq in range(2, audit.head(db).seq + 1)]
        verified, head = chain.verify(db), audit.head(db).seq
        effects = list(db.execute(select(outbox.c.kind, outbox.c.dedup_key, outbox.c.payload, outbox.c.done_at)).all())
        shown = [card for each in stored for card in cards.of_request(db, each.id)]
    posts = _Posts(lasting.workspace)
    told = [each.dedup_key for each in effects if each.kind is EffectKind.TELL]
    return [
        *(_left_over(lasting.aws, pairs) if lasting.ended else []),
        *(words for each in pairs for words in _log_problems(*each, [(one.kind, one.request) for one in log])),
        *(words for each in pairs for words in _announcement_problems(*each, told)),
        *(words for key in told for words in posts.problems(key, lasting.lost_answers(key))),
        *_card_problems(pairs, shown, posts, lasting),
        *([] if verified.ok and verified.entries == head else [f"I4: {verified.problem or 'the log has gaps'}"]),
        *(words for seq in range(2, head + 1) for words in posts.problems(f"audit_line:{seq}", 0)),
        *(f"I5: {each} was seen to be taken and is not there" for each in lasting.seen if each not in ids),
        *(f"I7: {each.dedup_key} is still open" for each in effects if each.done_at is None and lasting.ended),
    ]


def _left_over(aws: AwsSandbox, pairs: list[tuple[Request, Session | None]]) -> Iterator[str]:
    yield from (f"I1: {each} is left" for each in aws.assignments())
    yield from (f"I1: the set {each.name} is left" for each in aws.permission_sets() if "jit:request" in each.tags)
    for request, session in pairs:
        if request.status.undecided:
            yield f"{request.label} was never decided"
        if session is not None and session.status.live:
            yield f"I1: {request.label} has not ended: {session.status}"
        if session is not None and session.existed_before:
            yield f"I1: {request.label} takes its own assignment for somebody else's"


def _log_problems(request: Request, session: Session | None, log: list[tuple[EventKind, str]]) -> Iterator[str]:
    """See that the log has the request once, and its end once and as what it was (I3, I5)."""
    own = [kind for kind, label in log if label == request.label]
    if own.count(EventKind.REQUESTED) != 1:
        yield f"I5: {request.label} stands {own.count(EventKind.REQUESTED)} times in the log as requested"
    ends = [each for each in own if each in _TERMINAL]
    wanted = [] if session is None or session.status.live else [EventKind(session.status.value)]
    if ends != wanted:
        status = session.status if session else request.status
        yield f"I3: {request.label} is {status}, its ends in the log are {[str(each) for each in ends]}"


def _announcement_problems(request: Request, session: Session | None, told: list[str]) -> Iterator[str]:
    """See that the end was ordered to be announced; that it was is seen with all other messages (I3)."""
    if session is None or session.ending is None or session.status.live:
        return
    key = f"tell:{request.id}:{_NOTICES.get((session.status, session.ending), 'nothing')}"
    if key not in told:
        yield f"I3: nobody was to hear that {request.label} is {session.status}"


class _Posts:
    """What stands in Slack, by the key of the effect that posted it."""

    def __init__(self, workspace: Workspace) -> None:
        channels = {each.id for each in workspace.channels.by_id.values() if not each.is_im}
        every = [each for said in workspace.messages.by_channel.values() for each in said if _key(each)]
        self.by_address = {(each.channel, each.ts): each for each in every}
        self.in_channels = Counter(_key(each) for each in every if each.channel in channels)
        self.direct = Counter(_key(each) for each in every if each.channel not in channels)

    def problems(self, key: str, lost_answers: int) -> Iterator[str]:
        """See that a message stands once; a direct one may stand again for each lost answer."""
        if self.in_channels[key] + self.direct[key] < 1:
            yield f"I3: {key} was never posted"
        if self.in_channels[key] > 1 or self.direct[key] > 1 + lost_answers:
            yield f"I3: {key} stands {self.in_channels[key] + self.direct[key]} times, {lost_answers} answers were lost"


def _card_problems(
    pairs: list[tuple[Request, Session | None]], shown: list[Card], posts: _Posts, lasting: Lasting
) -> Iterator[str]:
    """See that every card stands once, is known, and shows how the request ended."""
    for request, session in pairs:
        known = [each for each in shown if each.request_id == request.id]
        for place in {each.place for each in known}:
            key = f"card:{request.id}:{place}"
            yield from posts.problems(key, lasting.lost_answers(key))
        if not {"owners", "requester"} <= {each.place.value for each in known}:
            yield f"I3: {request.label} has cards only for {[each.place.value for each in known]}"
        words = shown_status(request, session).value
        for card in known:
            message = posts.by_address.get((card.channel, card.ts))
            top = " · ".join(message.text.split(" · ")[:2]) if message else "nothing"
            if not (top.startswith(request.label) and top.endswith(words)):
                yield f"I3: a card of {request.label} shows {top}, not {words}"


def _key(message: Message) -> str:
    found = message.metadata or {}
    if found.get("event_type") != METADATA_EVENT:
        return ""
    return str((found.get("event_payload") or {}).get("key") or "")
