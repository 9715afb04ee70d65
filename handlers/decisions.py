"""Approve, Reject and Withdraw: judged on the server at the press; the button only names the request."""

from slack_bolt import Args

from blocks.reason_form import reject_form
from handlers.modals import open_then
from handlers.reasons import pressed_request, take_reason
from handlers.safely import Handling, confirm, presser
from operations.decide import approve_request, judge_press, reject_request
from operations.withdraw import withdraw_request


def approve_pressed(handling: Handling, args: Args) -> None:
    """Approve; the cards show the outcome."""
    args.ack()
    change = approve_request(handling.deps, pressed_request(args), presser(args))
    confirm(args, f"You approved {change.request.label}.")


def withdraw_pressed(handling: Handling, args: Args) -> None:
    """Withdraw one's own request."""
    args.ack()
    change = withdraw_request(handling.deps, pressed_request(args), presser(args))
    confirm(args, f"{change.request.label} is withdrawn.")


def reject_pressed(handling: Handling, args: Args) -> None:
    """Ask for the reason at once; somebody who may not reject sees why in the same modal."""
    args.ack()
    request_id = pressed_request(args)
    open_then(
        args,
        reject_form(request_id),
        "Reject request",
        lambda: reject_form(request_id, judge_press(handling.deps, request_id, presser(args), "reject")),
    )


def rejection_sent(handling: Handling, args: Args) -> None:
    """Reject with the reason from the modal."""
    take_reason(args, lambda request_id, reason: reject_request(handling.deps, request_id, presser(args), reason))
