"""Keeping within AWS's rates, on a clock of our own."""

import threading

import pytest

from aws import throttle as throttle_module
from aws.errors import Busy
from aws.throttle import Throttle


class Seconds:
    """A clock that moves by being waited on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the seconds."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let them pass."""
        self.now += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_eighty_calls_take_nine_seconds_at_eight_a_second(seconds: Seconds) -> None:
    """A burst of eight goes at once, the rest at the rate."""
    throttle = Throttle(rate=8, clock=seconds, wait=seconds.wait)

    for _ in range(80):
        with throttle.slot():
            pass

    assert seconds.now == pytest.approx(9.0)


def test_a_rested_throttle_saves_up_one_second_of_calls_and_no_more(seconds: Seconds) -> None:
    throttle = Throttle(rate=8, clock=seconds, wait=seconds.wait)
    seconds.now = 1000.0

    for _ in range(16):
        with throttle.slot():
            pass

    assert seconds.now == pytest.approx(1001.0)


def test_more_calls_than_places_wait_and_then_are_busy(seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle_module, "LONGEST_WAIT", 0.01)
    throttle = Throttle(in_flight=1, clock=seconds, wait=seconds.wait)

    with throttle.slot(), pytest.raises(Busy), throttle.slot():
        pytest.fail("two calls held one place")
    with throttle.slot():
        pass


def test_one_account_is_changed_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle_module, "LONGEST_WAIT", 0.01)
    throttle = Throttle()
    outcome: list[str] = []

    def other(account_id: str) -> None:
        try:
            with throttle.alone_in(account_id):
                outcome.append("entered")
        except Busy:
            outcome.append("busy")

    with throttle.alone_in("111122223333"), throttle.alone_in("111122223333"):
        for account_id in ("111122223333", "444455556666"):
            thread = threading.Thread(target=other, args=(account_id,))
            thread.start()
            thread.join()

    assert outcome == ["busy", "entered"]


def test_patient_calls_never_touch_half_of_the_rate(seconds: Seconds) -> None:
    """However many of them there are, four others find their token at once: a removal is never delayed by a list."""
    throttle = Throttle(rate=8, clock=seconds, wait=seconds.wait)

    for _ in range(40):
        with throttle.patiently(), throttle.slot():
            pass
        began = seconds.now
        with throttle.slot():
            assert seconds.now == began
    assert seconds.now > 8


def test_patient_calls_wait_while_others_are_in_flight(seconds: Seconds) -> None:
    """Half of the places stay free; where others keep theirs for a minute, the patient one gives up in words."""
    throttle = Throttle(rate=8, in_flight=2, clock=seconds, wait=seconds.wait)

    with throttle.slot(), pytest.raises(Busy, match="more urgent"), throttle.patiently(), throttle.slot():
        pytest.fail("it took the last free place")

    assert seconds.now >= 60
    with throttle.slot():
        pass
