"""The outermost wrapper: a gesture never raises into Bolt, and the person always hears what became of it."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from access.people import SlackId
from access.refusals import Refusal
from blocks.answers import bug, said
from blocks.answers import refusal as refusal_answer
from blocks.home import answer_view
from blocks.message import Message
from blocks.reason_form import refused
from handlers.drawing import draw, drawing_threads
from operations.deps import Deps
from operations.home import show_or_order

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What gestures need: the operations' dependencies, threads for look-ups nobody waits for, and for home tabs."""

    deps: Deps
    background: Executor
    drawing: Executor = field(default_factory=drawing_threads)


Gesture = Callable[[Handling, Args], None]
TOO_SLOW = said("Slack gave us too little time to open that. Nothing was changed; please try again.")
_SPENT_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id"})
"""https://docs.slack.dev/interactivity/handling-user-interaction: a trigger id lives 3 s and works once."""


def safely(handling: Handling, gesture: Gesture) -> Callable[[Args], None]:
    """Wrap a gesture for Bolt: a raise after an ack can lose that ack (measured with slack-bolt 1.30)."""

    def handle(args: Args) -> None:
        try:
            gesture(handling, args)
        except Refusal as refusal:
            _acknowledge(args, refusal)
            answer(args, refusal_answer(refusal))
        except Exception as error:  # noqa: BLE001 - the outermost net: the person is told, the log has the rest
            message = TOO_SLOW if _came_too_late(error) else bug(reported(gesture.__name__, error))
            _acknowledge(args, Refusal(message.text))
            answer(args, message)
        if in_home(args):
            draw(handling.deps, handling.drawing, presser(args), _show_what_changed)

    return handle


def _show_what_changed(deps: Deps, slack_id: SlackId) -> None:
    """Show at once what a press on a home tab has changed; others see it in the next round of drawings."""
    show_or_order(deps, slack_id, only_if_changed=True)


def in_home(args: Args) -> bool:
    """Tell whether a press was made on a home tab, which leaves no way to answer in place."""
    return args.body.get("type") == "block_actions" and (args.body.get("view") or {}).get("type") == "home"


def _came_too_late(error: Exception) -> bool:
    """Tell whether Slack did not open a form because its 3 s were over, or because it was opened already."""
    return isinstance(error, SlackApiError) and error.response.get("error") in _SPENT_TRIGGERS


def _acknowledge(args: Args, refusal: Refusal) -> None:
    """Acknowledge what a gesture left open: Bolt waits 3 s for that, then asks the next handler, which calls it forged.

    On a form the words are laid on top, so that nothing typed below is lost.
    """
    if args.ack.response is not None:
        return
    if args.body.get("type") == "view_submission":
        args.ack(response_action="push", view=refused("Not sent", refusal))
    else:
        args.ack()


def reported(what: str, error: Exception) -> str:
    """Log an error under a short reference, and return that for the person."""
    reference = secrets.token_hex(4)
    log.error("%s failed", what, exc_info=error, extra={"reference": reference})
    return reference


def answer(args: Args, message: Message) -> None:
    """Answer the one person who typed or pressed, visible to them alone; it may fail, and that is logged."""
    try:
        if args.body.get("response_url") or args.body.get("response_urls"):
            args.respond(text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False)
        elif in_home(args):
            _answer_over_home(args, message)
        else:
            log.info("no way to answer in place: %s", message.text)
    except Exception:
        log.warning("an answer could not be delivered", exc_info=True)


def _answer_over_home(args: Args, message: Message) -> None:
    """Answer in a modal over the home tab; where Slack opens none any more, in a direct message."""
    try:
        args.client.views_open(trigger_id=args.body["trigger_id"], view=answer_view(message))
    except SlackApiError:
        args.client.chat_postMessage(channel=presser(args), text=message.text, blocks=message.blocks)


def confirm(args: Args, words: str) -> None:
    """Say that a press counted, where no card shows it: in an answer that nobody else sees."""
    if (args.body.get("container") or {}).get("is_ephemeral"):
        answer(args, said(words))


def presser(args: Args) -> SlackId:
    """Tell who made the gesture."""
    user = args.body.get("user")
    return SlackId(user["id"] if isinstance(user, dict) else args.body.get("user_id", ""))


def in_background(handling: Handling, work: Callable[..., None], *arguments: Any) -> None:
    """Do something that nobody waits for; what it raises is logged."""

    def run() -> None:
        try:
            work(*arguments)
        except Exception:
            log.exception("background work failed: %s", work.__name__)

    handling.background.submit(run)
