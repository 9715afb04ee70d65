"""`jitbot demo` as somebody starts and stops it."""

import re
import signal
import subprocess
import sys

_PAGE = re.compile(r"Open +http://127\.0\.0\.1:\d+")
_STOPS_WITHIN = 60.0


def test_a_demo_that_is_stopped_at_once_leaves_without_a_word() -> None:
    """Ctrl-C while the bot is still reading AWS for the first time ends the demo well, and nothing is complained of."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - this interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout
        assert any(_PAGE.search(line) for line in demo.stdout)
        demo.send_signal(signal.SIGINT)
        _, complaints = demo.communicate(timeout=_STOPS_WITHIN)

    assert (demo.returncode, complaints) == (0, "")
