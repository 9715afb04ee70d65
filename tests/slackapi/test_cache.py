"""The memory of look-ups forgets in time, shares look-ups, and never keeps what was to be forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from slackapi.cache import MOST_ENTRIES, Cache


def for_a_minute(_: object) -> float:
    """Keep a value for sixty seconds."""
    return 60.0


@pytest.mark.parametrize("everything", [False, True])
def test_what_is_forgotten_while_it_is_looked_up_is_not_kept(everything: object) -> None:
    """An event that comes during a look-up makes the next one ask again."""
    cache: Cache[str, int] = Cache(lambda: 0.0)

    def load() -> int:
        if everything:
            cache.forget_where(lambda _: True)
        else:
            cache.forget("a")
        return 1

    assert cache.get("a", load, for_a_minute) == 1
    assert cache.get("a", lambda: 2, for_a_minute) == 2


def test_a_failure_reaches_everybody_who_waits() -> None:
    """Twenty presses during an outage wait once, not one after the other."""
    cache: Cache[str, int] = Cache(lambda: 0.0)
    inside, go = threading.Event(), threading.Event()

    def load() -> int:
        inside.set()
        go.wait(5)
        raise OSError("away")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "a", load, for_a_minute)
        assert inside.wait(5)
        second = pool.submit(cache.get, "a", load, for_a_minute)
        # the second either waits for the first, or comes so late that it asks by itself and fails alike
        go.set()
        assert [type(each.exception()) for each in (first, second)] == [OSError, OSError]


def test_time_counts_from_the_question() -> None:
    """A slow answer is no newer than its question."""
    now = [0.0]
    cache: Cache[str, int] = Cache(lambda: now[0])

    def slowly() -> int:
        now[0] += 50
        return 1

    cache.get("a", slowly, for_a_minute)
    now[0] += 11
    assert cache.get("a", lambda: 2, for_a_minute) == 2


def test_keys_do_not_mix() -> None:
    """Each key has its value, and forgetting by value hits only what matches."""
    cache: Cache[str, int] = Cache(lambda: 0.0)
    cache.get("a", lambda: 1, for_a_minute)
    cache.get("b", lambda: 2, for_a_minute)
    cache.forget_where(lambda value: value == 1)
    assert (cache.get("a", lambda: 3, for_a_minute), cache.get("b", lambda: 4, for_a_minute)) == (3, 2)


def test_it_does_not_grow_for_ever() -> None:
    """Beyond ten thousand entries it starts anew rather than fill the memory."""
    cache: Cache[int, int] = Cache(lambda: 0.0)
    for number in range(MOST_ENTRIES + 1):
        cache.get(number, lambda: 1, for_a_minute)
    assert cache.get(0, lambda: 2, for_a_minute) == 2
