"""Revoke and I'm done, and the full text of a policy."""

from slack_bolt import Args

from blocks.reason_form import loading, policy_view, revoke_form
from handlers.modals import open_then
from handlers.reasons import pressed_request, take_reason
from handlers.safely import Handling, confirm, presser
from operations.end import end_session_early, judge_revocation, revoke_session
from operations.show import see_request


def revoke_pressed(handling: Handling, args: Args) -> None:
    """Ask for the reason at once; somebody who may not revoke sees why in the same modal."""
    args.ack()
    request_id = pressed_request(args)
    open_then(
        args,
        revoke_form(request_id),
        "Revoke access",
        lambda: revoke_form(request_id, *judge_revocation(handling.deps, request_id, presser(args))),
    )


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
    open_then(
        args,
        loading("Permission set"),
        "Permission set",
        lambda: policy_view(see_request(handling.deps, pressed_request(args), presser(args))),
    )
