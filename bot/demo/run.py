"""`jitbot demo`: everything on this machine, until Ctrl-C."""

import logging
import os
import signal
import socket
import tempfile
import threading
import time

from bot.demo.control import ROLES, controls_of
from bot.demo.world import World
from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from sandbox.page.server import PageServer

WORDS = """
jitbot is running, with a Slack and an AWS of its own on this machine.

  Open              {page}

  Slack's Web API   {api}
  AWS endpoint      {aws}
  database          {database}

Who is who (each has an address of their own; open two to be two people)
{people}

What to try: be rita, type /jit request in #general and send the form; be olga and approve it;
see the access appear under AWS; move the clock to the next end and see it vanish.
Stop with Ctrl-C.
"""


def run_demo(port: int) -> int:
    """Run until Ctrl-C or SIGTERM, the page on `port`; everything is gone afterwards. Raises OSError: port taken."""
    set_up_logs(LogLevel.WARNING, LogFormat.TEXT)
    _must_be_free(port)
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    with tempfile.TemporaryDirectory(prefix="jitbot-demo-") as folder:
        database = f"sqlite:///{folder}/jitbot.db"
        with World(database, wait=time.sleep) as world, PageServer(world.slack, controls_of(world), port=port) as page:
            people = "\n".join(f"  {page.url}/as/{name:<7} {role}" for name, role in ROLES.items())
            addresses = {"page": page.url, "api": world.slack.api_url, "aws": world.aws.url}
            print(WORDS.format(**addresses, database=database, people=people), flush=True)  # noqa: T201 - for people
            stopping.wait()
            # AWS and Slack go together with the bot: what it still asks of them now fails, and concerns nobody.
            logging.disable()
    return 0


def _must_be_free(port: int) -> None:
    """Find a taken port before anything starts, and say what to do about it."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise OSError(
            f"port {port} cannot be used ({os.strerror(error.errno or 0)}): try jitbot demo --port 0."
        ) from error
