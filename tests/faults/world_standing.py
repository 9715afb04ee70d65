"""How a company stands when it rests: all that decides what comes next, without times, ids and counters.

Two companies that stand alike go on alike, so that a run whose company stands as it would without any fault may end
there. What the process remembers is left out: in full, every run is played to its end.
"""

import re
from typing import Any

from sqlalchemy import select

from access.changes import shown_version
from access.request import Request, RequestId
from access.session import Session
from sandbox.aws.world import Status
from storage import cards, requests, sessions
from storage.cards import Card
from storage.tables import open_effects, outbox
from storage.tables import requests as request_rows
from tests.faults.world import World

Standing = tuple[Any, ...]
_OWN_SET = re.compile(r"(JIT-\w+)-\w{4}$")


def standing(world: World) -> Standing:
    """Tell how a company stands."""
    with world.store.engine.open().read() as db:
        ids = [RequestId(each) for each in db.execute(select(request_rows.c.id).order_by(request_rows.c.id)).scalars()]
        asked = [each for each in (requests.get(db, each) for each in ids) if each is not None]
        held = [sessions.of_request(db, each) for each in ids]
        shown = [cards.of_request(db, each) for each in ids]
        which = select(outbox.c.kind, outbox.c.outcome_unknown, outbox.c.leased_until.is_(None)).where(open_effects)
        waiting = sorted(tuple(each) for each in db.execute(which.order_by(outbox.c.kind)).all())
    return (
        [_request(each) for each in asked],
        [_session(world, one, each) for one, each in zip(asked, held, strict=True)],
        [
            sorted(_card(world, one, each, card) for card in found)
            for one, each, found in zip(asked, held, shown, strict=True)
        ],
        waiting,
        _in_aws(world),
    )


def _request(request: Request) -> Standing:
    decisions = [(each.level, each.verdict, each.by, each.role, each.reason) for each in request.decisions]
    return request.id, request.number, request.status, decisions, bool(request.escalated_at), bool(request.reminded_at)


def _session(world: World, request: Request, session: Session | None) -> Standing:
    if session is None:
        return ()
    begun = session.granted_at or request.closed_at
    known = world.aws.world.sets.get(session.set_arn)
    facts = (session.sent_at, session.grant_operation, session.removal_operation, session.granted_at)
    return (
        session.status,
        _name(session.set_name),
        _name(known.name) if known else bool(session.set_arn),
        [bool(each) for each in facts],
        (session.existed_before, bool(session.announced_at), session.ending, session.end_reason, session.trouble),
        session.ends_at - begun if begun else None,
    )


def _card(world: World, request: Request, session: Session | None, card: Card) -> Standing:
    message = world.workspace.messages.find(card.channel, card.ts)
    top = message.text.split(" · ")[:2] if message else []
    return card.place, card.channel, card.shown == shown_version(request, session), top


def _in_aws(world: World) -> Standing:
    aws = world.aws.world
    aws.settle()
    names = {arn: _name(each.name) for arn, each in aws.sets.items()}
    made = sorted((_name(each.name), sorted(each.tags), sorted(each.managed_policies)) for each in aws.sets.values())
    holdings = sorted((each.account_id, names[each.set_arn], each.principal_id) for each in aws.holdings)
    return made, holdings, [each.kind for each in aws.operations.values() if each.status is Status.IN_PROGRESS]


def _name(name: str) -> str:
    return _OWN_SET.sub(r"\1", name)
