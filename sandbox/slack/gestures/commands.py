"""Typing slash commands and messages, using shortcuts, opening the Home tab."""

import re

from sandbox.slack.api.call import ApiError
from sandbox.slack.channels import Channel
from sandbox.slack.delivery import Kind
from sandbox.slack.gestures.stage import Stage
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.responses import apply_response
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

_MENTION = re.compile(r"(?<!\S)@([\w.-]+)")
_CHANNEL = re.compile(r"(?<!\S)#([\w-]+)")
_ADDRESS = re.compile(r"https?://\S+")
READ_ONLY = "Sending messages to this app has been turned off."


def escaped(workspace: Workspace, text: str) -> str:
    """Write a command's text as `should_escape` does: people, channels and addresses as control forms.

    The three control characters are escaped as well ([unverified]: Slack does so in messages).
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def person(found: re.Match[str]) -> str:
        profile = workspace.people.named(found[1])
        return f"<@{profile.id}|{profile.name}>" if profile else found[0]

    def channel(found: re.Match[str]) -> str:
        known = workspace.channels.named(found[1])
        return f"<#{known.id}|{known.name}>" if known else found[0]

    return _ADDRESS.sub(r"<\g<0>>", _CHANNEL.sub(channel, _MENTION.sub(person, safe)))


def type_text(stage: Stage, who: Profile, channel: Channel, written: str) -> None:
    """Send what somebody typed: a slash command to the app, anything else as a message."""
    read_only = _is_with_bot(stage, channel) and not stage.app.manifest.people_may_write
    if channel.archived or who.id not in channel.members:
        stage.workspace.toast(who.id, "You can't write in this channel.")
    elif read_only:
        stage.workspace.toast(who.id, READ_ONLY)
    elif not written.startswith("/"):
        _say(stage, who, channel, written)
    elif (command := written.split(maxsplit=1)[0]) not in stage.app.manifest.commands:
        stage.workspace.toast(who.id, f"{command} is not a valid command.")
    elif who.team_id != stage.workspace.team_id:
        stage.workspace.toast(who.id, f"{command} is for members of this workspace only.")
    else:
        _command(stage, who, channel, written)


def _is_with_bot(stage: Stage, channel: Channel) -> bool:
    return channel.is_im and stage.workspace.bot.id in channel.members


def _say(stage: Stage, who: Profile, channel: Channel, written: str) -> None:
    workspace = stage.workspace
    with workspace.lock:
        ts = workspace.messages.fresh_ts(workspace.now())
        workspace.say(Message(channel=channel.id, ts=ts, user=who.id, text=escaped(workspace, written)))


def _command(stage: Stage, who: Profile, channel: Channel, written: str) -> None:
    command, _, text = written.partition(" ")
    with stage.workspace.lock:
        if stage.app.manifest.commands[command]:
            text = escaped(stage.workspace, text)
        payload = stage.payloads.command(who, channel, command, text.strip())
    answer = stage.post(Kind.COMMAND, payload)
    if not answer.acked:
        stage.workspace.toast(who.id, f'{command} failed with the error "{answer.problem}"')
    elif answer.body:
        _show(stage, who, channel, {"text": answer.body} if isinstance(answer.body, str) else answer.body)


def _show(stage: Stage, who: Profile, channel: Channel, body: Json) -> None:
    right = ResponseUrl(user=who.id, channel=channel.id, born=stage.workspace.now())
    try:
        with stage.workspace.lock:
            apply_response(stage.workspace, right, body)
    except ApiError as error:
        stage.workspace.toast(who.id, f'The app\'s answer failed with the error "{error.told}"')


def use_shortcut(stage: Stage, who: Profile, callback_id: str) -> None:
    """Use a global shortcut."""
    with stage.workspace.lock:
        payload = stage.payloads.shortcut(who, callback_id)
    stage.interact(who, payload)


def open_home(stage: Stage, who: Profile) -> None:
    """Look at the app's Home tab: Slack fires `app_home_opened` where the app listens for it."""
    with stage.workspace.lock:
        channel = stage.workspace.channels.direct(who, stage.workspace.bot.id)
        event: Json = {"type": "app_home_opened", "user": who.id, "channel": channel.id, "tab": "home"}
        shown = stage.workspace.views.homes.get(who.id)
        if shown is not None:
            event["view"] = stage.payloads.view(shown)
    stage.fire(event)
