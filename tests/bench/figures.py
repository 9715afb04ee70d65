"""What benchmarks share: percentiles, rows of a table, and a stand-in for Slack's Web API that answers at once."""

import http.server
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure beside what was promised."""

    what: str
    measured: str
    promised: str


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> str:
    """Write seconds as milliseconds."""
    return f"{seconds * 1000:.2f} ms"


class QuickSlack:
    """Answers every Web API call with ok, and notes when `views.open` arrived."""

    def __init__(self) -> None:
        self.opened: list[float] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.endswith("views.open"):
                    outer.opened.append(time.perf_counter())
                body = json.dumps(_ANSWER).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL of its Web API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


_ANSWER = {
    "ok": True,
    "team_id": "T0BENCH",
    "user_id": "U0BOT",
    "bot_id": "B0BOT",
    "channel": {"id": "D0BENCH"},
    "ts": "1.1",
    "view": {"id": "V0BENCH", "hash": "1.1", "blocks": [], "private_metadata": ""},
    "user": {"id": "U0BENCH", "name": "bench", "team_id": "T0BENCH", "profile": {"email": "bench@example.com"}},
}
