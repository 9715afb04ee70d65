"""HTTP mode takes Slack's signed requests at one path, and nothing else."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient

from bot.addresses import Address
from bot.http import MOST_BYTES, PATH, HttpTransport

SECRET = "made-up"
ANY_PORT = Address("127.0.0.1", 0)
COMMAND = urlencode({"command": "/jit", "text": "help", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}).encode()
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(name="app")
def make_app() -> Iterator[App]:
    """Make a Bolt app that asks nobody who it is."""
    with ThreadPoolExecutor(8) as listeners:
        yield App(
            client=WebClient(token="xoxb-test"),
            signing_secret=SECRET,
            token_verification_enabled=False,
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test"),
            listener_executor=listeners,
        )


@pytest.fixture(name="transport")
def listen(app: App) -> Iterator[HttpTransport]:
    """Listen on a free port."""
    transport = HttpTransport(app, ANY_PORT)
    transport.start()
    yield transport
    transport.stop(1)


def signed(body: bytes, at: float | None = None, content_type: str = FORM) -> dict[str, str]:
    """Sign a body as Slack does."""
    stamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    return {"Content-Type": content_type, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


def send(
    transport: HttpTransport, body: bytes, headers: dict[str, str], method: str = "POST", path: str = PATH
) -> tuple[int, str]:
    """Send one request."""
    connection = http.client.HTTPConnection(transport.address.host, transport.address.port, timeout=5)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_a_signed_request_is_dispatched(app: App, transport: HttpTransport) -> None:
    """The listener's answer is the response, and /readyz is content."""
    app.command("/jit")(lambda ack: ack("Try /jit help"))
    assert send(transport, COMMAND, signed(COMMAND)) == (200, "Try /jit help")
    assert transport.check() is None


def test_slack_can_verify_the_address(transport: HttpTransport) -> None:
    """The challenge of the app's settings page is answered."""
    body = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
    status, answer = send(transport, body, signed(body, content_type="application/json"))
    assert (status, json.loads(answer)) == (200, {"challenge": "c1"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**signed(COMMAND), "X-Slack-Signature": "v0=0"},
        {**signed(COMMAND), "X-Slack-Request-Timestamp": "soon"},
        {**signed(COMMAND), "X-Slack-Request-Timestamp": ""},
        signed(COMMAND + b"x"),
        signed(COMMAND, at=time.time() - 600),
    ],
)
def test_what_is_not_signed_by_slack_is_refused(app: App, transport: HttpTransport, headers: dict[str, str]) -> None:
    """A missing, wrong, foreign or old signature never reaches a listener."""
    reached: list[str] = []

    def hear(ack: Callable[[], None]) -> None:
        reached.append("reached")
        ack()

    app.command("/jit")(hear)
    status, _ = send(transport, COMMAND, {"Content-Type": FORM, **headers})
    assert (status, reached) == (401, [])


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("PUT", PATH), ("POST", "/"), ("POST", f"{PATH}/x")])
def test_only_posts_to_one_path_are_taken(transport: HttpTransport, method: str, path: str) -> None:
    """Everything else is not found."""
    assert send(transport, COMMAND, signed(COMMAND), method, path)[0] == 404


def test_a_huge_body_is_refused(transport: HttpTransport) -> None:
    """More than a megabyte is never Slack; the announced length is enough to refuse."""
    connection = http.client.HTTPConnection(transport.address.host, transport.address.port, timeout=5)
    connection.putrequest("POST", PATH)
    connection.putheader("Content-Length", str(MOST_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_that_is_no_text_is_refused(transport: HttpTransport) -> None:
    """Slack sends UTF-8."""
    assert send(transport, b"\xff\xfe", signed(b"x"))[0] == 400


def test_a_retry_is_recognised(app: App, transport: HttpTransport) -> None:
    """Slack's retry headers reach the listener."""
    seen: list[object] = []

    def hear(ack: Callable[[], None], request: BoltRequest) -> None:
        ack()
        seen.append((request.headers["x-slack-retry-num"], request.headers["x-slack-retry-reason"]))

    app.command("/jit")(hear)
    headers = {**signed(COMMAND), "X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}
    assert send(transport, COMMAND, headers)[0] == 200
    deadline = time.monotonic() + 5
    while not seen and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert seen == [(["2"], ["http_timeout"])]


def test_a_stop_finishes_what_is_in_flight(app: App, transport: HttpTransport) -> None:
    """What was taken is answered, what comes during the stop is sent away, and afterwards nobody listens."""
    inside, go = threading.Event(), threading.Event()

    def hear(ack: Callable[[str], None]) -> None:
        inside.set()
        go.wait(5)
        ack("done")

    app.command("/jit")(hear)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(send, transport, COMMAND, signed(COMMAND))
        assert inside.wait(5)
        stopping = pool.submit(transport.stop, 5)
        deadline = time.monotonic() + 5
        late = 0
        while late != 503 and time.monotonic() < deadline:
            late, _ = send(transport, b"", {}) if transport.stopping else (0, "")
        go.set()
        assert first.result() == (200, "done")
        stopping.result()
    assert late == 503
    assert "does not listen" in (transport.check() or "")
    with pytest.raises(ConnectionRefusedError):
        send(transport, COMMAND, signed(COMMAND))


def test_a_stop_does_not_wait_for_ever(app: App, transport: HttpTransport) -> None:
    """A listener that hangs holds the stop up for little longer than it was given."""
    inside, go = threading.Event(), threading.Event()

    def hear(ack: Callable[[], None]) -> None:
        inside.set()
        go.wait(10)
        ack()

    app.command("/jit")(hear)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, transport, COMMAND, signed(COMMAND))
        assert inside.wait(5)
        begin = time.monotonic()
        transport.stop(0.1)
        took = time.monotonic() - begin
        go.set()
        assert isinstance(first.exception(), OSError | http.client.HTTPException)
    assert took < 3


def test_stopping_before_starting_does_no_harm(app: App) -> None:
    """The program's end may come before its beginning."""
    transport = HttpTransport(app, ANY_PORT)
    transport.stop()
    assert transport.check() == "the HTTP server does not listen"


def test_a_taken_address_is_told(app: App, transport: HttpTransport) -> None:
    """Starting on an address in use fails at once."""
    with pytest.raises(OSError, match="in use"):
        HttpTransport(app, transport.address).start()
