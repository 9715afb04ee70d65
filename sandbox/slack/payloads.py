"""Payloads in the shape Slack documents (docs.slack.dev, interaction payloads and events)."""

from dataclasses import dataclass

from sandbox.slack.app import InstalledApp
from sandbox.slack.channels import Channel
from sandbox.slack.elements import Placed, as_values
from sandbox.slack.ids import random_id
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.views import View
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

_SHOWN_IN_ACTION = ("text", "style", "placeholder", "confirm")


@dataclass(slots=True, kw_only=True)
class Payloads:
    """Builds payloads; `origin` is the address response URLs start with."""

    workspace: Workspace
    app: InstalledApp
    origin: str = ""

    def response_url(self, right: ResponseUrl) -> str:
        """Hand out a response_url."""
        return f"{self.origin}/response/{self.workspace.tickets.response(right)}"

    def trigger(self, who: Profile) -> str:
        """Hand out a trigger_id for what somebody just did."""
        return self.workspace.tickets.trigger(who.id, self.workspace.now())

    def moment(self) -> str:
        """Write now as Slack writes action_ts."""
        return f"{self.workspace.now():.6f}"

    def _who(self, who: Profile) -> Json:
        return {"id": who.id, "username": who.name, "name": who.name, "team_id": who.team_id}

    def _common(self, kind: str, who: Profile) -> Json:
        return {
            "type": kind,
            "team": {"id": self.workspace.team_id, "domain": self.workspace.domain},
            "user": self._who(who),
            "api_app_id": self.workspace.app_id,
            "token": self.app.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def view(self, view: View) -> Json:
        """Write a view with its state and hash."""
        workspace = self.workspace
        return view.as_slack(team_id=workspace.team_id, app_id=workspace.app_id, bot_id=workspace.bot_id)

    def command(self, who: Profile, channel: Channel, command: str, text: str) -> Json:
        """Write a slash command: flat, all values text, as the form it is over HTTP."""
        right = ResponseUrl(user=who.id, channel=channel.id, born=self.workspace.now())
        return {
            "token": self.app.verification_token,
            "team_id": self.workspace.team_id,
            "team_domain": self.workspace.domain,
            "channel_id": channel.id,
            "channel_name": channel.named_in_payload(),
            "user_id": who.id,
            "user_name": who.name,
            "command": command,
            "text": text,
            "api_app_id": self.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(right),
            "trigger_id": self.trigger(who),
        }

    def shortcut(self, who: Profile, callback_id: str) -> Json:
        """Write a global shortcut; it has no channel and no response_url."""
        told = {"callback_id": callback_id, "trigger_id": self.trigger(who), "action_ts": self.moment()}
        return self._common("shortcut", who) | told

    def action(self, placed: Placed, state: Json) -> Json:
        """Write one action: the element's ids and what was pressed or chosen."""
        element = placed.element
        told = {key: element[key] for key in _SHOWN_IN_ACTION if key in element}
        told |= {"type": placed.kind, "block_id": placed.key[0], "action_id": placed.key[1]}
        if placed.kind == "button" and "value" in element:
            told["value"] = element["value"]
        return told | state | {"action_ts": self.moment()}

    def message_action(self, who: Profile, message: Message, action: Json) -> Json:
        """Write block_actions from a message, with a response_url of its own."""
        right = ResponseUrl(user=who.id, channel=message.channel, born=self.workspace.now(), source_ts=message.ts)
        told = self._in_message(who, message) | {"response_url": self.response_url(right), "actions": [action]}
        return self._common("block_actions", who) | told | {"trigger_id": self.trigger(who)}

    def _in_message(self, who: Profile, message: Message) -> Json:
        channel = self.workspace.channels.by_id[message.channel]
        ephemeral = bool(message.ephemeral_to)
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        told: Json = {"channel": {"id": channel.id, "name": channel.named_in_payload()}}
        told["container"] = container | {"is_ephemeral": ephemeral}
        told["state"] = {"values": as_values(message.inputs.get(who.id, {}))}
        if not ephemeral:
            told["message"] = message.as_slack(self.workspace.team_id, with_metadata=True)
        return told

    def view_action(self, who: Profile, view: View, action: Json) -> Json:
        """Write block_actions from a modal or Home tab, with its state, hash and private_metadata."""
        told = {"container": {"type": "view", "view_id": view.id}, "view": self.view(view), "actions": [action]}
        return self._common("block_actions", who) | told | {"trigger_id": self.trigger(who)}

    def suggestion(self, who: Profile, source: View | Message, placed: Placed, query: str) -> Json:
        """Write block_suggestion: what somebody typed into an external select."""
        told: Json = {"block_id": placed.key[0], "action_id": placed.key[1], "value": query}
        if isinstance(source, View):
            told |= {"container": {"type": "view", "view_id": source.id}, "view": self.view(source)}
        else:
            told |= self._in_message(who, source)
        return self._common("block_suggestion", who) | told

    def submission(self, who: Profile, view: View) -> Json:
        """Write view_submission."""
        told = {"trigger_id": self.trigger(who), "view": self.view(view), "response_urls": []}
        return self._common("view_submission", who) | told

    def closing(self, who: Profile, view: View, *, cleared: bool) -> Json:
        """Write view_closed; `cleared` where the whole stack was closed at once."""
        return self._common("view_closed", who) | {"view": self.view(view), "is_cleared": cleared}

    def event(self, event: Json) -> Json:
        """Wrap an event for the Events API."""
        bot, team = self.workspace.bot.id, self.workspace.team_id
        authorization = {"enterprise_id": None, "team_id": team, "user_id": bot, "is_bot": True}
        return {
            "type": "event_callback",
            "token": self.app.verification_token,
            "team_id": team,
            "api_app_id": self.workspace.app_id,
            "event": event | {"event_ts": self.moment()},
            "event_id": random_id("Ev"),
            "event_time": int(self.workspace.now()),
            "authorizations": [authorization | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
        }
