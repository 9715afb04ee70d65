"""The audit log only grows, and every change of what it says is found."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

import pytest
from sqlalchemy import Executable, insert, text, update
from sqlalchemy.exc import DBAPIError

from access.changes import EventKind
from storage import audit, chain, tables
from storage.transactions import Database
from tests.storage.examples import event

EVENTS = 5


def append(database: Database, *numbers: int) -> list[int]:
    with database.begin() as db:
        return [audit.append(db, event(each)) for each in numbers]


def verify(database: Database, anchor: tuple[int, str] | None = None) -> audit.Verified:
    with database.read() as db:
        return audit.verify(db, anchor)


def head(database: Database) -> audit.Head:
    with database.read() as db:
        return audit.head(db)


def tamper(database: Database, *statements: str | Executable) -> None:
    """Change the log behind the back of its triggers, as an administrator of the database can."""
    with database.begin() as db:
        if database.dialect == "postgresql":
            db.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for name in ("audit_no_update", "audit_no_delete", "audit_no_replace"):
                db.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        for each in statements:
            db.execute(text(each) if isinstance(each, str) else each)


def test_events_are_numbered_after_the_entry_that_names_the_log(database: Database) -> None:
    assert append(database, 1, 2) == [2, 3]
    assert append(database, 3) == [4]


def test_an_event_comes_back_as_it_was_appended(database: Database) -> None:
    append(database, 1, 2)

    with database.read() as db:
        assert audit.get(db, 3) == event(2)


@pytest.mark.parametrize("seq", [0, 1, 99])
def test_there_is_no_event_before_the_first_or_after_the_last(database: Database, seq: int) -> None:
    append(database, 1)

    with database.read() as db, pytest.raises(audit.NoSuchEntry):
        audit.get(db, seq)


def test_an_event_of_a_transaction_rolled_back_is_not_in_the_log(database: Database) -> None:
    def append_and_fail() -> None:
        with database.begin() as db:
            raise KeyError(audit.append(db, event()))

    with pytest.raises(KeyError):
        append_and_fail()

    assert head(database).seq == 0
    assert verify(database).ok


def test_an_untouched_log_verifies(database: Database) -> None:
    append(database, *range(EVENTS))

    found = verify(database)

    assert (found.ok, found.problem, found.entries, found.head_seq) == (True, "", EVENTS + 1, EVENTS + 1)
    assert found.head_hash == head(database).hash
    assert verify(database, (found.head_seq, found.head_hash)).ok


def test_an_empty_log_verifies_but_not_against_an_anchor(database: Database) -> None:
    assert verify(database).ok
    assert verify(database, (2, "ab")).problem == "truncated: the anchor names entry 2, the log ends at 0"


def test_a_log_longer_than_a_page_verifies(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    append(database, *range(EVENTS))

    for page in (1, 2, EVENTS, EVENTS + 1, EVENTS + 2):
        monkeypatch.setattr(chain, "PAGE", page)
        assert verify(database).entries == EVENTS + 1


def test_each_log_has_a_name_of_its_own_from_its_first_event(database: Database) -> None:
    assert head(database) == audit.Head(log_id="", seq=0, hash="0" * 64)
    append(database, 1)

    assert len(head(database).log_id) == 32


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = body WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "INSERT INTO audit SELECT * FROM audit WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(database: Database, statement: str) -> None:
    append(database, 1)

    with pytest.raises(DBAPIError), database.begin() as db:
        db.exec_driver_sql(statement)
    assert verify(database).ok


def test_replacing_and_truncating_are_refused_too(database: Database) -> None:
    append(database, 1)
    statement = {
        "sqlite": "INSERT OR REPLACE INTO audit SELECT seq, at, 'x', actor, request, body, prev, hash FROM audit",
        "postgresql": "TRUNCATE audit",
    }[database.dialect]

    with pytest.raises(DBAPIError, match="append-only"), database.begin() as db:
        db.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["UPDATE audit SET body = replace(body, 'INC-12', 'INC-13') WHERE seq = 3"], "broken at 3: the body was"),
        (["UPDATE audit SET kind = 'approved' WHERE seq = 3"], "broken at 3: its columns"),
        (["UPDATE audit SET at = '2026-11-23T00:00:00.000000+00:00' WHERE seq = 3"], "broken at 3: its columns"),
        (["UPDATE audit SET actor = 'U6' WHERE seq = 3"], "broken at 3: its columns"),
        (["UPDATE audit SET request = '' WHERE seq = 3"], "broken at 3: its columns"),
        (["UPDATE audit SET prev = 'x' WHERE seq = 3"], "broken at 3: it does not follow"),
        (["DELETE FROM audit WHERE seq = 3"], "broken at 3: the next entry is 4"),
        (["DELETE FROM audit WHERE seq = 1"], "broken at 1: the next entry is 2"),
        (["DELETE FROM audit WHERE seq = 6"], "truncated: the head names entry 6, the log ends at 5"),
        (["DELETE FROM audit_head"], "truncated: the head names entry 0, the log ends at 6"),
        (["UPDATE audit SET seq = 7 WHERE seq = 6"], "broken at 6: the next entry is 7"),
    ],
)
def test_every_change_of_an_entry_is_found(database: Database, statements: Iterable[str], problem: str) -> None:
    append(database, *range(EVENTS))
    tamper(database, *statements)

    found = verify(database)

    assert not found.ok
    assert found.problem.startswith(problem)


def test_an_entry_changed_together_with_its_hash_is_found(database: Database) -> None:
    append(database, *range(EVENTS))
    with database.read() as db:
        body = next(each for each in chain.entries(db) if each.seq == 3).body.replace("INC-12", "INC-13")
    forged = hashlib.sha256(body.encode()).hexdigest()
    tamper(database, update(tables.audit).where(tables.audit.c.seq == 3).values(body=body, hash=forged))

    assert verify(database).problem == "broken at 4: it does not follow the entry before"


def test_a_tail_cut_off_with_its_head_is_found_by_an_anchor_only(database: Database) -> None:
    append(database, *range(EVENTS))
    anchor = (head(database).seq, head(database).hash)
    tamper(
        database,
        "DELETE FROM audit WHERE seq > 4",
        "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
    )

    assert verify(database).ok
    assert verify(database, anchor).problem == "truncated: the anchor names entry 6, the log ends at 4"


def test_a_log_written_anew_is_found_by_an_anchor_only(database: Database) -> None:
    append(database, *range(EVENTS))
    with database.read() as db:
        anchor = next((each.seq, each.hash) for each in chain.entries(db) if each.seq == 3)
    tamper(database, "DELETE FROM audit", update(tables.audit_head).values(seq=0, hash=chain.NO_HASH))
    append(database, *range(EVENTS))

    assert verify(database).ok
    assert verify(database, anchor).problem.startswith("mismatch at 3")


def test_the_log_cannot_be_given_a_second_name(database: Database) -> None:
    append(database, 1)
    at_end = head(database)
    forged = chain.chained(
        at_end.seq, at_end.hash, event().at, {"kind": chain.GENESIS, "actor": "", "request": "", "log_id": "x"}
    )
    tamper(database, insert(tables.audit).values(asdict(forged)))

    assert verify(database).problem == "broken at 3: the log's name is misplaced"


def test_an_export_can_be_verified_without_the_database(database: Database) -> None:
    append(database, 1, 2)

    with database.read() as db:
        lines = list(audit.export(db))

    prev = "0" * 64
    for line in lines:
        body = line.removeprefix('{"body":').rpartition(',"hash":')[0]
        assert json.loads(line)["hash"] == hashlib.sha256(body.encode()).hexdigest()
        assert json.loads(line)["body"]["prev"] == prev
        prev = json.loads(line)["hash"]
    assert [json.loads(line)["body"]["kind"] for line in lines] == ["genesis", "requested", "requested"]


def test_every_kind_of_event_can_be_appended_and_read(database: Database) -> None:
    with database.begin() as db:
        seqs = {kind: audit.append(db, event(kind=kind)) for kind in EventKind}

    with database.read() as db:
        assert {kind: audit.get(db, seq).kind for kind, seq in seqs.items()} == {kind: kind for kind in EventKind}


def test_the_beginning_of_a_hash_is_an_anchor_too(database: Database) -> None:
    """What stands in the audit channel is enough to notice a log written anew, and too little of it is no anchor."""
    with database.begin() as db:
        seq = audit.append(db, event(1))
        number, _, digest = audit.anchor(db, seq).partition(":")

    with database.read() as db:
        assert chain.verify(db, (int(number), digest[:16])).ok
        assert not chain.verify(db, (int(number), digest[:15])).ok
        assert not chain.verify(db, (int(number), "0" * 16)).ok
