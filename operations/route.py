"""Find out who can decide a new request, and ask the SSO admins at once where no owner but the requester exists."""

from access.lifecycle import escalate
from operations.deps import Deps
from operations.outcome import Done, Later, Outcome
from operations.publish import load
from operations.settle import settle
from slackapi.errors import LookUpFailed
from storage.outbox import Claimed


def route_request(deps: Deps, claimed: Claimed) -> Outcome:
    """Escalate at once where nobody but the requester owns the account."""
    request, _ = load(deps, claimed)
    if not request.status.undecided or request.escalated_at is not None:
        return Done.FINISH
    try:
        roster = deps.people.roster(deps.owners_of(request.account_id), deps.rules.sso_admins)
    except LookUpFailed as failure:
        return Later(words=f"the approvers could not be looked up: {failure}")
    if roster.owner_besides(request.requester.slack_id):
        return Done.FINISH
    why = "the account has no owner besides the requester"
    settle(deps, request.id, lambda latest, _: escalate(latest, deps.clock.now(), why))
    return Done.FINISH
