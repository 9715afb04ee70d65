"""Find a request and the people around it, for somebody who wants to see it or to act on it."""

import re
from dataclasses import dataclass, replace

from access.people import Membership, Person, Roster, SlackId
from access.refusals import CannotTell, NotFound
from access.request import Request, RequestId
from operations.deps import Deps
from slackapi.errors import LookUpFailed
from storage import requests

_NUMBER = re.compile(r"(?:REQ-)?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A request as it stood a moment ago, who acts on it, and who owns what, looked up now."""

    request: Request
    person: Person
    roster: Roster

    @property
    def may_see(self) -> bool:
        """Tell whether the person is the requester, or a full member who owns the account or is an SSO admin."""
        if self.person.slack_id == self.request.requester.slack_id:
            return True
        deciders = self.roster.owners | self.roster.admins
        return self.person.membership is Membership.FULL and self.person.slack_id in deciders


def look_up(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Scene:
    """Look up who acts and who may, outside any transaction; a failing look-up is a no."""
    with deps.database.read() as db:
        request = requests.get(db, request_id)
    if request is None:
        raise NotFound("There is no such request.", "The button may be forged or very old. Look at /jit mine.")
    return _scene(deps, request, slack_id)


def find(deps: Deps, number: str, slack_id: SlackId) -> Scene:
    """Find a request by its number as typed (`REQ-1042` or `1042`), for somebody who may see it."""
    found = _NUMBER.fullmatch(number.strip())
    request = None
    if found:
        with deps.database.read() as db:
            request = requests.by_number(db, int(found[1]))
    if request is None:
        raise _no_such(number)
    scene = _scene(deps, request, slack_id)
    if not scene.may_see:
        raise _no_such(number)
    return scene


def person_now(deps: Deps, slack_id: SlackId) -> Person:
    """Look somebody up in Slack; a failing look-up is a no."""
    try:
        return _in_directory(deps, deps.people.person(slack_id))
    except LookUpFailed as failure:
        raise _cannot_tell(failure) from failure


def _scene(deps: Deps, request: Request, slack_id: SlackId) -> Scene:
    try:
        person = _in_directory(deps, deps.people.person(slack_id))
        roster = deps.people.roster(deps.owners_of(request.account_id), deps.rules.sso_admins)
    except LookUpFailed as failure:
        raise _cannot_tell(failure) from failure
    return Scene(request=request, person=person, roster=roster)


def _in_directory(deps: Deps, person: Person) -> Person:
    """Give the person the address they have in Identity Center: who is one user there is one person here."""
    return replace(person, email=deps.email_of(person.slack_id, person.email))


def _cannot_tell(failure: LookUpFailed) -> CannotTell:
    return CannotTell(f"Slack did not tell us who may do this ({failure}).", "Nothing was changed. Try again shortly.")


def _no_such(number: str) -> NotFound:
    shown = number.strip()[:20] or "nothing"
    return NotFound(f"There is no request {shown} that you may see.", "/jit mine lists yours, /jit pending what waits.")
