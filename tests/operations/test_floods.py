"""The audit channel in a flood: a digest names every entry by range and anchor; a few entries have a line each."""

import pytest

from access.changes import Event, EventKind
from access.people import SlackId
from operations.audit_lines import MOST_LINES
from operations.perform import perform
from operations.settle import record
from slackapi.errors import SlackBusy
from storage import audit
from storage.outbox import Lane
from tests.access.given import MINUTE
from tests.operations.company import AUDIT_CHANNEL, Company
from tests.operations.gate import Crash, Gate, crash
from tests.operations.slack import Posting, texts_of


def happen(company: Company, count: int, kind: EventKind = EventKind.EXPIRED) -> None:
    """Write so many events to the log, each in a transaction of its own."""
    for number in range(count):
        now = company.clock.now()
        event = Event(kind=kind, at=now, actor=SlackId("jitbot"), request=f"REQ-{number}")
        with company.database.begin() as db:
            record(db, [event], now)


def lines(company: Company) -> list[Posting]:
    """List what stands in the audit channel."""
    return company.slack.in_channel(AUDIT_CHANNEL)


def said(posting: Posting) -> str:
    """Read a message."""
    return texts_of(posting.blocks)


def test_up_to_twenty_entries_have_a_line_each_in_order(company: Company) -> None:
    """What people can read, they get as it is."""
    happen(company, MOST_LINES)
    company.drain(Lane.SLACK)
    assert [each.key for each in lines(company)] == [f"audit_line:{seq}" for seq in range(2, MOST_LINES + 2)]


def test_more_than_twenty_are_one_digest_with_range_counts_and_anchor(company: Company) -> None:
    """10,000 lines would come for hours: one message names the first and last entry, the kinds, and the last's hash."""
    happen(company, 300)
    happen(company, 1, EventKind.GRANTED)
    assert company.drain(Lane.SLACK) == 1
    (digest,) = lines(company)
    with company.database.read() as db:
        anchor = audit.anchor(db, 302)
    assert "301 entries at once" in said(digest)
    assert "2 to 302 of the audit log" in said(digest)
    assert "Expired: *300*" in said(digest)
    assert "Granted: *1* (REQ-0)" in said(digest)
    assert anchor[:20] in said(digest)


def test_after_the_flood_each_entry_has_its_line_again(company: Company) -> None:
    """The next event is one line."""
    happen(company, 50)
    company.drain(Lane.SLACK)
    happen(company, 1)
    company.drain(Lane.SLACK)
    assert len(lines(company)) == 2
    assert lines(company)[1].key == "audit_line:52"


def test_a_flood_larger_than_a_digest_comes_in_several(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """No digest is without bound, and none of the entries is left out."""
    monkeypatch.setattr("operations.audit_lines._MOST", 40)
    happen(company, 100)
    company.drain(Lane.SLACK)
    ranges = [said(each).partition("· ")[2].partition(" of")[0] for each in lines(company)[:2]]
    assert ranges == ["2 to 41", "42 to 81"]
    assert [each.key for each in lines(company)[2:]] == [f"audit_line:{seq}" for seq in range(82, 102)]


def test_a_digest_whose_answer_was_lost_is_found_and_shows_what_came_since(company: Company) -> None:
    """Posted, the answer lost, ten entries later: still one message, and it covers these too."""
    happen(company, 30)
    company.slack.lost = 1
    (first,) = company.claim(Lane.SLACK)
    perform(company.deps, first)
    happen(company, 10)
    company.drain(Lane.SLACK)
    company.clock.move(MINUTE)
    assert company.drain(Lane.SLACK) == 0
    (digest,) = lines(company)
    assert "2 to 41 of the audit log" in said(digest)
    assert company.waiting() == 0


def test_a_crash_after_the_digest_doubles_nothing(company: Company) -> None:
    """The process dies right after Slack took the digest: after the restart there is still one message."""
    happen(company, 30)
    gate = Gate(company.slack)
    gate.after("post", crash)
    company.use(messenger=gate)
    with pytest.raises(Crash):
        company.drain(Lane.SLACK)
    company.use(messenger=company.slack)
    company.restart(Lane.SLACK)
    assert len(lines(company)) == 1
    assert company.waiting() == 0


def test_a_closed_channel_gets_the_digest_when_it_opens(company: Company) -> None:
    """A day of refusals: nothing is lost, and what waited comes as one message."""
    company.slack.closed[AUDIT_CHANNEL] = "is_archived"
    happen(company, 30)
    company.drain(Lane.SLACK)
    company.slack.closed.clear()
    company.clock.move(10 * MINUTE)
    company.drain(Lane.SLACK)
    assert len(lines(company)) == 1
    assert "30 entries at once" in said(lines(company)[0])


def test_slack_away_during_a_flood_loses_no_entry(company: Company) -> None:
    """However often Slack fails, every entry is named in the end."""
    happen(company, 25)
    company.slack.down = SlackBusy("Slack cannot be reached.")
    company.drain(Lane.SLACK)
    company.slack.down = None
    company.clock.move(10 * MINUTE)
    company.drain(Lane.SLACK)
    assert "2 to 26 of the audit log" in said(lines(company)[0])
    assert company.waiting() == 0
