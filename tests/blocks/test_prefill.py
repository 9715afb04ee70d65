"""What was typed behind `/jit request` fills the form in advance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.form import RequestForm
from blocks.prefill import prefill
from tests.access.given import a_catalogue, an_account

PROD = "111122223333"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", RequestForm()),
        ("prod-payments", RequestForm(account_id=PROD)),
        ("PROD-Payments readonly", RequestForm(account_id=PROD, set_name="ReadOnly")),
        ("111122223333 2h", RequestForm(account_id=PROD, duration="2 hours")),
        (
            "prod-payments ReadOnly 2 hours INC-12 is  open",
            RequestForm(account_id=PROD, set_name="ReadOnly", duration="2 hours", justification="INC-12 is open"),
        ),
        ("prod-payments 1d why", RequestForm(account_id=PROD, duration="1 day", justification="why")),
        ("PowerUser 30d", RequestForm(set_name="PowerUser", duration="1 month")),
        ("the ledger is wrong", RequestForm(justification="the ledger is wrong")),
        (
            "prod-pay ReadOnly 2h INC-12",
            RequestForm(account_id=PROD, set_name="ReadOnly", duration="2 hours", justification="INC-12"),
        ),
        ("pr ReadOnly", RequestForm(justification="pr ReadOnly")),
        ("prod-payments 3 hours please", RequestForm(account_id=PROD, justification="3 hours please")),
        ("“prod-payments” `ReadOnly`", RequestForm(account_id=PROD, set_name="ReadOnly")),
    ],
)
def test_words_are_recognised_in_their_order_and_the_rest_is_the_justification(
    typed: str, expected: RequestForm
) -> None:
    assert prefill(typed, a_catalogue()) == expected
    assert prefill(typed.split(), a_catalogue()) == expected


def test_an_account_may_have_spaces_in_its_name() -> None:
    catalogue = a_catalogue(an_account(name="Prod"), an_account(id="444455556666", name="Prod Payments EU"))

    assert prefill("prod payments eu 2h", catalogue).account_id == "444455556666"
    assert prefill("prod 2h", catalogue).account_id == PROD


def test_a_set_that_the_account_does_not_offer_is_left_in_the_justification() -> None:
    form = prefill("prod-payments PowerUser now", a_catalogue(an_account(permission_sets=("ReadOnly",))))

    assert (form.set_name, form.justification) == ("", "PowerUser now")


@given(st.text())
def test_nothing_typed_makes_it_fail_and_no_word_of_the_rest_is_lost(typed: str) -> None:
    assert prefill(f"prod-payments {typed}", a_catalogue()).account_id == PROD
    assert prefill(f"x-{typed}", a_catalogue()).justification.split() == f"x-{typed}".split()
