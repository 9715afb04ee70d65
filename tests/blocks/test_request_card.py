"""One card for every state and every place."""

import json
import re
from dataclasses import replace

import pytest

from access.changes import Place
from access.request import Level, RequestStatus
from access.session import SessionStatus, shown_status
from blocks.message import Message
from blocks.request_card import request_card
from tests.access.given import HOUR, OLGA, OWNER_APPROVAL, a_custom_request, a_decision, a_request, a_session
from tests.blocks.lint import lint_message, texts
from tests.blocks.states import CHANNELS, HOSTILE, LATER, POLICY, State, every_state, hostile, named, with_policy

PLACES = [None, *Place]
APPROVERS = (Place.OWNERS, Place.ADMINS)
_DATE = re.compile(r"<!date\^[^>]*>")


def card(state: State, place: Place | None = Place.OWNERS) -> Message:
    """Render a card."""
    return request_card(*state, place=place, channels=CHANNELS, now=LATER)


def seen(message: Message) -> str:
    """Put all texts of a message together."""
    return "\n".join(texts(message.blocks))


def labels(message: Message) -> list[str]:
    """List the buttons of a message."""
    rows = [each["elements"] for each in message.blocks if each["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("state", every_state(), ids=named)
def test_slack_takes_the_card_in_every_state_and_place(state: State, place: Place | None) -> None:
    assert lint_message(card(state, place)) == []


@pytest.mark.parametrize("state", every_state(), ids=named)
def test_number_and_status_stand_in_the_header_and_in_the_notification(state: State) -> None:
    message = card(state)
    status = shown_status(*state)

    assert message.blocks[0]["type"] == "header"
    for words in (message.blocks[0]["text"]["text"], message.text):
        assert words.startswith("REQ-1042 · ")
        assert status.value in words


@pytest.mark.parametrize("state", every_state(), ids=named)
def test_every_time_is_shown_in_the_readers_zone(state: State) -> None:
    rest = _DATE.sub("", seen(card(state)))

    assert not re.search(r"20\d\d|\d\d:\d\d", rest)


@pytest.mark.parametrize("state", every_state(), ids=named)
def test_the_same_state_looks_the_same_everywhere_but_for_its_buttons(state: State) -> None:
    shown = {json.dumps([each for each in card(state, place).blocks if each["type"] != "actions"]) for place in PLACES}

    assert len(shown) == 1


@pytest.mark.parametrize("state", every_state(), ids=named)
def test_buttons_carry_the_id_of_the_request_and_nothing_else(state: State) -> None:
    for place in PLACES:
        for block in card(state, place).blocks:
            assert all(each["value"] == "rq_7Zk2" for each in block.get("elements", []) if each["type"] == "button")


UNDECIDED = {
    RequestStatus.PENDING: {Place.OWNERS: True, Place.ADMINS: True},
    RequestStatus.PENDING_OWNER: {Place.OWNERS: True, Place.ADMINS: True},
    RequestStatus.PENDING_ADMIN: {Place.OWNERS: False, Place.ADMINS: True},
}
CLOSED = {RequestStatus.REJECTED, RequestStatus.WITHDRAWN, RequestStatus.LAPSED}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("state", every_state(), ids=named)
def test_there_are_buttons_only_where_they_mean_something(state: State, place: Place | None) -> None:
    request, session = state
    expected: list[str] = []
    running = session is not None and session.status in {SessionStatus.GRANTING, SessionStatus.ACTIVE}
    if request.status.undecided and place is Place.REQUESTER:
        expected = ["Withdraw"]
    elif request.status.undecided and place and UNDECIDED[request.status][place]:
        expected = ["Approve", "Reject"]
    elif running and place in APPROVERS:
        expected = ["Revoke"]
    elif session and session.marked_overdue and place in APPROVERS:
        expected = ["Retry now"]
    elif session and session.status is SessionStatus.ACTIVE and place is Place.REQUESTER:
        expected = ["I'm done"] if session.existed_before else ["Extend", "I'm done"]
    elif place is Place.REQUESTER and (request.status in CLOSED or (session and not session.status.live)):
        expected = ["Ask again"]

    assert labels(card(state, place)) == expected


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_out(words: str) -> None:
    for state in every_state():
        for place in (None, Place.ADMINS):
            message = card(hostile(state, words), place)
            assert lint_message(message) == []
            assert "REQ-1042" in message.text


def test_a_standard_card_says_who_asks_for_what_and_why() -> None:
    words = seen(card((a_request(), None)))

    for expected in (
        "*Requester:* <@U0RITA> (Rita)",
        "*Permission set:* ReadOnly (standard)",
        "*AWS account:* prod-payments (111122223333)",
        "*Access duration:* 2 hours",
        "INC-12: the ledger shows a wrong balance",
        "Waiting for an owner of prod-payments in <#C0PAYMENTS> or an SSO admin in <#C0ADMINS>.",
        "lapses <!date^",
    ):
        assert expected in words


def test_the_justification_is_quoted_as_it_was_written() -> None:
    message = card((a_request(justification="fix prod: db down\n<!channel> `x` & *y*"), None))
    quote = message.blocks[2]["elements"][1]

    assert quote["type"] == "rich_text_quote"
    assert quote["elements"] == [{"type": "text", "text": "fix prod: db down\n<!channel> `x` & *y*"}]


def test_a_custom_card_shows_what_the_set_would_hold() -> None:
    words = seen(card((with_policy(a_custom_request()), None)))

    assert "JIT-Ledger (custom)" in words
    assert "*Session duration:* 1 hour" in words
    assert "*Managed policies:* ReadOnlyAccess" in words
    assert POLICY in words  # exactly what AWS gets


def test_a_long_policy_is_cut_and_offered_whole() -> None:
    policy = json.dumps({"Statement": [{"Sid": f"S{number}", "Effect": "Allow"} for number in range(200)]})
    message = card((with_policy(a_custom_request(), policy), None), Place.OWNERS)

    assert lint_message(message) == []
    assert labels(message) == ["Show policy", "Approve", "Reject"]
    assert "…" in seen(message)


def test_approving_a_custom_set_is_asked_once_more() -> None:
    custom, standard = card((a_custom_request(), None)), card((a_request(), None))

    assert custom.blocks[-1]["elements"][0]["confirm"]["title"]["text"] == "Approve REQ-1042?"
    assert "confirm" not in standard.blocks[-1]["elements"][0]


def test_the_second_level_names_who_may_not_decide_again() -> None:
    request = a_custom_request(RequestStatus.PENDING_ADMIN)
    words = seen(card((request, None)))

    assert "Waiting for an SSO admin in <#C0ADMINS>; not Olaf, who approved as owner." in words
    assert "👍 Approved by <@U0OLAF> (Olaf) as owner, <!date^" in words


def test_standing_in_for_an_owner_is_said() -> None:
    stood_in = replace(OWNER_APPROVAL, role=Level.ADMIN, stand_in=True)
    words = seen(card((a_custom_request(RequestStatus.PENDING_ADMIN, decisions=(stood_in,)), None)))

    assert "as SSO admin, standing in for an owner" in words


def test_a_rejection_shows_its_reason() -> None:
    words = seen(card((a_request(RequestStatus.REJECTED), None)))

    assert "⛔ Rejected by <@U0OLAF> (Olaf) as owner" in words
    assert "Use the staging account." in words


def test_an_active_card_says_until_when() -> None:
    session = a_session()
    words = seen(card((a_request(RequestStatus.APPROVED), session)))

    assert f"*Active until* <!date^{int(session.ends_at.timestamp())}^" in words


def test_a_session_past_its_end_says_so() -> None:
    state = (a_request(RequestStatus.APPROVED), a_session())
    late = request_card(*state, place=None, channels=CHANNELS, now=LATER + 100 * HOUR)

    assert "Its time is over" in seen(late)
    assert "Its time is over" not in seen(card(state))


def test_ending_is_not_called_ended_before_aws_confirms_it() -> None:
    ending = seen(card((a_request(RequestStatus.APPROVED), a_session(SessionStatus.REVOKING))))
    ended = seen(card((a_request(RequestStatus.APPROVED), a_session(SessionStatus.REVOKED))))

    assert "*Ending…* Revoked by <@U0OLAF> (Olaf)" in ending
    assert "confirmed" not in ending
    assert "The incident is closed." in ending
    assert "AWS confirmed that the access is gone, <!date^" in ended


def test_trouble_with_aws_is_said_while_it_lasts() -> None:
    troubled = a_session(SessionStatus.GRANTING, trouble="AWS has not answered yet.")

    assert "⚠️ AWS has not answered yet. jitbot keeps trying." in seen(card((a_request(), troubled)))


def test_access_that_existed_before_is_never_said_to_be_taken_away() -> None:
    for status in (SessionStatus.ACTIVE, SessionStatus.EXPIRED, SessionStatus.REVOKED):
        words = seen(card((a_request(RequestStatus.APPROVED), a_session(status, existed_before=True))))
        assert "AWS held this access before the request" in words
        assert "is gone" not in words


def test_long_reasons_at_both_levels_leave_room_for_the_policy() -> None:
    first = a_decision(OLGA, reason="y" * 5_000)
    request = with_policy(a_custom_request(RequestStatus.REJECTED, decisions=(first, first)), "[" * 20_000)
    message = card((replace(request, justification="z" * 5_000), None))

    assert lint_message(message) == []
    assert "Show policy" in labels(message)


@pytest.mark.parametrize("status", [each for each in RequestStatus if not each.undecided])
def test_a_settled_card_says_when_it_was_settled_and_how(status: RequestStatus) -> None:
    assert f" · {status.value.lower()} <!date^" in seen(card((a_request(status), None)))
