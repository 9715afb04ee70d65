"""`jitbot sweep`: the safety net, to be run by something that is not the bot, such as cron."""

from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from aws.errors import AwsTrouble
from blocks.text import utc
from bot.build import build
from bot.configuration import Configuration
from bot.settings import Settings
from operations.safety_net import Caught, catch_what_is_over, silent_since
from storage.transactions import Database

_SOMETHING, _UNUSABLE = 1, 2


def sweep(settings: Settings, configuration: Configuration, out: TextIO) -> int:
    """Remove what is over; 0 all is well, 1 something was over or no bot sweeps, 2 nothing could be asked.

    It only reads the database and only removes in AWS (`deploy/iam-policy-sweep.json`), beside a running bot too.
    """
    database = Database(settings.database_url, read_only=True)
    try:
        deps = build(settings, configuration, database=database).deps
        silent = silent_since(deps)
        caught = [_told(each, out) for each in catch_what_is_over(deps)]
    except AwsTrouble as trouble:
        out.write(f"jitbot: AWS could not be asked: {trouble}\n")
        return _UNUSABLE
    finally:
        database.close()
    return _summed_up(caught, silent, out)


def _told(caught: Caught, out: TextIO) -> bool:
    request, session = caught.request, caught.session
    what = f"{request.permission_set.shown_name} in {request.account_name} of {request.requester.email}"
    out.write(f"{request.label}  {what}, over since {utc(session.over_at)}: {caught.words}\n")
    return caught.gone


def _summed_up(caught: Iterable[bool], silent: datetime | None, out: TextIO) -> int:
    outcomes = list(caught)
    if silent is not None:
        out.write(f"No bot has swept since {utc(silent)}: look whether jitbot runs.\n")
    out.write(f"{len(outcomes)} over, {sum(outcomes)} gone now.\n")
    return _SOMETHING if outcomes or silent is not None else 0
