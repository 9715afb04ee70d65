"""Permission sets: what a custom set may be called, and what it becomes in AWS."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.permission_sets import (
    LONGEST_CUSTOM_NAME,
    RequestedSet,
    SetKind,
    StandardSet,
    custom_name_problem,
    name_in_aws,
    without_prefix,
)
from tests.access.given import a_content, a_custom_set

ALLOWED = string.ascii_letters + string.digits + "+=,.@_-"


@pytest.mark.parametrize("length", [1, 22, 23])
def test_a_name_may_have_up_to_23_characters(length: int) -> None:
    assert custom_name_problem("x" * length) is None


def test_a_name_of_24_characters_is_too_long_and_the_answer_says_by_how_much() -> None:
    assert custom_name_problem("x" * 24) == "Use at most 23 characters; this has 24."


def test_the_longest_name_fills_what_aws_allows() -> None:
    assert LONGEST_CUSTOM_NAME == 23
    assert len(name_in_aws("x" * 23, "k7m2")) == 32


def test_a_custom_set_is_named_in_aws_with_prefix_and_suffix() -> None:
    assert name_in_aws("Ledger", "k7m2") == "JIT-Ledger-k7m2"


def test_a_name_is_needed() -> None:
    assert custom_name_problem("") == "Give the permission set a name."


@pytest.mark.parametrize("character", list(ALLOWED))
def test_every_character_of_identity_center_may_stand_in_a_name(character: str) -> None:
    assert custom_name_problem(f"a{character}") is None


@pytest.mark.parametrize("character", [*" /:;!?*#&<>()[]{}|'\"`~^%$\\\t\n\r\0", "é", "ä", "\uff21", "\u0660", "\u200f"])
def test_no_other_character_may_stand_in_a_name(character: str) -> None:
    for name in (character, f"{character}a", f"a{character}", f"a{character}a"):
        assert custom_name_problem(name) == "Use only letters (A-Z), digits and + = , . @ _ - and no spaces."


@given(st.text(alphabet=ALLOWED, min_size=1, max_size=23))
def test_every_accepted_name_fits_aws(name: str) -> None:
    assert custom_name_problem(name) is None
    assert len(name_in_aws(name, "k7m2")) <= 32


@given(st.text(max_size=30))
def test_a_name_is_accepted_exactly_when_length_and_characters_are_right(name: str) -> None:
    good = 1 <= len(name) <= 23 and set(name) <= set(ALLOWED)
    assert (custom_name_problem(name) is None) is good


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ledger", "Ledger"),
        ("JIT-Ledger", "Ledger"),
        ("jit-Ledger", "Ledger"),
        ("  Jit-Ledger\n", "Ledger"),
        ("JIT-", ""),
        ("JITLedger", "JITLedger"),
        ("My-JIT-Set", "My-JIT-Set"),
        ("   ", ""),
    ],
)
def test_a_prefix_typed_by_the_person_is_not_doubled(typed: str, name: str) -> None:
    assert without_prefix(typed) == name


def test_people_see_a_custom_set_with_its_prefix_and_a_standard_one_without() -> None:
    assert a_custom_set().shown_name == "JIT-Ledger"
    assert RequestedSet(kind=SetKind.STANDARD, name="ReadOnly").shown_name == "ReadOnly"


def test_a_standard_set_without_content_is_kept_by_somebody_else() -> None:
    assert StandardSet(name="PowerUser").existing
    assert not StandardSet(name="ReadOnly", content=a_content()).existing
