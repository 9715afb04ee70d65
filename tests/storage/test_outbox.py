"""Effects are kept until performed, held by one worker at a time, and never two of one subject at once."""

from datetime import datetime, timedelta

import pytest

from access.changes import EffectKind
from storage import outbox
from storage.outbox import Claimed, FencedOut, Lane, Waiting
from storage.transactions import Database
from tests.storage.examples import HOUR, MINUTE, NOW, effect

TTL = timedelta(seconds=90)


def order(database: Database, *effects: object, at: datetime = NOW) -> None:
    with database.begin() as db:
        outbox.add(db, effects, at)  # type: ignore[arg-type]


def claim(database: Database, lane: Lane = Lane.SLACK, at: datetime = NOW, limit: int = 9) -> list[Claimed]:
    with database.begin() as db:
        return outbox.claim(db, lane, at, "w1", TTL, limit)


def keys(claimed: list[Claimed]) -> list[str]:
    return [each.effect.key for each in claimed]


def test_an_effect_comes_back_as_it_was_ordered(database: Database) -> None:
    order(database, effect("k1", subject="r1", arguments={"notice": "granted", "wörter": "✓"}))

    [claimed] = claim(database)

    assert claimed.effect == effect("k1", subject="r1", arguments={"notice": "granted", "wörter": "✓"})
    assert (claimed.attempts, claimed.token, claimed.outcome_unknown) == (1, 1, False)
    assert (claimed.lane, claimed.first_due, claimed.leased_until) == (Lane.SLACK, NOW, NOW + TTL)


def test_the_same_key_is_the_same_effect(database: Database) -> None:
    order(database, effect("k1"), effect("k1"))
    order(database, effect("k1"), effect("k2"))

    assert keys(claim(database)) == ["k1", "k2"]


def test_ordering_nothing_is_allowed(database: Database) -> None:
    order(database)

    assert claim(database) == []


@pytest.mark.parametrize(
    ("kind", "lane"),
    [
        (EffectKind.REVOKE, Lane.REVOKE),
        (EffectKind.VERIFY_ABSENT, Lane.REVOKE),
        (EffectKind.GRANT, Lane.GRANT),
        (EffectKind.POST_CARD, Lane.SLACK),
        (EffectKind.UPDATE_CARDS, Lane.SLACK),
        (EffectKind.TELL, Lane.SLACK),
        (EffectKind.AUDIT_LINE, Lane.SLACK),
    ],
)
def test_each_kind_of_effect_has_its_lane(database: Database, kind: EffectKind, lane: Lane) -> None:
    order(database, effect("k1", kind))

    assert {each: keys(claim(database, each)) for each in Lane} == {
        each: ["k1"] if each is lane else [] for each in Lane
    }


def test_a_delayed_effect_is_not_due_before_its_time(database: Database) -> None:
    order(database, effect("k1", delay=HOUR))

    assert claim(database, at=NOW + HOUR - timedelta(microseconds=1)) == []
    assert keys(claim(database, at=NOW + HOUR)) == ["k1"]


def test_removing_comes_before_looking_again_and_the_longest_due_first(database: Database) -> None:
    order(database, effect("v", EffectKind.VERIFY_ABSENT), at=NOW - HOUR)
    order(database, effect("b", EffectKind.REVOKE), at=NOW)
    order(database, effect("a", EffectKind.REVOKE), at=NOW - MINUTE)

    assert keys(claim(database, Lane.REVOKE, limit=2)) == ["a", "b"]
    assert keys(claim(database, Lane.REVOKE, limit=2)) == ["v"]


def test_what_one_worker_holds_nobody_else_gets_until_the_lease_is_over(database: Database) -> None:
    order(database, effect("k1"))
    claim(database)

    assert claim(database, at=NOW + TTL - timedelta(microseconds=1)) == []
    [again] = claim(database, at=NOW + TTL)
    assert (again.attempts, again.token) == (2, 2)


def test_an_effect_whose_lease_ran_out_may_have_happened(database: Database) -> None:
    order(database, effect("k1"))
    claim(database)

    [again] = claim(database, at=NOW + TTL)

    assert again.outcome_unknown


def test_two_effects_of_one_subject_are_never_held_together_not_even_in_two_lanes(database: Database) -> None:
    order(
        database,
        effect("grant", EffectKind.GRANT, subject="s1"),
        effect("revoke", EffectKind.REVOKE, subject="s1"),
        effect("other", EffectKind.REVOKE, subject="s2"),
    )
    [grant] = claim(database, Lane.GRANT)

    assert keys(claim(database, Lane.REVOKE)) == ["other"]
    with database.begin() as db:
        outbox.finish(db, grant, NOW)
    assert keys(claim(database, Lane.REVOKE)) == ["revoke"]


def test_a_waiting_grant_does_not_hold_up_the_revocation(database: Database) -> None:
    order(
        database,
        effect("grant", EffectKind.GRANT, subject="s1"),
        effect("revoke", EffectKind.REVOKE, subject="s1"),
    )

    assert keys(claim(database, Lane.REVOKE)) == ["revoke"]


def test_within_one_subject_the_oldest_due_effect_goes_first_and_alone(database: Database) -> None:
    order(database, effect("late", subject="r1", delay=MINUTE), effect("k1", subject="r1"), effect("k2", subject="r1"))

    [first] = claim(database)
    assert first.effect.key == "k1"
    with database.begin() as db:
        outbox.finish(db, first, NOW)
    assert keys(claim(database, at=NOW + MINUTE)) == ["late"]


def test_a_performed_effect_is_never_claimed_again(database: Database) -> None:
    order(database, effect("k1"))
    [claimed] = claim(database)
    with database.begin() as db:
        outbox.finish(db, claimed, NOW)

    order(database, effect("k1"))
    assert claim(database, at=NOW + HOUR) == []


def test_who_lost_the_lease_to_another_can_finish_nothing(database: Database) -> None:
    order(database, effect("k1"))
    [paused] = claim(database)
    [taken_over] = claim(database, at=NOW + TTL)

    with pytest.raises(FencedOut), database.begin() as db:
        outbox.finish(db, paused, NOW + TTL)
    with database.begin() as db:
        outbox.finish(db, taken_over, NOW + TTL)


def test_an_effect_is_finished_once(database: Database) -> None:
    order(database, effect("k1"))
    [claimed] = claim(database)
    with database.begin() as db:
        outbox.finish(db, claimed, NOW)

    with pytest.raises(FencedOut), database.begin() as db:
        outbox.finish(db, claimed, NOW)


def test_an_effect_put_off_is_due_again_later_and_counts_its_attempts(database: Database) -> None:
    order(database, effect("k1"))
    [claimed] = claim(database)
    with database.begin() as db:
        outbox.put_off(db, claimed, NOW + MINUTE, "Slack is away")

    assert claim(database) == []
    [again] = claim(database, at=NOW + MINUTE)
    assert (again.attempts, again.outcome_unknown, again.first_due) == (2, False, NOW)


def test_an_unknown_outcome_is_remembered_through_later_attempts(database: Database) -> None:
    order(database, effect("k1"))
    [claimed] = claim(database)
    with database.begin() as db:
        outbox.put_off(db, claimed, NOW, "timed out", unknown=True)
    [second] = claim(database)
    with database.begin() as db:
        outbox.put_off(db, second, NOW, "refused")
    [third] = claim(database)

    assert (second.outcome_unknown, third.outcome_unknown) == (True, True)


def test_putting_off_what_somebody_else_holds_changes_nothing(database: Database) -> None:
    order(database, effect("k1"))
    [paused] = claim(database)
    [taken_over] = claim(database, at=NOW + TTL)
    with database.begin() as db:
        outbox.put_off(db, paused, NOW + HOUR, "too late", unknown=True)

    with database.begin() as db:
        outbox.finish(db, taken_over, NOW + TTL)


def test_a_stopping_worker_hands_back_only_what_it_holds_and_the_attempt_is_not_counted(database: Database) -> None:
    order(database, effect("mine"))
    claim(database)
    order(database, effect("theirs"))
    with database.begin() as db:
        outbox.claim(db, Lane.SLACK, NOW, "w2", TTL, 9)
        assert outbox.hand_back(db, "w1", NOW) == 1

    [again] = claim(database)
    assert (again.effect.key, again.attempts, again.outcome_unknown) == ("mine", 1, True)


def test_who_knows_that_all_others_are_dead_releases_what_they_hold(database: Database) -> None:
    order(database, effect("a"), effect("b"))
    [a] = claim(database, limit=1)
    with database.begin() as db:
        [b] = outbox.claim(db, Lane.SLACK, NOW, "w2", TTL, 9)
        assert outbox.hand_back(db, None, NOW) == 2

    assert [(each.effect.key, each.outcome_unknown) for each in claim(database)] == [("a", True), ("b", True)]
    with pytest.raises(FencedOut), database.begin() as db:
        outbox.finish(db, a, NOW)
    with pytest.raises(FencedOut), database.begin() as db:
        outbox.finish(db, b, NOW)


def test_pruning_forgets_what_was_performed_long_ago_and_nothing_else(database: Database) -> None:
    order(database, effect("old"), effect("new"), effect("open"))
    old, new, _ = claim(database)
    with database.begin() as db:
        outbox.finish(db, old, NOW)
        outbox.finish(db, new, NOW + HOUR)
    with database.begin() as db:
        assert outbox.prune(db, NOW + HOUR) == 1

    order(database, effect("old"), effect("new"))
    assert keys(claim(database, at=NOW + TTL)) == ["open", "old"]


def test_the_state_tells_what_waits_in_each_lane_and_since_when(database: Database) -> None:
    order(database, effect("a"), effect("b"), effect("later", delay=2 * HOUR), effect("r", EffectKind.REVOKE))
    a, b = claim(database)
    with database.begin() as db:
        outbox.put_off(db, a, NOW + 2 * HOUR, "poison")
        outbox.put_off(db, b, NOW + MINUTE, "soon")

    with database.read() as db:
        assert outbox.state(db, NOW + HOUR) == {
            Lane.REVOKE: Waiting(ready=1, oldest=HOUR),
            Lane.GRANT: Waiting(ready=0, oldest=timedelta(0)),
            Lane.SLACK: Waiting(ready=1, oldest=HOUR),
        }
