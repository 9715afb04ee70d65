"""How each database is opened: SQLite and PostgreSQL made to behave alike, with bounded waiting on both."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from storage.watching import watch

BUSY_MS = 5000
"""How long SQLite waits for another process's lock."""
LOCK_MS = 3000
STATEMENT_MS = 15_000
IDLE_IN_TRANSACTION_MS = 30_000


class UnusableUrl(ValueError):  # noqa: N818 - it is a refusal in words
    """The database's address is of no kind that jitbot can use."""


def database_url(words: str) -> URL:
    """Read a database's address: `sqlite:///path`, `postgres://…` or `postgresql://…` (psycopg 3 in either case)."""
    url = make_url(words)
    match url.get_backend_name():
        case "postgres" | "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case "sqlite" if url.database and url.database != ":memory:":
            return url
        case "sqlite":
            raise UnusableUrl("SQLite needs a file, such as sqlite:///var/jitbot.db: what is in memory does not last.")
        case other:
            raise UnusableUrl(f"jitbot keeps its data in SQLite or PostgreSQL, not in {other}.")


def open_sqlite(path: Path, *, pool_size: int, read_only: bool = False, foreign_keys: bool = True) -> Engine:
    """Open a SQLite file: WAL, every commit on disk, and BEGIN in our hands.

    Write transactions begin IMMEDIATE: a DEFERRED one that reads first and writes later fails at once when another
    wrote meanwhile, whatever the busy timeout. Engines with the option `sqlite_begin="DEFERRED"` only read.
    """
    engine = create_engine(_sqlite_url(path, read_only=read_only), hide_parameters=True, **_pool(pool_size))
    watch(engine)
    pragmas = [f"busy_timeout={BUSY_MS}", f"foreign_keys={'ON' if foreign_keys else 'OFF'}"]
    pragmas += [] if read_only else ["journal_mode=WAL", "synchronous=FULL"]

    @event.listens_for(engine, "connect")
    def _connected(dbapi: Any, _record: object) -> None:
        # Python 3.11's sqlite3 would begin transactions by itself, and never before a SELECT.
        dbapi.isolation_level = None
        for pragma in pragmas:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(db: Connection) -> None:
        immediate = db.get_execution_options().get("sqlite_begin", "IMMEDIATE") == "IMMEDIATE"
        cursor = db.connection.cursor()
        # A write in a DEFERRED transaction would pass by the queue of writers.
        cursor.execute(f"PRAGMA query_only={int(not immediate)}")
        if immediate:
            db.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            cursor.execute("BEGIN DEFERRED")  # cannot fail, and this way costs a quarter
        cursor.close()

    return engine


def open_postgresql(url: URL, *, pool_size: int, read_only: bool = False) -> Engine:
    """Open a PostgreSQL database: nothing waits for ever, and a lost connection is noticed."""
    options = (
        f"-c lock_timeout={LOCK_MS} -c statement_timeout={STATEMENT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c timezone=UTC"
        f" -c default_transaction_read_only={'on' if read_only else 'off'}"
    )
    given = url.query.get("options", "")
    arguments = {
        "application_name": "jitbot",
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": f"{options} {given if isinstance(given, str) else ' '.join(given)}".strip(),
    }
    try:
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments, **_pool(pool_size)
        )
    except ModuleNotFoundError as missing:
        raise UnusableUrl("PostgreSQL needs the extra `postgres`: pip install 'jitbot[postgres]'.") from missing
    watch(engine)
    return engine


def _sqlite_url(path: Path, *, read_only: bool) -> URL:
    if not read_only:
        return URL.create("sqlite", database=str(path))
    return URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})


def _pool(size: int) -> dict[str, Any]:
    # Last in, first out: few connections stay warm, and each SQLite one holds a page cache of its own.
    return {"pool_size": size, "max_overflow": 0, "pool_timeout": 5, "pool_use_lifo": True}
