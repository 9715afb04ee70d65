"""Two bots in the same moment: one wins, the other is told, and the audit log knows of one decision.

On PostgreSQL two real processes race, on SQLite two threads, because there only one process may write.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from access.changes import Event
from access.request import RequestStatus
from access.session import Ending, SessionStatus
from storage import audit, chain, requests, sessions
from storage.transactions import Database
from tests.faults.effort import rounds
from tests.faults.racing import FIRST, Move, Racers, Told, prepare, prepare_extensions, request_of, threads_race

DECIDING = [
    (Move.OLAF_APPROVES, Move.OLGA_APPROVES),
    (Move.OLAF_APPROVES, Move.OLAF_APPROVES),
    (Move.OLAF_APPROVES, Move.OLGA_REJECTS),
    (Move.OLAF_APPROVES, Move.RITA_WITHDRAWS),
    (Move.OLAF_APPROVES, Move.IT_LAPSES),
]
ENDING = [
    (Move.OLAF_REVOKES, Move.OLGA_REVOKES),
    (Move.OLAF_REVOKES, Move.OLAF_REVOKES),
    (Move.OLAF_REVOKES, Move.IT_EXPIRES),
    (Move.OLAF_REVOKES, Move.RITA_IS_DONE),
    (Move.RITA_IS_DONE, Move.IT_EXPIRES),
]
EXTENDING = [(Move.OLAF_EXTENDS, Move.IT_EXPIRES), (Move.OLAF_EXTENDS, Move.OLGA_EXTENDS)]
BECOMES = {
    Move.OLAF_APPROVES: RequestStatus.APPROVED,
    Move.OLGA_APPROVES: RequestStatus.APPROVED,
    Move.OLGA_REJECTS: RequestStatus.REJECTED,
    Move.RITA_WITHDRAWS: RequestStatus.WITHDRAWN,
    Move.IT_LAPSES: RequestStatus.LAPSED,
}
ENDS = {
    Move.OLAF_REVOKES: Ending.REVOKED,
    Move.OLGA_REVOKES: Ending.REVOKED,
    Move.RITA_IS_DONE: Ending.ENDED_EARLY,
    Move.IT_EXPIRES: Ending.EXPIRED,
}
ROUNDS = rounds(40, 200)
_NAMES = {each: each.value.partition(" ")[0] for each in Move if each.value.startswith(("Olaf", "Olga"))}


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    with Racers() as ready:
        yield ready


def race(database: Database, racers: Racers, moves: tuple[Move, Move], *, running: bool) -> list[Move]:
    """Race, hold every round to one winner and a loser who is told by whom, and return the winners."""
    prepare(database, ROUNDS, running=running)
    return contest(database, racers, moves)


def contest(database: Database, racers: Racers, moves: tuple[Move, Move]) -> list[Move]:
    """Race over what has been prepared."""
    url = database.url.render_as_string(hide_password=False)
    run = racers.race if database.dialect == "postgresql" else threads_race
    won = [_winner(moves, told) for told in run(url, moves, ROUNDS)]
    print(f"{database.dialect}: {dict(Counter(won))}")  # noqa: T201 - the figures of the proof
    return won


def _winner(moves: tuple[Move, Move], told: tuple[Told, Told]) -> Move:
    assert sorted(each.won for each in told) == [False, True], told
    winner, loser = (0, 1) if told[0].won else (1, 0)
    if not moves[loser].by_the_clock:
        assert re.search("already|withdrawn|lapsed|not active", told[loser].words)
        assert _NAMES.get(moves[winner], "") in told[loser].words
    return moves[winner]


def entries(database: Database) -> dict[str, list[Event]]:
    """Read the audit log, which must be whole, by request."""
    with database.read() as db:
        assert chain.verify(db).ok
        found = [audit.get(db, seq) for seq in range(2, audit.head(db).seq + 1)]
    return {f"REQ-{FIRST + each}": [e for e in found if e.request == f"REQ-{FIRST + each}"] for each in range(ROUNDS)}


@pytest.mark.parametrize("moves", DECIDING, ids=" or ".join)
def test_of_two_who_decide_in_the_same_moment_one_wins_and_the_other_is_told(
    database: Database, racers: Racers, moves: tuple[Move, Move]
) -> None:
    """The request becomes what the winner said, with one decision event, and has a session only if approved."""
    won = race(database, racers, moves, running=False)
    log = entries(database)
    with database.read() as db:
        for number, winner in enumerate(won):
            request = requests.get(db, request_of(number))
            assert request is not None
            assert request.status is BECOMES[winner]
            assert [each.kind.value for each in log[request.label]] == [BECOMES[winner].value.lower()]
            session = sessions.of_request(db, request.id)
            assert (session is not None) == (BECOMES[winner] is RequestStatus.APPROVED)


@pytest.mark.parametrize("moves", ENDING, ids=" or ".join)
def test_of_two_who_end_a_session_in_the_same_moment_one_wins_and_the_other_is_told(
    database: Database, racers: Racers, moves: tuple[Move, Move]
) -> None:
    """The session ends as the winner said; an order by a person stands in the log once."""
    won = race(database, racers, moves, running=True)
    log = entries(database)
    with database.read() as db:
        for number, winner in enumerate(won):
            session = sessions.of_request(db, request_of(number))
            assert session is not None
            assert (session.status, session.ending) == (SessionStatus.REVOKING, ENDS[winner])
            ordered = [] if winner.by_the_clock else ["end_ordered"]
            assert [each.kind.value for each in log[f"REQ-{FIRST + number}"]] == ordered


@pytest.mark.parametrize("moves", EXTENDING, ids=" or ".join)
def test_a_session_is_extended_once_or_it_ends_and_never_both(
    database: Database, racers: Racers, moves: tuple[Move, Move]
) -> None:
    """An extension approved in the second of the end: either the end is put off, once, or it is ordered."""
    prepare_extensions(database, ROUNDS)
    won = contest(database, racers, moves)
    log = entries(database)
    with database.read() as db:
        for number, winner in enumerate(won):
            session = sessions.of_request(db, request_of(number))
            assert session is not None
            expired = winner is Move.IT_EXPIRES
            assert session.status is (SessionStatus.REVOKING if expired else SessionStatus.ACTIVE)
            assert session.extensions == (0 if expired else 1)
            assert [each.kind.value for each in log[f"REQ-{FIRST + number}"]] == ([] if expired else ["extended"])
