"""A direct message that may stand there already: sent a second time, it says so."""

from blocks.message import Message
from blocks.parts import context

WORDS = "Sent once more, because Slack did not confirm the first time: you may have read this already."


def said_again(message: Message) -> Message:
    """Add to a message that its reader may know it; the bot has no right to read conversations with people and look."""
    return Message(text=message.text, blocks=[*message.blocks, context(WORDS)])
