"""Fixtures that any test may ask for, and the order of the files: the long ones come first."""

import pytest

pytest_plugins = ["tests.databases"]
_LONG = ("faults/test_machine", "faults/test_enumeration", "faults/test_kill", "page/", "faults/", "journeys/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first; files are dealt out whole, in this order."""
    items.sort(key=lambda item: next((rank for rank, each in enumerate(_LONG) if each in item.nodeid), len(_LONG)))
