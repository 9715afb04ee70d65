"""auth.test and apps.connections.open: who the app is, and where its socket is."""

from sandbox.slack.api.call import Call, Method, TokenKind
from sandbox.slack.wire import Json


def test(call: Call) -> Json:
    """auth.test: whose token this is; the granted scopes stand in the x-oauth-scopes header."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """apps.connections.open: the URL of one Socket Mode connection, to be dialled once and soon."""
    ticket = call.workspace.tickets.socket(call.workspace.now())
    address = call.origin.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.workspace.app_id}"}


METHODS = {
    "auth.test": Method(run=test),
    "apps.connections.open": Method(run=open_connection, tier=3, token=TokenKind.APP),
}
