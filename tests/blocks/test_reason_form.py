"""The modals of an approver."""

import json

import pytest

from access.refusals import Refusal
from access.request import RequestStatus
from access.session import SessionStatus
from blocks.message import Block
from blocks.reason_form import loading, policy_view, read_reason, reason_errors, refused, reject_form, revoke_form
from tests.access.given import a_custom_request, a_request, a_session
from tests.blocks.lint import lint_view, texts
from tests.blocks.slack_client import answered, labels, opened, updated
from tests.blocks.states import HOSTILE, State, every_state, hostile, named, with_policy

ID = a_request().id


def forms() -> list[Block]:
    """Give both forms, for a request and its session."""
    return [reject_form(ID, a_request()), revoke_form(ID, a_request(RequestStatus.APPROVED), a_session())]


@pytest.mark.parametrize("state", every_state(), ids=named)
def test_slack_takes_the_modals_in_every_state(state: State) -> None:
    request, session = state

    for view in (reject_form(ID, request), revoke_form(ID, request, session), policy_view(request)):
        assert lint_view(view) == []


def test_both_forms_ask_for_a_reason_and_carry_the_id_only() -> None:
    for view, verb in zip(forms(), ("Reject", "Revoke"), strict=True):
        assert labels(view) == ["Reason"]
        assert view["title"]["text"] == f"{verb} REQ-1042"
        assert view["submit"]["text"] == verb
        assert view["private_metadata"] == "rq_7Zk2"


def test_before_the_request_is_looked_up_the_reason_can_be_typed_already_and_is_kept() -> None:
    for early, late in zip((reject_form(ID), revoke_form(ID)), forms(), strict=True):
        assert lint_view(early) == []
        shown = answered(opened(early), "Reason", "Not needed")
        assert read_reason(updated(shown, late)) == ("rq_7Zk2", "Not needed")


def test_while_something_is_looked_up_the_modal_says_so() -> None:
    view = loading("Permission set")

    assert lint_view(view) == []
    assert view["title"]["text"] == "Permission set"


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_refusal_in_a_modal_says_why_and_what_to_do_now(words: str) -> None:
    assert lint_view(refused("Reject request", Refusal(words, words))) == []
    assert list(texts(refused("Reject request", Refusal("No.", "Ask Ada."))["blocks"])) == ["🚫 No.\nAsk Ada."]
    assert list(texts(refused("Reject request", Refusal("No."))["blocks"])) == ["🚫 No."]


def test_a_session_not_granted_yet_shows_no_end() -> None:
    words = "\n".join(texts(revoke_form(ID, a_request(), a_session(SessionStatus.GRANTING))["blocks"]))

    assert "*Until:* not granted yet" in words


def test_the_reason_is_read_back_trimmed() -> None:
    for view in forms():
        shown = answered(opened(view), "Reason", "  The incident: closed.\n")
        assert read_reason(shown) == ("rq_7Zk2", "The incident: closed.")


@pytest.mark.parametrize("view", [None, {}, {"private_metadata": 7, "state": {"values": {"reason": []}}}, "x"])
def test_a_forged_view_has_no_reason(view: object) -> None:
    assert read_reason(view) == ("", "")


def test_a_problem_stands_at_the_reason() -> None:
    view = forms()[0]

    assert set(reason_errors("Say why.")) <= {each.get("block_id") for each in view["blocks"]}


def test_a_long_request_number_still_fits_into_the_title() -> None:
    request = a_custom_request(number=10**9)

    assert lint_view(reject_form(ID, request)) == lint_view(policy_view(request)) == []


def shown_policy(view: Block) -> str:
    """Put the pieces of a policy together again."""
    parts = [element for block in view["blocks"] if block["type"] == "rich_text" for element in block["elements"]]
    return "".join(each["elements"][0]["text"] for each in parts if each["type"] == "rich_text_preformatted")


@pytest.mark.parametrize("count", [1, 50, 400])
def test_every_character_of_the_policy_can_be_read(count: int) -> None:
    policy = {"Statement": [{"Sid": f"S{number}", "Effect": "Allow", "Action": "*"} for number in range(count)]}
    view = policy_view(with_policy(a_custom_request(), json.dumps(policy, separators=(",", ":"))))

    assert lint_view(view) == []
    assert json.loads(shown_policy(view)) == policy


@pytest.mark.parametrize(
    "text",
    [
        '["' + "a" * 32_760 + '"]',
        "[" * 900 + "]" * 900,
        "[" * 32_768,
        "not json \u202e",
        '{"Sid":"a\u00ad\u0085\u202eb"}',
    ],
    ids=["one long string", "deep", "too deep", "no json", "invisible"],
)
def test_even_odd_policies_are_shown_whole_and_nothing_hides_in_them(text: str) -> None:
    view = policy_view(with_policy(a_custom_request(), text))
    shown = shown_policy(view)

    assert lint_view(view) == []
    assert shown.isascii()
    assert len("".join(shown.split())) >= len("".join(text.split()))


def test_the_policy_view_names_the_managed_policies_and_has_nothing_to_send() -> None:
    view = policy_view(with_policy(a_custom_request()))

    assert "*Managed policies:* ReadOnlyAccess" in "\n".join(texts(view["blocks"]))
    assert "submit" not in view


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_a_modal(words: str) -> None:
    for state in every_state():
        request, session = hostile(state, words)
        for view in (reject_form(ID, request), revoke_form(ID, request, session), policy_view(request)):
            assert lint_view(view) == []
