"""The Socket Mode transport acks, reconnects, waits for Slack, and stops without losing what it holds."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web import WebClient

from bot.socket import SocketTransport
from tests.bot.fake_socket_mode import FakeSocketMode

PING = 0.1


@pytest.fixture(name="slack")
def serve_slack() -> Iterator[FakeSocketMode]:
    """Serve a Slack that speaks Socket Mode."""
    with FakeSocketMode().serving() as slack:
        yield slack


@pytest.fixture(name="listeners")
def make_listeners() -> Iterator[ThreadPoolExecutor]:
    """Make threads for listeners, which are not those that dispatch."""
    with ThreadPoolExecutor(40) as pool:
        yield pool


@pytest.fixture(name="app")
def make_app(listeners: ThreadPoolExecutor) -> App:
    """Make a Bolt app that asks nobody who it is."""
    return App(
        client=WebClient(token="xoxb-test"),
        token_verification_enabled=False,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test"),
        listener_executor=listeners,
    )


@pytest.fixture(name="start")
def make_start(app: App, slack: FakeSocketMode) -> Iterator[Callable[[], SocketTransport]]:
    """Start transports, and stop them in the end."""
    started: list[SocketTransport] = []

    def start() -> SocketTransport:
        transport = SocketTransport(app, "xapp-test", slack.url, ping_seconds=PING, first_wait=0.05)
        started.append(transport)
        transport.start()
        return transport

    yield start
    for each in started:
        each.stop(1)


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something to come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        threading.Event().wait(0.01)


def test_a_payload_is_dispatched_and_acked(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """The listener's answer goes back under the envelope's id, and /readyz is content."""
    app.command("/jit")(lambda ack: ack("Try /jit help"))
    transport = start()
    until(lambda: transport.connected)
    assert transport.check() is None
    slack.command("e1")
    slack.until(lambda: slack.acks)
    assert slack.acks == [{"envelope_id": "e1", "payload": {"text": "Try /jit help"}}]


def test_a_redelivery_is_recognised(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """Slack's retry attempt arrives as the headers that HTTP has."""
    seen: list[Any] = []

    def listen(ack: Callable[[], None], request: BoltRequest) -> None:
        ack()
        seen.append((request.headers["x-slack-retry-num"], request.headers["x-slack-retry-reason"]))

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    slack.command("e1", retry_attempt=2, retry_reason="timeout")
    slack.until(slack.acked)
    until(lambda: seen)
    assert seen == [(["2"], ["timeout"])]


def test_slack_may_come_later(
    app: App, slack: FakeSocketMode, start: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    """An outage at start is waited for and told in words, not a crash."""
    app.command("/jit")(lambda ack: ack())
    slack.away = True
    with caplog.at_level(logging.WARNING, "bot.socket"):
        transport = start()
        until(lambda: transport.rebuilds >= 2)
    assert not transport.connected
    assert "Socket Mode is not connected" in (transport.check() or "")
    assert "Next try in" in caplog.text
    slack.away = False
    until(lambda: transport.connected)
    slack.command("e1")
    slack.until(slack.acked)


def test_a_refused_token_is_told(slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """/readyz names Slack's reason."""
    slack.refusal = "invalid_auth"
    transport = start()
    until(lambda: transport.rebuilds)
    assert "invalid_auth" in (transport.check() or "")


def test_a_broken_connection_is_replaced(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """After a dropped connection the next payload is acked on a new one."""
    app.command("/jit")(lambda ack: ack())
    transport = start()
    until(lambda: transport.connected)
    slack.drop()
    slack.until(lambda: slack.opened >= 2)
    until(lambda: transport.connected)
    slack.command("e1")
    slack.until(slack.acked)


def test_a_silent_connection_is_replaced(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """A half-open connection is noticed by its missing pongs; meanwhile the bot is not ready."""
    app.command("/jit")(lambda ack: ack())
    transport = start()
    until(lambda: transport.connected)
    slack.silent = True
    slack.until(lambda: slack.opened >= 2)
    slack.silent = False
    until(lambda: transport.connected)
    slack.command("e1")
    slack.until(slack.acked)


def test_a_spent_ticket_is_not_tried_for_ever(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """The client would go on with an address that works once; the watchdog connects anew and acks what is in flight."""
    inside, go = threading.Event(), threading.Event()

    def listen(ack: Callable[[], None]) -> None:
        inside.set()
        go.wait(10)
        ack()

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    slack.command("e1")
    assert inside.wait(5)
    slack.broken_links = 1
    slack.drop()
    until(lambda: transport.rebuilds)
    until(lambda: transport.connected)
    go.set()
    slack.until(slack.acked)
    assert slack.acked() == ["e1"]


def test_slack_may_ask_for_a_new_connection(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """A payload in flight at a refresh is acked on the new connection."""
    inside, go = threading.Event(), threading.Event()

    def listen(ack: Callable[[], None]) -> None:
        inside.set()
        go.wait(5)
        ack()

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    slack.command("e1")
    assert inside.wait(5)
    slack.send({"type": "disconnect", "reason": "refresh_requested"})
    slack.until(lambda: slack.opened >= 2)
    until(lambda: transport.connected)
    go.set()
    slack.until(slack.acked)
    assert slack.acked() == ["e1"]


def test_many_slow_payloads_are_acked_together(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """Twenty listeners that wait for each other all get their threads."""
    together = threading.Barrier(20)

    def listen(ack: Callable[[], None]) -> None:
        together.wait(5)
        ack()

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    for number in range(20):
        slack.command(f"e{number}")
    slack.until(lambda: len(slack.acks) == 20)


def test_a_stop_finishes_what_is_in_flight(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """What was taken is acked, what comes during the stop is not taken, and stopping twice does no harm."""
    inside, go = threading.Event(), threading.Event()
    taken: list[str] = []

    def listen(ack: Callable[[], None], command: dict[str, str]) -> None:
        taken.append(command["text"])
        inside.set()
        go.wait(5)
        ack()

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    slack.command("e1")
    assert inside.wait(5)
    stopping = threading.Thread(target=transport.stop, args=(5,))
    stopping.start()
    until(lambda: transport.stopping)
    slack.command("e2")
    go.set()
    stopping.join(10)
    slack.until(slack.acked)
    transport.stop()
    assert (slack.acked(), taken, transport.connected) == (["e1"], ["e1"], False)


def test_a_stop_does_not_wait_for_ever(app: App, slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """A listener that hangs holds the stop up for no longer than it was given."""
    inside, go = threading.Event(), threading.Event()

    def listen(ack: Callable[[], None]) -> None:
        inside.set()
        go.wait(10)
        ack()

    app.command("/jit")(listen)
    transport = start()
    until(lambda: transport.connected)
    slack.command("e1")
    assert inside.wait(5)
    begin = time.monotonic()
    transport.stop(0.1)
    assert time.monotonic() - begin < 3
    go.set()


def test_a_stop_while_slack_is_away_is_quick(slack: FakeSocketMode, start: Callable[[], Any]) -> None:
    """Waiting for Slack ends with the stop."""
    slack.away = True
    transport = start()
    until(lambda: transport.rebuilds)
    begin = time.monotonic()
    transport.stop(1)
    assert time.monotonic() - begin < 3


def test_a_transport_starts_once(start: Callable[[], Any]) -> None:
    """A second start is a mistake in the wiring."""
    with pytest.raises(RuntimeError, match="before"):
        start().start()
