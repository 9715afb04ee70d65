"""Databases as older versions of jitbot left them, made by their own migrations and filled by plain SQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, Engine, text

from storage.engines import database_url, open_postgresql, open_sqlite
from storage.migrating import configuration

FOLDER = Path(__file__).parent.parent / "data"
NOBODY = {"principal": "p-1", "power_user": "arn:set/power", "read_only": "arn:set/read", "audit": "arn:set/audit"}
"""What stands for AWS's own ids where no AWS is asked."""


def make_old(url: str, revision: str = "0001", ids: Mapping[str, str] = NOBODY) -> None:
    """Make a database of this revision, with its rows."""
    with _writing(url) as db:
        command.upgrade(configuration(db), revision)
        for statement in _statements(revision):
            db.execute(text(statement), {key: words for key, words in ids.items() if f":{key}" in statement})


def revision_of(url: str) -> str:
    """Read which revision a database is at."""
    with _writing(url) as db:
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Read all rows of the old tables, with the columns that they had."""
    columns = {
        "requests": "id, number, set_content, status, requested_at, version",
        "decisions": "request_id, approver_id, level, verdict, at",
        "sessions": "id, request_id, status, ends_at, set_arn, ending, end_ordered_at, ended_at, trouble, version",
        "outbox": "id, lane, kind, subject, dedup_key, payload, due_at, attempts, token, done_at",
        "cards": "channel, ts, request_id, place, shown",
        "counters": "name, value",
    }
    with _writing(url) as db:
        return {
            table: sorted(tuple(row) for row in db.execute(text(f"SELECT {names} FROM {table}")))  # noqa: S608 - ours
            for table, names in columns.items()
        }


def _statements(revision: str) -> Iterator[str]:
    lines = (FOLDER / f"schema_{revision}.sql").read_text(encoding="utf-8").splitlines()
    whole = "\n".join(line for line in lines if not line.startswith("--"))
    # A colon within a literal is no parameter.
    escaped = "'".join(part.replace(":", "\\:") if number % 2 else part for number, part in enumerate(whole.split("'")))
    yield from (each for each in escaped.split(";\n") if each.strip())


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    engine = _open(url)
    try:
        with engine.begin() as db:
            yield db
    finally:
        engine.dispose()


def _open(url: str) -> Engine:
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        return open_sqlite(Path(address.database or ""), pool_size=1, foreign_keys=False)
    return open_postgresql(address, pool_size=1)
