"""The home tab: every state, more than any page holds, and words that try to break out."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from access.freeze import Freeze
from access.request import RequestStatus
from access.session import SessionStatus
from blocks import ids
from blocks.answers import said
from blocks.home import (
    ROWS_OF_PAGE,
    ROWS_OF_PART,
    Health,
    Home,
    Page,
    Part,
    Shelf,
    answer_view,
    home_view,
    read_page,
    trouble_view,
)
from blocks.message import Block
from tests.access.given import ADA, HOUR, MINUTE, NOW, a_custom_request, a_request, a_session
from tests.blocks.homes import EMPTY, HEALTH, OVERDUE, PORTAL, a_home, everything, numbered, pressable
from tests.blocks.lint import lint_home, lint_view, texts
from tests.blocks.states import HOSTILE, State, every_state

APPROVED = a_request(RequestStatus.APPROVED)
_DATE = re.compile(r"<!date\^[^>]*>")


def seen(view: Block) -> str:
    """Put all texts of a view together."""
    return "\n".join(texts(view["blocks"]))


def labels(view: Block) -> list[str]:
    """List the words on the buttons."""
    return [label for label, _, _ in pressable(view)]


def only(part: Part, *rows: State) -> Block:
    """Draw a home tab with one part."""
    return home_view(Home(shelves={part: Shelf(rows=rows, total=len(rows))}, portal_url=PORTAL), NOW)


@pytest.mark.parametrize("home", everything())
def test_slack_takes_every_home_tab(home: Home) -> None:
    """Every state, every row and every page is a view that Slack takes."""
    assert lint_home(home_view(home, NOW)) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_break_nothing(words: str) -> None:
    """Names, justifications, reasons and AWS's words stay words, on the full page and on a page of each part."""
    for page in (None, *(Page(part=each) for each in Part)):
        view = home_view(a_home(ROWS_OF_PAGE, words=words, page=page, total=500), NOW)
        assert lint_home(view) == []


@pytest.mark.parametrize("words", ["<" * 5_000, "x" * 5_000, "👩" * 5_000])
def test_no_list_is_too_long(words: str) -> None:
    """Five hundred rows in every part, each as long as it can be: at most 100 blocks and 250 kB."""
    rows = {part: Shelf(rows=numbered(list(shelf.rows), 500), total=500) for part, shelf in a_home(9).shelves.items()}
    home = replace(a_home(words=words), shelves=rows)
    for page in (Page(), *(Page(part=part, number=49) for part in Part)):
        assert lint_home(home_view(replace(home, page=page), NOW)) == []


def test_who_has_nothing_is_told_so_in_words() -> None:
    """No part is left empty without a word, and there is the way to ask."""
    view = home_view(EMPTY, NOW)

    assert pressable(view) == [("Request access", ids.ASK, "")]
    for words in (
        "Nothing waits for your decision.",
        "You have no access to AWS through jitbot now.",
        "You have not asked for anything yet.",
    ):
        assert words in seen(view)


def test_the_parts_stand_in_their_order() -> None:
    """What is overdue comes first, then what waits for the viewer, what they have, asked for, and can end."""
    shown = seen(home_view(a_home(2), NOW))
    titles = [
        "🔴 Overdue (2)",
        "Waiting for me (2)",
        "My sessions (2)",
        "My requests",
        "Active in my accounts (2)",
        "Health",
    ]

    assert sorted(titles, key=shown.index) == titles


def test_a_part_that_is_not_for_the_viewer_is_not_there() -> None:
    """Only approvers see what runs in their accounts, only SSO admins what is overdue and how the bot does."""
    shown = seen(home_view(EMPTY, NOW))

    assert not any(each in shown for each in ("Active in my accounts", "Overdue", "Health"))


def test_what_waits_has_the_buttons_of_the_card() -> None:
    """Approve and Reject name the request and nothing else; a custom set shows its policy too, and asks once more."""
    standard, custom = a_request(), a_custom_request()

    assert pressable(only(Part.WAITING, (standard, None)))[1:] == [
        ("Approve", ids.APPROVE, standard.id),
        ("Reject", ids.REJECT, standard.id),
    ]
    view = only(Part.WAITING, (custom, None))
    assert labels(view)[1:] == ["Approve", "Reject", "Show policy"]
    assert any("confirm" in each for block in view["blocks"] for each in block.get("elements", []))


def test_an_extension_says_what_it_extends() -> None:
    """The approver sees how much more of what."""
    assert "(extends REQ-1001)" in seen(only(Part.WAITING, (a_request(extends=1001), None)))


def test_a_running_session_shows_its_time_its_way_in_and_its_buttons() -> None:
    """Time left, the latest end of an open AWS session, the console link, Extend and I'm done."""
    session = a_session(ends_at=NOW + HOUR + 20 * MINUTE)
    view = only(Part.SESSIONS, (APPROVED, session))

    assert "1 h 20 min left" in seen(view)
    assert "An open AWS session can work until" in seen(view)
    assert f"<{PORTAL}/#/console?account_id=" in seen(view)
    assert labels(view)[1:] == ["Extend", "I'm done"]


@pytest.mark.parametrize("status", [SessionStatus.GRANTING, SessionStatus.REVOKING])
def test_what_does_not_run_has_no_way_in(status: SessionStatus) -> None:
    """Before the grant and from the ordered end on, there is no link and nothing to press."""
    view = only(Part.SESSIONS, (APPROVED, a_session(status)))

    assert "console" not in seen(view)
    assert labels(view)[1:] == []


def test_a_session_whose_time_is_over_counts_no_time() -> None:
    """Between its end and the sweep nobody reads of time left."""
    assert " left" not in seen(only(Part.SESSIONS, (APPROVED, a_session(ends_at=NOW - timedelta(seconds=1)))))


def test_without_a_portal_there_is_no_link() -> None:
    """An address that is none makes no link of itself."""
    home = Home(shelves={Part.SESSIONS: Shelf(rows=((APPROVED, a_session()),), total=1)}, portal_url="javascript:x")

    assert "console" not in seen(home_view(home, NOW))


def test_approvers_can_end_what_others_have() -> None:
    """Revoke stands beside each row, and says to screen readers which session it is."""
    request = APPROVED
    view = only(Part.ACTIVE, (request, a_session()))

    assert pressable(view)[1:] == [("Revoke", ids.REVOKE, request.id)]
    (row,) = [each["accessory"] for each in view["blocks"] if "accessory" in each]
    assert row["accessibility_label"] == f"Revoke {request.label}"


def test_what_is_overdue_can_be_tried_again() -> None:
    """Late by how much, AWS's own words, and Retry now."""
    view = only(Part.OVERDUE, (APPROVED, OVERDUE))

    assert labels(view)[1:] == ["Retry now"]
    assert "Should have ended" in seen(view)
    assert "AWS says: AccessDenied" in seen(view)


def test_one_part_has_pages() -> None:
    """The first page leads on, the middle both ways, the last back; each says where it is."""
    rows = numbered([(a_request(), None)], ROWS_OF_PAGE)

    def page(number: int) -> Block:
        shelf = Shelf(rows=rows if number < 2 else rows[:3], total=2 * ROWS_OF_PAGE + 3)
        return home_view(Home(shelves={Part.WAITING: shelf}, page=Page(part=Part.WAITING, number=number)), NOW)

    turned = [[each for each in pressable(page(number)) if "home" in each[1]] for number in range(3)]
    back = ("Back to all", ids.HOME_BACK, "")
    assert turned == [
        [back, ("Next page", ids.HOME_NEXT, "waiting:1"), back],
        [back, ("Previous page", ids.HOME_PREVIOUS, "waiting:0"), ("Next page", ids.HOME_NEXT, "waiting:2"), back],
        [back, ("Previous page", ids.HOME_PREVIOUS, "waiting:1"), back],
    ]
    assert [
        f"{first} to {last} of 23" in seen(page(number))
        for number, (first, last) in enumerate([(1, 10), (11, 20), (21, 23)])
    ] == [True] * 3


def test_the_first_page_shows_a_few_and_leads_to_all() -> None:
    """Where a part holds more than its few rows, a button says how many there are."""
    view = home_view(
        Home(shelves={Part.REQUESTS: Shelf(rows=numbered(every_state()[:1], ROWS_OF_PART), total=37)}), NOW
    )

    assert ("Show all 37", ids.HOME_PART, "requests") in pressable(view)


@pytest.mark.parametrize("total", [0, 1, 10, 11])
def test_a_page_that_is_gone_is_the_last_one_there_is(total: int) -> None:
    """A list that grew shorter shows its end, and not nothing."""
    assert Page(part=Part.WAITING, number=7).within(total).number == max(0, total - 1) // ROWS_OF_PAGE


@pytest.mark.parametrize("value", ["waiting", "waiting:", "waiting:-1", "waiting:9999999", "waiting:²", "waiting:x"])
def test_a_number_that_nobody_made_is_the_first_page(value: str) -> None:
    """Buttons carry nothing that is trusted."""
    assert read_page(value) == Page(part=Part.WAITING)


@pytest.mark.parametrize("value", ["", "nothing:1", ":", "waiting;1", "<!channel>"])
def test_a_part_that_there_is_not_leads_to_all(value: str) -> None:
    """Whatever a forged button says, the viewer sees their own home tab."""
    assert read_page(value) == Page()


def test_pages_are_read_as_they_are_written() -> None:
    """What a button carries leads to that page."""
    for _, action, value in pressable(home_view(a_home(1, page=Page(part=Part.ACTIVE, number=4), total=99), NOW)):
        if action in {ids.HOME_PREVIOUS, ids.HOME_NEXT}:
            assert read_page(value) == Page(part=Part.ACTIVE, number=3 if action == ids.HOME_PREVIOUS else 5)


def test_health_in_words() -> None:
    """All is well in one line; what is stuck, overdue and late is said with its age."""
    bad = seen(home_view(replace(EMPTY, health=HEALTH), NOW))
    assert "Nobody performs what is due: removals in AWS." in bad
    assert "Overdue: 1" in bad
    assert "removals in AWS 2 (oldest 6 min)" in bad
    good = seen(home_view(replace(EMPTY, health=Health(live=0, overdue=0, next_end=None)), NOW))
    assert "nothing is stuck" in good
    assert "Work that is due: none" in good


def test_who_may_not_ask_reads_why_and_finds_no_button() -> None:
    """A guest sees the words and the next step, escaped, and nothing that would only refuse."""
    view = home_view(replace(EMPTY, may_ask=False, notice=("🚫 Only full members <may>.", "Ask for an account.")), NOW)

    assert "Only full members &lt;may&gt;.\nAsk for an account." in seen(view)
    assert pressable(view) == []


def test_a_freeze_stands_on_top() -> None:
    """Everybody who could ask reads that nothing is granted now, and by whose word."""
    frozen = Freeze(by=ADA.slack_id, by_name="Ada", at=NOW, reason="INC-9 <!channel>")
    view = home_view(replace(EMPTY, frozen=frozen), NOW)

    assert "Granting is frozen" in view["blocks"][1]["text"]["text"]
    assert "INC-9 &lt;!channel&gt;" in seen(view)
    assert lint_home(view) == []
    assert "frozen" not in seen(home_view(replace(EMPTY, frozen=frozen, may_ask=False), NOW))


def test_every_time_is_shown_in_the_readers_zone() -> None:
    """No hour is written in ours."""
    assert not re.search(r"20\d\d-|\d\d:\d\d", _DATE.sub("", seen(home_view(a_home(9), NOW))))


def test_trouble_and_answers_are_views_that_slack_takes() -> None:
    """What could not be drawn is said on the tab, an answer to a press in a modal over it."""
    assert lint_home(trouble_view("It <broke>.")) == []
    for message in (said("<!channel>"), said("x" * 5_000)):
        assert lint_view(answer_view(message)) == []
