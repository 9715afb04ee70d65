"""Take in a request: judge the form, store it, and order its cards."""

from sqlalchemy import Connection

from access import lifecycle
from access.changes import Event
from access.form import AcceptedForm, InlinePolicy, RequestForm, judge_form
from access.hard_stop import EXPIRY_BYTES
from access.people import SlackId
from access.permission_sets import SetKind
from access.refusals import TooMany
from access.request import Request, Requester, RequestId
from aws.policy_badges import GRANTS_ITSELF, badges
from aws.policy_document import PolicyProblems, parse_policy
from operations.deps import Deps
from operations.home_order import order_homes
from operations.identify import known_requester
from operations.settle import narrate, record
from storage import outbox, requests
from storage.transactions import LostRace

MOST_UNDECIDED = 25
"""One person's undecided requests: more would bury those of others."""


def submit_request(deps: Deps, form: RequestForm, slack_id: SlackId, request_id: RequestId) -> Request:
    """Store a request and return it; the same `request_id` sent twice is the same request.

    Raises `BadForm` with every field's problem at once, `CannotTell` where the person is not known in AWS, and
    `TooMany` where too much of theirs waits already.
    """
    requester = known_requester(deps, slack_id)
    accepted = judge_form(form, deps.catalogue(), read_inline_policy(form))
    try:
        return _store(deps, accepted, requester, request_id)
    except LostRace:
        return _store(deps, accepted, requester, request_id)  # sent twice in one instant: the first is there by now


def _store(deps: Deps, accepted: AcceptedForm, requester: Requester, request_id: RequestId) -> Request:
    with deps.database.begin() as db:
        known = requests.get(db, request_id)
        if known is not None:
            return known
        must_not_be_too_many(db, requester)
        request = _new_request(deps, accepted, requester, request_id, requests.next_number(db))
        events = take_in(db, request)
    narrate(events)
    return request


def must_not_be_too_many(db: Connection, requester: Requester) -> None:
    """Refuse a request of somebody who has too many undecided ones."""
    if requests.undecided_of(db, requester.slack_id) >= MOST_UNDECIDED:
        raise TooMany(
            f"You have {MOST_UNDECIDED} requests that nobody has decided yet.",
            "Withdraw some (/jit mine lists them), or wait until they are decided.",
        )


def take_in(db: Connection, request: Request) -> tuple[Event, ...]:
    """Store a new request with its audit entry, and order its cards; returns what happened, to be narrated."""
    change = lifecycle.submit(request)
    requests.add(db, request)
    outbox.add(db, change.effects, request.requested_at)
    order_homes(db, request, None, request.requested_at)
    record(db, change.events, request.requested_at)
    return change.events


def read_inline_policy(form: RequestForm) -> InlinePolicy:
    """Parse the inline policy of a custom set: its canonical text, or every problem in words."""
    if form.kind is not SetKind.CUSTOM or not form.inline_policy.strip():
        return InlinePolicy()
    try:
        text = parse_policy(form.inline_policy, reserve=EXPIRY_BYTES + 1)
    except PolicyProblems as problems:
        return InlinePolicy(problem=str(problems))
    if GRANTS_ITSELF in badges(text):
        return InlinePolicy(
            problem="This policy could change who has access (sso, identitystore, organizations …): not allowed here."
        )
    return InlinePolicy(text=text)


def _new_request(
    deps: Deps, accepted: AcceptedForm, requester: Requester, request_id: RequestId, number: int
) -> Request:
    now = deps.clock.now()
    return Request(
        id=request_id,
        number=number,
        requester=requester,
        account_id=accepted.account.id,
        account_name=accepted.account.name,
        permission_set=accepted.permission_set,
        duration=accepted.duration,
        justification=accepted.justification,
        requested_at=now,
        lapses_at=now + deps.rules.lapse_after,
        status=lifecycle.first_status(accepted.permission_set),
    )
