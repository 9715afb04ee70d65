"""What jitbot did not make, as SSO admins read it: within Slack's limits, hostile names included."""

from dataclasses import replace

import pytest

from access.durations import AccessDuration
from access.refusals import Refusal
from access.request import RequestStatus
from blocks import ids
from blocks.drift import (
    NAMED_MOST,
    SHOWN_MOST,
    AdoptForm,
    Stranger,
    adopt_errors,
    adopt_form,
    drift_report,
    missing_report,
    read_adopt_form,
)
from blocks.message import Block, Message
from blocks.text import when
from tests.access.given import NOW, a_request, a_session
from tests.blocks.lint import lint_message, lint_view, texts
from tests.blocks.states import HOSTILE

STRANGER = Stranger(
    key="0123456789abcdef0123",
    user="max@example.com",
    account_name="prod-payments",
    account_id="111122223333",
    set_name="PowerUser",
)


def words(message: Message) -> str:
    """Read all of a message."""
    return "\n".join(texts(message.blocks))


def buttons(message: Message) -> list[Block]:
    """List the buttons."""
    return [each for row in message.blocks if row["type"] == "actions" for each in row["elements"]]


def test_a_report_says_who_has_what_where_and_that_nothing_is_removed_unasked() -> None:
    report = drift_report([STRANGER], total=1, waiting=1)
    assert "max@example.com has *PowerUser* in prod-payments (111122223333)." in words(report)
    assert "jitbot removes none of it unasked" in words(report)
    assert report.text == "🔎 AWS holds 1 thing that jitbot did not make"


def test_its_buttons_carry_nothing_but_the_key() -> None:
    adopt, ignore = buttons(drift_report([STRANGER], total=1, waiting=1))
    assert (adopt["action_id"], adopt["value"]) == (ids.ADOPT, STRANGER.key)
    assert (ignore["action_id"], ignore["value"]) == (ids.IGNORE, STRANGER.key)
    assert "without an end" in ignore["confirm"]["text"]["text"]


def test_what_cannot_be_a_session_can_only_be_left_alone_and_what_is_settled_has_no_button() -> None:
    unknown_set = replace(STRANGER, user="", adoptable=False)
    settled = replace(STRANGER, outcome="🙈 Left alone.")
    report = drift_report([unknown_set, settled], total=2, waiting=1)
    assert [each["action_id"] for each in buttons(report)] == [ids.IGNORE]
    assert "carries jitbot's tag" in words(report)
    assert drift_report([settled], total=1, waiting=0).text.startswith("✅")
    assert drift_report([], total=0, waiting=0).text.startswith("✅")


@pytest.mark.parametrize("outcome", ["", f"🙈 Left alone by <@U0ADA> until {when(NOW)}."])
@pytest.mark.parametrize("hostile", [*HOSTILE, "w" * 500])
def test_the_longest_report_of_hostile_names_fits_and_names_formats_and_pings_nothing(
    hostile: str, outcome: str
) -> None:
    many = [
        replace(STRANGER, user=hostile, account_name=hostile, set_name=hostile, outcome=outcome)
        for _ in range(SHOWN_MOST)
    ]
    report = drift_report(many, total=900, waiting=900)
    assert lint_message(report) == []
    assert f"and {900 - SHOWN_MOST} more" in words(report)


def test_missing_sessions_are_named_and_said_not_to_be_given_again() -> None:
    pair = (a_request(RequestStatus.APPROVED), a_session())
    report = missing_report([pair] * (NAMED_MOST + 2))
    assert lint_message(report) == []
    assert "REQ-1042: ReadOnly in prod-payments of <@U0RITA> (Rita)" in words(report)
    assert "and 2 more" in words(report)
    assert "does not give it again by itself" in words(report)


def test_the_form_to_adopt_is_read_as_it_was_built() -> None:
    view = adopt_form(STRANGER, "U0MAX", tuple(AccessDuration), "C0ADMINS", "1.5")
    assert lint_view(view) == []
    assert "PowerUser" in "\n".join(texts(view["blocks"]))
    state = {
        "duration": {ids.DURATION: {"selected_option": {"value": "2 hours"}}},
        "reason": {ids.REASON: {"value": " INC-9: by phone "}},
    }
    assert read_adopt_form({**view, "state": {"values": state}}) == AdoptForm(
        key=STRANGER.key, holder="U0MAX", channel="C0ADMINS", ts="1.5", duration="2 hours", reason="INC-9: by phone"
    )
    shown = [each["block_id"] for each in view["blocks"] if each["type"] == "input"]
    assert set(adopt_errors(Refusal("No.").words)) <= set(shown)


@pytest.mark.parametrize("view", [None, {}, {"private_metadata": 7}, {"private_metadata": "", "state": {"values": []}}])
def test_a_forged_form_reads_as_empty(view: object) -> None:
    assert read_adopt_form(view) == AdoptForm(key="", holder="", channel="", ts="", duration="", reason="")
