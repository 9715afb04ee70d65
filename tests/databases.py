"""Databases for tests: each test that asks for `database` runs on a fresh SQLite and a fresh PostgreSQL."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.transactions import Database
from tests.postgresql import Server

_numbers = itertools.count(1)
_TEMPLATE = "jitbot_template"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Run one PostgreSQL server for the whole run, started when first asked for."""
    with Server.started() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server) -> str:
    """Make a database with all tables, to be copied."""
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {_TEMPLATE}")
    database = Database(postgresql_server.url(_TEMPLATE))
    database.upgrade()
    database.close()
    return _TEMPLATE


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
        yield from _fresh(request.getfixturevalue("postgresql_server"), "template0")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a fresh database with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "jitbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgresql_template")
        yield from _fresh(request.getfixturevalue("postgresql_server"), template)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh database with all tables."""
    database = Database(database_url)
    yield database
    database.close()


def _fresh(server: Server, template: str) -> Iterator[str]:
    name = f"jitbot_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
