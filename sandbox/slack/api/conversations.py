"""conversations.*: channels, their members and what was said in them."""

from sandbox.slack.api.call import ApiError, Call, Method
from sandbox.slack.api.paging import page_of
from sandbox.slack.api.places import find_channel, open_direct
from sandbox.slack.channels import Channel
from sandbox.slack.messages import Message
from sandbox.slack.wire import Json

_USUAL_PAGE = 100
_READ = ("channels:read", "groups:read")
_HISTORY = ("channels:history", "groups:history", "im:history")


def info(call: Call) -> Json:
    """conversations.info: one channel the bot may know of."""
    return {"channel": find_channel(call).as_slack(call.workspace.bot.id)}


def list_channels(call: Call) -> Json:
    """conversations.list: public channels, and private ones with the bot where `types` asks for them."""
    kinds = set((call.text("types") or "public_channel").split(","))
    bot = call.workspace.bot.id
    known = [each for each in call.workspace.channels.by_id.values() if _kind(each) in kinds]
    known = [each for each in known if not each.private or bot in each.members]
    shown = [each for each in known if not (each.archived and call.flag("exclude_archived"))]
    page, metadata = page_of(call, shown, _USUAL_PAGE)
    return {"channels": [each.as_slack(bot) for each in page], "response_metadata": metadata}


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def members(call: Call) -> Json:
    """conversations.members: who is in a channel."""
    page, metadata = page_of(call, find_channel(call).members, _USUAL_PAGE)
    return {"members": page, "response_metadata": metadata}


def open_conversation(call: Call) -> Json:
    """conversations.open: direct messages with one person (group messages are not played here: C)."""
    person = call.workspace.people.by_id.get(call.need("users", "users_list_not_supplied"))
    if person is None:
        raise ApiError("user_not_found")
    channel = open_direct(call, person)
    return {"channel": {"id": channel.id, **(channel.as_slack("") if call.flag("return_im") else {})}}


def history(call: Call) -> Json:
    """conversations.history: newest first, no ephemerals, thread replies left out."""
    channel = _readable(call)
    said = [each for each in call.workspace.messages.lasting(channel.id) if each.in_main_flow]
    return _listed(call, _within(call, said)[::-1])


def replies(call: Call) -> Json:
    """conversations.replies: a thread from its parent on, oldest first."""
    channel = _readable(call)
    parent = call.workspace.messages.find(channel.id, call.need("ts"))
    if parent is None or parent.ephemeral_to:
        raise ApiError("thread_not_found")
    said = [each for each in call.workspace.messages.lasting(channel.id) if parent.ts in {each.ts, each.thread_ts}]
    return _listed(call, _within(call, said))


def _readable(call: Call) -> Channel:
    channel = find_channel(call)
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    kind = {"im": "im:history", "private_channel": "groups:history", "public_channel": "channels:history"}
    if kind[_kind(channel)] not in call.app.manifest.scopes:
        raise ApiError(
            "missing_scope", needed=kind[_kind(channel)], provided=",".join(sorted(call.app.manifest.scopes))
        )
    return channel


def _within(call: Call, said: list[Message]) -> list[Message]:
    """Keep what lies between `oldest` and `latest`; both exclusive unless `inclusive`."""
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    low, high = _moment(oldest, 0.0), _moment(latest, float("inf"))
    edges = {low, high} if inclusive else set()
    return [each for each in said if low < float(each.ts) < high or float(each.ts) in edges]


def _moment(written: str, usual: float) -> float:
    try:
        return float(written) if written else usual
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None


def _listed(call: Call, said: list[Message]) -> Json:
    page, metadata = page_of(call, said, _USUAL_PAGE)
    shown, team = call.flag("include_all_metadata"), call.workspace.team_id
    told = [each.as_slack(team, with_metadata=shown) for each in page]
    return {"messages": told, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


METHODS = {
    "conversations.info": Method(run=info, scopes=_READ, tier=3),
    "conversations.list": Method(run=list_channels, scopes=_READ, tier=2),
    "conversations.members": Method(run=members, scopes=_READ, tier=4),
    "conversations.open": Method(run=open_conversation, scopes=("im:write",), tier=3),
    "conversations.history": Method(run=history, scopes=_HISTORY, tier=3),
    "conversations.replies": Method(run=replies, scopes=_HISTORY, tier=3),
}
