"""What no handler knows: acknowledged, answered in words, and recorded where security would want it."""

from slack_bolt import Args

from access.refusals import NotFound
from blocks.answers import refusal as refusal_answer
from handlers.safely import Handling, answer, presser
from operations.stray import record_stray


def unknown_event(_: Handling, args: Args) -> None:
    """Acknowledge an event nobody asked for, so that Slack does not send it again."""
    args.ack()


def unknown_gesture(handling: Handling, args: Args) -> None:
    """Answer a button or form that this version does not know: it is old, or forged."""
    args.ack()
    actions = args.body.get("actions") or [{}]
    name = str(actions[0].get("action_id") or (args.body.get("view") or {}).get("callback_id") or "")
    record_stray(handling.deps, presser(args), name[:100])
    old = NotFound("This button is from another version of the bot.", "/jit show REQ-n shows the request as it is.")
    answer(args, refusal_answer(old))


def person_changed(handling: Handling, args: Args) -> None:
    """Forget what is known of somebody, so that the next press looks them up anew."""
    args.ack()
    handling.deps.people.forget(args.body["event"]["user"]["id"])


def group_changed(handling: Handling, args: Args) -> None:
    """Forget the members of a user group, so that the next press looks them up anew."""
    args.ack()
    handling.deps.people.forget_group(args.body["event"]["subteam_id"])
