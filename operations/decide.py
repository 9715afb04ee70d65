"""Approve or reject a request: judged anew for this person, now."""

from access import lifecycle
from access.changes import Change
from access.lifecycle import Seed
from access.people import SlackId
from access.permission_sets import HardStop
from access.policy import must_still_be_a_member, must_still_be_offered, standing_to_decide
from access.request import Request, RequestId
from access.session import SessionId
from operations.deps import Deps
from operations.frozen import refuse_while_frozen
from operations.look_up import person_now
from operations.refused import acting
from operations.settle import settle


def approve_request(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Change:
    """Approve one level; raises the refusal where this person may not, or somebody was faster."""
    with acting(deps, request_id, slack_id, "approve") as scene:
        standing_to_decide(scene.request, scene.person, scene.roster)
        must_still_be_offered(scene.request, deps.catalogue())
        must_still_be_a_member(scene.request, person_now(deps, scene.request.requester.slack_id))
        seed = _seed(deps, scene.request)
        return settle(
            deps,
            request_id,
            lambda request, running: lifecycle.approve(
                request, scene.person, scene.roster, deps.clock.now(), seed, running
            ),
            also=refuse_while_frozen,
        )


def _seed(deps: Deps, request: Request) -> Seed:
    catalogue = deps.catalogue()
    known = catalogue.standard_sets.get(request.permission_set.name)
    return Seed(
        session_id=SessionId(deps.new_id()),
        suffix=deps.suffix(),
        margin=deps.rules.grant_margin,
        clone=not request.custom and known is not None and known.hard_stop is HardStop.CLONE,
        longest=catalogue.accounts[request.account_id].longest_duration,
    )


def reject_request(deps: Deps, request_id: RequestId, slack_id: SlackId, reason: str) -> Change:
    """Reject the whole request with a reason; raises the refusal where this person may not."""
    with acting(deps, request_id, slack_id, "reject") as scene:
        return settle(
            deps,
            request_id,
            lambda request, _: lifecycle.reject(request, scene.person, scene.roster, deps.clock.now(), reason),
        )


def judge_press(deps: Deps, request_id: RequestId, slack_id: SlackId, verb: str) -> Request:
    """Tell beforehand whether somebody may decide, and return the request; the decision is judged anew."""
    with acting(deps, request_id, slack_id, verb) as scene:
        standing_to_decide(scene.request, scene.person, scene.roster)
        return scene.request
