"""What somebody may see: their requests and sessions, and what waits for their decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from access.changes import Place
from access.people import Person, Roster, SlackId
from access.policy import standing_to_decide
from access.refusals import CannotTell, NotAllowed, Refusal
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.look_up import Scene, find, person_now
from operations.refused import acting
from slackapi.errors import LookUpFailed
from storage import requests, sessions

Pair = tuple[Request, Session | None]
_MOST = 20
_MOST_WAITING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One request for one viewer; `place` says whose buttons they get, if any."""

    request: Request
    session: Session | None
    place: Place | None


def my_requests(deps: Deps, slack_id: SlackId) -> list[Pair]:
    """List somebody's own requests with their sessions, newest first."""
    with deps.database.read() as db:
        mine = requests.of_requester(db, slack_id, _MOST)
        ended = sessions.of_requests(db, [each.id for each in mine])
    return [(each, ended.get(each.id)) for each in mine]


def waiting_for(deps: Deps, slack_id: SlackId) -> list[Pair]:
    """List the undecided requests that somebody could decide now, oldest first."""
    person = person_now(deps, slack_id)
    with deps.database.read() as db:
        undecided = requests.undecided(db, _MOST_WAITING)
    rosters = _rosters(deps, undecided)
    return [(each, None) for each in undecided if _may_decide(each, person, rosters[each.account_id])]


def show_request(deps: Deps, number: str, slack_id: SlackId) -> Shown:
    """Show one request to somebody who may see it, with the buttons of their role."""
    scene = find(deps, number, slack_id)
    with deps.database.read() as db:
        session = sessions.of_request(db, scene.request.id)
    return Shown(request=scene.request, session=session, place=_place(scene))


def see_request(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Request:
    """Return the request behind a button to somebody who may see it; whoever may not is recorded and refused."""
    with acting(deps, request_id, slack_id, "see") as scene:
        if not scene.may_see:
            raise NotAllowed(
                "Only the requester, the account's owners and the SSO admins may see this.",
                "Ask one of them to show you.",
            )
        return scene.request


def _place(scene: Scene) -> Place | None:
    if scene.person.slack_id == scene.request.requester.slack_id:
        return Place.REQUESTER
    if scene.person.slack_id in scene.roster.owners:
        return Place.OWNERS
    return Place.ADMINS if scene.person.slack_id in scene.roster.admins else None


def _rosters(deps: Deps, undecided: Sequence[Request]) -> dict[str, Roster]:
    accounts = {each.account_id for each in undecided}
    try:
        return {each: deps.people.roster(deps.owners_of(each), deps.rules.sso_admins) for each in accounts}
    except LookUpFailed as failure:
        raise CannotTell(f"Slack did not tell us who decides what ({failure}).", "Try again in a minute.") from failure


def _may_decide(request: Request, person: Person, roster: Roster) -> bool:
    try:
        standing_to_decide(request, person, roster)
    except Refusal:
        return False
    return True
