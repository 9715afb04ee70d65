"""The lines of the audit channel."""

import re

import pytest

from access.changes import BOT, Event, EventKind
from access.lifecycle import event_of
from access.people import SlackId
from blocks.audit_line import audit_line
from tests.access.given import NOW, OLAF, a_custom_request, a_request
from tests.blocks.lint import lint_message
from tests.blocks.states import HOSTILE

TARGET = ["account", "account_name", "permission_set", "kind", "duration"]
WHY = ["justification", "reason", "level", "role", "stand_in", "refusal", "words"]
REST = ["until", "ending", "policy_sha256", "path", "session_duration", "managed_policies", "email", "unheard_of"]
KEYS = [*TARGET, *WHY, *REST]


def line(event: Event) -> str:
    """Render an event, lint it, and take its one line."""
    message = audit_line(event)
    assert lint_message(message) == []
    assert len(message.blocks) == 1
    shown: str = message.blocks[0]["text"]["text"]
    assert "\n" not in shown
    return shown


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_a_line_of_emoji_and_word(kind: EventKind) -> None:
    shown = line(Event(kind=kind, at=NOW, actor=BOT))

    assert re.match(r"\*[^\w\s]\S* [A-Z][\w ]+\* · jitbot · <!date\^", shown)


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_about_a_request_has_its_number_in_line_and_notification(kind: EventKind) -> None:
    event = event_of(kind, a_request(), NOW)

    assert " · REQ-1042 · " in line(event)
    assert " · REQ-1042 · " in audit_line(event).text


def test_a_request_is_told_whole() -> None:
    event = event_of(
        EventKind.REQUESTED, a_custom_request(), NOW, OLAF.slack_id, "Olaf", justification="INC-12: wrong\nbalance"
    )

    assert line(event).startswith(
        "*📝 Requested* · REQ-1042 · Olaf (U0OLAF) · JIT-Ledger (custom) in prod-payments (111122223333) · for 2 hours"
        " · justification: INC-12: wrong balance · <!date^"
    )


def test_an_approval_says_in_which_role_and_for_whom() -> None:
    event = event_of(
        EventKind.APPROVED,
        a_request(),
        NOW,
        OLAF.slack_id,
        "Olaf",
        role="SSO admin",
        level="owner",
        stand_in="stood in",
    )

    assert " · as SSO admin · stood in · " in line(event)


def test_nobody_is_mentioned() -> None:
    event = event_of(EventKind.APPROVED, a_request(), NOW, OLAF.slack_id, "Olaf", words="<@U0ADA>")

    assert "<@" not in line(event)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-03-02T09:05:00+00:00", "until <!date^1772442300^"),
        ("2026-03-02T09:05:00", "until <!date^1772442300^"),
        ("<!channel>", "until &lt;!channel&gt;"),
    ],
)
def test_an_end_is_shown_in_the_readers_zone(until: str, expected: str) -> None:
    assert expected in line(event_of(EventKind.GRANTED, a_request(), NOW, until=until))


def test_a_digest_is_shown_whole() -> None:
    assert "a" * 64 in line(event_of(EventKind.CONFIGURATION_LOADED, a_request(), NOW, policy_sha256="a" * 64))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_out(words: str) -> None:
    details = dict.fromkeys(KEYS, words)
    for kind in EventKind:
        line(Event(kind=kind, at=NOW, actor=SlackId(words), actor_name=words, request=words, details=details))


@pytest.mark.parametrize("key", KEYS)
def test_each_detail_may_stand_alone_or_be_missing(key: str) -> None:
    for details in ({key: "x"}, {each: "x" for each in KEYS if each != key}):
        line(Event(kind=EventKind.REFUSED, at=NOW, actor=BOT, details=details))
