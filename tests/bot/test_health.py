"""Health answers in words and figures, and never hides a trouble."""

import json
import socket
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bot.addresses import Address
from bot.health import HealthServer
from bot.metrics import Metrics

ANY_PORT = Address("127.0.0.1", 0)


class Checks:
    """Two checks that a test changes."""

    def __init__(self) -> None:
        self.live: str | None = None
        self.ready: str | None = None

    def is_live(self) -> str | None:
        """Answer for /livez."""
        return self.live

    def is_ready(self) -> str | None:
        """Answer for /readyz."""
        if self.ready == "raise":
            raise OSError("disk")
        return self.ready


@pytest.fixture(name="checks")
def make_checks() -> Checks:
    """Make checks with which all is well."""
    return Checks()


@pytest.fixture(name="metrics")
def make_metrics() -> Metrics:
    """Make figures of their own."""
    return Metrics()


@pytest.fixture(name="server")
def serve(checks: Checks, metrics: Metrics) -> Iterator[HealthServer]:
    """Serve on a free port."""
    server = HealthServer(ANY_PORT, {"sweep": checks.is_live}, {"slack": checks.is_ready}, metrics)
    server.start()
    yield server
    server.stop()


def get(server: HealthServer, path: str) -> tuple[int, str]:
    """Ask over HTTP."""
    try:
        with urllib.request.urlopen(f"http://{server.address}{path}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_all_is_well(server: HealthServer) -> None:
    """200, with each check by name."""
    assert get(server, "/livez") == (200, '{"status": "fine", "checks": {"sweep": "fine"}}\n')
    assert get(server, "/readyz?verbose")[0] == 200


def test_a_trouble_is_told_in_words(server: HealthServer, checks: Checks) -> None:
    """503 for readiness, while the process lives."""
    checks.ready = "Socket Mode is not connected: no answer"
    status, body = get(server, "/readyz")
    assert (status, json.loads(body)["checks"]) == (503, {"slack": "Socket Mode is not connected: no answer"})
    assert get(server, "/livez")[0] == 200


def test_a_dead_sweep_is_not_alive(server: HealthServer, checks: Checks) -> None:
    """503 for liveness makes the platform restart the process."""
    checks.live = "the sweep has not run for 40 s"
    assert get(server, "/livez")[0] == 503


def test_a_check_that_breaks_is_a_trouble(server: HealthServer, checks: Checks) -> None:
    """A failing check never reads as fine, and shows no details to strangers."""
    checks.ready = "raise"
    status, body = get(server, "/readyz")
    assert (status, json.loads(body)["checks"]["slack"]) == (503, "the check could not be made (OSError)")


def test_figures_are_served(server: HealthServer, metrics: Metrics) -> None:
    """What the sweeps set is what Prometheus reads."""
    metrics.expiry_lag.set(7)
    metrics.outbox_attempts.labels(kind="grant", outcome="done").inc()
    metrics.watch_slack(lambda: True)
    status, body = get(server, "/metrics")
    assert status == 200
    assert "jitbot_expiry_lag_seconds 7.0" in body
    assert 'jitbot_outbox_attempts_total{kind="grant",outcome="done"} 1.0' in body
    assert "jitbot_slack_connected 1.0" in body


def test_two_metrics_do_not_share_a_registry() -> None:
    """Nothing is global: two bots can run in one process."""
    one, two = Metrics(), Metrics()
    one.expiry_lag.set(7)
    assert b"jitbot_expiry_lag_seconds 0.0" in two.exposition()


def test_other_paths_are_not_found(server: HealthServer) -> None:
    """There are three pages."""
    assert get(server, "/")[0] == 404


def test_a_probe_that_hangs_up_leaves_no_stack_trace(metrics: Metrics, capfd: pytest.CaptureFixture[str]) -> None:
    """The probe is gone when the slow check has come to its end; the next one is answered."""
    asked, over, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        asked.set()
        over.wait(30)

    server = HealthServer(ANY_PORT, {"slow": slow}, {"ended": lambda: None if ended.wait(30) else "no"}, metrics)
    server.start()
    with socket.create_connection((server.address.host, server.address.port)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        probe.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert asked.wait(30)
    [handler] = [each for each in threading.enumerate() if "process_request_thread" in each.name]
    over.set()
    handler.join(30)
    ended.set()
    assert get(server, "/readyz")[0] == 200
    server.stop()
    assert capfd.readouterr().err == ""


def test_a_taken_address_is_told(server: HealthServer, metrics: Metrics) -> None:
    """Starting on an address in use fails at once."""
    second = HealthServer(server.address, {}, {}, metrics)
    with pytest.raises(OSError, match="in use"):
        second.start()


def test_stopping_frees_the_address(checks: Checks, metrics: Metrics) -> None:
    """After a stop nobody listens, and stopping twice does no harm."""
    server = HealthServer(ANY_PORT, {"sweep": checks.is_live}, {}, metrics)
    server.start()
    address = server.address
    server.stop()
    server.stop()
    with socket.socket() as probe:
        assert probe.connect_ex((address.host, address.port)) != 0
