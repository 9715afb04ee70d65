"""The words of a freeze: the banner on forms, cards and answers, and what the admin channel reads."""

from access.freeze import Freeze
from blocks.message import Block, Message
from blocks.parts import context, header, section
from blocks.text import inline, person, when

REASON_MOST = 300


def banner(freeze: Freeze) -> Block:
    """Say that nothing is approved or granted now, and by whose word."""
    return section(f"🧊 *Granting is frozen:* {_who_when_why(freeze)}", "Requests wait; what is active ends as ever.")


def form_notice(freeze: Freeze | None) -> str:
    """Say above the form that a request will wait; empty where nothing is frozen."""
    return f"{freeze.words}. You can ask; it waits until the freeze is lifted." if freeze else ""


def with_banner(message: Message, freeze: Freeze | None) -> Message:
    """Put the banner on top of a message, below its header, while everything is frozen."""
    if freeze is None:
        return message
    below = 1 if message.blocks[0]["type"] == "header" else 0
    return Message(text=message.text, blocks=[*message.blocks[:below], banner(freeze), *message.blocks[below:]])


def frozen_message(freeze: Freeze) -> Message:
    """Tell the SSO admins that it was frozen."""
    return Message(
        text=f"🧊 All granting is frozen: {inline(freeze.words, REASON_MOST)}.",
        blocks=[
            header("🧊 All granting is frozen"),
            section(_who_when_why(freeze)),
            context(
                "Nothing is approved or granted until an SSO admin types `/jit unfreeze`. "
                "Requests may be made and wait. Ends, revocations and I'm done go on as ever."
            ),
        ],
    )


def lifted_message(by: Freeze) -> Message:
    """Tell the SSO admins that the freeze was lifted; `by` is who did so and when."""
    return Message(
        text=f"🔥 {inline(by.by_name)} lifted the freeze.",
        blocks=[
            section(f"🔥 *The freeze is lifted* by {person(by.by, by.by_name)} {when(by.at)}."),
            context("What was approved before is granted now; what waits for a decision can be decided."),
        ],
    )


def _who_when_why(freeze: Freeze) -> str:
    why = inline(freeze.reason, REASON_MOST) if freeze.reason else "without saying why"
    return f"{person(freeze.by, freeze.by_name)}, {when(freeze.at)}: {why}"
