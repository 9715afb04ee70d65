"""`python -m tests.mutants [words]`: tries every seeded mutant (with words in its name), and fails if one survives."""

import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.seeded_brakes import BRAKES
from tests.mutants.seeded_drift import DRIFT
from tests.mutants.seeded_homes import HOMES
from tests.mutants.seeded_more_time import MORE_TIME
from tests.mutants.seeded_rules import RULES
from tests.mutants.seeded_storage import STORAGE
from tests.mutants.seeded_work import WORK
from tests.mutants.trying import Tried, Verdict, try_all

MUTANTS = (*WORK, *RULES, *STORAGE, *BRAKES, *HOMES, *DRIFT, *MORE_TIME)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(words: str = "") -> int:
    """Try, say a line for each, and tell how the process is to end."""
    begun, ends = time.monotonic(), list[Tried]()
    chosen = [each for each in MUTANTS if words in each.name]

    def tell(tried: Tried) -> None:
        ends.append(tried)
        _say(f"{tried.verdict:9} {tried.seconds:5.1f} s  {tried.mutant.name}")
        if tried.verdict is not Verdict.KILLED:
            _say(f"          {tried.mutant.file}, by {', '.join(tried.mutant.killers)}\n{tried.words}")

    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        problem = try_all(chosen, Path(folder).resolve(), tell)
    if problem:
        _say(f"The tests fail on the bot as it is, so they judge nothing:\n{problem}")
    killed = sum(each.verdict is Verdict.KILLED for each in ends)
    _say(f"{killed} of {len(ends)} mutants killed in {time.monotonic() - begun:.0f} s")
    return 0 if killed == len(chosen) > 0 and not problem else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
