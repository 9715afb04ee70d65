"""Tries mutants in copies of the tree: the working tree is never touched.

A child is forked for each, with the libraries loaded already: they take longer to load than most tests to run.
"""

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parents[2]
AT_A_TIME = 2
LONGEST = 180
"""Seconds after which a mutant that hangs counts as noticed."""
_LIBRARIES = (
    *("aiohttp", "alembic", "boto3", "moto.moto_server.werkzeug_app", "prometheus_client"),
    *("psycopg", "pydantic_settings", "slack_bolt", "sqlalchemy", "sqlalchemy.dialects.postgresql", "werkzeug"),
)
_OURS = {"access", "aws", "blocks", "bot", "handlers", "operations", "sandbox", "slackapi", "storage", "tests"}
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "var", "docs", "deploy", "*.png")
_FAILED = 1
_LOOK_EVERY = 0.02


class Verdict(StrEnum):
    """What the tests said of one mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One mutant and its end; `words` say what the tests said where it was not noticed, or could not be tried."""

    mutant: Mutant
    verdict: Verdict
    seconds: float
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tests that run in a child of ours, in a tree of their own."""

    mutant: Mutant | None
    tree: Path
    pid: int
    begun: float

    def ended(self) -> int | None:
        """Tell pytest's exit code, or None while it runs; what hangs has failed."""
        found, status = os.waitpid(self.pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if self.mutant is None or time.monotonic() - self.begun < LONGEST:
            return None
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return _FAILED

    @property
    def said(self) -> str:
        """The end of what pytest said."""
        return (self.tree / "said.txt").read_text(errors="replace")[-2000:]


def _begin(mutant: Mutant | None, tree: Path, tests: Sequence[str]) -> Run:
    pid = os.fork()
    if pid == 0:
        _be_the_child(tree, tests)
    return Run(mutant=mutant, tree=tree, pid=pid, begun=time.monotonic())


def _be_the_child(tree: Path, tests: Sequence[str]) -> None:
    """Forget our own modules, and run the tests with those of the tree."""
    code = _FAILED + 1
    try:
        os.chdir(tree)
        said = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.path.insert(0, str(tree))
        sys.dont_write_bytecode = True
        for name in [each for each in sys.modules if each.partition(".")[0] in _OURS]:
            del sys.modules[name]
        code = int(pytest.main(["-x", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
    except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as a second parent
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def try_all(mutants: Sequence[Mutant], folder: Path, tell: Callable[[Tried], None]) -> str:
    """Try all, two at a time, and tell of each; returns what the sound tree fails with, empty where it passes."""
    for each in _LIBRARIES:
        import_module(each)
    sound, waiting = folder / "sound", list(reversed(mutants))
    shutil.copytree(ROOT, sound, ignore=_LEFT_OUT)
    running = [_begin(None, sound, sorted({killer for each in mutants for killer in each.killers}))]
    problem, number = "", 0
    while running or waiting:
        while waiting and len(running) < AT_A_TIME:
            number += 1
            found = _broken(waiting.pop(), folder / f"tree{number}")
            running += [found] if isinstance(found, Run) else []
            if isinstance(found, Tried):
                tell(found)
        time.sleep(_LOOK_EVERY)
        for run in list(running):
            code = run.ended()
            if code is not None:
                running.remove(run)
                problem = problem or (run.said if run.mutant is None and code else "")
                _judge(run, code, tell)
                shutil.rmtree(run.tree)
    return problem


def _broken(mutant: Mutant, tree: Path) -> Run | Tried:
    """Copy the tree, break it, and begin the tests that should notice."""
    try:
        text = mutant.of((ROOT / mutant.file).read_text())
    except ValueError as gone:
        return Tried(mutant=mutant, verdict=Verdict.BROKEN, seconds=0.0, words=str(gone))
    shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
    (tree / mutant.file).write_text(text)
    return _begin(mutant, tree, mutant.killers)


def _judge(run: Run, code: int, tell: Callable[[Tried], None]) -> None:
    if run.mutant is None:
        return
    verdict = {0: Verdict.SURVIVED, _FAILED: Verdict.KILLED}.get(code, Verdict.BROKEN)
    words = "" if verdict is Verdict.KILLED else run.said
    tell(Tried(mutant=run.mutant, verdict=verdict, seconds=time.monotonic() - run.begun, words=words))
