"""The catalogue: finding accounts and managed policies by what somebody types."""

import pytest

from access.catalogue import Account, Catalogue
from access.durations import AccessDuration
from tests.access.given import a_catalogue, an_account

PAYMENTS = an_account()
PAYROLL = an_account(id="222233334444", name="Prod-Payroll")
SHOP = an_account(id="333344445555", name="shop-prod")
SANDBOX = an_account(id="444455556666", name="sandbox")
ALL = a_catalogue(SHOP, SANDBOX, PAYROLL, PAYMENTS)


@pytest.mark.parametrize(
    ("words", "account"),
    [
        ("111122223333", PAYMENTS),
        ("prod-payments", PAYMENTS),
        ("PROD-Payments", PAYMENTS),
        ("prod-payroll", PAYROLL),
        ("prod", None),
        ("999999999999", None),
        ("", None),
    ],
)
def test_an_account_is_found_by_its_id_or_its_whole_name_in_any_case(words: str, account: Account | None) -> None:
    assert ALL.account(words) == account


@pytest.mark.parametrize(
    ("start", "account"),
    [
        ("prod-paym", PAYMENTS),
        ("PROD-PAYR", PAYROLL),
        ("444455556666", SANDBOX),
        ("prod-pay", None),
        ("sa", None),
        ("and", None),
    ],
)
def test_an_account_is_found_by_a_beginning_that_only_it_has(start: str, account: Account | None) -> None:
    assert ALL.account_like(start) == account


@pytest.mark.parametrize(
    ("words", "account"),
    [
        ("111122223333", PAYMENTS),
        ("shop-prod", SHOP),
        ("sho", SHOP),
        ("SAND", SANDBOX),
        ("prod-payr", PAYROLL),
        ("sh", None),
        ("prod-pay", None),
        ("2222", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_an_account_is_found_by_a_beginning_of_three_characters_that_only_it_has(
    words: str, account: Account | None
) -> None:
    assert ALL.account_like(words) == account


def test_a_whole_name_wins_over_longer_ones_that_begin_with_it() -> None:
    prod, ab = an_account(id="1", name="prod"), an_account(id="2", name="ab")
    catalogue = a_catalogue(prod, ab, PAYMENTS)
    assert catalogue.account_like("prod") == prod
    assert catalogue.account_like("ab") == ab, "a short whole name is no beginning"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["prod-payments", "Prod-Payroll", "sandbox", "shop-prod"]),
        ("prod", ["prod-payments", "Prod-Payroll", "shop-prod"]),
        ("PROD", ["prod-payments", "Prod-Payroll", "shop-prod"]),
        ("pay", ["prod-payments", "Prod-Payroll"]),
        ("prod shop", ["shop-prod"]),
        ("  shop  ", ["shop-prod"]),
        ("4444", ["Prod-Payroll", "sandbox", "shop-prod"]),
        ("sand 5555", ["sandbox"]),
        ("nothing", []),
    ],
)
def test_accounts_are_searched_by_every_word_typed_those_that_start_with_it_first(query: str, names: list[str]) -> None:
    assert [each.name for each in ALL.search_accounts(query)] == names


def _many(count: int) -> Catalogue:
    return a_catalogue(*(an_account(id=f"{number:012}", name=f"team-{number:04}") for number in range(count, 0, -1)))


def test_a_search_is_sorted_before_it_is_cut_so_that_no_account_is_out_of_reach() -> None:
    catalogue = _many(1500)
    assert [each.name for each in catalogue.search_accounts("team", most=2)] == ["team-0001", "team-0002"]
    assert len(catalogue.search_accounts("")) == 100
    assert [each.name for each in catalogue.search_accounts("team-1500")] == ["team-1500"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("readonlyaccess s3", ["AmazonS3ReadOnlyAccess"]),
        ("amazons3", ["AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"]),
        ("view", ["job-function/ViewOnlyAccess"]),
        ("job-function", ["job-function/ViewOnlyAccess"]),
        ("powers", []),
    ],
)
def test_managed_policies_are_searched_by_every_word_typed(query: str, names: list[str]) -> None:
    assert a_catalogue().search_policies(query) == names


def test_managed_policies_that_start_with_the_words_come_first_whatever_their_path() -> None:
    catalogue = a_catalogue(managed_policies=("AmazonViewOnly", "ReadOnlyAccess", "job-function/ViewOnlyAccess"))
    assert catalogue.search_policies("view") == ["job-function/ViewOnlyAccess", "AmazonViewOnly"]


def test_a_search_for_managed_policies_is_sorted_before_it_is_cut() -> None:
    catalogue = a_catalogue(managed_policies=tuple(f"Policy{number:04}" for number in range(1200, 0, -1)))
    assert catalogue.search_policies("policy", most=2) == ["Policy0001", "Policy0002"]
    assert len(catalogue.search_policies("")) == 100


def test_only_managed_policies_of_exactly_this_name_are_offered() -> None:
    assert a_catalogue().offers_policy("ReadOnlyAccess")
    assert not a_catalogue().offers_policy("readonlyaccess")
    assert not a_catalogue().offers_policy("ViewOnlyAccess")


@pytest.mark.parametrize(
    ("longest", "count"), [(AccessDuration.HOUR_1, 1), (AccessDuration.WEEK_1, 9), (AccessDuration.MONTH_1, 11)]
)
def test_an_account_offers_the_durations_up_to_its_longest_shortest_first(longest: AccessDuration, count: int) -> None:
    assert an_account(longest_duration=longest).durations == tuple(AccessDuration)[:count]


def test_an_account_allows_a_month_and_custom_sets_unless_it_says_otherwise() -> None:
    account = Account(id="1", name="a", owners=(), owner_channel="C0", permission_sets=())
    assert account.longest_duration is AccessDuration.MONTH_1
    assert account.custom_sets


@pytest.mark.parametrize(
    ("words", "name"), [("ReadOnly", "ReadOnly"), ("readONLY", "ReadOnly"), ("Read", ""), ("", ""), ("Nope", "")]
)
def test_a_standard_set_is_found_by_its_whole_name_in_any_case(words: str, name: str) -> None:
    assert a_catalogue().set_like(words) == name
