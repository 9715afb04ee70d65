"""The banner, the announcements, the modal that revokes all and the order's message: words, limits, hostile text."""

import pytest

from access.mass_order import MassOrder, OrderStatus, Progress, Scope, ScopeKind
from blocks import ids
from blocks.brakes import form_notice, frozen_message, lifted_message, with_banner
from blocks.mass import order_message, ordered_words, read_revoke_all, reason_error, revoke_all_form, word_error
from blocks.message import Message
from blocks.request_card import request_card
from blocks.request_form import request_form
from tests.access.brakes import EVERYTHING, OF_PAYMENTS, OF_RITA, a_freeze, an_order
from tests.access.given import NOW, a_catalogue, a_form, a_request
from tests.blocks.lint import lint_message, lint_view, texts
from tests.blocks.slack_client import answered, labels, opened
from tests.blocks.states import CHANNELS, HOSTILE

FREEZES = [a_freeze(), a_freeze(reason=""), *(a_freeze(by_name=each, reason=each * 3) for each in HOSTILE)]
SCOPES = [EVERYTHING, OF_PAYMENTS, OF_RITA]
ORDERS = [an_order(status, scope) for status in OrderStatus for scope in SCOPES]
ORDERS += [
    an_order(status, Scope(kind=ScopeKind.PERSON, target="U0RITA", name=each), reason=each, by_name=each)
    for status in OrderStatus
    for each in HOSTILE
]


def words(message: Message) -> str:
    """Read all of a message."""
    return "\n".join(texts(message.blocks))


@pytest.mark.parametrize("freeze", FREEZES)
def test_slack_takes_everything_that_is_said_of_a_freeze(freeze: object) -> None:
    card = request_card(a_request(), None, place=None, channels=CHANNELS, now=NOW)
    for message in (frozen_message(freeze), lifted_message(freeze), with_banner(card, freeze)):  # type: ignore[arg-type]
        assert lint_message(message) == []
    assert lint_view(request_form(a_catalogue(), a_form(), notice=form_notice(freeze))) == []  # type: ignore[arg-type]


def test_the_banner_stands_below_the_header_and_says_who_and_why() -> None:
    card = request_card(a_request(), None, place=None, channels=CHANNELS, now=NOW)
    shown = with_banner(card, a_freeze())

    assert shown.blocks[0] == card.blocks[0]
    assert "Granting is frozen" in str(shown.blocks[1])
    assert "<@U0ADA> (Ada)" in words(shown)
    assert "INC-9" in words(shown)
    assert with_banner(card, None) == card
    assert form_notice(None) == ""


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("progress", [Progress(), Progress(ordered=3, live=2), Progress(ordered=1)])
def test_slack_takes_the_message_of_an_order_in_every_state(order: MassOrder, progress: Progress) -> None:
    assert lint_message(order_message(order, progress, 2)) == []


@pytest.mark.parametrize("status", list(OrderStatus))
def test_only_what_waits_can_be_confirmed(status: OrderStatus) -> None:
    shown = str(order_message(an_order(status), Progress(ordered=2), 2).blocks)

    assert (ids.CONFIRM_ALL in shown) is (status is OrderStatus.WAITING)


def test_an_order_says_how_far_it_is() -> None:
    done = an_order(OrderStatus.DONE, OF_RITA)
    assert order_message(done, Progress(ordered=3, live=1), 0).text == (
        "🛑 Revoking all access of Rita: 2 of 3 proven gone. Ordered by Ada."
    )
    assert order_message(done, Progress(ordered=3), 0).text == (
        "✅ Revoked all access of Rita: 3 sessions. Ordered by Ada."
    )
    assert "Confirmed by* <@U0ABEL>" in words(order_message(an_order(OrderStatus.RUNNING), Progress(), 0))
    assert "is being ended now" in ordered_words(an_order(OrderStatus.RUNNING, OF_RITA))
    assert "Nothing has ended yet" in ordered_words(an_order())


@pytest.mark.parametrize("scope", SCOPES)
def test_what_the_modal_asks_comes_back(scope: Scope) -> None:
    view = revoke_all_form(scope, 2)
    assert lint_view(view) == []
    assert labels(view) == ["Reason", "Type REVOKE to confirm"]
    assert "2 sessions" in str(view["blocks"])
    assert ("Another SSO admin" in str(view["blocks"])) is (scope.kind is ScopeKind.EVERYTHING)

    sent = answered(answered(opened(view), "Reason", " stolen "), "Type REVOKE to confirm", "revoke")

    read, reason, word = read_revoke_all(sent)
    assert (read.kind, read.target, reason, word) == (scope.kind, scope.target, "stolen", "revoke")


@pytest.mark.parametrize("metadata", ["", "{}", "[]", '{"kind": "all"}', "no json"])
def test_a_forged_scope_is_none(metadata: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's and the enumeration's, both are
        read_revoke_all({"private_metadata": metadata})


def test_problems_stand_at_blocks_of_the_form() -> None:
    blocks = {each.get("block_id") for each in revoke_all_form(OF_RITA, 1)["blocks"]}
    assert {*reason_error("x"), *word_error("x")} <= blocks
