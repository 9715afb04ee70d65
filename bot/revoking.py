"""`jitbot sessions revoke`: an operator puts the order to end one session into the database; the running bot removes.

On PostgreSQL it is one more replica that writes. On SQLite the bot alone works on the file, but whoever writes takes
turns (`storage.turns`), so that one order may be put in beside it; nothing is removed in AWS from here.
"""

import errno
import os
import pwd
import secrets
import time
from typing import TextIO

from access.refusals import Refusal
from bot.build import rules_of
from bot.clock import SystemClock
from bot.configuration import Configuration
from bot.settings import Settings
from operations.deps import Deps
from operations.ports import Aws
from operations.revoke_by_hand import revoke_by_hand
from slackapi.clients import make_clients
from slackapi.messenger import Messenger
from slackapi.people import People
from storage.transactions import Database, DatabaseInUse

_REFUSED = 1
_RUNS = "The running bot removes the access."
_NO_BOT = "No bot works on this database now: the access stays in AWS until one is started."
_REPLICAS = "Any bot that runs on this database removes the access; if none does, it stays until one is started."


def revoke(settings: Settings, configuration: Configuration, label: str, reason: str, out: TextIO) -> int:
    """Order the end and say who removes; 1 where there is nothing to end, in words."""
    database = Database(settings.database_url)
    try:
        who_removes = _who_removes(database)
        change = revoke_by_hand(_deps(settings, configuration, database), label, operating_system_user(), reason)
    except Refusal as refusal:
        out.write(f"jitbot: {' '.join(filter(None, (refusal.words, refusal.next_step)))}\n")
        return _REFUSED
    finally:
        database.close()
    out.write(f"{change.request.label} is being ended: the order is in the database. {who_removes}\n")
    return 0


def _deps(settings: Settings, configuration: Configuration, database: Database) -> Deps:
    """Make what an order needs, and no way to AWS: not even its credentials are looked for."""
    slack, clock, catalogue = make_clients("", settings.slack_api_url), SystemClock(), configuration.catalogue(())
    return Deps(
        clock=clock,
        database=database,
        people=People(slack.reading, clock.monotonic),
        aws=_no_aws,
        messenger=Messenger(slack),
        catalogue=lambda: catalogue,
        rules=rules_of(configuration),
        wait=time.sleep,
        new_id=lambda: secrets.token_urlsafe(12),
        suffix=lambda: secrets.token_hex(2),
    )


def _no_aws() -> Aws:
    raise RuntimeError("the order is given here; the running bot removes")


def operating_system_user() -> str:
    """Name who typed the command, by the process's own user: an environment variable could name anybody."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def _who_removes(database: Database) -> str:
    """Find out whether a bot works on the SQLite file; PostgreSQL does not tell."""
    if database.path is None:
        return _REPLICAS
    if not database.path.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no such file", str(database.path))
    try:
        database.claim_process()
    except DatabaseInUse:
        return _RUNS
    return _NO_BOT
