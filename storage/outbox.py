"""The outbox: effects committed with the change that wants them, then claimed, performed and finished.

A claim is a lease with a token: who claims later has a higher token, and the earlier one can finish nothing any more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from access.changes import Effect
from storage.fair_share import DUE_NOW, choose
from storage.lanes import Lane, priority
from storage.listening import notify
from storage.tables import open_effects, outbox

__all__ = [
    "Claimed",
    "FencedOut",
    "Lane",
    "Tried",
    "Waiting",
    "add",
    "claim",
    "due",
    "finish",
    "hand_back",
    "hasten",
    "prune",
    "put_off",
    "state",
    "tried",
]

CLAIM_LOCK = 0x6A69_7463
"""Key of PostgreSQL's advisory lock: one claim at a time, so that each sees the leases of the one before."""


class FencedOut(Exception):  # noqa: N818 - it states a fact
    """The lease is over and somebody else has the row, or finished it; nothing of this transaction may be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An effect to perform now, held until `leased_until`.

    `attempts` counts this one. `outcome_unknown` tells that an earlier attempt may have had its effect. `first_due`
    is when the effect was first to be performed.
    """

    id: int
    effect: Effect
    lane: Lane
    attempts: int
    token: int
    outcome_unknown: bool
    first_due: datetime
    leased_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits in one lane: how many effects are due, and since when the oldest has been undone."""

    ready: int
    oldest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How far an effect has come: attempts so far, and the words that the last one failed with."""

    attempts: int
    words: str


def add(db: Connection, effects: Iterable[Effect], now: datetime, *, urgent: bool = False) -> None:
    """Order effects; one whose key is already there is the same effect and is left alone.

    `urgent` removals are performed before others, however long those wait.
    """
    rows = [_to_row(each, now, urgent=urgent) for each in effects]
    if rows:
        build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        db.execute(build(outbox).on_conflict_do_nothing(index_elements=["dedup_key"]), rows)
    if any(row["due_at"] == now for row in rows):
        notify(db)


def claim(  # noqa: PLR0913 - who claims, of what, when, for how long and how much
    db: Connection, lane: Lane, now: datetime, worker: str, ttl: timedelta, limit: int, *, share: int | None = None
) -> list[Claimed]:
    """Lease at most `limit` due effects of a lane to `worker`; commit before performing them.

    Effects of one subject are never held at the same time, whatever their lanes, and within a lane the oldest due one
    goes first. `share` is how many effects of one AWS account the worker may hold at a time in this lane. An effect
    whose lease ran out is due again, with `outcome_unknown`.
    """
    if db.dialect.name == "postgresql":
        # Skipping locked rows keeps two claims off one row, but not off two rows of one subject.
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
    ids = choose(db, lane, now, worker, limit, limit if share is None else share)
    if not ids:
        return []
    # A worker whose lease ran out may be finishing its row at this moment.
    free = select(outbox.c.id).where(outbox.c.id.in_(ids), open_effects).with_for_update(skip_locked=True)
    leased = (
        update(outbox)
        .where(outbox.c.id.in_(free))
        .values(
            leased_by=worker,
            leased_until=now + ttl,
            token=outbox.c.token + 1,
            attempts=outbox.c.attempts + 1,
            outcome_unknown=or_(outbox.c.outcome_unknown, outbox.c.leased_until.is_not(None)),
        )
    )
    rows = db.execute(leased.returning(*outbox.c)).all()
    return [_to_claimed(row) for row in sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))]


def due(db: Connection, lane: Lane, now: datetime) -> bool:
    """Tell whether a lane may have anything to claim; it only reads, so that an idle bot writes nothing."""
    return db.execute(_DUE, {"lane": lane, "now": now}).first() is not None


def finish(db: Connection, claimed: Claimed, now: datetime) -> None:
    """Mark an effect as performed, in the transaction that stores what came of it; raises `FencedOut`."""
    done = _held(claimed).values(done_at=now, leased_by=None, leased_until=None)
    if db.execute(done).rowcount != 1:
        raise FencedOut(f"{claimed.effect.key} is no longer held")


def put_off(db: Connection, claimed: Claimed, due_at: datetime, error: str, *, unknown: bool = False) -> None:
    """Give an effect back to be tried again at `due_at`; nothing happens where somebody else has it.

    `unknown` tells that it may have had its effect, which is then remembered until it is finished.
    """
    again = _held(claimed).values(due_at=due_at, last_error=error, leased_by=None, leased_until=None)
    db.execute(again.values(outcome_unknown=True) if unknown else again)


def hand_back(db: Connection, worker: str | None, now: datetime) -> int:
    """Release all that a worker holds as it stops, without counting the attempt; returns how many.

    Without a worker, all that anybody holds: only for who knows that everybody else is dead. Whether such an effect
    was begun is not known here, so its outcome counts as unknown.
    """
    held = update(outbox).where(open_effects, outbox.c.leased_until > now)
    if worker is not None:
        held = held.where(outbox.c.leased_by == worker)
    freed = held.values(leased_by=None, leased_until=None, attempts=outbox.c.attempts - 1, outcome_unknown=True)
    return db.execute(freed).rowcount


def hasten(db: Connection, key: str, now: datetime) -> bool:
    """Make an effect that waits for its next attempt due at once; False where none of this key waits any longer."""
    due_now = update(outbox).where(outbox.c.dedup_key == key, open_effects, outbox.c.due_at > now)
    hastened = db.execute(due_now.values(due_at=now)).rowcount == 1
    if hastened:
        notify(db)
    return hastened


def tried(db: Connection, key: str) -> Tried:
    """Tell how often an effect was attempted and what the last attempt ended with; nothing where there is none."""
    found = db.execute(select(outbox.c.attempts, outbox.c.last_error).where(outbox.c.dedup_key == key)).one_or_none()
    return Tried(attempts=found.attempts, words=found.last_error) if found else Tried(attempts=0, words="")


def prune(db: Connection, before: datetime) -> int:
    """Forget effects performed before a time, and with them their keys; returns how many."""
    return db.execute(delete(outbox).where(outbox.c.done_at.is_not(None), outbox.c.done_at < before)).rowcount


def state(db: Connection, now: datetime) -> dict[Lane, Waiting]:
    """Tell what waits in each lane; the age counts from when an effect was first due, through all its attempts."""
    ready = func.count().filter(outbox.c.due_at <= now)
    oldest = func.min(outbox.c.first_due_at)
    which = select(outbox.c.lane, ready, oldest).where(open_effects, outbox.c.first_due_at <= now)
    found = {
        lane: Waiting(ready=count, oldest=now - since)
        for lane, count, since in db.execute(which.group_by(outbox.c.lane))
    }
    return {lane: found.get(lane, Waiting(ready=0, oldest=timedelta(0))) for lane in Lane}


def _held(claimed: Claimed) -> Update:
    return update(outbox).where(outbox.c.id == claimed.id, outbox.c.token == claimed.token, open_effects)


def _to_row(effect: Effect, now: datetime, *, urgent: bool) -> dict[str, object]:
    due_at = now + effect.delay
    return {
        "lane": Lane.of(effect.kind),
        "kind": effect.kind,
        "subject": effect.subject,
        "dedup_key": effect.key,
        "payload": json.dumps(dict(effect.arguments), sort_keys=True),
        "priority": priority(effect.kind, urgent=urgent),
        "first_due_at": due_at,
        "due_at": due_at,
        "attempts": 0,
        "token": 0,
        "last_error": "",
        "outcome_unknown": False,
    }


def _to_claimed(row: Row[*tuple[Any, ...]]) -> Claimed:
    return Claimed(
        id=row.id,
        effect=Effect(kind=row.kind, subject=row.subject, key=row.dedup_key, arguments=json.loads(row.payload)),
        lane=row.lane,
        attempts=row.attempts,
        token=row.token,
        outcome_unknown=row.outcome_unknown,
        first_due=row.first_due_at,
        leased_until=row.leased_until,
    )


# The workers ask this all the time; made once, it costs a fraction.
_DUE = (
    select(outbox.c.id)
    .where(DUE_NOW, or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= bindparam("now")))
    .limit(1)
)
