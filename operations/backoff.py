"""When to try again: exponential, with full jitter, capped; a pure function of the attempts."""

from datetime import timedelta

_BASE = 1.0
_CAP = 300.0
_MOST_DOUBLINGS = 16


def wait_before(attempts: int, jitter: float, at_least: float = 0.0) -> timedelta:
    """Tell how long to wait after `attempts` failed attempts (1 or more).

    `jitter` is a random number from 0 to 1; `at_least` is what the other side asked for, in seconds (Retry-After).
    At least half of each step is waited, at most 5 minutes.
    """
    step = min(_CAP, _BASE * 2 ** min(attempts - 1, _MOST_DOUBLINGS))
    return timedelta(seconds=max(at_least, step / 2 + jitter * step / 2))
