"""Cards and messages: posted once whatever Slack answers, every copy up to date, and somebody is always asked."""

import pytest

from access.request import RequestStatus
from blocks.again import WORDS
from operations.decide import approve_request, reject_request
from operations.end import revoke_session
from operations.withdraw import withdraw_request
from slackapi.errors import SlackAuthLost, SlackBusy
from storage.outbox import Lane
from tests.access.given import ADA, HOUR, MINUTE, OLAF, RITA, a_custom_form, an_account
from tests.operations.company import ADMIN_CHANNEL, AUDIT_CHANNEL, OWNER_CHANNEL, Company
from tests.operations.gate import Crash, Gate, crash
from tests.operations.slack import Posting, texts_of


def cards(company: Company) -> list[Posting]:
    """List the cards in Slack."""
    return [each for each in company.slack.postings if each.key.startswith("card:")]


def test_every_copy_shows_the_new_state_without_dead_buttons(company: Company) -> None:
    """A custom request has three cards; after its rejection none of them has a button that decides."""
    request = company.ask(a_custom_form())
    company.drain()
    approve_request(company.deps, request.id, OLAF.slack_id)
    company.drain()
    assert [each.channel for each in cards(company)] == [OWNER_CHANNEL, f"D{RITA.slack_id}", ADMIN_CHANNEL]
    assert "Approve" in cards(company)[2].buttons
    reject_request(company.deps, request.id, ADA.slack_id, "Too broad.")
    company.drain()
    assert all("Rejected" in each.text for each in cards(company))
    assert [each.buttons for each in cards(company)] == [[], ["Ask again"], []]


def test_cards_are_posted_once_with_lost_answers(company: Company) -> None:
    """Slack takes the card and its answer is lost: the next attempt finds the message and does not post again."""
    company.slack.lost = 1
    request = company.ask()
    company.drain()
    company.pass_time(MINUTE)
    assert len(company.slack.in_channel(OWNER_CHANNEL)) == 1
    withdraw_request(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert "Withdrawn" in company.slack.in_channel(OWNER_CHANNEL)[0].text


def test_a_message_to_a_person_that_may_stand_twice_says_so(company: Company) -> None:
    """Conversations with people cannot be searched: what is sent once more for a lost answer tells its reader."""
    request = company.ask()
    company.drain()
    company.slack.lost = 3
    reject_request(company.deps, request.id, OLAF.slack_id, "Use staging.")
    company.drain()
    company.pass_time(MINUTE)
    sent = [each for each in company.slack.in_channel(f"D{RITA.slack_id}") if each.key.endswith(":rejected")]
    first, *again = [WORDS in texts_of(each.blocks) for each in sent]
    assert not first
    assert again
    assert all(again)


def test_a_card_found_again_is_brought_up_to_date(company: Company) -> None:
    """The request was decided before its lost card was found: that card shows the decision, without buttons."""
    company.slack.lost = 1
    request = company.ask()
    company.drain()
    reject_request(company.deps, request.id, OLAF.slack_id, "Use staging.")
    company.drain()
    company.pass_time(MINUTE)
    found = company.slack.in_channel(OWNER_CHANNEL)
    assert len(found) == 1
    assert "Rejected" in found[0].text
    assert found[0].buttons == []


def test_a_crash_after_posting_posts_no_second_card(company: Company) -> None:
    """The bot dies when Slack has the card: started again, it finds its own message."""
    slack = Gate(company.slack)
    company.use(messenger=slack)
    slack.after("post", crash)
    company.ask()
    with pytest.raises(Crash):
        company.drain()
    company.restart()
    assert len(company.slack.in_channel(OWNER_CHANNEL)) == 1


def test_card_updates_are_idempotent(company: Company) -> None:
    """An update whose answer is lost is sent again, and changes nothing but the count of edits."""
    request = company.ask()
    company.drain()
    company.slack.lost = 1
    withdraw_request(company.deps, request.id, RITA.slack_id)
    company.drain()
    shown = cards(company)[0].blocks
    company.pass_time(MINUTE)
    assert [each.edits for each in cards(company)] == [2, 1]
    assert cards(company)[0].blocks == shown
    assert company.waiting() == 0


def test_a_card_that_somebody_deleted_stops_nothing(company: Company) -> None:
    """Slack refuses to update one copy for good: the other copies are updated all the same."""
    request = company.ask()
    company.drain()
    company.slack.closed[OWNER_CHANNEL] = "message_not_found"
    withdraw_request(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert "Withdrawn" in cards(company)[1].text
    assert company.waiting() == 0


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found"])
def test_closed_owner_channel_falls_back(company: Company, code: str) -> None:
    """The owners' channel cannot be posted to: the SSO admins are asked at once, and the log says why."""
    company.slack.closed[OWNER_CHANNEL] = code
    request = company.ask()
    company.drain()
    assert [each.channel for each in cards(company)] == [f"D{RITA.slack_id}", ADMIN_CHANNEL]
    assert company.events(request) == ["requested", "escalated"]
    assert code in company.entries()[-1].details["words"]
    assert approve_request(company.deps, request.id, ADA.slack_id).session is not None


def test_one_closed_channel_for_both_is_tried_until_it_opens(company: Company) -> None:
    """Owners and SSO admins share a channel that refuses: the card is not given up, and comes when it opens."""
    company.use_account(an_account(owner_channel=ADMIN_CHANNEL))
    company.slack.closed[ADMIN_CHANNEL] = "not_in_channel"
    request = company.ask(a_custom_form())
    company.drain()
    company.pass_time(10 * MINUTE)
    assert company.slack.in_channel(ADMIN_CHANNEL) == []
    company.slack.closed.clear()
    company.pass_time(10 * MINUTE)
    assert [each.key for each in company.slack.in_channel(ADMIN_CHANNEL)] == [f"card:{request.id}:owners"]


def test_a_requester_who_cannot_be_told_stops_nothing(company: Company) -> None:
    """Slack takes no direct message to the requester: cards, grant and end go on."""
    company.slack.closed[f"D{RITA.slack_id}"] = "user_disabled"
    request = company.active()
    company.pass_time(3 * HOUR)
    assert company.session(request).ended_at is not None
    assert company.waiting() == 0


def test_a_closed_audit_channel_loses_no_line(company: Company) -> None:
    """The audit channel refuses for an hour: every line comes afterwards, in the order of the log."""
    company.slack.closed[AUDIT_CHANNEL] = "not_in_channel"
    request = company.active()
    company.pass_time(HOUR)
    assert company.slack.in_channel(AUDIT_CHANNEL) == []
    company.slack.closed.clear()
    company.pass_time(30 * MINUTE)
    lines = [each.text for each in company.slack.in_channel(AUDIT_CHANNEL)]
    assert [word for line in lines for word in ("Requested", "Approved", "Granted") if word in line] == [
        "Requested",
        "Approved",
        "Granted",
    ]
    assert all(request.label in each for each in lines)


@pytest.mark.parametrize(
    "trouble",
    [
        SlackBusy("Slack failed (HTTP 503).", retry_after=30.0, unknown=True),
        SlackAuthLost("Slack no longer accepts the bot's token (token_revoked)."),
    ],
    ids=["busy", "token revoked"],
)
def test_slack_away_loses_and_doubles_nothing(company: Company, trouble: SlackBusy | SlackAuthLost) -> None:
    """Slack refuses everything for a while: afterwards every card and message stands there once."""
    company.slack.down = trouble
    company.active()
    company.pass_time(10 * MINUTE)
    assert company.slack.postings == []
    company.slack.down = None
    company.pass_time(30 * MINUTE)
    assert company.waiting() == 0
    keys = [each.key for each in company.slack.postings]
    assert sorted(keys) == sorted(set(keys))
    assert len(cards(company)) == 2
    assert all("Active" in each.text for each in cards(company))


def test_an_own_error_in_one_message_keeps_the_others_going(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing one card fails by a defect of ours: it is tried again later, and everything else is done."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr("operations.publish.request_card", broken)
    request = company.active(None, Lane.GRANT)
    company.drain()
    assert cards(company) == []
    assert len(company.slack.in_channel(AUDIT_CHANNEL)) == 3
    monkeypatch.undo()
    company.pass_time(MINUTE)
    assert len(cards(company)) == 2
    assert company.request(request).status is RequestStatus.APPROVED


def test_a_session_ended_twice_is_told_once(company: Company) -> None:
    """However the workers repeat themselves, the holder gets one message about the end."""
    request = company.active()
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    company.drain()
    company.pass_time(HOUR)
    told = [each for each in company.slack.postings if each.key == f"tell:{request.id}:revoked"]
    assert len(told) == 1
    assert "The incident is over." in texts_of(told[0].blocks)
