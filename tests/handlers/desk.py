"""The bot's desk: the real Bolt app and handlers, a Slack that answers as told, a company without AWS."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from access.people import Person
from access.request import Request
from aws.errors import NoSuchUser
from handlers.register import register
from handlers.safely import Handling
from slackapi.clients import make_clients
from tests.access.given import ADA, MAX, RITA
from tests.handlers import gestures
from tests.handlers.gestures import Payload
from tests.operations.company import Company
from tests.operations.slack import texts_of
from tests.slackapi.fake import FakeSlack


class AtOnce(Executor):
    """Does everything in the thread that asks for it, so that nothing is left to wait for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries what was raised, whatever it is
            done.set_exception(error)
        return done


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in the directory."""

    id: str


class SmallDirectory:
    """A directory with Rita, Max and Ada."""

    def user_by_email(self, email: str) -> Known:
        """Find somebody."""
        for person in (RITA, MAX, ADA):
            if person.email == email:
                return Known(f"principal-{person.name.lower()}")
        raise NoSuchUser(f"IAM Identity Center has no user with the address {email}.")


@dataclass(slots=True, kw_only=True)
class Desk:
    """What a test of handlers touches; every gesture returns Bolt's answer to Slack, which is the ack."""

    app: App
    slack: FakeSlack
    company: Company

    def dispatch(self, body: Payload) -> BoltResponse:
        """Hand a payload to the app as Socket Mode does."""
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def type(self, text: str, by: Person = RITA) -> BoltResponse:
        """Type `/jit` and words."""
        return self.dispatch(gestures.command(text, by, self.response_url))

    def press(self, action_id: str, request: Request | str, by: Person) -> BoltResponse:
        """Press a button about a request."""
        value = request if isinstance(request, str) else request.id
        return self.dispatch(gestures.press(action_id, value, by, self.response_url))

    def send(self, view: Payload, by: Person = RITA) -> BoltResponse:
        """Send an open form."""
        return self.dispatch(gestures.send(view, by))

    @property
    def response_url(self) -> str:
        """Where answers to one person go."""
        return f"{self.slack.url}/response"

    @property
    def answers(self) -> list[str]:
        """List the words of every answer to one person alone."""
        said = self.slack.asked("response")
        assert all(each["response_type"] == "ephemeral" for each in said)
        assert all(each["replace_original"] == "false" for each in said)
        return [f"{each['text']} {texts_of(json.loads(each['blocks']))}" for each in said]

    def views(self, method: str) -> list[Payload]:
        """List the modals that were opened (`views.open`) or changed (`views.update`)."""
        return [json.loads(each["view"]) for each in self.slack.asked(method)]


def errors_of(response: BoltResponse) -> dict[str, str]:
    """Read the errors that an ack puts into a form, by block id."""
    body = json.loads(response.body or "{}")
    assert body.get("response_action") == "errors", body
    errors: dict[str, str] = body["errors"]
    return errors


def open_desk(company: Company, slack: FakeSlack, listeners: Executor, background: Executor) -> Desk:
    """Wire the app as bot.build does, with Slack's answers to what a gesture asks."""
    clients = make_clients("xoxb-test", slack.url)
    app = App(
        name="jitbot",
        client=clients.interactive,
        signing_secret="unused",
        token_verification_enabled=False,
        listener_executor=listeners,
    )
    register(app, Handling(deps=company.deps, background=background, drawing=background))
    slack.answer(
        "auth.test", {"team_id": "T0TEAM", "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://e.slack.com/"}
    )
    slack.answer("views.open", _open)
    slack.answer("views.update", _open)
    slack.answer("response", {"ok": True})
    return Desk(app=app, slack=slack, company=company)


def _open(arguments: Any) -> Payload:
    return {"view": gestures.opened(json.loads(arguments["view"]))}
