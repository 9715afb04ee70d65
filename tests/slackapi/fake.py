"""A small server that answers Web API methods as a test tells it, and writes down what was asked."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs

LOST = "lost"
"""An answer that is never sent: the connection breaks after the request has arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call gets; `body` may be text that is no JSON."""

    body: Mapping[str, Any] | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Script: TypeAlias = Mapping[str, Any] | Answer | str | Callable[[Mapping[str, str]], Mapping[str, Any] | Answer | str]


class FakeSlack:
    """Answers by method name; several answers for one method are given one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.url = ""
        self._scripts: dict[str, list[Script]] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, *scripts: Script) -> None:
        """Say what a method answers."""
        self._scripts[method] = list(scripts)

    def asked(self, method: str) -> list[dict[str, str]]:
        """Return the arguments of each call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    def take(self, method: str, arguments: dict[str, str]) -> Answer | str:
        """Answer one call."""
        with self._lock:
            self.calls.append((method, arguments))
            scripts = self._scripts.get(method, [{"ok": False, "error": "unknown_method"}])
            script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        found = script(arguments) if callable(script) else script
        return found if isinstance(found, Answer | str) else Answer({"ok": True, **found})


@contextmanager
def serving(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Serve on loopback while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            answer = slack.take(self.path.rpartition("/")[2], _arguments(self, self.rfile.read(length)))
            if isinstance(answer, str):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            body = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    slack.url = f"http://127.0.0.1:{server.server_address[1]}/api"
    try:
        yield slack
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _arguments(request: BaseHTTPRequestHandler, body: bytes) -> dict[str, str]:
    if request.headers.get("Content-Type", "").startswith("application/json"):
        # slack_sdk announces JSON for calls without arguments, too
        given = json.loads(body or b"{}")
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
