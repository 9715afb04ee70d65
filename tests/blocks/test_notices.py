"""The direct messages."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from access.changes import NoticeKind
from access.request import Request, RequestStatus
from access.session import SessionStatus
from blocks.message import Message
from blocks.notices import NoticeFacts, notice
from blocks.text import clock, when
from tests.access.given import GRANTED_AT, HOUR, a_custom_request, a_request, a_session
from tests.blocks.lint import lint_message, texts
from tests.blocks.states import HOSTILE, every_state, hostile

FACTS = NoticeFacts(now=GRANTED_AT, portal_url="https://example.awsapps.com/start/", region="eu-west-1")
CLI_PROFILE = """[profile prod-payments-ReadOnly]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = ReadOnly"""
ENDS = (NoticeKind.EXPIRED, NoticeKind.REVOKED, NoticeKind.ENDED_EARLY)


def told(kind: NoticeKind, request: Request | None = None, facts: NoticeFacts = FACTS) -> Message:
    """Render a notice about a session that is active, or ended where the notice says so."""
    status = SessionStatus.REVOKED if kind in ENDS else SessionStatus.ACTIVE
    return notice(kind, request or a_request(RequestStatus.APPROVED), a_session(status), facts)


def seen(message: Message) -> str:
    """Put all texts of a message together."""
    return "\n".join(texts(message.blocks))


def button_labels(message: Message) -> list[str]:
    """List the buttons of a message."""
    rows = [each["elements"] for each in message.blocks if each["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


@pytest.mark.parametrize("kind", NoticeKind)
def test_slack_takes_every_notice_about_every_state_and_each_has_the_number(kind: NoticeKind) -> None:
    for request, session in every_state():
        for facts in (FACTS, NoticeFacts(now=GRANTED_AT, words="AWS said no.")):
            message = notice(kind, request, session, facts)
            assert lint_message(message) == []
            assert message.text.startswith("REQ-1042: ")
            assert "REQ-1042: " in message.blocks[0]["text"]["text"]


@pytest.mark.parametrize("kind", NoticeKind)
def test_times_are_shown_in_the_readers_zone(kind: NoticeKind) -> None:
    assert not re.search(r"2026|\d\d:\d\d", re.sub(r"<!date\^[^>]*>", "", seen(told(kind))))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_out(words: str) -> None:
    facts = NoticeFacts(now=GRANTED_AT, portal_url=words, region=words, words=words)
    with_portal = replace(facts, portal_url=FACTS.portal_url)
    for state in every_state():
        for kind in NoticeKind:
            for each in (facts, with_portal):
                assert lint_message(notice(kind, *hostile(state, words), each)) == []


def test_only_the_holder_of_running_access_is_offered_to_end_it() -> None:
    offered = {kind: button_labels(told(kind)) for kind in NoticeKind}

    assert {kind for kind, labels in offered.items() if "I'm done" in labels} == {
        NoticeKind.GRANTED,
        NoticeKind.ENDING_SOON,
    }
    assert offered[NoticeKind.GRANTED] == ["I'm done"]
    assert offered[NoticeKind.ENDING_SOON] == ["Extend", "I'm done"]


def test_who_has_nothing_any_more_can_ask_again() -> None:
    over = (NoticeKind.REJECTED, NoticeKind.LAPSED, NoticeKind.EXPIRED)
    assert [button_labels(told(kind)) for kind in over] == [["Ask again"]] * 3
    assert button_labels(notice(NoticeKind.LAPSED, a_request(extends=1001), None, FACTS)) == []


def test_a_grant_comes_with_the_link_to_the_console() -> None:
    session = a_session(set_name="Read+Only=1,a@b")
    words = seen(notice(NoticeKind.GRANTED, a_request(), session, FACTS))
    link = re.search(r"<(https://[^|]+)\|Open the AWS console>", words)

    assert link
    address, _, query = link[1].replace("&amp;", "&").partition("/#/console?")
    assert address == "https://example.awsapps.com/start"
    assert parse_qs(query) == {"account_id": ["111122223333"], "role_name": ["Read+Only=1,a@b"]}


def test_a_grant_comes_with_the_lines_for_the_cli() -> None:
    words = seen(told(NoticeKind.GRANTED))

    assert CLI_PROFILE in words
    assert "aws sso login --profile prod-payments-ReadOnly\nexport AWS_PROFILE=prod-payments-ReadOnly" in words


def test_an_accounts_name_cannot_put_commands_into_a_shell() -> None:
    request = a_request(account_name="prod; rm -rf / $(x)\n")
    words = seen(notice(NoticeKind.GRANTED, request, a_session(), FACTS))

    assert "aws sso login --profile prod-rm-rf-x-ReadOnly\n" in words


def test_without_a_portal_there_is_no_dead_link() -> None:
    for portal in ("", "javascript:alert(1)", "https://a b", "https://x|y>"):
        words = seen(told(NoticeKind.GRANTED, facts=replace(FACTS, portal_url=portal)))
        assert "Open the AWS console" not in words


def test_a_custom_set_is_entered_under_its_name_in_aws() -> None:
    session = a_session(set_name="JIT-Ledger-k7m2")
    words = seen(notice(NoticeKind.GRANTED, a_custom_request(RequestStatus.APPROVED), session, FACTS))

    assert "role_name=JIT-Ledger-k7m2" in words


@pytest.mark.parametrize("kind", ENDS)
def test_the_end_tells_the_truth_about_sessions_that_are_open(kind: NoticeKind) -> None:
    ended = a_session(SessionStatus.REVOKED)
    assert ended.ended_at is not None
    request = a_request(RequestStatus.APPROVED)
    known, unknown, cut = (
        seen(notice(kind, request, replace(ended, **facts), FACTS))
        for facts in ({"sign_in_hours": 4}, {}, {"sign_in_hours": 4, "cut_at": ended.ended_at})
    )

    assert f"An open AWS session can work until {when(ended.ended_at + 4 * HOUR)} at the latest." in known
    assert f"{when(ended.ended_at + 12 * HOUR)} at the latest, 12 hours being the most AWS allows." in unknown
    assert f"AWS sessions were cut at {clock(ended.ended_at)}: from then on AWS itself denies everything." in cut


@pytest.mark.parametrize("kind", ENDS)
def test_access_that_existed_before_is_said_to_stay(kind: NoticeKind) -> None:
    session = a_session(SessionStatus.REVOKED, existed_before=True)
    words = seen(notice(kind, a_request(RequestStatus.APPROVED), session, FACTS))

    assert "left as it was" in words
    assert "open AWS session" not in words


def test_a_rejection_says_who_and_why() -> None:
    words = seen(notice(NoticeKind.REJECTED, a_request(RequestStatus.REJECTED), None, FACTS))

    assert "<@U0OLAF> (Olaf) rejected *ReadOnly* in *prod-payments*." in words
    assert "Use the staging account." in words


def test_a_revocation_says_who_and_why() -> None:
    words = seen(told(NoticeKind.REVOKED))

    assert "<@U0OLAF> (Olaf) revoked" in words
    assert "The incident is closed." in words


def test_the_announced_end_says_how_long_is_left() -> None:
    session = a_session()
    facts = replace(FACTS, now=session.ends_at - timedelta(minutes=14))

    assert "(14 min left)" in seen(notice(NoticeKind.ENDING_SOON, a_request(), session, facts))


def test_a_failure_says_what_aws_said() -> None:
    failed = a_session(SessionStatus.FAILED)

    assert "AWS knows no such account." in seen(notice(NoticeKind.FAILED, a_request(), failed, FACTS))


def test_a_reminder_says_whose_turn_it_is_and_when_it_lapses() -> None:
    first, second = a_custom_request(), a_custom_request(RequestStatus.PENDING_ADMIN)

    assert "still waits for a decision and lapses <!date^" in seen(notice(NoticeKind.REMINDER, first, None, FACTS))
    assert "still waits for an SSO admin" in seen(notice(NoticeKind.REMINDER, second, None, FACTS))


def test_the_lapse_is_known_to_be_a_day_away() -> None:
    request = a_request(lapses_at=GRANTED_AT + 24 * HOUR)
    stamp = int((GRANTED_AT + 24 * HOUR).timestamp())

    assert f"<!date^{stamp}^" in notice(NoticeKind.REMINDER, request, None, FACTS).text
