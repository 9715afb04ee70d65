"""What no handler knows: acknowledged, answered in words, and recorded where security would want it."""

from slack_bolt import Args

from access.people import SlackId
from access.refusals import NotFound
from blocks.answers import refusal as refusal_answer
from blocks.reason_form import refused
from handlers.safely import Handling, answer, in_background, presser
from operations.offboard import offboard_if_deactivated
from operations.stray import record_stray


def unknown_event(_: Handling, args: Args) -> None:
    """Acknowledge an event nobody asked for, so that Slack does not send it again."""
    args.ack()


def unknown_button(handling: Handling, args: Args) -> None:
    """Answer a button that this version does not know: it is old, or forged."""
    args.ack()
    actions = args.body.get("actions") or [{}]
    record_stray(handling.deps, presser(args), str(actions[0].get("action_id") or "")[:100])
    old = NotFound("This button is from another version of the bot.", "/jit show REQ-n shows the request as it is.")
    answer(args, refusal_answer(old))


def unknown_form(handling: Handling, args: Args) -> None:
    """Answer a form that this version does not know, in the form itself: Slack gives no other way to answer one."""
    old = NotFound(
        "This form is from another version of the bot; nothing was taken in.", "Close it and open a new one."
    )
    args.ack(response_action="update", view=refused("Old form", old))
    record_stray(handling.deps, presser(args), str((args.body.get("view") or {}).get("callback_id") or "")[:100])


def person_changed(handling: Handling, args: Args) -> None:
    """Forget what is known of somebody; the next press looks them up anew, and who was deactivated loses all."""
    args.ack()
    slack_id = SlackId(args.body["event"]["user"]["id"])
    handling.deps.people.forget(slack_id)
    handling.deps.identities.forget(slack_id)
    in_background(handling, offboard_if_deactivated, handling.deps, slack_id)


def group_changed(handling: Handling, args: Args) -> None:
    """Forget the members of a user group, so that the next press looks them up anew."""
    args.ack()
    handling.deps.people.forget_group(args.body["event"]["subteam_id"])
