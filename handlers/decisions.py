"""Approve, Reject and Withdraw: judged on the server at the press; the button only names the request."""

from slack_bolt import Args

from access.refusals import Refusal
from blocks.answers import refusal as refusal_answer
from blocks.reason_form import refused, reject_form
from handlers.reasons import pressed_request, take_reason
from handlers.safely import Handling, answer, confirm, presser
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
    opened = args.client.views_open(trigger_id=args.body["trigger_id"], view=reject_form(request_id))
    try:
        view = reject_form(request_id, judge_press(handling.deps, request_id, presser(args), "reject"))
    except Refusal as refusal:
        view = refused("Reject request", refusal)
        answer(args, refusal_answer(refusal))
    args.client.views_update(view_id=opened["view"]["id"], view=view)


def rejection_sent(handling: Handling, args: Args) -> None:
    """Reject with the reason from the modal."""
    take_reason(args, lambda request_id, reason: reject_request(handling.deps, request_id, presser(args), reason))
