"""Finding the conversation a call names, and refusing it as Slack does."""

from sandbox.slack.api.call import ApiError, Call
from sandbox.slack.channels import Channel
from sandbox.slack.people import Profile


def find_channel(call: Call, key: str = "channel") -> Channel:
    """Find what the bot may know of by C…, G… or D… id, or by name; `channel_not_found` otherwise."""
    wanted = call.need(key, "channel_not_found")
    channels = call.workspace.channels
    channel = channels.by_id.get(wanted) or channels.named(wanted)
    if channel is None or (channel.private and call.workspace.bot.id not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def find_posting_channel(call: Call) -> Channel:
    """Find where the bot may post; a U… or W… id opens that person's direct messages."""
    person = call.workspace.people.by_id.get(call.text("channel"))
    channel = open_direct(call, person) if person is not None else find_channel(call)
    if channel.archived:
        raise ApiError("is_archived")
    if call.workspace.bot.id not in channel.members and "chat:write.public" not in call.app.manifest.scopes:
        raise ApiError("not_in_channel")
    if channel.is_im and not call.app.manifest.direct_messages_on:
        raise ApiError("messages_tab_disabled")
    return channel


def open_direct(call: Call, person: Profile) -> Channel:
    """Open the direct messages of the bot with somebody; a deactivated person has none."""
    if person.deleted:
        raise ApiError("user_disabled")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    return call.workspace.channels.direct(person, call.workspace.bot.id)


def find_person(call: Call, key: str = "user") -> Profile:
    """Find the person a call names; `user_not_found` otherwise."""
    person = call.workspace.people.by_id.get(call.text(key))
    if person is None:
        raise ApiError("user_not_found")
    return person
