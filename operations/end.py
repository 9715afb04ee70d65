"""Order the end of sessions: by an approver, by the holder, or by the clock."""

import time

from access import session_lifecycle
from access.changes import Change
from access.people import SlackId
from access.policy import must_be_approver
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.refused import acting
from operations.settle import settle, there
from operations.sweep import LONGEST, MOST, each_settled
from storage import sessions

_MOST_BATCHES = 5
"""Batches that one sweep tries where none of a batch can be stored: the database may be what is bad."""


def revoke_session(deps: Deps, request_id: RequestId, slack_id: SlackId, reason: str) -> Change:
    """End a session early as owner or SSO admin, with a reason."""
    with acting(deps, request_id, slack_id, "revoke") as scene:
        return settle(
            deps,
            request_id,
            lambda request, session: session_lifecycle.revoke(
                request, session, scene.person, scene.roster, deps.clock.now(), reason
            ),
        )


def judge_revocation(deps: Deps, request_id: RequestId, slack_id: SlackId) -> tuple[Request, Session]:
    """Tell beforehand whether somebody may revoke, and return what; the revocation is judged anew."""
    with acting(deps, request_id, slack_id, "revoke") as scene:
        must_be_approver(scene.request, scene.person, scene.roster)
        with deps.database.read() as db:
            session = session_lifecycle.must_be_running(scene.request, sessions.of_request(db, request_id))
        return scene.request, session


def end_session_early(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Change:
    """End one's own session early."""
    with acting(deps, request_id, slack_id, "end early") as scene:
        return settle(
            deps,
            request_id,
            lambda request, session: session_lifecycle.end_early(request, session, scene.person, deps.clock.now()),
        )


def end_due_sessions(deps: Deps) -> int:
    """Order the end of every session whose time is up; returns how many.

    One bad row never blocks the others, nor does a whole batch of them.
    """

    def judge(request: Request, session: Session | None) -> Change:
        return session_lifecycle.expire(request, there(session), deps.clock.now())

    until = time.monotonic() + LONGEST
    for batch in range(_MOST_BATCHES):
        with deps.database.read() as db:
            due = [each.request_id for each in sessions.to_end(db, deps.clock.now(), MOST, batch * MOST)]
        ordered = each_settled(deps, due, judge)
        if ordered or len(due) < MOST or time.monotonic() >= until:
            return ordered
    return 0


def announce_due_ends(deps: Deps) -> int:
    """Tell every holder whose session ends soon; returns how many."""

    def judge(request: Request, session: Session | None) -> Change:
        return session_lifecycle.announce(request, there(session), deps.clock.now())

    now = deps.clock.now()
    with deps.database.read() as db:
        due = [each.request_id for each in sessions.to_announce(db, now, now + deps.rules.announce_before, MOST)]
    return each_settled(deps, due, judge)
