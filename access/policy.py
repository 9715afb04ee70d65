"""Who may ask and who may decide, judged anew for one person at the moment they press."""

from dataclasses import dataclass

from access.catalogue import Catalogue
from access.people import Membership, Person, Roster
from access.refusals import (
    AlreadyDecided,
    CannotTell,
    NotAFullMember,
    NotAnApprover,
    NotOffered,
    NotTheHolder,
    NotTheRequester,
    OwnRequest,
    SecondPersonNeeded,
)
from access.request import Level, Request, RequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What lets a person decide: at which level, in which role, and whether an SSO admin stands in for an owner."""

    level: Level
    role: Level
    stand_in: bool = False


def must_be_full_member(person: Person) -> None:
    """Refuse guests, deactivated people and people of other workspaces."""
    if person.membership is not Membership.FULL:
        raise NotAFullMember(
            f"Only full members of this workspace may do this; you are a {person.membership}."
            if person.membership is not Membership.DEACTIVATED
            else "This Slack account is deactivated.",
            "Ask your platform team for a full account.",
        )


def is_requester(request: Request, person: Person) -> bool:
    """Tell whether somebody is the requester: the same Slack account, or another one with the same e-mail."""
    requester = request.requester
    return person.slack_id == requester.slack_id or _same_address(person.email, requester.email)


def _same_address(one: str, other: str) -> bool:
    return one != "" and one.casefold() == other.casefold()


def standing_to_decide(request: Request, person: Person, roster: Roster) -> Standing:
    """Tell what lets this person approve or reject the request now, or refuse."""
    must_be_full_member(person)
    if not person.email:
        raise CannotTell(
            "Slack shows no verified e-mail address for you, so two accounts of one person cannot be told apart.",
            "Confirm your address in Slack, then press again.",
        )
    if is_requester(request, person):
        raise OwnRequest(
            "Nobody decides their own request, in whatever role.", "Ask another owner of the account or an SSO admin."
        )
    match request.status:
        case RequestStatus.PENDING:
            return _standing_at_one_level(request, person, roster)
        case RequestStatus.PENDING_OWNER:
            return _standing_as_owner(request, person, roster)
        case RequestStatus.PENDING_ADMIN:
            return _standing_as_admin(request, person, roster)
        case _:
            raise already_decided(request)


def _standing_at_one_level(request: Request, person: Person, roster: Roster) -> Standing:
    if person.slack_id in roster.owners:
        return Standing(level=Level.ANY, role=Level.OWNER)
    if person.slack_id in roster.admins:
        return Standing(level=Level.ANY, role=Level.ADMIN)
    raise NotAnApprover(
        f"You are neither an owner of {request.account_name} nor an SSO admin.",
        "Being in this channel gives no right to decide. Ask one of them.",
    )


def _standing_as_owner(request: Request, person: Person, roster: Roster) -> Standing:
    if person.slack_id in roster.owners:
        return Standing(level=Level.OWNER, role=Level.OWNER)
    if person.slack_id in roster.admins:
        if not roster.owner_besides(request.requester.slack_id):
            return Standing(level=Level.OWNER, role=Level.ADMIN, stand_in=True)
        raise NotAnApprover(
            f"An owner of {request.account_name} decides first.", "After an owner approves, it comes to the SSO admins."
        )
    raise NotAnApprover(
        f"You are not an owner of {request.account_name}.",
        "Being in this channel gives no right to decide. Ask an owner.",
    )


def _standing_as_admin(request: Request, person: Person, roster: Roster) -> Standing:
    if person.slack_id not in roster.admins:
        raise NotAnApprover("An SSO admin decides now, and you are none.", "Ask an SSO admin to look at it.")
    if any(each.by == person.slack_id or _same_address(each.by_email, person.email) for each in request.decisions):
        raise SecondPersonNeeded(
            "You approved the first level; the second is for another person.", "Ask another SSO admin."
        )
    return Standing(level=Level.ADMIN, role=Level.ADMIN)


def must_still_be_offered(request: Request, catalogue: Catalogue) -> None:
    """Refuse to approve what could not be asked for any more: the configuration has changed since."""
    account = catalogue.accounts.get(request.account_id)
    if account is None:
        words = f"{request.account_name} is no longer configured."
    elif request.custom and not account.custom_sets:
        words = f"{account.name} takes no custom permission sets any more."
    elif not request.custom and request.permission_set.name not in account.permission_sets:
        words = f"{account.name} does not offer {request.permission_set.name} any more."
    elif not request.duration.within(account.longest_duration):
        words = f"{account.name} allows at most {account.longest_duration} now."
    else:
        return
    raise NotOffered(words, "Reject it, so that its requester can ask anew.")


def must_still_be_a_member(request: Request, requester: Person) -> None:
    """Refuse to approve for somebody who is no full member of the workspace any more."""
    if requester.membership is not Membership.FULL:
        raise NotOffered(
            f"{request.requester.name} is no longer a full member of this workspace.", "Reject the request."
        )


def already_decided(request: Request) -> AlreadyDecided:
    """Make the refusal that says how a request was settled."""
    match request.status:
        case RequestStatus.WITHDRAWN:
            words = f"{request.label} was withdrawn by {request.requester.name}."
        case RequestStatus.LAPSED:
            words = f"{request.label} lapsed: nobody decided in time."
        case _:
            last = request.decisions[-1] if request.decisions else None
            by = f" by {last.by_name}" if last else ""
            words = f"{request.label} was already {request.status.value.lower()}{by}."
    return AlreadyDecided(words, "Nothing was changed.")


def must_be_requester(request: Request, person: Person) -> None:
    """Refuse everybody but the requester."""
    if person.slack_id != request.requester.slack_id:
        raise NotTheRequester(
            f"Only {request.requester.name}, who asked, can withdraw {request.label}.", "An approver can reject it."
        )


def must_be_holder(
    request: Request, person: Person, verb: str = "end it this way", instead: str = "An approver can revoke it."
) -> None:
    """Refuse everybody but the holder of the session: what only they can do, and what others can do instead."""
    if person.slack_id != request.requester.slack_id:
        raise NotTheHolder(f"Only {request.requester.name}, who holds this session, can {verb}.", instead)


def must_be_approver(request: Request, person: Person, roster: Roster) -> Level:
    """Tell in which role somebody may revoke a session: owner of the account or SSO admin; refuse the rest."""
    must_be_full_member(person)
    if person.slack_id in roster.owners:
        return Level.OWNER
    if person.slack_id in roster.admins:
        return Level.ADMIN
    raise NotAnApprover(
        f"Only an owner of {request.account_name} or an SSO admin can revoke this session.",
        "Ask one of them; its holder can press I'm done.",
    )
