"""chat.*: posting, updating and deleting the bot's messages."""

from sandbox.slack.api.call import ApiError, Call, Method, TooManyCallsError
from sandbox.slack.api.content import LONGEST_POST, LONGEST_TEXT, from_the_bot, read_content, read_metadata
from sandbox.slack.api.places import find_channel, find_posting_channel
from sandbox.slack.channels import Channel
from sandbox.slack.messages import Message
from sandbox.slack.wire import Json


def _spend_post(call: Call, channel: Channel) -> None:
    wait = call.app.limits.spend_post(channel.id, call.workspace.now())
    if wait:
        raise TooManyCallsError(wait)


def _thread(call: Call, channel: Channel) -> Json:
    """Find the thread a call speaks in; a reply to an unknown parent is refused."""
    thread_ts = call.text("thread_ts")
    parent = call.workspace.messages.find(channel.id, thread_ts) if thread_ts else None
    if thread_ts and (parent is None or parent.ephemeral_to):
        raise ApiError("thread_not_found")
    return {"thread_ts": (parent.thread_ts or parent.ts) if parent else "", "broadcast": call.flag("reply_broadcast")}


def post_message(call: Call) -> Json:
    """chat.postMessage: say something in a channel or to a person; a long text without blocks is split."""
    channel = find_posting_channel(call)
    content, metadata, thread = read_content(call.args), read_metadata(call), _thread(call, channel)
    _spend_post(call, channel)
    text = content["text"][:LONGEST_POST]
    pieces = [text] if content["blocks"] else [text[at : at + LONGEST_TEXT] for at in range(0, len(text), LONGEST_TEXT)]
    said = [from_the_bot(call.workspace, channel.id, content | thread | {"text": piece}) for piece in pieces or [""]]
    for message in said:
        message.metadata = metadata
        call.workspace.say(message)
    told = said[0].as_slack(call.workspace.team_id, with_metadata=True)
    return {"channel": channel.id, "ts": said[0].ts, "message": told}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: say something to one person present in a channel; metadata is ignored."""
    channel = find_posting_channel(call)
    content, thread = read_content(call.args), _thread(call, channel)
    viewer = call.workspace.people.by_id.get(call.need("user"))
    if viewer is None or viewer.id not in channel.members or viewer.deleted:
        raise ApiError("user_not_in_channel")
    message = from_the_bot(call.workspace, channel.id, content | thread | {"ephemeral_to": viewer.id})
    if not call.app.faults.ephemerals_dropped:
        call.workspace.say(message)
    return {"message_ts": message.ts}


def _own_message(call: Call, channel: Channel, not_ours: str) -> Message:
    message = call.workspace.messages.find(channel.id, call.need("ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise ApiError("message_not_found")
    if message.user != call.workspace.bot.id:
        raise ApiError(not_ours)
    return message


def update(call: Call) -> Json:
    """chat.update: change the bot's own message; text alone removes blocks, metadata left out stays."""
    channel = find_channel(call)
    message = _own_message(call, channel, "cant_update_message")
    if channel.archived:
        raise ApiError("is_inactive")
    if call.app.faults.edit_window_closed:
        raise ApiError("edit_window_closed")
    if len(call.text("text")) > LONGEST_TEXT:
        raise ApiError("msg_too_long")
    content, metadata = read_content(call.args), read_metadata(call)
    if message.text != content["text"] and not content["blocks"]:
        message.edited = call.workspace.messages.fresh_ts(call.workspace.now())
    message.text, message.blocks, message.attachments = content["text"], content["blocks"], content["attachments"]
    message.metadata = metadata or message.metadata
    message.inputs.clear()
    call.workspace.announce("message_changed", channel=channel.id, ts=message.ts)
    told = message.as_slack(call.workspace.team_id, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


def delete(call: Call) -> Json:
    """chat.delete: take the bot's own message away."""
    channel = find_channel(call)
    message = _own_message(call, channel, "cant_delete_message")
    call.workspace.messages.remove(message)
    call.workspace.announce("message_deleted", channel=channel.id, ts=message.ts)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: the address of one message."""
    channel = find_channel(call)
    message = call.workspace.messages.find(channel.id, call.need("message_ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise ApiError("message_not_found")
    address = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


_WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(run=post_message, scopes=_WRITE),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=_WRITE, tier=4),
    "chat.update": Method(run=update, scopes=_WRITE, tier=3),
    "chat.delete": Method(run=delete, scopes=_WRITE, tier=3),
    "chat.getPermalink": Method(run=get_permalink),
}
