"""The alert about overdue sessions is red, says what to do, fits Slack's limits, and is put right when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.request import Request, RequestStatus
from access.session import Ending, Session, SessionStatus
from blocks.message import Message
from blocks.overdue import NAMED_MOST, overdue_alert
from blocks.request_card import request_card
from tests.access.given import END_ORDERED_AT, HOUR, MINUTE, OLAF, a_request, a_session
from tests.blocks.lint import lint_message, texts
from tests.blocks.states import CHANNELS, HOSTILE, hostile

NOW = END_ORDERED_AT + 63 * MINUTE
APPROVED = a_request(RequestStatus.APPROVED)
LATE = a_session(
    SessionStatus.REVOKING, trouble="AWS denies it.", overdue_since=END_ORDERED_AT, overdue_again_at=END_ORDERED_AT
)
OVER = replace(LATE, status=SessionStatus.REVOKED, ended_at=NOW, trouble="")


def words(message: Message) -> str:
    """Read all of a message."""
    return "\n".join(texts(message.blocks))


def flood(count: int) -> list[tuple[Request, Session]]:
    """Give many overdue sessions, the later the number the longer overdue."""
    return [
        (replace(APPROVED, number=2000 + each), replace(LATE, end_ordered_at=END_ORDERED_AT - each * MINUTE))
        for each in range(count)
    ]


def test_an_alert_names_who_what_since_when_aws_and_what_to_do() -> None:
    alert = overdue_alert([(APPROVED, LATE)], NOW)
    said = words(alert)
    for each in ("🔴 REQ-1042 · Overdue", "Rita", "ReadOnly", "prod-payments", "111122223333", "1 h 3 min ago"):
        assert each in said
    for each in ("AWS denies it.", "revoked by an approver (<@U0OLAF> (Olaf))", "`/jit revoke REQ-1042`"):
        assert each in said
    assert alert.text.startswith("🔴 REQ-1042 is overdue: Rita may still have ReadOnly in prod-payments.")


def test_its_one_button_is_red_and_carries_the_request_alone() -> None:
    (row,) = [each for each in overdue_alert([(APPROVED, LATE)], NOW).blocks if each["type"] == "actions"]
    (button,) = row["elements"]
    assert (button["text"]["text"], button["style"], button["value"]) == ("Retry now", "danger", APPROVED.id)
    assert button["action_id"] == "jit:retry:v1"


def test_without_words_of_aws_it_says_what_is_known() -> None:
    assert "AWS has not confirmed yet" in words(overdue_alert([(APPROVED, replace(LATE, trouble=""))], NOW))


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (Ending.EXPIRED, "its time is over"),
        (Ending.ENDED_EARLY, "ended early by its holder"),
        (Ending.FAILED, "it could not be granted"),
    ],
)
def test_it_says_why_it_ends(ending: Ending, said: str) -> None:
    assert said in words(overdue_alert([(APPROVED, replace(LATE, ending=ending, ended_by=None))], NOW))


def test_when_it_is_over_the_alert_says_so_and_how_late_and_has_no_button() -> None:
    alert = overdue_alert([(APPROVED, OVER)], NOW + HOUR)
    assert alert.text.startswith("✅ REQ-1042: ended ")
    assert "1 h 3 min late" in alert.text
    assert "🔴" not in words(alert) + alert.text
    assert all(each["type"] != "actions" for each in alert.blocks)


def test_a_flood_names_the_longest_overdue_first_and_how_many_more() -> None:
    said = words(overdue_alert(flood(NAMED_MOST + 7), NOW))
    assert f"🔴 {NAMED_MOST + 7} sessions are overdue" in said
    assert said.index(f"REQ-{2000 + NAMED_MOST + 6}:") < said.index(f"REQ-{2000 + NAMED_MOST + 5}:")
    assert "and 7 more" in said
    assert "REQ-2006:" not in said
    assert "REQ-2007:" in said


def test_a_flood_shrinks_as_sessions_end_and_is_over_with_the_last() -> None:
    many = flood(30)
    some = [(request, OVER if request.number < 2010 else session) for request, session in many]
    assert "20 of 30 should have ended" in words(overdue_alert(some, NOW))
    done = overdue_alert([(request, OVER) for request, _ in many], NOW)
    assert done.text.startswith("✅ All 30 overdue sessions of this alert have ended")
    assert "🔴" not in words(done)


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("session", [LATE, OVER])
@pytest.mark.parametrize("count", [1, 100])
def test_slack_takes_every_alert_whatever_people_and_aws_write(said: str, session: Session, count: int) -> None:
    state = hostile((APPROVED, session), said)
    assert state[1] is not None
    pair = (state[0], state[1])
    assert lint_message(overdue_alert([pair] * count, NOW + timedelta(days=30))) == []


def test_the_card_has_the_mark_beside_the_status_and_the_words_of_aws() -> None:
    card = request_card(APPROVED, LATE, place=None, channels=CHANNELS, now=NOW)
    assert card.blocks[0]["text"]["text"] == "REQ-1042 · 🟢 Active · 🔴 Overdue"
    assert "🔴 *Overdue: the access should have been gone" in words(card)
    assert "AWS denies it." in words(card)
    assert OLAF.name in words(card)


def test_the_mark_is_gone_with_the_end() -> None:
    card = request_card(APPROVED, OVER, place=None, channels=CHANNELS, now=NOW)
    assert card.blocks[0]["text"]["text"] == "REQ-1042 · 🔒 Revoked"
    assert "Overdue" not in words(card)
