"""The table of faults names tests that are there: a test that was renamed or deleted leaves a hole, and is noticed."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.table import FAULTS, NAMED, Row

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "reliability.md").read_text("utf-8")
LISTED = {f"{name}: {each}" for name, row in FAULTS.items() for each in row.tests} | {
    f"{name}: {each}" for name, tests in NAMED.items() for each in tests
}


@cache
def names_in(path: Path) -> frozenset[str]:
    """List the test functions of a file, without running it."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("listed", sorted(LISTED))
def test_every_listed_test_is_there(listed: str) -> None:
    """Each by its file and its name."""
    file, _, name = listed.rpartition(": ")[2].partition("::")
    assert name.startswith("test_")
    assert (TESTS / file).is_file(), f"{file} is gone"
    assert name in names_in(TESTS / file), f"{name} is gone from {file}"


def test_every_fault_has_a_test_and_a_behaviour() -> None:
    """No row is empty, and no test stands twice in one."""
    for row in FAULTS.values():
        assert row.behaviour
        assert 0 < len(row.tests) == len(set(row.tests))
    assert all(NAMED.values())


@pytest.mark.parametrize(("fault", "row"), FAULTS.items(), ids=list(FAULTS))
def test_the_page_tells_what_the_table_says(fault: str, row: Row) -> None:
    """docs/reliability.md has a line for each fault, with its behaviour and its first test."""
    more = f" and {len(row.tests) - 1} more" if len(row.tests) > 1 else ""
    assert f"| {fault} | {row.behaviour} | `{row.tests[0].partition('::')[2]}`{more} |" in PAGE


def test_every_test_on_the_page_is_there() -> None:
    """The page promises nothing that no test holds."""
    known = frozenset[str]().union(*(names_in(each) for each in TESTS.rglob("test_*.py")))
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - known == set()
