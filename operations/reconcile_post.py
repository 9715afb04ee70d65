"""Post to the SSO admins what a round found; a message whose answer was lost is looked for, not posted twice."""

from blocks.message import Message
from operations.deps import Deps
from operations.ports import Posted
from slackapi.errors import SlackBusy


def post_found(deps: Deps, key: str, message: Message) -> Posted:
    """Post to the admin channel; `key` stands for what is said, so that the message is known again.

    Raises what Slack raises; the next round then says it, a second time where Slack took it and could not be asked.
    """
    channel, now = deps.rules.admin_channel, deps.clock.now()
    try:
        return deps.messenger.post(channel, message.text, message.blocks, key=key)
    except SlackBusy as busy:
        found = deps.messenger.find_posted(channel, key, now) if busy.unknown else None
        if found is None:
            raise
        return found
