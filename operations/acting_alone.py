"""Look up who acts where no request is concerned, and write every attempt that may not be to the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from access.changes import Event, EventKind
from access.people import Person, Roster, SlackId
from access.refusals import CannotTell, NotAllowed
from operations.deps import Deps
from operations.look_up import person_now
from operations.settle import narrate, record
from slackapi.errors import LookUpFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and who owns the account concerned (nobody where none is) and runs Identity Center, looked up now."""

    person: Person
    roster: Roster


@contextmanager
def acting_alone(deps: Deps, slack_id: SlackId, verb: str, account_id: str = "") -> Iterator[Actor]:
    """Give the actor of one attempt; a person without the right is recorded, then refused."""
    actor = _look_up(deps, slack_id, account_id)
    try:
        yield actor
    except NotAllowed as refusal:
        details = {"verb": verb, "refusal": refusal.kind, "words": refusal.words}
        if account_id:
            details["account"] = account_id
        event = Event(
            kind=EventKind.REFUSED,
            at=deps.clock.now(),
            actor=slack_id,
            actor_name=actor.person.name,
            details=details,
        )
        with deps.database.begin() as db:
            record(db, [event], event.at)
        narrate([event])
        raise


def _look_up(deps: Deps, slack_id: SlackId, account_id: str) -> Actor:
    person = person_now(deps, slack_id)
    try:
        roster = deps.people.roster(deps.owners_of(account_id) if account_id else (), deps.rules.sso_admins)
    except LookUpFailed as failure:
        raise CannotTell(
            f"Slack did not tell us who may do this ({failure}).", "Nothing was changed. Try again shortly."
        ) from failure
    return Actor(person=person, roster=roster)
