"""How long `jitbot run` takes until it is ready, and how much memory it then holds."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot.demo import world as demo
from tests.bench.figures import Row, percentile

RUNS = 5


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_ready(port: int, begun: float) -> float:
    while time.perf_counter() - begun < 60:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if json.load(answer)["status"] == "fine":
                    return time.perf_counter() - begun
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError("the bot did not become ready")


def _resident(pid: int) -> float:
    """Tell the resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _run_once(world: demo.World, folder: str) -> tuple[float, float]:
    port = _free_port()
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": demo.BOT_TOKEN,
        "SLACK_APP_TOKEN": demo.APP_TOKEN,
        "SLACK_API_URL": world.slack.api_url,
        "AWS_ENDPOINT_URL": world.aws.url,
        "DATABASE_URL": f"sqlite:///{folder}/run.db",
        "HEALTH_ADDR": f"127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }
    config = Path(demo.__file__).parent / "jitbot.demo.yml"
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    try:
        ready = _wait_ready(port, begun)
        time.sleep(3)
        return ready, _resident(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def measure() -> list[Row]:
    """Start the real process several times against a Slack and an AWS that are there already."""
    with tempfile.TemporaryDirectory() as folder, demo.World(f"sqlite:///{folder}/world.db") as world:
        world.stop_bot()
        first, *found = [_run_once(world, folder) for _ in range(RUNS + 1)]
        world.start_bot()
    slowest = f"slowest {max(each[0] for each in found):.2f} s; with a new database {first[0]:.2f} s"
    ready, memory = [each[0] for each in found], [each[1] for each in found]
    return [
        Row(
            what=f"`jitbot run` until ready, {RUNS} runs",
            measured=f"median {percentile(ready, 0.5):.2f} s, {slowest}",
            promised="< 2 s",
        ),
        Row(what="resident memory 3 s later", measured=f"{max(memory):.0f} MB", promised="< 150 MB"),
    ]
