"""A database that cannot be written, by the database's own word: its disk is full, or it is read-only."""

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from storage.transactions import Database
from storage.watching import has_written

_ALL_PAGES = 1_073_741_823
_BALLAST = 50_000_000
_FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"


class FullDisk:
    """Refuses every transaction that writes, from `fill` or `lock` to `free`; reading goes on as ever."""

    def __init__(self, database: Database) -> None:
        self.refused = 0
        self._mode = ""
        self._sqlite = database.dialect == "sqlite"
        engine: Engine = database._engine
        event.listen(engine, "begin", self._begun)
        event.listen(engine, "commit", self._committing)

    def fill(self) -> None:
        """Let no page be added: SQLITE_FULL, or SQLSTATE 53100, at the end of whatever writes."""
        self._mode = "full"

    def lock(self) -> None:
        """Let nothing be changed: SQLITE_READONLY, or SQLSTATE 25006, at the first statement that writes."""
        self._mode = "read-only"

    def free(self) -> None:
        """Let everything be written again."""
        self._mode = ""

    def _begun(self, db: Connection) -> None:
        if self._mode != "read-only":
            return
        cursor = db.connection.cursor()
        cursor.execute("PRAGMA query_only = 1" if self._sqlite else "SET TRANSACTION READ ONLY")
        cursor.close()

    def _committing(self, db: Connection) -> None:
        if self._mode == "full" and has_written(db):
            self.refused += 1
            if not self._sqlite:
                db.exec_driver_sql(_FULL)
            # No fewer pages than there are: the ballast does not fit, and SQLite takes the whole transaction back.
            db.exec_driver_sql("PRAGMA max_page_count = 1")
            try:
                db.exec_driver_sql(f"CREATE TABLE ballast AS SELECT zeroblob({_BALLAST})")
            finally:
                db.connection.cursor().execute(f"PRAGMA max_page_count = {_ALL_PAGES}")
