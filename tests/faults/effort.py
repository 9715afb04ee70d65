"""How much a proof tries: a sample with every run of the tests, all of it with `make prove`."""

import os

FULL = os.environ.get("PROVE") == "full"
"""Tells whether everything is to be tried."""


def rounds(sampled: int, full: int) -> int:
    """Choose between the number of rounds of a test run and that of `make prove`."""
    return full if FULL else sampled
