"""Every field a person can fill and every menu they can choose in, in modals and in messages."""

from collections.abc import Callable

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.finding import NotSeenError
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import SocketApp
from tests.sandbox.slack.kit import actions, button, error, field, modal, mrkdwn, option, plain, section, typed

Connect = Callable[..., SocketApp]
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "words"}]}],
}
TWO = [option("one", "1"), option("two", "2")]


def _opens(person: Person, client: WebClient, *blocks: Json) -> None:
    trigger = person.workspace.tickets.trigger(person.profile.id, person.workspace.now())
    client.views_open(trigger_id=trigger, view=modal(*blocks))


@pytest.mark.parametrize(
    ("element", "value", "state"),
    [
        ({"type": "plain_text_input"}, "words", {"value": "words"}),
        ({"type": "number_input", "is_decimal_allowed": False}, 3, {"value": "3"}),
        ({"type": "rich_text_input"}, "words", {"rich_text_value": RICH}),
        ({"type": "datepicker"}, "2026-11-23", {"selected_date": "2026-11-23"}),
        ({"type": "timepicker"}, "12:30", {"selected_time": "12:30"}),
        ({"type": "datetimepicker"}, 1_700_000_000, {"selected_date_time": 1_700_000_000}),
        ({"type": "users_select"}, "@grace", {"selected_user": "W0GRACE"}),
        ({"type": "multi_users_select"}, ["grace"], {"selected_users": ["W0GRACE"]}),
        ({"type": "channels_select"}, "#owners", {"selected_channel": "C0OWNERS"}),
        ({"type": "multi_conversations_select"}, "#owners", {"selected_conversations": ["C0OWNERS"]}),
        ({"type": "static_select", "options": TWO}, "two", {"selected_option": TWO[1]}),
        ({"type": "static_select", "options": TWO}, "2", {"selected_option": TWO[1]}),
        ({"type": "radio_buttons", "options": TWO}, "one", {"selected_option": TWO[0]}),
        ({"type": "checkboxes", "options": TWO}, ["one", "two"], {"selected_options": TWO}),
        ({"type": "checkboxes", "options": TWO, "initial_options": TWO}, None, {"selected_options": []}),
        (
            {"type": "multi_static_select", "option_groups": [{"label": plain("g"), "options": TWO}]},
            ["two"],
            {"selected_options": [TWO[1]]},
        ),
    ],
)
def test_a_field_holds_what_was_filled_in(
    client: WebClient, ada: Person, element: Json, value: object, state: Json
) -> None:
    _opens(ada, client, field("It", element))

    ada.modal.fills("It", value)

    held = ada.modal.submit_payload()["view"]["state"]["values"]["It"]["It"]
    assert held == {"type": element["type"], **state}


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "plain_text_input", "initial_value": "words"}, "words"),
        ({"type": "plain_text_input"}, None),
        ({"type": "static_select", "options": TWO, "initial_option": TWO[1]}, "two"),
        ({"type": "multi_static_select", "options": TWO, "initial_options": TWO}, ["one", "two"]),
        ({"type": "checkboxes", "options": TWO}, []),
        ({"type": "users_select", "initial_user": "W0GRACE"}, "W0GRACE"),
        ({"type": "multi_channels_select", "initial_channels": ["C0OWNERS"]}, ["C0OWNERS"]),
        ({"type": "datepicker", "initial_date": "2026-11-23"}, "2026-11-23"),
    ],
)
def test_an_untouched_field_holds_its_initial_value(
    client: WebClient, ada: Person, element: Json, shown: object
) -> None:
    _opens(ada, client, field("It", element))

    assert ada.modal.value("It") == shown


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "static_select", "options": TWO}, "three"),
        ({"type": "users_select"}, "nobody"),
        ({"type": "channels_select"}, "#nowhere"),
    ],
)
def test_what_is_not_offered_cannot_be_chosen(client: WebClient, ada: Person, element: Json, value: str) -> None:
    _opens(ada, client, field("It", element))

    with pytest.raises(NotSeenError):
        Person(ada.sandbox, ada.profile, patience=0.01).modal.fills("It", value)


def test_a_longer_label_is_not_taken_for_a_shorter_one(client: WebClient, ada: Person) -> None:
    """The field "Permission set" may come later than "Permission set type"."""
    _opens(ada, client, typed("Permission set type"))

    with pytest.raises(NotSeenError, match="a field 'Permission set': there is"):
        Person(ada.sandbox, ada.profile, patience=0.01).modal.fills("Permission set", "x")


def test_standing_options_can_be_searched(client: WebClient, ada: Person) -> None:
    _opens(ada, client, field("It", {"type": "static_select", "options": TWO}))

    assert ada.modal.options("It") == ["one", "two"]
    assert ada.modal.options("It", "TW") == ["two"]


def test_a_field_that_appears_after_an_update_is_waited_for(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    """The app answers a choice with a new field, as a form does that depends on what was chosen."""

    def grow(ack: Callable[..., None], body: Json) -> None:
        ack()
        client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view=modal(kind, typed("Name"), section("Grown"))
        )

    kind = field("Kind", {"type": "static_select", "options": TWO}, dispatch_action=True)
    app.action("Kind")(grow)
    _opens(ada, client, kind)
    over_socket()

    ada.modal.fills("Kind", "two").fills("Name", "mine").waits_for("Grown")

    assert (ada.modal.value("Kind"), ada.modal.value("Name")) == ("two", "mine")


def test_options_that_come_too_late_are_an_error_the_person_sees(
    over_socket: Connect, client: WebClient, ada: Person, sandbox: SlackSandbox
) -> None:
    sandbox.sockets.ack_within = 0.05
    _opens(ada, client, field("It", {"type": "external_select", "min_query_length": 0}))
    over_socket(mute=True)

    assert ada.modal.options("It") == []
    assert ada.toasts == ["We had some trouble connecting. Try again? (operation_timeout)"]


def test_menus_in_messages_tell_the_app_and_keep_their_state(
    app: App, over_socket: Connect, client: WebClient, ada: Person
) -> None:
    """An overflow menu keeps nothing; a select stands in state.values of the next press."""
    bodies: list[Json] = []

    def take(ack: Callable[..., None], body: Json) -> None:
        ack()
        bodies.append(body)

    for action_id in ("approve", "menu", "more"):
        app.action(action_id)(take)
    menu = {"type": "static_select", "action_id": "menu", "placeholder": plain("How long"), "options": TWO}
    more = {"type": "overflow", "action_id": "more", "options": TWO}
    blocks = [section("More", accessory=more), {**actions(menu, button()), "block_id": "b"}]
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=blocks)
    over_socket()
    seen = ada.channel("#owners")[0]

    assert (seen.menus(), seen.buttons()) == (["More", "How long"], ["Approve"])
    seen.chooses("More", "one")
    seen.chooses("How long", "two")
    seen.press("Approve")

    assert [each["actions"][0].get("selected_option") for each in bodies] == [TWO[0], TWO[1], None]
    assert [each["state"]["values"] for each in bodies[1:]] == [
        {"b": {"menu": {"type": "static_select", "selected_option": TWO[1]}}}
    ] * 2


def test_a_message_can_be_looked_at_again(client: WebClient, ada: Person) -> None:
    """What was seen stays as it was; looking again shows what it is now, or that it is gone."""
    ts = client.chat_postMessage(channel="C0OWNERS", text="before")["ts"]
    seen = ada.channel("#owners")[0]
    client.chat_update(channel="C0OWNERS", ts=ts, text="after")

    assert (seen.text, seen.again().text) == ("before", "after")
    client.chat_delete(channel="C0OWNERS", ts=ts)
    with pytest.raises(NotSeenError, match="gone"):
        seen.again()


def test_a_stale_message_can_still_be_pressed(app: App, over_socket: Connect, client: WebClient, ada: Person) -> None:
    """A person may press what an update has just taken away: the app must bear it."""
    pressed: list[Json] = []

    def take(ack: Callable[..., None], body: Json) -> None:
        ack()
        pressed.append(body)

    app.action("approve")(take)
    ts = client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])["ts"]
    seen = ada.channel("#owners")[0]
    client.chat_update(channel="C0OWNERS", ts=ts, text="decided")
    over_socket()

    seen.press("Approve")

    assert pressed[0]["message"]["text"] == "decided"


def test_a_thread_is_named_in_its_presses(client: WebClient, ada: Person) -> None:
    ts = client.chat_postMessage(channel="C0OWNERS", text="parent")["ts"]
    client.chat_postMessage(channel="C0OWNERS", text="t", thread_ts=ts, blocks=[actions(button())])

    assert ada.channel("#owners")[1].press_payload("Approve")["container"]["thread_ts"] == ts


def test_words_on_a_label_may_be_a_sections_text(client: WebClient, ada: Person) -> None:
    block = {"type": "section", "text": mrkdwn("*How* long"), "accessory": {"type": "static_select", "options": TWO}}
    _opens(ada, client, block)

    assert ada.modal.labels() == ["How long"]
    assert error(client.views_update, view_id="V0NONE", view=modal(block)) == "not_found"
