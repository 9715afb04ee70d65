"""What the modals that ask for a reason share: which request, and an answer beside the field."""

from collections.abc import Callable

from slack_bolt import Args

from access.refusals import Refusal
from access.request import RequestId
from blocks.reason_form import read_reason, reason_errors
from handlers.safely import reported


def pressed_request(args: Args) -> RequestId:
    """Read which request a button names; nothing else is taken from it."""
    return RequestId(str((args.body.get("actions") or [{}])[0].get("value") or ""))


def take_reason(args: Args, act: Callable[[RequestId, str], object]) -> None:
    """Act with the reason, then acknowledge; a refusal stands beside the field and nothing typed is lost."""
    view = args.body["view"]
    request_id, reason = read_reason(view)
    try:
        act(request_id, reason)
    except Refusal as refusal:
        args.ack(response_action="errors", errors=reason_errors(f"{refusal.words} {refusal.next_step}".strip()))
    except Exception as error:  # noqa: BLE001 - the person must be told, whatever it was
        reference = reported("a reason form", error)
        words = f"This could not be stored; nothing was changed. Try again in a minute ({reference})."
        args.ack(response_action="errors", errors=reason_errors(words))
    else:
        args.ack()
