"""What an app answers to a gesture: the body of an acknowledgement, or a call of a response_url."""

from sandbox.slack.api.content import from_the_bot, read_content
from sandbox.slack.messages import Message
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace


def apply_response(workspace: Workspace, right: ResponseUrl, body: Json) -> None:
    """Show an answer: replace or delete the message it came from, or say something new.

    Without response_type it is ephemeral; an ephemeral message stays ephemeral when replaced; a slash command has
    no message to replace, so `replace_original` says something new there (C) and `delete_original` does nothing.
    Raises ApiError where the content is refused (docs.slack.dev, handling user interaction).
    """
    source = workspace.messages.find(right.channel, right.source_ts) if right.source_ts else None
    if body.get("delete_original"):
        _delete(workspace, source)
        return
    content = read_content(body)
    if body.get("replace_original") and source is not None:
        _replace(workspace, source, content)
        return
    if body.get("response_type") != "in_channel":
        content["ephemeral_to"] = right.user
    content["thread_ts"] = str(body.get("thread_ts") or "")
    workspace.say(from_the_bot(workspace, right.channel, content))


def _delete(workspace: Workspace, source: Message | None) -> None:
    if source is not None:
        workspace.messages.remove(source)
        workspace.announce("message_deleted", channel=source.channel, ts=source.ts)


def _replace(workspace: Workspace, source: Message, content: Json) -> None:
    source.text, source.blocks, source.attachments = content["text"], content["blocks"], content["attachments"]
    source.inputs.clear()
    workspace.announce("message_changed", channel=source.channel, ts=source.ts)
