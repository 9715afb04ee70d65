"""A digest names every entry that it stands for: by the range, by kind and number, and by the anchor of the last."""

from dataclasses import replace

from access.changes import Event, EventKind
from access.people import SlackId
from blocks.audit_digest import NUMBERS_MOST, Digest, audit_digest
from tests.access.given import MINUTE, NOW
from tests.blocks.lint import lint_message, texts

ANCHOR = f"148:{'ab' * 32}"


def event(number: int, kind: EventKind = EventKind.GRANTED) -> Event:
    """Give one event about a request."""
    return Event(kind=kind, at=NOW + number * MINUTE, actor=SlackId("jitbot"), request=f"REQ-{number}")


def digest(*events: Event) -> str:
    """Render a digest of these events, entries 12 to 148, and read it."""
    message = audit_digest(Digest(first=12, last=148, events=events, anchor=ANCHOR))
    assert lint_message(message) == []
    return "\n".join([message.text, *texts(message.blocks)])


def test_a_digest_names_range_counts_numbers_times_and_anchor() -> None:
    said = digest(event(1), event(2), event(3, EventKind.EXPIRED))
    assert "🗞️ 3 entries at once: 12 to 148 of the audit log" in said
    assert "🟢 Granted: *2* (REQ-1, REQ-2)" in said
    assert "🏁 Expired: *1* (REQ-3)" in said
    assert f"`{ANCHOR[:20]}`" in said
    assert "jitbot audit export" in said


def test_the_rarest_kind_is_shown_however_many_others_there_are() -> None:
    """Who floods the log with refusals hides no grant: it has a line of its own."""
    refused = [replace(event(1, EventKind.REFUSED), request="") for _ in range(400)]
    said = digest(*refused, event(7))
    assert "🚫 Refused: *400*" in said
    assert "🟢 Granted: *1* (REQ-7)" in said


def test_many_requests_of_one_kind_are_cut_and_counted() -> None:
    said = digest(*[event(each) for each in range(1, NUMBERS_MOST + 11)])
    assert f"REQ-{NUMBERS_MOST} and 10 more" in said


def test_slack_takes_a_digest_of_every_kind_with_long_numbers() -> None:
    events = [event(10**8 + each, kind) for kind in EventKind for each in range(NUMBERS_MOST + 5)]
    named = 300 // len(EventKind)
    assert f"and {NUMBERS_MOST + 5 - named} more" in digest(*events)


def test_one_request_is_named_once() -> None:
    assert "*2* (REQ-5)" in digest(event(5), event(5))
