"""A person, a real Bolt app and the sandbox, from a typed command to a pressed button."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.slack import Person
from tests.sandbox.slack.bolt_apps import SocketApp

OPTIONS = [
    {"text": {"type": "plain_text", "text": "prod-payments"}, "value": "111122223333"},
    {"text": {"type": "plain_text", "text": "prod-search"}, "value": "444455556666"},
]


def _form() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Request access"},
        "submit": {"type": "plain_text", "text": "Ask"},
        "blocks": [
            {
                "type": "input",
                "block_id": "account",
                "label": {"type": "plain_text", "text": "AWS account"},
                "element": {"type": "external_select", "action_id": "account", "min_query_length": 0},
            },
            {
                "type": "input",
                "block_id": "why",
                "label": {"type": "plain_text", "text": "Justification"},
                "element": {"type": "plain_text_input", "action_id": "why", "multiline": True, "min_length": 10},
            },
        ],
    }


def _card(text: str) -> list[dict[str, Any]]:
    button = {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Approve"}, "value": "1"}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}},
        {"type": "actions", "elements": [button]},
    ]


def _listen(app: App) -> None:
    @app.command("/jit")
    def asked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=_form())

    @app.options("account")
    def offered(ack: Ack, payload: dict[str, Any]) -> None:
        ack(options=[each for each in OPTIONS if payload["value"] in str(each["text"])])

    @app.view("form")
    def submitted(ack: Ack, view: dict[str, Any], client: WebClient) -> None:
        why = view["state"]["values"]["why"]["why"]["value"]
        if "please" not in why:
            ack(response_action="errors", errors={"why": "Say please."})
            return
        ack()
        client.chat_postMessage(channel="C0OWNERS", text="A request", blocks=_card(f"*Request*: {why}"))

    @app.action("approve")
    def approved(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        blocks = _card(f"Approved by <@{body['user']['id']}>")[:1]
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved", blocks=blocks)
        client.chat_postMessage(channel=body["user"]["id"], text="You approved it")


def test_a_request_travels_from_the_command_to_the_approval(
    app: App, over_socket: Callable[[], SocketApp], ada: Person, grace: Person
) -> None:
    """Command, modal, suggestion, errors, submission, card, press, update and DM all go over the real wire."""
    _listen(app)
    over_socket()

    ada.types("/jit request", channel="#owners")
    modal = ada.modal
    assert modal.title == "Request access"
    assert modal.labels() == ["AWS account", "Justification"]
    assert modal.options("AWS account", "pay") == ["prod-payments"]

    modal.submit()
    assert modal.errors() == dict.fromkeys(modal.labels(), "Please complete this required field.")

    modal.fills("AWS account", "prod-payments").fills("Justification", "let me in now")
    modal.submit()
    assert modal.errors() == {"Justification": "Say please."}

    modal.fills("Justification", "let me in, please").submit()
    assert not modal.is_open

    card = grace.waits_for("Request: let me in, please", "#owners")
    assert card.buttons() == ["Approve"]
    card.press("Approve")

    assert ada.waits_for("Approved by @grace", "#owners").buttons() == []
    assert grace.waits_for("You approved it").ts
    assert ada.toasts == grace.toasts == []
