"""Chooses what a claim leases: the most urgent first, one of a subject at a time, no AWS account above its share.

The statements are small and follow an index, whatever the planner believes: one statement for all of it took 40 ms
with ten thousand due, at every claim, while everybody else who claims waited.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select

from storage.lanes import Lane
from storage.tables import open_effects, outbox

DUE_NOW = and_(open_effects, outbox.c.lane == bindparam("lane"), outbox.c.due_at <= bindparam("now"))
_PAGE = 40
_PARTS = 3
"""The subject of an effect in AWS is its target: user, account and permission set (access.changes)."""


def account_of(subject: str) -> str:
    """Tell the AWS account that an effect with this subject changes; empty where it changes none."""
    parts = subject.split("/", _PARTS - 1)
    return parts[1] if len(parts) == _PARTS else ""


class _Choice:
    """What is chosen so far, beside what is held already."""

    def __init__(self, limit: int, share: int, busy: Collection[str], mine: Collection[str]) -> None:
        self.ids: list[int] = []
        self.busy = set(busy)
        self._limit = limit
        self._share = share
        self._held = Counter(account_of(subject) for subject in mine)

    @property
    def complete(self) -> bool:
        """Tell whether nothing more is wanted."""
        return len(self.ids) >= self._limit

    @property
    def full(self) -> list[str]:
        """List the accounts that have their share."""
        return [account for account, count in self._held.items() if account and count >= self._share]

    def wants(self, subject: str) -> bool:
        """Tell whether an effect with this subject can be chosen."""
        return not self.complete and subject not in self.busy and account_of(subject) not in self.full

    def take(self, subject: str, effect_id: int) -> None:
        """Choose an effect."""
        self.ids.append(effect_id)
        self.busy.add(subject)
        self._held[account_of(subject)] += 1


def choose(db: Connection, lane: Lane, now: datetime, worker: str, limit: int, share: int) -> list[int]:
    """Choose at most `limit` due effects; `share` is how many of one AWS account this worker may hold in the lane.

    Of several due effects of one subject the oldest goes, at the place of the most urgent.
    """
    choice = _begin(db, lane, now, worker, limit, share)
    while not choice.complete:
        page = _next_page(db, lane, now, choice)
        for subject in page:
            if choice.wants(subject):
                choice.take(subject, _oldest(db, lane, now, subject))
        if len(page) < _PAGE:
            break
    return choice.ids


def _begin(db: Connection, lane: Lane, now: datetime, worker: str, limit: int, share: int) -> _Choice:
    held = db.execute(_HELD, {"now": now}).all()
    # What others hold takes nothing of this worker's share: they may be dead, and their leases still last.
    mine = [row.subject for row in held if row.lane is lane and row.leased_by == worker]
    return _Choice(limit, share, [row.subject for row in held], mine)


def _next_page(db: Connection, lane: Lane, now: datetime, choice: _Choice) -> list[str]:
    """List the subjects of the next due effects in their order, without those that cannot be chosen."""
    wanted = select(outbox.c.subject).where(DUE_NOW, outbox.c.subject.not_in(choice.busy))
    for account in choice.full:
        wanted = wanted.where(~outbox.c.subject.contains(f"/{account}/", autoescape=True))
    ordered = wanted.order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id).limit(_PAGE)
    return list(db.execute(ordered, {"lane": lane, "now": now}).scalars())


def _oldest(db: Connection, lane: Lane, now: datetime, subject: str) -> int:
    return int(db.execute(_OLDEST, {"subject": subject, "word": lane.value, "now": now}).scalar_one())


_HELD = select(outbox.c.subject, outbox.c.lane, outbox.c.leased_by).where(outbox.c.leased_until > bindparam("now"))
_OLDEST = (
    select(outbox.c.id)
    .where(
        open_effects,
        outbox.c.subject == bindparam("subject"),
        # lower() changes nothing but keeps planners from reading all of the lane where they know no better.
        func.lower(outbox.c.lane) == bindparam("word"),
        outbox.c.due_at <= bindparam("now"),
    )
    .order_by(outbox.c.id)
    .limit(1)
)
