"""What one person alone sees as an answer."""

from collections.abc import Callable
from datetime import datetime

import pytest

from access import refusals
from access.refusals import BadForm, Field, Refusal
from access.request import RequestStatus
from blocks.answers import Pair, bug, mine, refusal, said, usage, waiting
from blocks.message import Message
from tests.access.given import GRANTED_AT, HOUR, NOW, a_custom_request, a_request, a_session
from tests.blocks.lint import lint_message, texts
from tests.blocks.states import HOSTILE, every_state, hostile


def seen(message: Message) -> str:
    """Lint a message and put all its texts together."""
    assert lint_message(message) == []
    return "\n".join(texts(message.blocks))


def labels(message: Message) -> list[str]:
    """List the buttons of a message."""
    rows = [each["elements"] for each in message.blocks if each["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


def test_usage_lists_every_command_and_offers_the_form() -> None:
    words = seen(usage())

    for command in ("request [account]", "mine", "pending", "show REQ-n", "withdraw REQ-n", "revoke REQ-n", "help"):
        assert f"`/jit {command}" in words
    assert labels(usage()) == ["Request AWS access"]


def test_usage_begins_with_what_was_wrong() -> None:
    message = usage("There is no /jit <grant>.")

    assert seen(message).startswith("There is no /jit &lt;grant&gt;.")
    assert "There is no /jit" in message.text


def every_refusal() -> list[Refusal]:
    """Give one of each kind of refusal."""
    kinds = [each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)]
    return [each("No.", "Ask Ada.") for each in kinds if each is not BadForm] + [BadForm({Field.NAME: "Too long."})]


@pytest.mark.parametrize("refused", every_refusal(), ids=lambda each: each.kind)
def test_a_refusal_says_why_and_what_to_do_now(refused: Refusal) -> None:
    message = refusal(refused)

    assert refused.next_step in seen(message)
    assert message.text == f"{refused.words} {refused.next_step}"


def test_a_refusal_without_a_next_step_is_just_its_words() -> None:
    assert seen(refusal(Refusal("No."))) == "🚫 No."


def test_a_failure_of_ours_is_owned_up_to_with_its_reference() -> None:
    assert "nothing was changed" in bug("a1b2").text
    assert "reference a1b2" in seen(bug("a1b2"))


def test_my_list_shows_status_and_time_left_and_what_i_can_do() -> None:
    message = mine([(a_request(RequestStatus.APPROVED), a_session()), (a_request(), None)], GRANTED_AT + HOUR)

    assert "*REQ-1042 · 🟢 Active*" in seen(message)
    assert "(1 h left)" in seen(message)
    assert labels(message) == ["Extend", "I'm done", "Withdraw"]


def test_an_empty_list_says_so() -> None:
    assert seen(mine([], NOW)).startswith("You have no requests.")
    assert seen(waiting([], NOW)) == "Nothing waits for your decision."


def test_what_waits_for_me_can_be_decided_there_and_then() -> None:
    message = waiting([(a_request(), None), (a_custom_request(), None)], NOW)

    assert labels(message) == ["Approve", "Reject", "Approve", "Reject", "Show policy"]
    assert "(1 day left)" in seen(message)
    assert "INC-12: the ledger shows a wrong balance" in seen(message)


@pytest.mark.parametrize("listed", [mine, waiting])
def test_at_most_ten_are_listed_and_the_rest_is_counted(listed: Callable[[list[Pair], datetime], Message]) -> None:
    message = listed([(a_request(number=number), None) for number in range(25)], NOW)
    words = seen(message)

    assert "REQ-9" in words
    assert "REQ-10 " not in words
    assert "and 15 more" in words
    assert message.text.endswith(": 25")


def test_what_does_not_fit_into_one_message_is_counted_too() -> None:
    state = hostile((a_custom_request(), None), "x" * 5_000)
    message = waiting([state] * 10, NOW)
    approving = labels(message).count("Approve")

    assert 0 < approving < 10
    assert f"and {10 - approving} more" in seen(message)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_out(words: str) -> None:
    pairs = [hostile(state, words) for state in every_state()]

    for message in (
        said(words),
        usage(words),
        refusal(Refusal(words, words)),
        bug(words),
        mine(pairs, NOW),
        waiting(pairs, NOW),
    ):
        seen(message)
