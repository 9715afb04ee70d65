"""Modals that open at once and say the rest when it has been looked up: a trigger lives for 3 s."""

from collections.abc import Callable

from slack_bolt import Args

from access.refusals import Refusal
from blocks.answers import bug
from blocks.answers import refusal as refusal_answer
from blocks.message import Block
from blocks.reason_form import refused
from handlers.safely import answer, in_home, reported


def open_then(args: Args, first: Block, title: str, drawn: Callable[[], Block]) -> None:
    """Open `first`, then show what `drawn` makes; why not stands in the same modal."""
    opened = args.client.views_open(trigger_id=args.body["trigger_id"], view=first)
    try:
        view = drawn()
    except Refusal as refusal:
        view = refused(title, refusal)
        if not in_home(args):
            answer(args, refusal_answer(refusal))
    except Exception as error:  # noqa: BLE001 - the modal is open: the person must read there what became of it
        view = refused(title, Refusal(bug(reported(title, error)).text))
    args.client.views_update(view_id=opened["view"]["id"], view=view)
