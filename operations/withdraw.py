"""Take a request back."""

from access import lifecycle
from access.changes import Change
from access.people import SlackId
from access.request import RequestId
from operations.deps import Deps
from operations.refused import acting
from operations.settle import settle


def withdraw_request(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Change:
    """Withdraw an undecided request, as its requester."""
    with acting(deps, request_id, slack_id, "withdraw") as scene:
        return settle(deps, request_id, lambda request, _: lifecycle.withdraw(request, scene.person, deps.clock.now()))
