"""Whether Slack takes the bot's token: the words of the last refusal, until a call succeeds."""

from typing import Any

from slack_sdk.web import SlackResponse, WebClient

from slackapi.errors import SlackAuthLost, classify


class Standing:
    """What every call notes; `trouble` is None while Slack takes the token, as far as is known."""

    def __init__(self) -> None:
        self.trouble: str | None = None


class NotingClient(WebClient):
    """A client that notes in `standing` whether Slack takes the token."""

    def __init__(self, standing: Standing, **options: Any) -> None:
        super().__init__(**options)
        self.standing = standing

    def api_call(self, *arguments: Any, **named: Any) -> SlackResponse:
        """Call a method of the Web API; an error that says nothing of the token changes nothing."""
        try:
            response = super().api_call(*arguments, **named)
        except Exception as error:
            lost = classify(error)
            if isinstance(lost, SlackAuthLost):
                self.standing.trouble = lost.words
            raise
        self.standing.trouble = None
        return response
