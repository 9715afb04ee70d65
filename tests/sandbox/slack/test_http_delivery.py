"""HTTP delivery: signatures, forms, answers in the reply, and retried events."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.http_delivery import sign
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import Clock, HttpApp
from tests.sandbox.slack.kit import actions, button, modal, typed

Serve = Callable[[], HttpApp]
OPENED = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}


def test_a_signature_is_the_documented_one() -> None:
    """The example of docs.slack.dev, verifying requests from Slack."""
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    signed = sign("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body)

    assert signed == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_a_command_travels_as_a_form_and_is_answered_in_the_reply(app: App, over_http: Serve, ada: Person) -> None:
    app.command("/jit")(lambda ack, command: ack(f"usage of {command['command']}"))
    served = over_http()

    ada.types("/jit help", channel="#owners")

    headers, body = served.seen[0]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body)["text"] == ["help"]
    assert [(each.text, each.ephemeral) for each in ada.channel("#owners")] == [("usage of /jit", True)]


def test_a_submission_travels_as_a_payload_and_its_errors_come_in_the_reply(
    app: App, over_http: Serve, client: WebClient, ada: Person
) -> None:
    app.view("form")(lambda ack: ack(response_action="errors", errors={"Why": "Not good enough."}))
    trigger = ada.workspace.tickets.trigger(ada.profile.id, ada.workspace.now())
    client.views_open(trigger_id=trigger, view=modal(typed("Why"), callback_id="form"))
    served = over_http()

    ada.modal.fills("Why", "because").submit()

    assert list(parse_qs(served.seen[0][1])) == ["payload"]
    assert ada.modal.errors() == {"Why": "Not good enough."}


def test_a_forged_signature_is_for_the_app_to_refuse(
    app: App, over_http: Serve, sandbox: SlackSandbox, ada: Person
) -> None:
    """Signed with another secret, or six minutes old: Bolt refuses, and the person sees an error."""
    app.command("/jit")(lambda ack: ack("taken"))
    over_http()
    assert sandbox.http
    sandbox.http.signing_secret = "another"
    ada.types("/jit", channel="#owners")
    sandbox.http.signing_secret = "sandbox-secret"
    sandbox.http.signs_at = lambda: time.time() - 360
    ada.types("/jit", channel="#owners")

    assert ada.toasts == ['/jit failed with the error "dispatch_failed"'] * 2
    assert ada.channel("#owners") == []


def test_an_event_is_retried_at_once_after_a_minute_and_after_five(
    app: App, over_http: Serve, sandbox: SlackSandbox, clock: Clock
) -> None:
    app.event("app_home_opened")(lambda: None)
    served = over_http()
    served.fail_next = 4

    sandbox.fire(OPENED)
    assert len(served.seen) == 2
    for seconds, deliveries in [(59, 2), (1, 3), (299, 3), (1, 4), (3600, 4)]:
        clock.pass_(seconds)
        sandbox.tick()
        assert len(served.seen) == deliveries

    retries = [(each.get("x-slack-retry-num"), each.get("x-slack-retry-reason")) for each, _body in served.seen]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({body for _headers, body in served.seen}) == 1
    assert len(sandbox.events.given_up) == 1


def test_an_app_can_ask_for_no_retry(over_http: Serve, sandbox: SlackSandbox) -> None:
    served = over_http()
    served.fail_next, served.no_retry = 4, True

    sandbox.fire(OPENED)

    assert len(served.seen) == 1


def test_interactive_payloads_are_never_sent_again(over_http: Serve, client: WebClient, ada: Person) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    served = over_http()
    served.fail_next = 1

    ada.channel("#owners")[0].press("Approve")

    assert len(served.seen) == 1
    assert ada.toasts == ["We had some trouble connecting. Try again? (dispatch_failed)"]


def test_a_url_that_does_not_give_the_challenge_back_is_not_taken(sandbox: SlackSandbox) -> None:
    with pytest.raises(ValueError, match="challenge"):
        sandbox.use_http(f"{sandbox.origin}/nowhere")


def test_over_http_the_sockets_fall_silent_and_the_reverse(
    app: App, over_http: Serve, sandbox: SlackSandbox, ada: Person
) -> None:
    heard: list[Json] = []

    @app.command("/jit")
    def asked(ack: Ack, body: Json) -> None:
        heard.append(body)
        ack()

    over_http()
    ada.types("/jit")
    sandbox.use_sockets()
    ada.types("/jit")

    assert len(heard) == 1
    assert ada.toasts == ['/jit failed with the error "dispatch_failed"']
