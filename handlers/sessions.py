"""Revoke and I'm done, and the full text of a policy."""

from slack_bolt import Args

from access.refusals import Refusal
from blocks.answers import refusal as refusal_answer
from blocks.reason_form import loading, policy_view, refused, revoke_form
from handlers.reasons import pressed_request, take_reason
from handlers.safely import Handling, answer, confirm, presser
from operations.end import end_session_early, judge_revocation, revoke_session
from operations.show import see_request


def revoke_pressed(handling: Handling, args: Args) -> None:
    """Ask for the reason at once; somebody who may not revoke sees why in the same modal."""
    args.ack()
    request_id = pressed_request(args)
    opened = args.client.views_open(trigger_id=args.body["trigger_id"], view=revoke_form(request_id))
    try:
        view = revoke_form(request_id, *judge_revocation(handling.deps, request_id, presser(args)))
    except Refusal as refusal:
        view = refused("Revoke access", refusal)
        answer(args, refusal_answer(refusal))
    args.client.views_update(view_id=opened["view"]["id"], view=view)


def revocation_sent(handling: Handling, args: Args) -> None:
    """Revoke with the reason from the modal."""
    take_reason(args, lambda request_id, reason: revoke_session(handling.deps, request_id, presser(args), reason))


def done_pressed(handling: Handling, args: Args) -> None:
    """End one's own session early."""
    args.ack()
    change = end_session_early(handling.deps, pressed_request(args), presser(args))
    confirm(args, f"{change.request.label} is being ended.")


def policy_pressed(handling: Handling, args: Args) -> None:
    """Show the whole policy of a custom set to somebody who may see the request."""
    args.ack()
    opened = args.client.views_open(trigger_id=args.body["trigger_id"], view=loading("Permission set"))
    try:
        view = policy_view(see_request(handling.deps, pressed_request(args), presser(args)))
    except Refusal as refusal:
        view = refused("Permission set", refusal)
    args.client.views_update(view_id=opened["view"]["id"], view=view)
