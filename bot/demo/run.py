"""`jitbot demo`: everything on this machine, until Ctrl-C."""

import signal
import tempfile
import threading
import time

from bot.demo.world import World
from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel

WORDS = """
jitbot is running, with a Slack and an AWS of its own on this machine.

  Slack's Web API   {api}
  AWS endpoint      {aws}
  database          {database}

Who is who
  rita    asks for access
  olga, omar (by user group)  own prod-payments
  oscar   owns data-lake
  ada, alan (by user group)   are SSO admins
  sam     watches #jit-audit; gus is a guest

What to try: `make story` tells a standard and a custom request from asking to expiry.
Stop with Ctrl-C.
"""


def run_demo(port: int) -> int:
    """Run until Ctrl-C or SIGTERM; everything is gone afterwards."""
    set_up_logs(LogLevel.INFO, LogFormat.TEXT)
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    with tempfile.TemporaryDirectory(prefix="jitbot-demo-") as folder:
        database = f"sqlite:///{folder}/jitbot.db"
        with World(database, port=port, wait=time.sleep) as world:
            print(WORDS.format(api=world.slack.api_url, aws=world.aws.url, database=database))  # noqa: T201
            stopping.wait()
    return 0
