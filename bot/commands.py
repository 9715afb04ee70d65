"""What the commands do, apart from how they are typed; each returns its exit code."""

import json
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TextIO

from sqlalchemy.exc import DBAPIError

from access.overdue import overdue
from bot.build import build
from bot.configuration import Configuration
from bot.health import HealthServer
from bot.http import HttpTransport
from bot.logs import set_up_logs
from bot.program import Program
from bot.readiness import live_checks, ready_checks
from bot.settings import Settings
from bot.socket import SocketTransport
from storage import audit, chain, requests, sessions
from storage.engines import UnusableUrl
from storage.transactions import Database, DatabaseInUse
from storage.upgrading import DamagedDatabase, NewerDatabase

log = logging.getLogger(__name__)
_FAILED = 1
_UNUSABLE = 2
_MOST = 10_000
REFUSALS = (UnusableUrl, DatabaseInUse, NewerDatabase, DamagedDatabase, DBAPIError)
"""What the database may refuse; `in_words` says it."""


def run(settings: Settings, configuration: Configuration, path: str, *, http: bool) -> int:
    """Run until a signal says stop."""
    set_up_logs(settings.log_level, settings.log_format, _secrets(settings))
    parts = build(settings, configuration)
    transport: HttpTransport | SocketTransport
    if http:
        transport = HttpTransport(parts.app, settings.http_addr)
    else:
        transport = SocketTransport(parts.app, settings.slack_app_token.get_secret_value(), settings.slack_api_url)
    program = Program(parts, configuration, path, transport)
    health = HealthServer(
        settings.health_addr, live_checks(program), ready_checks(program, program.check_slack), parts.metrics
    )
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    log.info("jitbot %s with %s and %s", version("jitbot"), path, _place(parts.deps.database))
    try:
        _start(health, program)
    except (*REFUSALS, OSError) as refusal:
        log.critical("jitbot cannot start: %s", in_words(refusal))
        health.stop()
        return _UNUSABLE
    stopping.wait()
    log.info("stopping")
    program.stop()
    health.stop()
    return 0


def _start(health: HealthServer, program: Program) -> None:
    try:
        health.start()
    except OSError as error:
        raise OSError(f"HEALTH_ADDR {health.address} cannot be used: {error.strerror}.") from error
    program.start()


def _place(database: Database) -> str:
    """Say where the data is, without what an address may carry of a password."""
    return database.url.set(query={}).render_as_string(hide_password=True)


def _secrets(settings: Settings) -> list[str]:
    found = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    return [each.get_secret_value() for each in found]


def summary(configuration: Configuration, path: str) -> str:
    """Say in a line what a correct configuration holds."""
    kept = sum(not each.existing for each in configuration.standard_sets.values())
    return (
        f"{path} is fine: {len(configuration.accounts)} accounts, {len(configuration.standard_sets)} standard "
        f"permission sets ({kept} kept by the bot), {len(configuration.sso_admins)} SSO admins or groups."
    )


def upgrade(settings: Settings) -> int:
    """Bring the tables up to date."""
    database = Database(settings.database_url)
    try:
        database.claim_process()
        database.upgrade()
    finally:
        database.close()
    print("The database is up to date.")  # noqa: T201 - this is the answer
    return 0


def verify(settings: Settings, anchor: str) -> int:
    """Check the audit chain; 1 where it is broken, 2 where the anchor is none."""
    seq, _, digest = anchor.partition(":")
    if anchor and not (seq.isdecimal() and digest):
        print(f"jitbot: {anchor!r} is no anchor: write seq:hash, as this command prints its head.")  # noqa: T201
        return _UNUSABLE
    with _reading(settings) as database, database.read() as db:
        found = chain.verify(db, (int(seq), digest) if anchor else None)
    if found.ok:
        print(f"The audit log is whole: {found.entries} entries, head {found.head_seq}:{found.head_hash}")  # noqa: T201
        return 0
    print(f"The audit log is broken: {found.problem}")  # noqa: T201 - this is the answer
    return _FAILED


def export(settings: Settings, out: TextIO) -> int:
    """Write every entry of the audit log as one line of JSON."""
    with _reading(settings) as database, database.read() as db:
        out.writelines(f"{line}\n" for line in audit.export(db))
    return 0


def list_sessions(settings: Settings, out: TextIO) -> int:
    """Write every live session as one line of JSON, the one that ends first first; overdue ones have the mark."""
    now = datetime.now(UTC)
    with _reading(settings) as database, database.read() as db:
        for each in sessions.live(db, _MOST):
            request = requests.get(db, each.request_id)
            about = {
                "request": request.label if request else "",
                "holder": request.requester.email if request else "",
                "account": each.account_id,
                "permission_set": each.set_name,
                "status": each.status.value,
                "ends_at": each.ends_at.isoformat(),
                "overdue": overdue(each, now),
            }
            out.write(json.dumps(about) + "\n")
    return 0


@contextmanager
def _reading(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url, read_only=True)
    try:
        yield database
    finally:
        database.close()


def in_words(refusal: Exception) -> str:
    """Say what was refused: what the database's driver says, without the statement, or the system."""
    if isinstance(refusal, DBAPIError):
        said = str(refusal.orig).partition("\n")[0].strip().removesuffix(".")
        return f"the database cannot be used: {said}. Is DATABASE_URL right, and `jitbot db upgrade` done?"
    if isinstance(refusal, OSError) and refusal.filename:
        return f"{refusal.filename} cannot be used: {refusal.strerror}. Is DATABASE_URL right?"
    return str(refusal)
