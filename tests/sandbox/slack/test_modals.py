"""Modals between a person and a real app: answers to a submission, suggestions, closing, and what fires actions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.finding import NotSeenError
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import SocketApp
from tests.sandbox.slack.kit import actions, button, field, home, modal, option, plain, section, typed

Connect = Callable[..., SocketApp]
CLOSES = {"callback_id": "form", "notify_on_close": True}


def _opens(client: WebClient, person: Person, view: Json) -> None:
    trigger = person.workspace.tickets.trigger(person.profile.id, person.workspace.now())
    client.views_open(trigger_id=trigger, view=view)


def _answers(app: App, **answer: Any) -> list[Json]:
    """Have the app answer every submission so; gives the submitted views."""
    submitted: list[Json] = []

    def take(ack: Callable[..., None], view: Json) -> None:
        submitted.append(view)
        ack(**answer)

    app.view("form")(take)
    return submitted


def test_an_empty_answer_closes_one_view(app: App, over_socket: Connect, client: WebClient, ada: Person) -> None:
    submitted = _answers(app)
    _opens(client, ada, modal(typed("Why"), callback_id="form", private_metadata="kept"))
    over_socket()

    ada.modal.fills("Why", "because").submit()

    assert ada.modals == []
    state = submitted[0]["state"]["values"]
    assert state == {"Why": {"Why": {"type": "plain_text_input", "value": "because"}}}
    assert submitted[0]["private_metadata"] == "kept"


def test_update_push_and_clear_do_what_they_say(app: App, over_socket: Connect, client: WebClient, ada: Person) -> None:
    answers: Iterator[Json] = iter(
        [
            {"response_action": "update", "view": modal(typed("Why"), section("2"), callback_id="form")},
            {"response_action": "push", "view": modal(section("3"), callback_id="form")},
            {"response_action": "clear"},
        ]
    )
    app.view("form")(lambda ack: ack(**next(answers)))
    _opens(client, ada, modal(typed("Why"), callback_id="form"))
    over_socket()

    ada.modal.fills("Why", "because").submit()
    assert (ada.modal.texts(), ada.modal.value("Why")) == (["Why", "2"], "because")
    ada.modal.submit()
    assert [each.texts()[-1] for each in ada.modals] == ["2", "3"]
    ada.modal.submit()
    assert ada.modals == []
    assert ada.toasts == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"Elsewhere": "No."}},
        {"response_action": "errors", "errors": {"words": "Not an input."}},
        {"response_action": "update", "view": modal(section(""))},
        {"response_action": "dance"},
    ],
)
def test_an_answer_slack_cannot_use_leaves_the_modal_open_with_an_error(
    app: App, over_socket: Connect, client: WebClient, ada: Person, answer: Json
) -> None:
    _answers(app, **answer)
    _opens(client, ada, modal(typed("Why"), section("s", block_id="words"), callback_id="form"))
    over_socket()

    ada.modal.fills("Why", "because").submit()

    assert ada.modal.is_open
    assert ada.modal.errors() == {}
    assert len(ada.toasts) == 1


def test_without_an_answer_in_time_the_modal_stays_open(
    over_socket: Connect, client: WebClient, ada: Person, sandbox: SlackSandbox
) -> None:
    _opens(client, ada, modal(typed("Why"), callback_id="form"))
    sandbox.sockets.ack_within = 0.05
    over_socket(mute=True)

    ada.modal.fills("Why", "because").submit()

    assert ada.modal.value("Why") == "because"
    assert ada.toasts == ["We had some trouble connecting. Try again? (operation_timeout)"]


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ({"type": "plain_text_input", "min_length": 5}, "four", "at least 5 characters"),
        ({"type": "plain_text_input", "max_length": 5}, "sixsix", "at most 5 characters"),
        ({"type": "plain_text_input"}, "   ", "required"),
        ({"type": "plain_text_input"}, None, "required"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "in range"),
        ({"type": "email_text_input"}, "nobody", "email"),
        ({"type": "url_text_input"}, "ftp://x", "URL"),
        ({"type": "static_select", "options": [option("1 hour")]}, None, "required"),
    ],
)
def test_the_client_checks_a_form_before_it_sends_it(
    app: App, over_socket: Connect, ada: Person, element: Json, value: str | None, words: str
) -> None:
    submitted = _answers(app)
    _opens(app.client, ada, modal(field("It", element), callback_id="form"))
    over_socket()

    ada.modal.fills("It", value).submit()

    assert words in ada.modal.errors()["It"]
    assert submitted == []


def test_an_optional_field_may_stay_empty(app: App, over_socket: Connect, client: WebClient, ada: Person) -> None:
    submitted = _answers(app)
    _opens(client, ada, modal(field("It", {"type": "plain_text_input"}, optional=True), callback_id="form"))
    over_socket()

    ada.modal.submit()

    assert submitted[0]["state"]["values"]["It"]["It"]["value"] is None


def test_options_are_suggested_from_the_first_allowed_length_on(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    asked: list[str] = []

    def offer(ack: Callable[..., None], payload: Json) -> None:
        asked.append(payload["value"])
        ack(options=[option("prod-payments", "1"), option("prod-search", "2")])

    app.options("Account")(offer)
    _opens(client, ada, modal(field("Account", {"type": "external_select"})))
    over_socket()

    assert ada.modal.options("Account", "pr") == []
    assert ada.modal.options("Account", "pro") == ["prod-payments", "prod-search"]
    ada.modal.fills("Account", "prod-search")
    assert ada.modal.value("Account") == "prod-search"
    assert asked == ["pro", "prod-search"]
    with pytest.raises(NotSeenError, match="no one option says 'staging'"):
        ada.modal.fills("Account", "staging")


@pytest.mark.parametrize("answer", [{"options": [option(str(number)) for number in range(101)]}, {}])
def test_more_than_a_hundred_suggestions_or_bad_ones_are_an_error_the_person_sees(
    app: App, over_socket: Connect, client: WebClient, ada: Person, answer: Json
) -> None:
    _opens(client, ada, modal(field("Account", {"type": "external_select", "min_query_length": 0})))
    over_socket()
    app.options("Account")(lambda ack: ack(**answer))

    assert ada.modal.options("Account") == []
    assert len(ada.toasts) == 1


def test_a_multi_select_holds_several_up_to_its_limit(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    submitted = _answers(app)
    many = {"type": "multi_static_select", "options": [option("a"), option("b"), option("c")], "max_selected_items": 2}
    _opens(client, ada, modal(field("Policies", many), callback_id="form"))
    over_socket()

    with pytest.raises(NotSeenError, match="only 2"):
        ada.modal.fills("Policies", ["a", "b", "c"])
    ada.modal.fills("Policies", ["a", "c"])
    assert ada.modal.value("Policies") == ["a", "c"]
    ada.modal.submit()
    assert [each["value"] for each in submitted[0]["state"]["values"]["Policies"]["Policies"]["selected_options"]] == [
        "a",
        "c",
    ]


def test_an_input_tells_of_changes_only_with_dispatch_action(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    changes: list[Json] = []

    def take(ack: Callable[..., None], body: Json) -> None:
        ack()
        changes.append(body)

    for action_id in ("Quiet", "Loud", "Typed", "Menu"):
        app.action(action_id)(take)
    choice = {"type": "static_select", "options": [option("x"), option("y")]}
    menu = section("Menu", accessory={**choice, "action_id": "Menu"})
    view = modal(
        field("Quiet", choice),
        field("Loud", choice, dispatch_action=True),
        field("Typed", {"type": "plain_text_input"}, dispatch_action=True),
        menu,
        private_metadata="kept",
    )
    _opens(client, ada, view)
    over_socket()

    ada.modal.fills("Quiet", "x").fills("Loud", "y").fills("Typed", "words").fills("Menu", "x")
    ada.modal.fills("Typed", "words", enter=True)

    assert [each["actions"][0]["action_id"] for each in changes] == ["Loud", "Menu", "Typed"]
    told = changes[0]["view"]
    assert told["state"]["values"]["Quiet"]["Quiet"]["selected_option"]["value"] == "x"
    assert (told["hash"], told["private_metadata"]) == (ada.modal.view.hash, "kept")
    assert changes[0]["actions"][0]["selected_option"]["value"] == "y"


def test_closing_is_told_only_where_the_app_asked(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    closed: list[bool] = []

    def take(ack: Callable[..., None], body: Json) -> None:
        ack()
        closed.append(body["is_cleared"])

    app.view_closed("form")(take)
    over_socket()
    for view in (modal(section("x")), modal(section("x"), **CLOSES)):
        _opens(client, ada, view)
        ada.modal.close()
    _opens(client, ada, modal(section("x"), **CLOSES))
    ada.modal.dismiss()

    assert closed == [False, True]
    assert ada.modals == []


def test_the_home_tab_is_asked_for_and_its_buttons_work(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    pressed: list[Json] = []

    def press(ack: Callable[..., None], body: Json) -> None:
        ack()
        pressed.append(body)

    app.event("app_home_opened")(
        lambda event: client.views_publish(user_id=event["user"], view=home(section("Hello"), actions(button("Ask"))))
    )
    app.action("approve")(press)
    over_socket()

    ada.opens_home().waits_for("Hello").press("Ask")

    assert pressed[0]["container"]["type"] == "view"
    assert pressed[0]["view"]["type"] == "home"


def test_a_shortcut_opens_a_modal_by_its_name(app: App, over_socket: Connect, client: WebClient, ada: Person) -> None:
    def open_form(ack: Callable[..., None], shortcut: Json) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(section("x"), title=plain("Ask")))

    app.shortcut("jit:request:v1")(open_form)
    over_socket()

    ada.shortcut("Request AWS access")

    assert ada.modal.title == "Ask"
    with pytest.raises(NotSeenError, match="Request AWS access"):
        ada.shortcut("Something else")
