"""`jitbot reconcile`: one comparison of AWS with the sessions, told as a table; with `--dry-run` it only reads."""

import secrets
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

from access.drift import Findings
from access.session import SessionId
from aws.errors import AwsTrouble
from bot.build import Parts, build
from bot.configuration import Configuration
from bot.drift_table import Names, differences, write_table
from bot.settings import Settings
from bot.worker import Worker
from operations.deps import Deps
from operations.reconcile import reconcile as reconcile_once
from operations.reconcile_look import look_around
from storage import drift, outbox, requests, sessions
from storage.outbox import Lane
from storage.transactions import Database

_DIFFERS = 1
_UNUSABLE = 2
_LONGEST = 60.0
_LOOK_EVERY = 0.1


def reconcile(settings: Settings, configuration: Configuration, out: TextIO, *, dry_run: bool) -> int:
    """Compare, and without `dry_run` act as the running bot does; 0 nothing differs, 1 something does, 2 no answer."""
    database = Database(settings.database_url, read_only=dry_run)
    try:
        if not dry_run:
            database.claim_process()
        return _compared(build(settings, configuration, database=database), out, dry_run=dry_run)
    except AwsTrouble as trouble:
        sys.stderr.write(f"jitbot: AWS could not be asked: {trouble}\n")
        return _UNUSABLE
    finally:
        database.close()


def _compared(parts: Parts, out: TextIO, *, dry_run: bool) -> int:
    deps, now = parts.deps, datetime.now(UTC)
    with deps.database.read() as db:
        known = drift.reported(db)
    found = look_around(deps) if dry_run else _acted(parts)
    names = Names(address_of=deps.directory.address_of, label_of=lambda session_id: _label(deps, session_id))
    write_table(found, known, names, now, out)
    return _DIFFERS if differences(found, known, now) else 0


def _acted(parts: Parts) -> Findings:
    """Act on what differs, and perform the removals that this orders; what takes AWS longer is the running bot's."""
    found = reconcile_once(parts.deps)
    worker = Worker(parts.deps, f"reconcile-{secrets.token_hex(3)}", parts.metrics, {Lane.REVOKE: 2})
    worker.start()
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until and _removing(parts.deps):
        time.sleep(_LOOK_EVERY)
    worker.stop(_LONGEST)
    return found


def _removing(deps: Deps) -> bool:
    with deps.database.read() as db:
        return outbox.state(db, deps.clock.now())[Lane.REVOKE].ready > 0


def _label(deps: Deps, session_id: str) -> str:
    with deps.database.read() as db:
        session = sessions.get(db, SessionId(session_id)) if session_id else None
        request = requests.get(db, session.request_id) if session else None
    return request.label if request else ""
