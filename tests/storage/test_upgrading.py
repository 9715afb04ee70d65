"""Upgrading brings any known database to this version's tables, safely, once, and whoever starts it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from access.request import RequestStatus
from storage import migrating, migrations, requests, sessions
from storage.engines import database_url
from storage.migrating import configuration
from storage.migrations import REVISIONS
from storage.tables import metadata
from storage.transactions import Database, NewerDatabase
from storage.upgrading import DamagedDatabase
from tests.storage.examples import decision, request, session

UPGRADE = "import sys; from storage.transactions import Database; Database(sys.argv[1]).upgrade()"


def tables_of(url: str) -> set[str]:
    engine = create_engine(database_url(url))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def words(part: Any) -> str:
    """Put what the database says about a part of a table into words, conditions and types included."""
    if isinstance(part, dict):
        return str({key: words(value) for key, value in sorted(part.items())})
    return str(part)


def shape(db: Connection) -> dict[str, object]:
    """Describe every table as the database itself does: columns, constraints, indexes with their conditions."""
    look = inspect(db)
    kinds = ("columns", "check_constraints", "unique_constraints", "foreign_keys", "indexes")
    found: dict[str, object] = {}
    for table in metadata.tables:
        for kind in kinds:
            parts = getattr(look, f"get_{kind}")(table)
            found[f"{table} {kind}"] = sorted(words(part) for part in parts)
        found[f"{table} key"] = str(look.get_pk_constraint(table))
    return found


def test_the_revisions_form_one_line_and_are_all_known_without_alembic() -> None:
    script = ScriptDirectory.from_config(configuration())

    assert [script.get_current_head()] == script.get_heads()
    assert tuple(each.revision for each in script.walk_revisions())[::-1] == REVISIONS


def test_a_start_with_nothing_to_upgrade_does_not_load_alembic(database_url: str) -> None:
    look = f"{UPGRADE}; assert not [name for name in sys.modules if name.startswith('alembic')]"

    subprocess.run([sys.executable, "-c", look, database_url], check=True)  # noqa: S603 - our own


def test_upgrading_makes_all_tables_and_twice_is_once(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade()
    with database.begin() as db:
        requests.add(db, request())
    database.upgrade()

    with database.read() as db:
        assert requests.by_number(db, 1001) == request()
    assert tables_of(empty_database_url) == {*metadata.tables, "alembic_version"}
    database.close()


def test_the_migrations_and_the_tables_agree(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade()

    with database.begin() as db:
        command.check(configuration(db))
        upgraded = shape(db)
        command.downgrade(configuration(db), "base")
        metadata.create_all(db)
        assert upgraded == shape(db)
    database.close()


def test_a_downgrade_leaves_nothing_and_an_upgrade_brings_it_back(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade()
    with database.begin() as db:
        command.downgrade(configuration(db), "base")
    assert tables_of(empty_database_url) == {"alembic_version"}

    database.upgrade()
    assert tables_of(empty_database_url) == {*metadata.tables, "alembic_version"}
    database.close()


def test_four_processes_upgrade_at_the_same_time(empty_database_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, empty_database_url], stderr=subprocess.PIPE)  # noqa: S603 - our own
        for _ in range(4)
    ]

    assert [(each.communicate(timeout=60)[1], each.returncode) for each in started] == [(b"", 0)] * 4
    database = Database(empty_database_url)
    with database.begin() as db:
        assert requests.next_number(db) == 1001
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade()
    with database.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))

    with pytest.raises(NewerDatabase, match="newer jitbot"):
        database.upgrade()
    with database.read() as db:
        assert db.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "from the future"
    database.close()


def test_a_failing_upgrade_changes_nothing(empty_database_url: str) -> None:
    engine = create_engine(database_url(empty_database_url))
    with engine.begin() as db:
        db.execute(text("CREATE TABLE cards (mine TEXT)"))
    engine.dispose()
    database = Database(empty_database_url)

    with pytest.raises(DBAPIError, match="already exists"):
        database.upgrade()

    assert tables_of(empty_database_url) == {"cards"}
    database.close()


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    with op.batch_alter_table("requests", recreate="always") as table:
        table.add_column(sa.Column("colour", sa.Text()))
    {last}
"""


def next_version(monkeypatch: pytest.MonkeyPatch, folder: Path, last: str = "pass") -> None:
    """Pretend that this is a later jitbot, with one revision more, which rebuilds a table that others refer to."""
    (folder / "r0006_next.py").write_text(NEXT.format(last=last))

    def later(db: Connection | None = None) -> Config:
        config = configuration(db)
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{Path(migrations.__path__[0]) / 'versions'}\n{folder}")
        return config

    monkeypatch.setattr(migrating, "configuration", later)
    monkeypatch.setattr(migrations, "REVISIONS", (*REVISIONS, "0006"))


def fill(database: Database) -> None:
    database.upgrade()
    with database.begin() as db:
        requests.add(db, request(status=RequestStatus.APPROVED, decisions=(decision(),)))
        sessions.add(db, session())


def test_an_upgrade_that_rebuilds_a_sqlite_table_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jitbot.db'}")
    fill(database)
    next_version(monkeypatch, tmp_path)
    database.upgrade()

    with database.read() as db:
        assert db.execute(text("SELECT colour FROM requests")).scalar_one() is None
        assert requests.by_number(db, 1001) == request(status=RequestStatus.APPROVED, decisions=(decision(),))
        assert sessions.live(db, 9) == [session()]
    database.close()


def test_an_older_sqlite_file_is_copied_before_its_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jitbot.db'}")
    fill(database)
    assert list(tmp_path.glob("*.before-*")) == []
    next_version(monkeypatch, tmp_path)
    database.upgrade()
    database.upgrade()
    database.close()

    assert [each.name for each in tmp_path.glob("*.before-*")] == ["jitbot.db.before-0006"]
    monkeypatch.undo()
    copy = Database(f"sqlite:///{tmp_path / 'jitbot.db.before-0006'}")
    copy.upgrade()
    with copy.read() as db:
        assert sessions.live(db, 9) == [session()]
    copy.close()


def test_an_upgrade_that_fails_midway_leaves_the_older_tables_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jitbot.db'}")
    fill(database)
    next_version(monkeypatch, tmp_path, last="raise KeyError('midway')")

    with pytest.raises(KeyError, match="midway"):
        database.upgrade()
    monkeypatch.undo()

    database.upgrade()
    with database.read() as db:
        assert "colour" not in {each["name"] for each in inspect(db).get_columns("requests")}
        assert sessions.live(db, 9) == [session()]
    database.close()


def test_a_damaged_sqlite_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jitbot.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 12] = b"\x07" * (4096 * 9)
    path.write_bytes(content)

    with pytest.raises((DamagedDatabase, DBAPIError)):
        database.upgrade()
    database.close()
