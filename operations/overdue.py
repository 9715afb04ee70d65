"""Call overdue what is not proven gone in time, and let people order another try; it is never given up."""

from sqlalchemy import Connection

from access import overdue
from access.changes import Change, EffectKind, revoke_access
from access.overdue import PATIENCE
from access.people import SlackId
from access.refusals import AlreadyDone
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.refused import acting
from operations.settle import settle, there
from operations.sweep import MOST, each_settled
from storage import floods, outbox, sessions
from storage.floods import Undone

_MOST_OF_ONE_TARGET = 100


def call_overdue_sessions(deps: Deps) -> int:
    """Call every session overdue whose end was ordered too long ago, in AWS's latest words; returns how many.

    One whose removal nobody has to perform any more, which no part of the bot lets happen, is ordered to end anew.
    """
    now = deps.clock.now()
    with deps.database.read() as db:
        late = sessions.to_call_overdue(db, now, now - PATIENCE, MOST)
        words = {each.request_id: outbox.tried(db, revoke_access(each).key).words for each in late}
        lost = [each for each in late if not _removals(db, each)]
    for each in lost:
        with deps.database.begin() as db:
            _try_now(db, deps, each)

    def judge(request: Request, session: Session | None) -> Change:
        return overdue.call_overdue(request, there(session), now, words[request.id])

    return each_settled(deps, words, judge)


def retry_removal(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Change:
    """Try the removal of an overdue session at once, as owner or SSO admin; the attempt is the workers'.

    While an attempt is under way or about to begin another one is refused: pressing often helps nobody.
    """

    def also(db: Connection) -> None:
        if not _try_now(db, deps, there(sessions.of_request(db, request_id))):
            raise AlreadyDone("Its removal is being tried right now.", "Look at it again in a minute.")

    with acting(deps, request_id, slack_id, "retry") as scene:
        return settle(
            deps,
            request_id,
            lambda request, session: overdue.retry(request, session, scene.person, scene.roster, deps.clock.now()),
            also,
        )


def is_overdue(deps: Deps, request_id: RequestId) -> bool:
    """Tell whether a request's session is shown as overdue, so that ending it means trying again."""
    with deps.database.read() as db:
        session = sessions.of_request(db, request_id)
    return session is not None and session.marked_overdue


def _try_now(db: Connection, deps: Deps, session: Session) -> bool:
    """Make the removal due now; one that is lost is ordered anew. False where it is due or held already."""
    now = deps.clock.now()
    waiting = _removals(db, session)
    if not waiting:
        outbox.add(db, [revoke_access(session, again=now.isoformat())], now, urgent=True)
    hastened = sum(outbox.hasten(db, each.key, now) for each in waiting)
    return not waiting or hastened > 0


def _removals(db: Connection, session: Session) -> list[Undone]:
    found = floods.waiting(db, revoke_access(session).subject, EffectKind.REVOKE, _MOST_OF_ONE_TARGET)
    return [each for each in found if each.arguments["session"] == session.id]
