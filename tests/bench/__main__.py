"""Runs all benchmarks, or those named, and prints one table."""

import logging
import sys

from tests.bench import counting, opening, pressing, starting, sweeping

ALL = {
    "opening": opening.measure,
    "pressing": pressing.measure,
    "counting": counting.measure,
    "sweeping": sweeping.measure,
    "starting": starting.measure,
}


def main(names: list[str]) -> None:
    """Print a row for each figure."""
    logging.disable(logging.ERROR)
    print("| what | measured | promised |\n|---|---|---|")
    for name in names or list(ALL):
        for row in ALL[name]():
            print(f"| {row.what} | {row.measured} | {row.promised} |", flush=True)


main(sys.argv[1:])
