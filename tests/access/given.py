"""Builders of people, requests, sessions and catalogues, for the tests of every floor.

Each builder gives a value that keeps all rules; `changes` are fields to set otherwise. A request or session given in
a status has what belongs to it (its decisions, its grant, its end), as if the lifecycle had been played.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from access.catalogue import Account, Catalogue
from access.durations import AccessDuration, SessionDuration
from access.form import RequestForm
from access.lifecycle import Seed
from access.people import Person, Roster, SlackId
from access.permission_sets import RequestedSet, SetContent, SetKind, StandardSet
from access.request import Decision, Level, Request, Requester, RequestId, RequestStatus, Verdict
from access.session import Ending, Session, SessionId, SessionStatus

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the requests of these tests are made; 2 March 2026 was a Monday."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LAPSE_AFTER = timedelta(hours=24)
MARGIN = timedelta(minutes=30)
APPROVED_AT = NOW + 10 * MINUTE
GRANTED_AT = APPROVED_AT + MINUTE
END_ORDERED_AT = GRANTED_AT + 30 * MINUTE
ENDED_AT = END_ORDERED_AT + MINUTE
SET_ARN = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"


def a_person(name: str = "Max", **changes: Any) -> Person:
    """Give somebody in Slack: `a_person("Ada")` is `U0ADA` with `ada@example.com`, a full member."""
    slack_id = SlackId(f"U0{name.upper()}")
    return replace(Person(slack_id=slack_id, name=name, email=f"{name.lower()}@example.com"), **changes)


RITA = a_person("Rita")
"""The requester, and later the holder."""
OLAF = a_person("Olaf")
OLGA = a_person("Olga")
"""Olaf and Olga own the account."""
ADA = a_person("Ada")
ABEL = a_person("Abel")
"""Ada and Abel are SSO admins."""
MAX = a_person("Max")
"""A member of the workspace without any authority."""


def a_roster(owners: tuple[Person, ...] = (OLAF, OLGA), admins: tuple[Person, ...] = (ADA, ABEL)) -> Roster:
    """Say who owns the account and who runs Identity Center."""
    return Roster(
        owners=frozenset(each.slack_id for each in owners), admins=frozenset(each.slack_id for each in admins)
    )


def a_requester(person: Person = RITA, **changes: Any) -> Requester:
    """Give somebody who asks, matched to one user of Identity Center."""
    principal = f"principal-{person.name.lower()}"
    base = Requester(slack_id=person.slack_id, name=person.name, email=person.email, principal_id=principal)
    return replace(base, **changes)


def a_decision(by: Person = OLAF, **changes: Any) -> Decision:
    """Give an owner's approval of a standard request."""
    base = Decision(
        level=Level.ANY, verdict=Verdict.APPROVED, by=by.slack_id, by_name=by.name, role=Level.OWNER, at=APPROVED_AT
    )
    return replace(base, **changes)


OWNER_APPROVAL = a_decision(OLAF, level=Level.OWNER, at=NOW + 5 * MINUTE)
ADMIN_APPROVAL = a_decision(ADA, level=Level.ADMIN, role=Level.ADMIN)
REJECTION = a_decision(OLAF, verdict=Verdict.REJECTED, reason="Use the staging account.")


def a_request(status: RequestStatus = RequestStatus.PENDING, **changes: Any) -> Request:
    """Give a request of Rita's for `ReadOnly` in `prod-payments`, for two hours."""
    return replace(_a_request(status, _settled(status, (a_decision(),), ())), **changes)


def a_custom_request(status: RequestStatus = RequestStatus.PENDING_OWNER, **changes: Any) -> Request:
    """Give a request of Rita's for a permission set of her own, `JIT-Ledger`, for two hours."""
    base = _a_request(status, _settled(status, (OWNER_APPROVAL, ADMIN_APPROVAL), (OWNER_APPROVAL,)))
    return replace(replace(base, permission_set=a_custom_set()), **changes)


def _a_request(status: RequestStatus, settled: Mapping[str, Any]) -> Request:
    base = Request(
        id=RequestId("rq_7Zk2"),
        number=1042,
        requester=a_requester(),
        account_id="111122223333",
        account_name="prod-payments",
        permission_set=RequestedSet(kind=SetKind.STANDARD, name="ReadOnly"),
        duration=AccessDuration.HOURS_2,
        justification="INC-12: the ledger shows a wrong balance",
        requested_at=NOW,
        lapses_at=NOW + LAPSE_AFTER,
        status=status,
    )
    return replace(base, **settled)


def _settled(
    status: RequestStatus, approvals: tuple[Decision, ...], at_second_level: tuple[Decision, ...]
) -> dict[str, Any]:
    closed = {"closed_at": APPROVED_AT, "version": 2}
    settled: dict[RequestStatus, dict[str, Any]] = {
        RequestStatus.PENDING_ADMIN: {"decisions": at_second_level, "escalated_at": NOW + 5 * MINUTE, "version": 2},
        RequestStatus.APPROVED: {**closed, "decisions": approvals, "version": 1 + len(approvals)},
        RequestStatus.REJECTED: {**closed, "decisions": (REJECTION,)},
        RequestStatus.WITHDRAWN: closed,
        RequestStatus.LAPSED: {**closed, "closed_at": NOW + LAPSE_AFTER},
    }
    return settled.get(status, {})


def a_session(status: SessionStatus = SessionStatus.ACTIVE, **changes: Any) -> Session:
    """Give Rita's session of `a_request(RequestStatus.APPROVED)`, revoked by Olaf where it was revoked."""
    base = Session(
        id=SessionId("se_9Qx4"),
        request_id=RequestId("rq_7Zk2"),
        principal_id="principal-rita",
        account_id="111122223333",
        status=status,
        ends_at=APPROVED_AT + 2 * HOUR + MARGIN,
        set_name="ReadOnly",
    )
    return replace(replace(base, **_history(status)), **changes)


def _history(status: SessionStatus) -> dict[str, Any]:
    ends_at = GRANTED_AT + 2 * HOUR
    granted = {"granted_at": GRANTED_AT, "ends_at": ends_at, "set_arn": SET_ARN, "sent_at": APPROVED_AT, "version": 3}
    by_olaf = {
        "ending": Ending.REVOKED,
        "ended_by": OLAF.slack_id,
        "ended_by_name": OLAF.name,
        "end_reason": "The incident is closed.",
        "end_ordered_at": END_ORDERED_AT,
        "version": 4,
    }
    by_itself = {"ending": Ending.EXPIRED, "end_ordered_at": ends_at, "ended_at": ends_at + MINUTE, "version": 5}
    failed = {
        "ending": Ending.FAILED,
        "end_reason": "AWS knows no such account.",
        "end_ordered_at": GRANTED_AT,
        "ended_at": ENDED_AT,
        "version": 3,
    }
    return {
        SessionStatus.GRANTING: {},
        SessionStatus.ACTIVE: granted,
        SessionStatus.REVOKING: granted | by_olaf,
        SessionStatus.EXPIRED: granted | by_itself,
        SessionStatus.REVOKED: granted | by_olaf | {"ended_at": ENDED_AT, "version": 5},
        SessionStatus.FAILED: failed,
    }[status]


def a_seed(**changes: Any) -> Seed:
    """Give what a new session needs from outside."""
    return replace(Seed(session_id=SessionId("se_9Qx4"), suffix="k7m2", margin=MARGIN), **changes)


def a_custom_set(**changes: Any) -> RequestedSet:
    """Give a permission set that a requester defined."""
    return replace(RequestedSet(kind=SetKind.CUSTOM, name="Ledger", content=a_content()), **changes)


def a_content(**changes: Any) -> SetContent:
    """Give the content of a permission set: one managed policy, for an hour at a time."""
    return replace(SetContent(session_duration=SessionDuration.HOUR_1, managed_policies=("ReadOnlyAccess",)), **changes)


def an_account(**changes: Any) -> Account:
    """Give the account `prod-payments`: two standard sets, custom sets too, at most a week."""
    base = Account(
        id="111122223333",
        name="prod-payments",
        owners=(OLAF.email, "S0PAYMENTS"),
        owner_channel="C0PAYMENTS",
        permission_sets=("ReadOnly", "PowerUser"),
        longest_duration=AccessDuration.WEEK_1,
    )
    return replace(base, **changes)


MANAGED_POLICIES = (
    "AdministratorAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonEC2FullAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonRDSReadOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSQSReadOnlyAccess",
    "CloudWatchLogsReadOnlyAccess",
    "IAMReadOnlyAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "job-function/ViewOnlyAccess",
)


def a_catalogue(*accounts: Account, **changes: Any) -> Catalogue:
    """Give a catalogue of these accounts, or of `prod-payments` and of `sandbox`, which takes no custom sets."""
    offered = accounts or (
        an_account(),
        an_account(id="444455556666", name="sandbox", owner_channel="C0SANDBOX", custom_sets=False),
    )
    sets = (StandardSet(name="ReadOnly", content=a_content()), StandardSet(name="PowerUser"))
    base: dict[str, Any] = {
        "accounts": {each.id: each for each in offered},
        "standard_sets": {each.name: each for each in sets},
        "managed_policies": MANAGED_POLICIES,
    }
    return Catalogue(**{**base, **changes})


def a_form(**changes: Any) -> RequestForm:
    """Give a form for a standard set that can be accepted."""
    base = RequestForm(
        account_id="111122223333",
        set_name="ReadOnly",
        duration="2 hours",
        justification="INC-12: the ledger shows a wrong balance",
    )
    return replace(base, **changes)


def a_custom_form(**changes: Any) -> RequestForm:
    """Give a form for a custom set that can be accepted."""
    custom = a_form(
        kind=SetKind.CUSTOM,
        set_name="",
        name="Ledger",
        session_duration="1 hour",
        managed_policies=("ReadOnlyAccess",),
    )
    return replace(custom, **changes)
