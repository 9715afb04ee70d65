"""HTTP mode: waitress in front of Bolt, for Slack's signed requests at one path."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import waitress
from slack_bolt import App, BoltRequest
from waitress import wasyncore

from bot.addresses import Address

PATH = "/slack/events"
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
MOST_BYTES = 1_048_576
THREADS = 32
IDLE_SECONDS = 30
_LOOK_EVERY = 0.2
log = logging.getLogger(__name__)


class SlackEndpoint:
    """The WSGI application: POST of signed requests at one path, 404 for all else; Bolt verifies the signature."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._in_flight = 0
        self._closed = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, headers, body = self._answer(environ)
        start_response(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    @property
    def closed(self) -> bool:
        """Tell whether nothing more is taken."""
        return self._closed

    def drain(self, seconds: float) -> bool:
        """Take nothing more and wait for what is in flight; tells whether all of it was answered."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: self._in_flight == 0, seconds)

    def _answer(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") != PATH:
            return _plain(HTTPStatus.NOT_FOUND)
        with self._taking() as taken:
            if not taken:
                return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
            headers = request_headers(environ)
            # Bolt answers 500 to a timestamp that is no number; Slack never sends one
            if not _TIMESTAMP.fullmatch(headers.get("x-slack-request-timestamp", "")):
                return _plain(HTTPStatus.UNAUTHORIZED)
            try:
                body = environ["wsgi.input"].read().decode("utf-8")
            except UnicodeDecodeError:
                return _plain(HTTPStatus.BAD_REQUEST)
            return self._dispatch(body, headers, str(environ.get("QUERY_STRING", "")))

    def _dispatch(
        self, body: str, headers: Mapping[str, str], query: str
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        response = self._app.dispatch(BoltRequest(body=body, query=query, headers=dict(headers)))
        pairs = [(name, value) for name, value in response.first_headers().items() if name != "content-length"]
        return HTTPStatus(response.status), pairs, (response.body or "").encode()

    @contextmanager
    def _taking(self) -> Iterator[bool]:
        with self._changed:
            taken = not self._closed
            self._in_flight += taken
        try:
            yield taken
        finally:
            with self._changed:
                self._in_flight -= taken
                self._changed.notify_all()


class HttpTransport:
    """Listens for Slack's requests and dispatches them to `app`."""

    def __init__(self, app: App, address: Address) -> None:
        self._wanted = address
        self._endpoint = SlackEndpoint(app)
        self._map: dict[int, Any] = {}
        self._done = threading.Event()
        self._server: Any = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> Address:
        """Where it listens; the port is the real one once started."""
        return self._wanted if self._server is None else Address(self._wanted.host, int(self._server.effective_port))

    @property
    def connected(self) -> bool:
        """Tell whether it listens."""
        return self._thread is not None and self._thread.is_alive() and not self._done.is_set()

    @property
    def stopping(self) -> bool:
        """Tell whether a stop was asked for, after which nothing more is taken."""
        return self._endpoint.closed

    def check(self) -> str | None:
        """Say for /readyz what keeps Slack's requests away, or None."""
        return None if self.connected else "the HTTP server does not listen"

    def start(self) -> None:
        """Listen and answer from threads of its own; raises OSError where the address is taken."""
        host = self._wanted.host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, self._wanted.port), family=family)
        self._server = waitress.create_server(
            self._endpoint,
            map=self._map,
            sockets=[listener],
            threads=THREADS,
            max_request_body_size=MOST_BYTES,
            channel_timeout=IDLE_SECONDS,
            ident=None,
        )
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)
        self._thread.start()
        log.info("Listening for Slack on http://%s%s", self.address, PATH)

    def stop(self, timeout: float = 10.0) -> None:
        """Take nothing more, wait up to `timeout` seconds for what is in flight, then stop listening."""
        if self._thread is None:
            return
        if not self._endpoint.drain(timeout):
            log.warning("Stopped while requests were not answered.")
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.is_set():
            wasyncore.loop(timeout=_LOOK_EVERY, use_poll=True, map=self._map, count=1)
        # what was answered last may not have left yet
        until = time.monotonic() + 1
        while time.monotonic() < until and any(_unsent(each) for each in list(self._map.values())):
            wasyncore.loop(timeout=_LOOK_EVERY, use_poll=True, map=self._map, count=1)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        wasyncore.close_all(self._map)


def request_headers(environ: WSGIEnvironment) -> dict[str, str]:
    """Take the request's headers, names in lower case, from a WSGI environment (PEP 3333)."""
    names: dict[str, Callable[[str], str]] = {"HTTP_": lambda key: key[5:], "CONTENT_": lambda key: key}
    return {
        shorten(key).lower().replace("_", "-"): str(value)
        for key, value in environ.items()
        for start, shorten in names.items()
        if key.startswith(start)
    }


def _unsent(channel: object) -> bool:
    return bool(getattr(channel, "total_outbufs_len", 0)) or bool(getattr(channel, "requests", ()))


def _plain(status: HTTPStatus) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
    return status, [("Content-Type", "text/plain; charset=utf-8")], f"{status.phrase}\n".encode()
