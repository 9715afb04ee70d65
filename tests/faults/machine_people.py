"""Who is who in the machine's world, and who may decide what there."""

from access.people import Person
from access.request import Request, RequestStatus
from tests.access.given import ABEL, ADA, MAX, OLAF, OLGA, RITA, an_account
from tests.operations.company import PAYMENTS

STAGING = "444455556666"
PEOPLE = (OLAF, ADA, ABEL, OLGA, RITA, MAX)
NAMED = {each.name: each for each in PEOPLE}
ACCOUNTS = (
    an_account(),
    an_account(id=STAGING, name="staging", owners=(RITA.email, ABEL.email), owner_channel="C0STAGING"),
)
"""Olaf and Olga own prod-payments; Rita, who asks, and Abel, who is an SSO admin as well, own staging."""
REQUESTERS = (RITA, RITA, MAX)


def roles(person: Person, request: Request) -> tuple[bool, bool, bool]:
    """Tell whether somebody owns the account, runs Identity Center, and whether only the requester owns it."""
    owners = {PAYMENTS: (OLAF, OLGA), STAGING: (RITA, ABEL)}[request.account_id]
    alone = all(each.slack_id == request.requester.slack_id for each in owners)
    return person in owners, person in {ADA, ABEL}, alone


def may_decide(request: Request, who: Person) -> bool:
    """Tell who may decide, in the words of the design: fail closed, never oneself, two levels are two people."""
    owner, admin, only_owner = roles(who, request)
    if who.slack_id == request.requester.slack_id:
        return False
    match request.status:
        case RequestStatus.PENDING:
            return owner or admin
        case RequestStatus.PENDING_OWNER:
            return owner or (admin and only_owner)
        case RequestStatus.PENDING_ADMIN:
            return admin and who.slack_id not in {each.by for each in request.decisions}
    return False
