"""Where the database of a run lies: a SQLite file copied from a template, or the PostgreSQL of the test run."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.databases import _empty
from tests.faults.gates import Gates
from tests.faults.world_wires import SharedEngine


class SqliteStore:
    """A file that is copied anew for each run."""

    def __init__(self, template: Path, path: Path) -> None:
        self._template = template
        self._path = path
        self.engine = SharedEngine(f"sqlite:///{path}", Gates())

    def empty(self) -> None:
        """Put the template in the file's place."""
        self.engine.close()
        for each in self._path.parent.glob(f"{self._path.name}*"):
            each.unlink()
        shutil.copyfile(self._template, self._path)

    def save(self) -> bytes:
        """Keep the file as it is, with all that still stands in its log of writes."""
        self.engine.close()
        with closing(sqlite3.connect(self._path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.read_bytes()

    def put_back(self, kept: bytes) -> None:
        """Put a kept file in its place."""
        self.engine.close()
        self._path.write_bytes(kept)


class PostgresqlStore:
    """A database whose rows are put back for each run."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.engine = SharedEngine(url, Gates())

    def empty(self) -> None:
        """Put back the rows that the database started with."""
        self.engine.close()
        _empty(self._url)

    def save(self) -> object:
        """Refuse: runs on PostgreSQL begin at the beginning."""
        raise NotImplementedError

    def put_back(self, kept: object) -> None:
        """Refuse: runs on PostgreSQL begin at the beginning."""
        raise NotImplementedError
