"""What the selects of the form offer while somebody types."""

import pytest

from access.permission_sets import StandardSet
from blocks.form_options import account_options, policy_options, set_options
from tests.access.given import a_catalogue, an_account
from tests.blocks.lint import lint_options
from tests.blocks.states import HOSTILE

PROD = "111122223333"


def values(options: list[dict[str, object]]) -> list[object]:
    """List the values of options."""
    return [each["value"] for each in options]


def test_accounts_are_found_by_name_and_by_id_and_show_both() -> None:
    for query in ("PAYM", "1111", "prod 3333"):
        options = account_options(a_catalogue(), query)
        assert [each["text"]["text"] for each in options] == ["prod-payments (111122223333)"]


def test_everything_is_offered_before_anything_is_typed() -> None:
    assert len(account_options(a_catalogue(), "")) == 2
    assert len(policy_options(a_catalogue(), "")) == len(a_catalogue().managed_policies)
    assert values(set_options(a_catalogue(), PROD, "")) == ["PowerUser", "ReadOnly"]


def test_the_id_stays_in_sight_behind_a_long_name() -> None:
    (option,) = account_options(a_catalogue(an_account(name="n" * 200)), "")

    assert option["text"]["text"].endswith("… (111122223333)")
    assert lint_options([option]) == []


def test_never_more_than_a_hundred_are_offered() -> None:
    names = tuple(f"Set{number:04}" for number in range(1_000))
    accounts = [an_account(id=f"{number:012}", name=f"a{number}", permission_sets=names) for number in range(1_500)]
    catalogue = a_catalogue(
        *accounts, standard_sets={name: StandardSet(name=name) for name in names}, managed_policies=names
    )

    for options in (
        account_options(catalogue, ""),
        policy_options(catalogue, ""),
        set_options(catalogue, "000000000001", ""),
    ):
        assert len(options) == 100
        assert lint_options(options) == []
    assert values(set_options(catalogue, "000000000001", "0999")) == ["Set0999"]


def test_sets_are_those_of_the_account_only() -> None:
    catalogue = a_catalogue(an_account(permission_sets=("PowerUser", "Gone")))

    assert values(set_options(catalogue, PROD, "")) == ["PowerUser"]
    assert set_options(catalogue, "999999999999", "") == []


def test_a_policy_whose_name_is_too_long_for_a_value_does_not_spoil_the_rest() -> None:
    options = policy_options(a_catalogue(managed_policies=("x" * 151, "y" * 150, "ReadOnlyAccess")), "")

    assert values(options) == ["ReadOnlyAccess", "y" * 150]
    assert lint_options(options) == []
    assert options[1]["description"]["text"].startswith("…y")


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_find_nothing_or_something_that_slack_takes(query: str) -> None:
    for options in (
        account_options(a_catalogue(), query),
        policy_options(a_catalogue(), query),
        set_options(a_catalogue(), PROD, query),
    ):
        assert lint_options(options) == []
