"""Take access away whose end cannot be recorded: a database that refuses to be written must not keep access alive."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from access.session import Session, SessionId
from aws.errors import AwsTrouble
from operations.deps import Deps
from storage import sessions
from storage.unended import unended

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=10)
"""How long the usual way has, which records first and removes then."""
AGAIN_AFTER = timedelta(minutes=1)
PAGE = 100


class RevokeAnyway:
    """Asks AWS to remove what is over, whenever the database refused to write since the last call.

    Nothing is recorded: once writing works again the usual way finds the assignment gone, and ends the session. Until
    then every session is tried at most once a minute, as a removal may fail. `stopping` ends a walk early.
    """

    def __init__(self, deps: Deps, stopping: Callable[[], bool] = lambda: False) -> None:
        self._deps = deps
        self._stopping = stopping
        self._refused = 0
        self._tried: dict[SessionId, datetime] = {}

    def __call__(self) -> int:
        """Ask AWS for the removals; returns how many were asked for."""
        refused = self._deps.database.unwritten.count
        if refused == self._refused:
            return 0
        self._refused = refused
        now = self._deps.clock.now()
        self._tried = {each: at for each, at in self._tried.items() if abs(now - at) < AGAIN_AFTER}
        return self._walk()

    def _walk(self) -> int:
        asked, hindered = 0, set[str]()
        for session in over_before(self._deps, self._deps.clock.now() - GRACE):
            if self._stopping():
                break
            if session.account_id in hindered or session.id in self._tried:
                continue
            try:
                asked += self._remove(session)
            except AwsTrouble as trouble:
                hindered.add(session.account_id)  # what hangs or is busy must not hold up the other accounts
                log.error("the access could not be removed yet: %s", trouble, extra={"session": session.id})  # noqa: TRY400 - in words
        return asked

    def _remove(self, session: Session) -> bool:
        if not ours_alone(self._deps, session):
            return False
        self._tried[session.id] = self._deps.clock.now()
        if self._deps.identity_center.request_removal(session.assignment) is None:
            return False
        why = self._deps.database.unwritten.words
        log.error("its end cannot be recorded (%s): removing the access in AWS all the same", why,
                  extra={"session": session.id})  # fmt: skip
        return True


def over_before(deps: Deps, moment: datetime) -> Iterator[Session]:
    """Read what was to be over by a moment and has not ended, a page at a time."""
    last: Session | None = None
    while True:
        with deps.database.read() as db:
            page = unended(db, moment, PAGE, last)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def ours_alone(deps: Deps, session: Session) -> bool:
    """Tell whether the bot asked for the assignment and no session that goes on needs it, as of this moment."""
    now = deps.clock.now()
    with deps.database.read() as db:
        latest = sessions.get(db, session.id)
        heirs = sessions.sharing(db, session.assignment, session.id)
    if latest is None or not latest.status.live or latest.sent_at is None or latest.existed_before:
        return False
    return bool(latest.set_arn) and not any(now < each.ends_at for each in heirs)
