"""Databases for tests: each test that asks for `database` runs on a fresh SQLite and a fresh PostgreSQL."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.tables import metadata
from storage.transactions import Database
from tests.postgresql import Server

_numbers = itertools.count(1)
_NAME = "jitbot_tests"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Run one PostgreSQL server for the whole run, started when first asked for."""
    with Server.started() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: Server) -> str:
    """Make one database with all tables, and keep the rows that it starts with."""
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {_NAME}")
    url = postgresql_server.url(_NAME)
    database = Database(url)
    database.upgrade()
    database.close()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA pristine")
        for table in metadata.tables:
            admin.execute(f"CREATE TABLE pristine.{table} AS TABLE {table}")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'jitbot.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        name = f"jitbot_{next(_numbers)}"
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        yield server.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a fresh database with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "jitbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("postgresql_url")
        _empty(url)
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh database with all tables."""
    database = Database(database_url)
    yield database
    database.close()


def _empty(url: str) -> None:
    """Put back the rows that the database started with: ten times as fast as a new database."""
    statements = ["SET session_replication_role = replica"]  # without the triggers of the audit log
    for table in metadata.tables:
        statements += [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM pristine.{table}"]  # noqa: S608
    with psycopg.connect(url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        admin.execute(";".join(statements).encode())
