"""Refusals: the tree as drawn, and words with a next step in each."""

import re

import pytest

from access import refusals
from access.refusals import BadForm, Field, OwnRequest, Refusal


def _below(kind: type[Refusal], depth: int = 0) -> set[tuple[int, str]]:
    own = [each for each in kind.__subclasses__() if each.__module__ == refusals.__name__]
    return {(depth, kind.__name__)}.union(*(_below(each, depth + 1) for each in own))


def test_the_tree_of_refusals_is_the_one_drawn_in_the_docstring() -> None:
    drawn = re.findall(r"^([│├└─ ]*)([A-Z]\w+)(?:  |$)", refusals.__doc__ or "", re.MULTILINE)
    assert {(len(branches) // 4, name) for branches, name in drawn} == _below(Refusal)


def test_a_refusal_carries_its_words_its_next_step_and_its_kind() -> None:
    refusal = OwnRequest("Not yours to decide.", "Ask another owner.")
    assert (refusal.words, refusal.next_step, refusal.kind) == (
        "Not yours to decide.",
        "Ask another owner.",
        "OwnRequest",
    )
    assert str(refusal) == "Not yours to decide."
    assert Refusal("No.").next_step == ""


def test_a_bad_form_keeps_the_words_of_each_field() -> None:
    problems = {Field.NAME: "Give it a name.", Field.DURATION: "Choose one."}
    refusal = BadForm(problems)
    problems.clear()
    assert refusal.problems == {Field.NAME: "Give it a name.", Field.DURATION: "Choose one."}
    assert refusal.words == "Name: Give it a name.; Access duration: Choose one."


@pytest.mark.parametrize("field", list(Field))
def test_the_fields_carry_the_labels_of_the_contract(field: Field) -> None:
    assert field.value in {
        "AWS account",
        "Permission set type",
        "Permission set",
        "Name",
        "Session duration",
        "Managed policies",
        "Inline policy",
        "Access duration",
        "Justification",
    }
