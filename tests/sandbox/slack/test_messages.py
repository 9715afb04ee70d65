"""Commands, messages and response URLs: what a person types, sees and presses, and what the app can answer."""

from collections.abc import Callable

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.slack import Person, SlackSandbox, Workspace
from sandbox.slack.finding import NotSeenError
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import Clock, SocketApp
from tests.sandbox.slack.kit import actions, button, plain, section

Connect = Callable[[], SocketApp]


@pytest.fixture
def bodies(app: App, over_socket: Connect) -> list[Json]:
    """Connect an app that acknowledges everything, and give what it got."""
    got: list[Json] = []

    def take(ack: Callable[..., None], body: Json) -> None:
        ack()
        got.append(body)

    app.command("/jit")(take)
    app.command("/plain")(take)
    app.action("approve")(take)
    over_socket()
    return got


def test_should_escape_writes_people_and_channels_as_ids(bodies: list[Json], ada: Person) -> None:
    ada.types("/jit @grace #owners @nobody <!channel> & more", channel="#owners")
    ada.types("/plain @grace & <more>", channel="#owners")

    assert bodies[0]["text"] == "<@W0GRACE|grace> <#C0OWNERS|owners> @nobody &lt;!channel&gt; &amp; more"
    assert bodies[1]["text"] == "@grace & <more>"


def test_a_command_names_its_channel_as_slack_does(bodies: list[Json], ada: Person) -> None:
    ada.types("/jit", channel="#owners")
    ada.types("/jit", channel="#secret")
    ada.types("/jit")

    assert [each["channel_name"] for each in bodies] == ["owners", "privategroup", "directmessage"]
    assert bodies[0]["is_enterprise_install"] == "false"


def test_a_command_nobody_registered_goes_nowhere(bodies: list[Json], ada: Person) -> None:
    ada.types("/unknown", channel="#owners")

    assert bodies == []
    assert ada.toasts == ["/unknown is not a valid command."]


def test_somebody_of_another_workspace_has_no_command_but_can_press(
    bodies: list[Json], workspace: Workspace, sandbox: SlackSandbox, client: WebClient
) -> None:
    """People of other workspaces and deactivated people press where they are members: the app must judge."""
    eve = Person(sandbox, workspace.add_person("eve", team_id="T0OTHER", deleted=True))
    workspace.join(workspace.channels.by_id["C0OWNERS"], eve.profile)
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])

    eve.types("/jit", channel="#owners")
    eve.channel("#owners")[0].press("Approve")

    assert [each["type"] for each in bodies] == ["block_actions"]
    assert bodies[0]["user"]["team_id"] == "T0OTHER"


def test_who_is_not_in_a_channel_sees_and_presses_nothing_there(
    client: WebClient, ada: Person, mallory: Person
) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    seen = ada.channel("#owners")[0]
    ada.workspace.leave(ada.workspace.channels.by_id["C0OWNERS"], ada.profile)

    with pytest.raises(NotSeenError, match="mallory sees no channel #owners"):
        mallory.channel("#owners")
    with pytest.raises(NotSeenError, match="not in the channel"):
        seen.press("Approve")


def test_a_press_tells_the_app_all_it_may_need(bodies: list[Json], client: WebClient, ada: Person) -> None:
    posted = client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button(value="REQ-1"))])

    ada.channel("#owners")[0].press("Approve")

    body = bodies[0]
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0OWNERS",
        "is_ephemeral": False,
    }
    assert (body["channel"]["id"], body["message"]["ts"]) == ("C0OWNERS", posted["ts"])
    assert (body["actions"][0]["value"], body["actions"][0]["text"]["text"]) == ("REQ-1", "Approve")
    assert body["user"]["id"] == ada.profile.id
    assert body["trigger_id"]
    assert body["response_url"].startswith("http://127.0.0.1:")


def test_a_confirm_dialog_stands_between_press_and_payload(bodies: list[Json], client: WebClient, ada: Person) -> None:
    dialog = {"title": plain("Sure?"), "text": plain("It ends now."), "confirm": plain("Yes"), "deny": plain("No")}
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button(confirm=dialog))])
    seen = ada.channel("#owners")[0]

    seen.press("Approve", confirm=False)
    assert bodies == []
    seen.press("Approve")
    assert len(bodies) == 1
    assert ada.dialogs == ["Sure?\nIt ends now."] * 2


def test_a_button_is_found_by_its_words_or_not_at_all(client: WebClient, ada: Person) -> None:
    blocks = [actions(button("Approve 2 h", "a"), button("Reject", "b"))]
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=blocks)
    seen = ada.channel("#owners")[0]

    assert seen.press_payload("Approve")["actions"][0]["action_id"] == "a"
    with pytest.raises(NotSeenError, match=r"no one button says 'Revoke'; there is \['Approve 2 h', 'Reject'\]"):
        seen.press("Revoke")


def test_a_forged_payload_travels_like_a_real_one(
    bodies: list[Json], sandbox: SlackSandbox, client: WebClient, ada: Person, mallory: Person
) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button(value="1"))])
    payload = ada.channel("#owners")[0].press_payload("Approve")
    payload["user"]["id"] = mallory.profile.id
    payload["actions"][0]["value"] = "'; DROP TABLE"

    answer = sandbox.deliver_raw("interactive", payload)

    assert answer.acked
    assert (bodies[0]["user"]["id"], bodies[0]["actions"][0]["value"]) == (mallory.profile.id, "'; DROP TABLE")


def _respond(body: Json, **answer: object) -> tuple[int, str]:
    told = WebhookClient(body["response_url"], retry_handlers=[]).send_dict(dict(answer))
    return told.status_code, told.body


def test_a_response_url_works_five_times(bodies: list[Json], ada: Person) -> None:
    ada.types("/jit", channel="#owners")

    assert [_respond(bodies[0], text=str(number))[0] for number in range(6)] == [200] * 5 + [404]
    assert [(each.text, each.ephemeral) for each in ada.channel("#owners")] == [(str(each), True) for each in range(5)]


def test_a_response_url_works_for_half_an_hour(bodies: list[Json], ada: Person, clock: Clock) -> None:
    ada.types("/jit", channel="#owners")
    clock.pass_(1800)
    assert _respond(bodies[0], text="in time")[0] == 200

    clock.pass_(1)
    assert "expired_url" in _respond(bodies[0], text="too late")[1]


def test_a_response_can_be_for_all_replace_and_delete(
    bodies: list[Json], client: WebClient, ada: Person, grace: Person
) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="card", blocks=[actions(button())])
    ada.channel("#owners")[0].press("Approve")

    _respond(bodies[0], text="for all", response_type="in_channel")
    assert [each.text for each in grace.channel("#owners")] == ["", "for all"]
    _respond(bodies[0], text="replaced", replace_original=True)
    assert [each.text for each in grace.channel("#owners")] == ["replaced", "for all"]
    _respond(bodies[0], delete_original=True)
    assert [each.text for each in grace.channel("#owners")] == ["for all"]


def test_an_ephemeral_message_stays_ephemeral_when_replaced(
    bodies: list[Json], client: WebClient, ada: Person, grace: Person
) -> None:
    client.chat_postEphemeral(channel="C0OWNERS", user=ada.profile.id, text="psst", blocks=[actions(button())])
    ada.channel("#owners")[0].press("Approve")

    _respond(bodies[0], text="still mine", replace_original=True, response_type="in_channel")

    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]
    assert [(each.text, each.ephemeral) for each in ada.channel("#owners")] == [("still mine", True)]
    assert grace.channel("#owners") == []


def test_a_commands_own_message_cannot_be_deleted_or_replaced(bodies: list[Json], ada: Person) -> None:
    ada.types("/jit", channel="#owners")

    _respond(bodies[0], text="new", replace_original=True)
    _respond(bodies[0], delete_original=True)

    assert [each.text for each in ada.channel("#owners")] == ["new"]


def test_broken_blocks_are_refused_by_a_response_url_too(bodies: list[Json], ada: Person) -> None:
    ada.types("/jit", channel="#owners")

    status, body = _respond(bodies[0], text="t", blocks=[section("")])

    assert (status, "invalid_blocks" in body) == (400, True)
    assert ada.channel("#owners") == []


def test_an_app_with_a_read_only_messages_tab_cannot_be_written_to(workspace: Workspace) -> None:
    tabs = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    with SlackSandbox(workspace, manifest={"features": {"app_home": tabs}}) as sandbox:
        ada = Person(sandbox, workspace.people.by_id["W0GRACE"])
        ada.types("hello", channel="dm")

        assert ada.dm() == []
        assert ada.toasts == ["Sending messages to this app has been turned off."]


def test_waiting_for_words_that_never_come_says_what_is_there(client: WebClient, ada: Person) -> None:
    client.chat_postMessage(channel="C0OWNERS", text="something else")

    with pytest.raises(NotSeenError, match="does not read 'approved' in #owners, but \\['something else'\\]"):
        ada.waits_for("approved", "#owners", timeout=0.01)
