"""Who has left loses all: sessions end in words, and what they asked for is closed."""

import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime

from access.changes import BOT, Change, Event, EventKind
from access.offboarding import close_for_leaver, end_for_leaver
from access.people import Membership, SlackId
from access.refusals import Refusal
from access.request import Request, Requester, RequestId
from access.session import Session
from aws.errors import AwsTrouble
from operations.deps import Deps
from operations.reconcile_look import Stopped
from operations.settle import Judge, narrate, record, settle, there
from slackapi.errors import LookUpFailed
from storage import leavers

log = logging.getLogger(__name__)
MOST_PEOPLE = 200
"""People whom one round looks up, two calls each; where more have something live they are chosen at random."""
IN_SLACK = "account in Slack is deactivated."
IN_AWS = "user in IAM Identity Center is disabled or deleted."


def offboard_leavers(deps: Deps, stopping: Callable[[], bool] = lambda: False) -> int:
    """Look up everybody who has a session or asks for one; returns how many have left.

    A look-up that fails changes nothing: nobody loses access because Slack or AWS did not answer.
    """
    with deps.database.read() as db:
        people = leavers.holders(db)
    if len(people) > MOST_PEOPLE:
        people = random.sample(people, MOST_PEOPLE)
    left = 0
    for each in people:
        if stopping():
            raise Stopped
        why = _why(deps, each)
        left += bool(why) and bool(offboard(deps, each, why))
    return left


def offboard_if_deactivated(deps: Deps, slack_id: SlackId) -> None:
    """End what somebody has whose Slack account was deactivated, and close what they asked for."""
    with deps.database.read() as db:
        theirs = leavers.of_slack(db, slack_id)
    if theirs and _deactivated(deps, slack_id):
        for each in theirs:
            offboard(deps, each, _words(each, IN_SLACK))


def offboard(deps: Deps, who: Requester, why: str) -> int:
    """End all of one person's sessions and close their undecided requests; returns how many there were."""
    with deps.database.read() as db:
        sessions, requests = leavers.sessions_of(db, who), leavers.undecided_of(db, who)
    now = deps.clock.now()
    ended = _each(
        deps, (each.request_id for each in sessions), lambda request, session: _end(request, session, why, now)
    )
    closed = _each(deps, (each.id for each in requests), lambda request, _: close_for_leaver(request, why, now))
    if ended or closed:
        words = f"{why} Sessions ended: {ended}. Requests closed: {closed}."
        event = Event(
            kind=EventKind.OFFBOARDED, at=now, actor=BOT,
            details={"words": words, "email": who.email, "principal": who.principal_id, "slack_id": who.slack_id},
        )  # fmt: skip
        with deps.database.begin() as db:
            record(db, [event], now)
        narrate([event])
    return ended + closed


def _end(request: Request, session: Session | None, why: str, now: datetime) -> Change:
    return end_for_leaver(request, there(session), why, now)


def _each(deps: Deps, ids: Iterable[RequestId], judge: Judge) -> int:
    """Settle each; a refusal means that it has ended or was decided meanwhile."""
    done = 0
    for each in ids:
        try:
            settle(deps, each, judge)
            done += 1
        except Refusal as refusal:
            log.info("nothing left to end: %s", refusal.words, extra={"request": each})
    return done


def _why(deps: Deps, who: Requester) -> str:
    """Say why somebody has left; empty where they have not, or nobody can tell."""
    try:
        if _deactivated(deps, who.slack_id):
            return _words(who, IN_SLACK)
        if not deps.directory.is_enabled(who.principal_id):
            return _words(who, IN_AWS)
    except AwsTrouble as trouble:
        log.warning("whether somebody has left could not be told: %s", trouble)
    return ""


def _deactivated(deps: Deps, slack_id: SlackId) -> bool:
    try:
        return deps.people.person(slack_id).membership is Membership.DEACTIVATED
    except LookUpFailed as failure:
        log.warning("whether somebody has left Slack could not be told: %s", failure)
        return False


def _words(who: Requester, what: str) -> str:
    return f"{who.name}'s {what}"
