"""The real process, `python -m bot run` on SQLite: started, killed, asked for figures; time passes while it is down."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo import world as demo

_READY_WITHIN = 60.0
_AGE = re.compile(r'jitbot_outbox_oldest_age_seconds\{lane="(\w+)"\} (\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The figures of one moment: memory and log in MB, ages of the oldest waiting effect in seconds."""

    minute: float
    pid: int
    resident: float
    threads: int
    files: int
    wal: float
    ages: dict[str, float]


class BotProcess:
    """One bot after the other on one database; only one runs at a time."""

    def __init__(self, world: demo.World, folder: Path) -> None:
        self.database = folder / "soak.db"
        self.log = folder / "soak.log"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._port = _free_port()
        self._begun = time.monotonic()
        self._environment = {
            **os.environ,
            "SLACK_BOT_TOKEN": demo.BOT_TOKEN,
            "SLACK_APP_TOKEN": demo.APP_TOKEN,
            "SLACK_API_URL": world.slack.api_url,
            "AWS_ENDPOINT_URL": world.aws.url,
            "AWS_ACCESS_KEY_ID": "soak",
            "AWS_SECRET_ACCESS_KEY": "soak",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "HEALTH_ADDR": f"127.0.0.1:{self._port}",
        }

    def start(self) -> None:
        """Start it."""
        config = Path(demo.__file__).parent / "jitbot.demo.yml"
        command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)  # noqa: S603 - our own command
        self.starts += 1

    def wait_ready(self) -> float:
        """Wait until it is ready, and tell the seconds."""
        begun = time.monotonic()
        while "fine" not in self._ask("/readyz").partition(",")[0]:
            if time.monotonic() - begun > _READY_WITHIN:
                raise TimeoutError(self._ask("/readyz"))
            time.sleep(0.1)
        return time.monotonic() - begun

    def kill(self) -> None:
        """End it as the power does."""
        self._end(signal.SIGKILL)

    def stop(self) -> float:
        """End it as an operator does, and tell how many seconds that took."""
        begun = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - begun

    def verify(self) -> str:
        """Check the audit log with the bot's own command; empty where it is whole."""
        command = [sys.executable, "-m", "bot", "audit", "verify"]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def sample(self) -> Sample | None:
        """Take the figures; None where it does not run."""
        process = self._process
        if process is None or process.poll() is not None:
            return None
        found, wal = Path(f"/proc/{process.pid}"), self.database.with_name("soak.db-wal")
        resident = next(each for each in (found / "status").read_text().splitlines() if each.startswith("VmRSS"))
        return Sample(
            minute=(time.monotonic() - self._begun) / 60,
            pid=process.pid,
            resident=int(resident.split()[1]) / 1024,
            threads=len(list((found / "task").iterdir())),
            files=len(list((found / "fd").iterdir())),
            wal=wal.stat().st_size / 1_000_000 if wal.exists() else 0.0,
            ages={lane: float(age) for lane, age in _AGE.findall(self._ask("/metrics"))},
        )

    def time_passes(self, *, for_share: int, for_effects: bool) -> None:
        """Let a long time pass while it is down: every `for_share`-th active session ends, what waits is due."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        over = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="microseconds")
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute("UPDATE sessions SET ends_at = ? WHERE status = 'active' AND rowid % ? = 0", (over, for_share))
            if for_effects:
                db.execute("UPDATE outbox SET due_at = ?, leased_until = NULL WHERE done_at IS NULL", (now,))

    def asks(self, question: str) -> list[tuple[object, ...]]:
        """Read from the database, beside the bot."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(question).fetchall()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def _ask(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError) as error:
            return str(error)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
