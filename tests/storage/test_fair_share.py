"""No AWS account takes a whole lane, and removals that reach far come first."""

from datetime import timedelta

from access.changes import Effect, EffectKind
from storage import outbox
from storage.fair_share import account_of
from storage.outbox import Claimed, Lane
from storage.transactions import Database
from tests.storage.examples import MINUTE, NOW

TTL = timedelta(seconds=90)
HANGING, OTHER = "111122223333", "444455556666"
MANY = 100


def removal(number: int, account: str = HANGING, kind: EffectKind = EffectKind.REVOKE) -> Effect:
    return Effect(kind=kind, subject=f"p-{number}/{account}/ReadOnly", key=f"{kind}:{account}:{number}")


def order(database: Database, *effects: Effect, urgent: bool = False) -> None:
    with database.begin() as db:
        outbox.add(db, effects, NOW, urgent=urgent)


def claim(database: Database, limit: int, worker: str = "w1", at: timedelta = timedelta(0)) -> list[Claimed]:
    with database.begin() as db:
        return outbox.claim(db, Lane.REVOKE, NOW + at, worker, TTL, limit, share=2)


def accounts(claimed: list[Claimed]) -> list[str]:
    return [account_of(each.effect.subject) for each in claimed]


def keys(claimed: list[Claimed]) -> list[str]:
    return [each.effect.key for each in claimed]


def test_the_account_stands_in_the_subject_of_what_changes_it_and_nowhere_else() -> None:
    assert account_of("p-1/111122223333/ReadOnly") == "111122223333"
    assert [account_of(each) for each in ("rq_7Zk2", "audit", "", "a/b")] == ["", "", "", ""]


def test_an_account_with_many_due_effects_leaves_room_for_the_others(database: Database) -> None:
    order(database, *[removal(each) for each in range(MANY)])
    order(database, removal(1, OTHER), removal(2, OTHER), removal(3, OTHER))

    assert accounts(claim(database, 4)) == [HANGING, HANGING, OTHER, OTHER]
    assert claim(database, 4) == []


def test_what_hangs_counts_until_it_is_done(database: Database) -> None:
    order(database, *[removal(each) for each in range(MANY)])
    first, second = claim(database, 2)
    assert claim(database, 2) == []
    with database.begin() as db:
        outbox.finish(db, first, NOW)

    [third] = claim(database, 2)
    assert third.effect.key not in {first.effect.key, second.effect.key}


def test_a_worker_that_died_holding_its_share_takes_none_from_others(database: Database) -> None:
    order(database, *[removal(each) for each in range(4)])
    claim(database, 4, "dead")

    assert len(claim(database, 4, "alive")) == 2


def test_a_share_of_one_lane_takes_none_of_another(database: Database) -> None:
    order(database, *[removal(each) for each in range(2)])
    order(database, *[removal(each, kind=EffectKind.GRANT) for each in range(2, 4)])
    claim(database, 2)

    with database.begin() as db:
        assert len(outbox.claim(db, Lane.GRANT, NOW, "w1", TTL, 4, share=2)) == 2


def test_urgent_removals_come_first_and_looking_again_comes_last(database: Database) -> None:
    order(database, removal(1, kind=EffectKind.VERIFY_ABSENT))
    order(database, removal(2))
    order(database, removal(3), urgent=True)

    claimed = [each for _ in range(3) for each in claim(database, 1, at=MINUTE)]
    assert keys(claimed) == [f"revoke:{HANGING}:3", f"revoke:{HANGING}:2"]
    assert keys(claim(database, 1, "w2", MINUTE)) == [f"verify_absent:{HANGING}:1"]


def test_the_oldest_effect_of_a_subject_goes_at_the_place_of_its_most_urgent(database: Database) -> None:
    order(database, removal(1, OTHER), removal(7, kind=EffectKind.VERIFY_ABSENT))
    order(database, removal(7), urgent=True)

    assert keys(claim(database, 1)) == [f"verify_absent:{HANGING}:7"]


def test_more_due_effects_of_one_subject_than_are_read_at_once_hide_nothing(database: Database) -> None:
    same = [Effect(kind=EffectKind.REVOKE, subject="p-1/a/Set", key=f"k{each}") for each in range(MANY)]
    order(database, *same, urgent=True)
    order(database, removal(1, OTHER))

    assert keys(claim(database, 4)) == ["k0", f"revoke:{OTHER}:1"]
