"""Answers whether the bot lives, whether it is ready, and its figures; on loopback unless told otherwise."""

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

from bot.addresses import Address
from bot.metrics import Metrics

Check: TypeAlias = Callable[[], str | None]
"""None where all is well, the trouble in words where not."""
FINE = "fine"
REQUEST_SECONDS = 5
log = logging.getLogger(__name__)


class HealthServer:
    """Serves /livez, /readyz and /metrics; `live` and `ready` name their checks, asked at each request."""

    def __init__(
        self, address: Address, live: Mapping[str, Check], ready: Mapping[str, Check], metrics: Metrics
    ) -> None:
        self._wanted = address
        self._pages = {"/livez": live, "/readyz": ready}
        self._metrics = metrics
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> Address:
        """Where it listens; the port is the real one once started."""
        if self._server is None:
            return self._wanted
        return Address(self._wanted.host, int(self._server.server_address[1]))

    def start(self) -> None:
        """Listen and answer from threads of its own; raises OSError where the address is taken."""
        self._server = _server_class(self._wanted.host)((self._wanted.host, self._wanted.port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="health", daemon=True)
        self._thread.start()
        log.info("Health on http://%s: /livez /readyz /metrics", self.address)

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body for one path."""
        if path == "/metrics":
            return HTTPStatus.OK, self._metrics.content_type, self._metrics.exposition()
        checks = self._pages.get(path)
        if checks is None:
            return HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There are /livez, /readyz and /metrics.\n"
        found = {name: _ask(name, check) for name, check in checks.items()}
        fine = all(words == FINE for words in found.values())
        body = json.dumps({"status": FINE if fine else "trouble", "checks": found}, ensure_ascii=False) + "\n"
        return (HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE), "application/json", body.encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            timeout = REQUEST_SECONDS

            def do_GET(self) -> None:
                """Answer."""
                status, kind, body = answer(self.path.partition("?")[0])
                with suppress(ConnectionError):  # a probe that waited too long has hung up
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Keep probes out of the log."""
                log.debug(format, *args)

        return Handler


def _ask(name: str, check: Check) -> str:
    try:
        return check() or FINE
    except Exception as error:
        log.warning("The check %s could not be made.", name, exc_info=error)
        return f"the check could not be made ({type(error).__name__})"


def _server_class(host: str) -> type[ThreadingHTTPServer]:
    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

    return Server
