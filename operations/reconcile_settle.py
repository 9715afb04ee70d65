"""An SSO admin says what becomes of access that the bot did not make: it is left alone for a time, or adopted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from access.adoption import Adoption, adopt, must_be_admin, must_not_be_own
from access.changes import Change, Event, EventKind
from access.drift import IGNORED_FOR
from access.durations import AccessDuration
from access.people import Person, Roster, SlackId
from access.refusals import AlreadyDone, CannotTell, NotAllowed, NotFound, NotOffered, ReasonNeeded, Refusal
from access.request import Requester, RequestId
from access.session import SessionId
from aws.errors import AwsTrouble
from blocks.drift import Stranger
from blocks.message import Message
from operations.deps import Deps
from operations.home_order import order_homes
from operations.identify import identify, known_requester
from operations.look_up import person_now
from operations.reconcile_report import details_of, report_of, stranger_of
from operations.settle import narrate, record
from slackapi.errors import LookUpFailed
from storage import drift, outbox, requests, sessions
from storage.drift import Reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptable:
    """What the form to adopt shows: the assignment, whose it is in Slack, and how long it may go on at most."""

    stranger: Stranger
    holder: Requester
    durations: tuple[AccessDuration, ...]


def ignore(deps: Deps, key: str, slack_id: SlackId) -> datetime:
    """Leave one finding alone for 30 days, as SSO admin; returns when its report moment was."""
    with _acting(deps, key, slack_id, "ignore") as (row, person, roster):
        must_be_admin(person, roster)
        now = deps.clock.now()
        details = {**details_of(deps, row.assignment, _name(deps, row)), "until": (now + IGNORED_FOR).isoformat()}
        event = Event(kind=EventKind.DRIFT_IGNORED, at=now, actor=slack_id, actor_name=person.name, details=details)
        with deps.database.begin() as db:
            _must_be_open(row, now)
            if not drift.settle(db, row, now + IGNORED_FOR, slack_id):
                raise _settled_already()
            record(db, [event], now)
    narrate([event])
    return row.seen_at


def prepare_adoption(deps: Deps, key: str, slack_id: SlackId) -> Adoptable:
    """Find out beforehand whether this can be adopted, by this person: who has it, and that AWS still holds it."""
    with _acting(deps, key, slack_id, "adopt") as (row, person, roster):
        must_be_admin(person, roster)
        _must_be_open(row, deps.clock.now())
        stranger = stranger_of(deps, row, _name(deps, row))
        account = deps.catalogue().accounts.get(row.assignment.account_id)
        if account is None or not stranger.adoptable:
            raise NotOffered(f"{stranger.set_name} cannot be a session here.", "Remove the assignment in AWS.")
        holder = _holder(deps, row, stranger.user)
        must_not_be_own(holder, person)
        try:
            there = deps.identity_center.is_assigned(row.assignment)
        except AwsTrouble as trouble:
            raise CannotTell(f"AWS did not answer ({trouble.words}).", "Try again in a minute.") from trouble
        if not there:
            raise AlreadyDone("AWS does not hold this any more.", "Nothing is left to adopt.")
    return Adoptable(stranger=stranger, holder=holder, durations=account.durations)


def _holder(deps: Deps, row: Reported, address: str) -> Requester:
    """Find who has the access, in Slack: a session's holder is told of its end."""
    mapped = [each for each, email in deps.rules.identities.items() if email.lower() == address.lower()]
    try:
        known = mapped or sorted(deps.people.roster([address], []).owners if "@" in address else [])
    except LookUpFailed as failure:
        raise CannotTell(f"Slack did not tell who {address} is ({failure}).", "Try again shortly.") from failure
    for each in known:
        holder = identify(deps, each)
        if holder.principal_id == row.assignment.principal_id:
            return holder
    raise NotOffered(f"{address} is nobody in this workspace, so nobody could be told of an end.", "Remove it in AWS.")


def adopt_stranger(deps: Deps, key: str, slack_id: SlackId, holder_id: SlackId, duration: str, reason: str) -> Change:
    """Make it a session, as SSO admin, for somebody else; all is judged anew, and no call to AWS is made.

    Raises the refusal; `CannotTell` where the form was opened before a restart.
    """
    with _acting(deps, key, slack_id, "adopt") as (row, person, roster):
        must_be_admin(person, roster)
        holder = known_requester(deps, holder_id)
        if holder.principal_id != row.assignment.principal_id:
            raise NotFound("This form is about somebody else.", "Close it and press Adopt as session again.")
        return _adopted(deps, row, person, roster, holder, _duration(deps, row, duration), reason)


def _adopted(  # noqa: PLR0913, PLR0917 - what is adopted, by whom, for whom, for how long and why
    deps: Deps, row: Reported, person: Person, roster: Roster, holder: Requester, duration: AccessDuration, reason: str
) -> Change:
    name, now = _name(deps, row), deps.clock.now()
    known = deps.catalogue().standard_sets.get(name)
    with deps.database.begin() as db:
        _must_be_open(row, now)
        adoption = Adoption(
            request_id=RequestId(deps.new_id()),
            number=requests.next_number(db),
            session_id=SessionId(deps.new_id()),
            assignment=row.assignment,
            set_name=name,
            account_name=deps.catalogue().accounts[row.assignment.account_id].name,
            holder=holder,
            duration=duration,
            reason=reason,
            sign_in_hours=known.content.session_duration.hours if known and known.content else None,
        )
        change = adopt(adoption, person, roster, now)
        if drift.live_on(db, row.assignment) or not drift.settle(db, row, now + duration.length, person.slack_id):
            raise _settled_already()
        if change.session is None:
            raise LookupError("an adoption makes a session")
        requests.add(db, change.request)
        sessions.add(db, change.session)
        outbox.add(db, change.effects, now)
        order_homes(db, change.request, change.session, now)
        record(db, change.events, now)
    narrate(change.events)
    return change


def _duration(deps: Deps, row: Reported, words: str) -> AccessDuration:
    account = deps.catalogue().accounts.get(row.assignment.account_id)
    offered = {each.value: each for each in account.durations} if account else {}
    if words not in offered:
        raise ReasonNeeded("Choose for how long it is to stay.")
    return offered[words]


def report_together(deps: Deps, seen_at: datetime) -> Message:
    """Render the report in which something was pressed, as it stands now."""
    with deps.database.read() as db:
        rows = drift.together(db, seen_at)
    names = {each.assignment.set_arn: _name(deps, each) for each in rows}
    return report_of(deps, rows, lambda arn: names.get(arn, arn))


def reported_at(deps: Deps, key: str) -> datetime | None:
    """Tell in which report something stands; None where AWS holds it no more."""
    with deps.database.read() as db:
        row = drift.find(db, key)
    return row.seen_at if row else None


def _name(deps: Deps, row: Reported) -> str:
    """Name a set, from memory unless the bot was started since it was reported."""
    try:
        return deps.identity_center.name_of(row.assignment.set_arn)
    except AwsTrouble as trouble:
        raise CannotTell(f"AWS did not answer ({trouble.words}).", "Try again in a minute.") from trouble


def _must_be_open(row: Reported, now: datetime) -> None:
    if not row.open(now):
        raise _settled_already()


def _settled_already() -> AlreadyDone:
    return AlreadyDone("Somebody said already what becomes of this.", "Nothing was changed.")


@contextmanager
def _acting(deps: Deps, key: str, slack_id: SlackId, verb: str) -> Iterator[tuple[Reported, Person, Roster]]:
    """Give the finding and who acts; a forged key or a person without the right is recorded, then refused."""
    name = ""
    try:
        row = _found(deps, key)
        person = person_now(deps, slack_id)
        name = person.name
        yield row, person, _admins(deps)
    except (NotAllowed, NotFound) as refusal:
        _record(deps, slack_id, name, verb, refusal)
        raise


def _found(deps: Deps, key: str) -> Reported:
    with deps.database.read() as db:
        row = drift.find(db, key)
    if row is None:
        raise NotFound("AWS does not hold this any more, or it was never reported.", "Nothing was changed.")
    return row


def _admins(deps: Deps) -> Roster:
    try:
        return deps.people.roster([], deps.rules.sso_admins)
    except LookUpFailed as failure:
        raise CannotTell(f"Slack did not tell us who may do this ({failure}).", "Try again shortly.") from failure


def _record(deps: Deps, slack_id: SlackId, name: str, verb: str, refusal: Refusal) -> None:
    now = deps.clock.now()
    details = {"verb": verb, "refusal": refusal.kind, "words": refusal.words}
    event = Event(kind=EventKind.REFUSED, at=now, actor=slack_id, actor_name=name, details=details)
    with deps.database.begin() as db:
        record(db, [event], now)
    narrate([event])
