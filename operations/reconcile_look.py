"""Read what AWS holds of the bot's permission sets, and compare it with the sessions; nothing is changed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from access.drift import SET_GRACE, Findings, Looked, compare
from access.permission_sets import PREFIX
from access.session import Assignment, Session
from aws.errors import AwsTrouble, NotThere
from operations.deps import Deps
from operations.keep_sets import MANAGED_TAG
from storage import drift, sessions

MOST_LIVE = 100_000
_LOOKED_BACK = timedelta(days=30)
"""As long as orders that are done are kept: without them nobody can tell whose an assignment is, and it is not ours."""

_MOST_SKIPPED = 3
"""Accounts that AWS may refuse to show: with more it is AWS that is away, and a round would only wait."""


class Stopped(Exception):  # noqa: N818 - it states a fact
    """The bot stops; the round is not finished."""


def look_around(deps: Deps, stopping: Callable[[], bool] = lambda: False) -> Findings:
    """Compare AWS with the database; raises what AWS raises where it does not answer, and `Stopped`.

    A few accounts that AWS does not show are left out and named. Sessions are read before and after AWS, because grants
    and ends go on meanwhile.
    """
    started = deps.clock.now()
    before = _live(deps)
    with deps.identity_center.patiently():
        looked = _look(deps, before, stopping)
    with deps.database.read() as db:
        after = sessions.live(db, MOST_LIVE)
        ended = drift.ended_since(db, started)
        doubtful = drift.doubtful(db, started - _LOOKED_BACK)
    found = compare(looked, [*before, *ended], after, doubtful)
    return _with_sets(deps, found, [*before, *after], started)


def _live(deps: Deps) -> list[Session]:
    with deps.database.read() as db:
        return sessions.live(db, MOST_LIVE)


def _look(deps: Deps, live: Iterable[Session], stopping: Callable[[], bool]) -> Looked:
    names = deps.identity_center.all_sets()
    wanted = {arn for arn, name in names.items() if name.startswith(PREFIX) or name in deps.catalogue().standard_sets}
    ours = {(each.account_id, each.set_arn) for each in live if each.set_arn}
    accounts = sorted({*deps.catalogue().accounts, *(account for account, _ in ours)})
    held: set[Assignment] = set()
    where: set[tuple[str, str]] = set()
    skipped: list[str] = []
    for account in accounts:
        theirs = wanted | {arn for there, arn in ours if there == account}
        try:
            held |= _held(deps, account, theirs, stopping)
        except AwsTrouble as trouble:
            skipped.append(f"{account}: {trouble.words}")
            if len(skipped) >= _MOST_SKIPPED:
                raise
        else:
            where |= {(account, arn) for arn in theirs}
    return Looked(held=frozenset(held), where=frozenset(where), names=names, skipped=tuple(skipped))


def _held(deps: Deps, account: str, wanted: set[str], stopping: Callable[[], bool]) -> set[Assignment]:
    held: set[Assignment] = set()
    for arn in sorted(deps.identity_center.sets_in(account) & wanted):
        if stopping():
            raise Stopped
        users = deps.identity_center.users_of(account, arn)
        held |= {Assignment(principal_id=user, account_id=account, set_arn=arn) for user in users}
    return held


def _with_sets(deps: Deps, found: Findings, live: Iterable[Session], now: datetime) -> Findings:
    """Add the sets of one session that belong to none: those of ended sessions, and those of nobody we know."""
    used = {each.set_name for each in live} | {each.set_arn for each in live}
    made = {arn: name for arn, name in found.looked.names.items() if name.startswith(PREFIX)}
    idle = {arn: name for arn, name in made.items() if arn not in used and name not in used}
    with deps.database.read() as db:  # read after AWS: a set's name is stored before the set is made
        owners = {each.set_name: each for each in drift.with_own_sets(db, set(idle.values()))}
    busy = {each.set_arn for each in found.foreign}
    left = [
        _standing_as(owners[name], arn)
        for arn, name in idle.items()
        if name in owners and _long_over(owners[name], now) and arn not in busy
    ]
    strange = {arn for arn, name in idle.items() if name not in owners}
    unknown = tuple(sorted(arn for arn in strange if _tagged(deps, arn)))
    # Whoever has such a set is its maker's business: the set is told of, once, and stands for them.
    foreign = tuple(each for each in found.foreign if each.set_arn not in strange)
    return replace(found, leftover_sets=tuple(left), unknown_sets=unknown, foreign=foreign)


def _long_over(session: Session, now: datetime) -> bool:
    return session.ended_at is not None and session.ended_at + SET_GRACE <= now


def _standing_as(owner: Session, arn: str) -> Session:
    """Give the session with its set as AWS has it: a worker that came too late may have made a second one."""
    return replace(owner, set_arn=arn)


def _tagged(deps: Deps, arn: str) -> bool:
    try:
        with deps.identity_center.patiently():
            return deps.identity_center.tags_of(arn).get(MANAGED_TAG) == "true"
    except NotThere:
        return False
