"""`jitbot reconcile`: one comparison of AWS with the sessions, told as a table; with `--dry-run` it only reads."""

from datetime import UTC, datetime
from typing import TextIO

from access.session import SessionId
from aws.errors import AwsTrouble
from bot.build import Parts, build
from bot.configuration import Configuration
from bot.drift_table import Names, differences, write_table
from bot.settings import Settings
from operations.deps import Deps
from operations.reconcile_look import look_around
from storage import drift, requests, sessions
from storage.transactions import Database

_DIFFERS = 1
_UNUSABLE = 2


def reconcile(settings: Settings, configuration: Configuration, out: TextIO, *, dry_run: bool) -> int:
    """Compare, and without `dry_run` act as the running bot does; 0 nothing differs, 1 something does, 2 no answer."""
    database = Database(settings.database_url, read_only=dry_run)
    try:
        if not dry_run:
            database.claim_process()
        return _compared(build(settings, configuration, database=database), out)
    except AwsTrouble as trouble:
        out.write(f"jitbot: AWS could not be asked: {trouble}\n")
        return _UNUSABLE
    finally:
        database.close()


def _compared(parts: Parts, out: TextIO) -> int:
    deps, now = parts.deps, datetime.now(UTC)
    found = look_around(deps)
    with deps.database.read() as db:
        known = drift.reported(db)
    names = Names(address_of=deps.directory.address_of, label_of=lambda session_id: _label(deps, session_id))
    write_table(found, known, names, now, out)
    return _DIFFERS if differences(found, known, now) else 0


def _label(deps: Deps, session_id: str) -> str:
    with deps.database.read() as db:
        session = sessions.get(db, SessionId(session_id)) if session_id else None
        request = requests.get(db, session.request_id) if session else None
    return request.label if request else ""
