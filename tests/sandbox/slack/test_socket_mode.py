"""Socket Mode: one connection for each envelope, the ack's deadline, refreshes, and what can go wrong."""

import asyncio
import json
import threading
from collections.abc import Callable

import aiohttp
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import Clock, SocketApp
from tests.sandbox.slack.kit import actions, button

Connect = Callable[..., SocketApp]


@pytest.fixture
def pressed(app: App, client: WebClient, sandbox: SlackSandbox) -> list[str]:
    """Post a card whose button is acknowledged, and give the users who pressed."""
    presses: list[str] = []

    @app.action("approve")
    def approve(ack: Ack, body: Json) -> None:
        ack()
        presses.append(body["user"]["id"])
        sandbox.workspace.announce("pressed")

    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    return presses


def test_hello_and_an_envelope_look_as_slack_documents(sandbox: SlackSandbox, client: WebClient, ada: Person) -> None:
    """A bare WebSocket reads hello, gets one envelope, and its ack is taken."""
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    url = client.apps_connections_open(app_token="xapp-sandbox")["url"]

    async def listen() -> tuple[Json, Json]:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            press = asyncio.get_running_loop().run_in_executor(None, ada.channel("#owners")[0].press, "Approve")
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
            await press
            return hello, envelope

    hello, envelope = asyncio.run(listen())

    assert hello["type"] == "hello"
    assert hello["debug_info"]["approximate_connection_time"] == 3600
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", False)
    assert envelope["payload"]["actions"][0]["action_id"] == "approve"
    assert ada.toasts == []
    assert sandbox.sockets.ack_within == 3


def test_a_ticket_lets_one_connection_in(client: WebClient, clock: Clock) -> None:
    used = client.apps_connections_open(app_token="xapp-sandbox")["url"]
    stale = client.apps_connections_open(app_token="xapp-sandbox")["url"]

    async def dial(url: str) -> bool:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(url) as socket:
                    return bool((await socket.receive_json())["type"] == "hello")
            except aiohttp.WSServerHandshakeError:
                return False

    assert asyncio.run(dial(used)) is True
    assert asyncio.run(dial(used)) is False
    clock.pass_(31)
    assert asyncio.run(dial(stale)) is False


def test_each_envelope_goes_to_exactly_one_connection(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    """Which one is chance; here chance takes turns."""
    apps = [over_socket(), over_socket()]
    turns = iter(range(100))
    sandbox.sockets.choose = lambda links: links[next(turns) % len(links)]

    for _ in range(4):
        ada.channel("#owners")[0].press("Approve")

    assert [len(each.received) for each in apps] == [2, 2]
    assert pressed == [ada.profile.id] * 4


def test_an_eleventh_connection_is_one_too_many(client: WebClient) -> None:
    async def crowd() -> Json:
        async with aiohttp.ClientSession() as session:
            urls = [client.apps_connections_open(app_token="xapp-sandbox")["url"] for _ in range(11)]
            sockets = [await session.ws_connect(url) for url in urls]
            greetings: list[Json] = [await each.receive_json() for each in sockets]
            assert [each["type"] for each in greetings[:10]] == ["hello"] * 10
            return greetings[10]

    assert asyncio.run(crowd())["reason"] == "too_many_websockets"


def test_without_an_ack_the_person_sees_an_error_and_nothing_is_sent_again(
    over_socket: Connect, sandbox: SlackSandbox, client: WebClient, ada: Person
) -> None:
    """An app that never acknowledges the press: one delivery, one error on the screen."""
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    sandbox.sockets.ack_within = 0.05
    connected = over_socket(mute=True)

    ada.channel("#owners")[0].press("Approve")

    assert ada.toasts == ["We had some trouble connecting. Try again? (operation_timeout)"]
    assert len(connected.received) == 1


def test_without_any_connection_a_command_fails_at_once(ada: Person) -> None:
    ada.types("/jit request")

    assert ada.toasts == ['/jit failed with the error "dispatch_failed"']


def test_a_refresh_warns_and_loses_nothing(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    """The real client leaves at the warning and is back before the old connection would be closed."""
    over_socket()
    warned = sandbox.on_loop(sandbox.sockets.warn())
    assert sandbox.workspace.wait_until(lambda: sandbox.sockets.links and sandbox.sockets.links != warned, 5)
    sandbox.on_loop(sandbox.sockets.refresh(warned))

    ada.channel("#owners")[0].press("Approve")
    assert ada.waits_for(lambda: pressed) == [ada.profile.id]


def test_a_cut_connection_is_dialled_again(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    over_socket(ping_interval=0.2)
    sandbox.on_loop(sandbox.sockets.cut())
    assert sandbox.sockets.links == []

    assert sandbox.workspace.wait_until(lambda: len(sandbox.sockets.links) == 1, 10)
    ada.channel("#owners")[0].press("Approve")
    assert ada.waits_for(lambda: pressed) == [ada.profile.id]


def test_a_half_open_connection_takes_envelopes_and_answers_nothing(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    over_socket()
    sandbox.sockets.ack_within = 0.05
    sandbox.on_loop(sandbox.sockets.deafen())

    ada.channel("#owners")[0].press("Approve")

    assert len(ada.toasts) == 1
    assert ada.waits_for(lambda: pressed) == [ada.profile.id]
    sandbox.on_loop(sandbox.sockets.cut())


def test_a_lost_envelope_never_arrives(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    connected = over_socket()
    sandbox.sockets.ack_within = 0.05
    sandbox.sockets.faults.lose_next = 1

    ada.channel("#owners")[0].press("Approve")

    assert (connected.received, pressed, len(ada.toasts)) == ([], [], 1)


def test_a_duplicated_envelope_arrives_twice(
    over_socket: Connect, pressed: list[str], ada: Person, sandbox: SlackSandbox
) -> None:
    over_socket()
    sandbox.sockets.faults.duplicate_next = 1

    ada.channel("#owners")[0].press("Approve")

    assert ada.waits_for(lambda: len(pressed) == 2)


def test_an_envelope_can_be_overtaken_by_the_next(
    over_socket: Connect, pressed: list[str], ada: Person, grace: Person, sandbox: SlackSandbox
) -> None:
    """Envelopes have no order: Grace presses later and arrives first."""
    connected = over_socket()
    sandbox.sockets.faults.hold_next = True
    first = threading.Thread(target=ada.channel("#owners")[0].press, args=["Approve"])
    first.start()
    assert sandbox.workspace.wait_until(lambda: not sandbox.sockets.faults.hold_next, 5)

    grace.channel("#owners")[0].press("Approve")
    first.join()

    assert ada.waits_for(lambda: len(pressed) == 2)
    assert [each.payload["user"]["id"] for each in connected.received] == [grace.profile.id, ada.profile.id]


def test_an_ack_on_another_connection_may_be_refused(client: WebClient, ada: Person, sandbox: SlackSandbox) -> None:
    """Slack documents neither; both can be played."""
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[actions(button())])
    sandbox.sockets.ack_within = 0.3
    sandbox.sockets.choose = lambda links: links[0]

    async def cross() -> None:
        urls = [client.apps_connections_open(app_token="xapp-sandbox")["url"] for _ in range(2)]
        async with aiohttp.ClientSession() as session:
            first, second = [await session.ws_connect(url) for url in urls]
            await first.receive_json()
            await second.receive_json()
            press = asyncio.get_running_loop().run_in_executor(None, ada.channel("#owners")[0].press, "Approve")
            envelope = await first.receive_json()
            await second.send_json({"envelope_id": envelope["envelope_id"]})
            await press

    asyncio.run(cross())
    assert ada.toasts == []

    sandbox.sockets.faults.ack_on_any_link = False
    asyncio.run(cross())
    assert len(ada.toasts) == 1


def test_an_event_can_be_sent_again_with_the_same_id(
    app: App, over_socket: Connect, sandbox: SlackSandbox, ada: Person
) -> None:
    """Redelivery over sockets is ours alone: Slack documents none."""
    heard: list[Json] = []

    @app.event("app_home_opened")
    def opened(body: Json) -> None:
        heard.append(body)
        sandbox.workspace.announce("heard")

    connected = over_socket()
    sandbox.fire({"type": "app_home_opened", "user": ada.profile.id, "channel": "D1", "tab": "home"})
    sandbox.on_loop(sandbox.events.again())

    assert ada.waits_for(lambda: len(heard) == 2)
    assert heard[0]["event_id"] == heard[1]["event_id"]
    assert [each.retry_attempt for each in connected.received] == [0, 1]


def test_a_leaving_connection_is_told_why(client: WebClient, sandbox: SlackSandbox) -> None:
    """A warning leaves the connection open; refresh_requested and link_disabled close it."""

    async def on_sandbox(work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(None, work)

    async def listen() -> list[str]:
        reasons: list[str] = []
        async with aiohttp.ClientSession() as session:
            for leave in (
                lambda: sandbox.on_loop(_warn_and_refresh(sandbox)),
                lambda: sandbox.on_loop(sandbox.sockets.disable()),
            ):
                url = client.apps_connections_open(app_token="xapp-sandbox")["url"]
                async with session.ws_connect(url) as socket:
                    await socket.receive_json()
                    await on_sandbox(leave)
                    reasons += [json.loads(each.data)["reason"] async for each in socket]
        return reasons

    assert asyncio.run(listen()) == ["warning", "refresh_requested", "link_disabled"]


async def _warn_and_refresh(sandbox: SlackSandbox) -> None:
    await sandbox.sockets.refresh(await sandbox.sockets.warn())
