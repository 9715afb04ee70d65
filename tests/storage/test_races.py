"""Who acts at the same moment as somebody else either wins or is told; nothing happens twice and nothing is lost."""

from collections import Counter
from datetime import timedelta
from threading import Lock

from access.changes import EffectKind
from access.request import RequestId, RequestStatus
from access.session import SessionId, SessionStatus
from storage import audit, outbox, requests, sessions
from storage.outbox import Lane
from storage.transactions import Database, LostRace
from tests.storage.examples import NOW, decision, effect, event, request, session
from tests.storage.threads import at_once

ROUNDS = 15


def test_of_two_presses_at_the_same_moment_exactly_one_wins(database: Database) -> None:
    def press(number: int) -> bool:
        pressed = asked.changed(status=RequestStatus.APPROVED, decisions=(decision(f"U{number}"),))
        try:
            with database.begin() as db:
                requests.save(db, pressed)
        except LostRace:
            return False
        return True

    for number in range(1001, 1001 + ROUNDS):
        asked = request(number)
        with database.begin() as db:
            requests.add(db, asked)
        assert sorted(at_once(2, press)) == [False, True]
        with database.read() as db:
            found = requests.get(db, asked.id)
        assert found
        assert (found.version, len(found.decisions)) == (2, 1)


def test_who_locks_the_request_they_read_never_loses_a_race(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())

    def change(number: int) -> None:
        for _ in range(5):
            with database.begin() as db:
                found = requests.get(db, RequestId("r1"), lock=True)
                assert found
                requests.save(db, found.changed(reminded_at=NOW + timedelta(seconds=number)))

    at_once(6, change)

    with database.read() as db:
        found = requests.get(db, RequestId("r1"))
    assert found
    assert found.version == 31


def test_who_locks_the_session_they_read_never_loses_a_race(database: Database) -> None:
    with database.begin() as db:
        requests.add(db, request())
        sessions.add(db, session())

    def change(number: int) -> None:
        for _ in range(5):
            with database.begin() as db:
                found = sessions.of_request(db, RequestId("r1"), lock=True)
                assert found
                sessions.save(db, found.changed(trouble=str(number)))

    at_once(6, change)

    with database.read() as db:
        found = sessions.get(db, SessionId("s1"))
    assert found
    assert found.version == 31


def test_a_session_is_ended_by_the_sweep_or_by_its_holder_but_not_by_both(database: Database) -> None:
    def end(number: int) -> bool:
        try:
            with database.begin() as db:
                sessions.save(db, running.changed(status=SessionStatus.REVOKING, trouble=str(number)))
                outbox.add(db, [effect(f"revoke:{running.id}", EffectKind.REVOKE, arguments={"by": str(number)})], NOW)
        except LostRace:
            return False
        return True

    for number in range(1, ROUNDS + 1):
        running = session(number, status=SessionStatus.ACTIVE)
        with database.begin() as db:
            requests.add(db, request(1000 + number, status=RequestStatus.APPROVED))
            sessions.add(db, running)
        won = at_once(2, end)
        assert sorted(won) == [False, True]
        with database.begin() as db:
            [claimed] = outbox.claim(db, Lane.REVOKE, NOW, "w", timedelta(seconds=9), 9)
            outbox.finish(db, claimed, NOW)
        assert claimed.effect.arguments == {"by": str(won.index(True))}


def test_request_numbers_taken_at_the_same_moment_are_different(database: Database) -> None:
    def take(_: int) -> list[int]:
        taken = []
        for _ in range(5):
            with database.begin() as db:
                taken.append(requests.next_number(db))
        return taken

    numbers = [each for taken in at_once(4, take) for each in taken]

    assert sorted(numbers) == list(range(1001, 1021))


def test_events_appended_at_the_same_moment_form_one_chain(database: Database) -> None:
    def append(number: int) -> None:
        for _ in range(5):
            with database.begin() as db:
                audit.append(db, event(number))

    at_once(4, append)

    with database.read() as db:
        found = audit.verify(db)
    assert (found.ok, found.entries) == (True, 21)


def test_several_workers_perform_each_effect_once_and_never_two_of_one_subject_at_once(database: Database) -> None:
    count, subjects = 120, 15
    with database.begin() as db:
        kinds = [EffectKind.REVOKE, EffectKind.GRANT]
        outbox.add(
            db, [effect(f"k{i}", kinds[i // subjects % 2], subject=f"s{i % subjects}") for i in range(count)], NOW
        )
    performed: Counter[str] = Counter()
    busy: Counter[str] = Counter()
    clashes: list[str] = []
    lock = Lock()

    def work(number: int) -> None:
        while sum(performed.values()) < count:
            lane = (Lane.REVOKE, Lane.GRANT)[number % 2]
            with database.begin() as db:
                claimed = outbox.claim(db, lane, NOW, f"w{number}", timedelta(hours=1), 4)
            with lock:
                busy.update(each.effect.subject for each in claimed)
                clashes.extend(subject for subject, held in busy.items() if held > 1)
            for each in claimed:
                with lock:
                    performed[each.effect.key] += 1
                    busy[each.effect.subject] -= 1
                with database.begin() as db:
                    outbox.finish(db, each, NOW)

    at_once(4, work)

    assert clashes == []
    assert performed == {f"k{i}": 1 for i in range(count)}


def test_the_same_effect_ordered_at_the_same_moment_is_kept_once(database: Database) -> None:
    def order(_: int) -> None:
        with database.begin() as db:
            outbox.add(db, [effect("k1"), effect("k2")], NOW)

    at_once(4, order)

    with database.begin() as db:
        claimed = outbox.claim(db, Lane.SLACK, NOW, "w", timedelta(seconds=9), 9)
    assert [each.effect.key for each in claimed] == ["k1", "k2"]
