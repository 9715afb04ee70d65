"""Revoke, Retry now and I'm done, and the full text of a policy."""

from slack_bolt import Args

from access.people import SlackId
from access.request import RequestId
from blocks.answers import said
from blocks.message import Block
from blocks.overdue import retry_words
from blocks.reason_form import loading, policy_view, revoke_form, told
from handlers.modals import open_then
from handlers.reasons import pressed_request, take_reason
from handlers.safely import Handling, answer, confirm, presser
from operations.end import end_session_early, judge_revocation, revoke_session
from operations.overdue import is_overdue, retry_removal
from operations.show import see_request


def revoke_pressed(handling: Handling, args: Args) -> None:
    """Ask for the reason at once; somebody who may not revoke sees why in the same modal."""
    args.ack()
    request_id = pressed_request(args)
    open_then(
        args,
        revoke_form(request_id),
        "Revoke access",
        lambda: drawn_revocation(handling, request_id, presser(args)),
    )


def drawn_revocation(handling: Handling, request_id: RequestId, slack_id: SlackId) -> Block:
    """Ask for the reason; what is being ended already and overdue is tried again instead, and the modal says so."""
    if not is_overdue(handling.deps, request_id):
        return revoke_form(request_id, *judge_revocation(handling.deps, request_id, slack_id))
    change = retry_removal(handling.deps, request_id, slack_id)
    return told(f"Revoke {change.request.label}", retry_words(change.request))


def retry_pressed(handling: Handling, args: Args) -> None:
    """Try the removal of an overdue session at once, and say so to the one who pressed."""
    args.ack()
    change = retry_removal(handling.deps, pressed_request(args), presser(args))
    answer(args, said(retry_words(change.request)))


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
