"""The home tab: opened and paged, and how a press there is answered, where Slack gives no address to answer to."""

from concurrent.futures import Future
from typing import Any

import pytest

from access.people import Person
from access.request import Request, RequestStatus
from blocks import ids
from blocks.home import Page, Part
from handlers.drawing import draw
from operations.home import show_or_order
from tests.access.given import ADA, OLAF, RITA
from tests.blocks.lint import lint_view, texts
from tests.handlers import gestures
from tests.handlers.desk import AtOnce, Desk
from tests.slackapi.fake import Answer


def presses(desk: Desk, action: str, about: Request | str, by: Person) -> None:
    """Press a button on one's home tab."""
    value = about if isinstance(about, str) else about.id
    assert desk.dispatch(gestures.press_at_home(action, value, by)).status == 200


def drawings(desk: Desk) -> list[str]:
    """List whose home tab was drawn."""
    return [who for method, who in desk.company.slack.calls if method == "publish_home"]


def home(desk: Desk, person: Person) -> str:
    """Read a home tab."""
    return " ".join(texts(desk.company.slack.homes[person.slack_id][1]["blocks"]))


def test_opening_draws_it(desk: Desk) -> None:
    """Acknowledged, and drawn for who opened it; a view that Slack tells of is drawn over by its hash."""
    assert desk.dispatch(gestures.home_opened(RITA)).status == 200
    assert drawings(desk) == [RITA.slack_id] * 2
    desk.dispatch(gestures.home_opened(RITA, view={"hash": "h1"}))
    assert drawings(desk) == [RITA.slack_id] * 3


def test_another_tab_draws_nothing(desk: Desk) -> None:
    """Opening the messages of the app is no reason to draw."""
    assert desk.dispatch(gestures.home_opened(RITA, tab="messages")).status == 200
    assert drawings(desk) == []


def test_a_press_works_as_on_a_card_and_shows_at_once(desk: Desk) -> None:
    """Approve: approved, the presser's tab is drawn anew, and nothing has to be closed."""
    request = desk.company.ask()
    desk.dispatch(gestures.home_opened(OLAF))
    presses(desk, ids.APPROVE, request, OLAF)
    assert desk.company.request(request).status is RequestStatus.APPROVED
    assert "Nothing waits for your decision." in home(desk, OLAF)
    assert drawings(desk) == [OLAF.slack_id] * 3
    assert desk.views("views.open") == []


def test_a_refusal_comes_as_a_modal(desk: Desk) -> None:
    """The tab was older than the truth: who was faster is said over it, and the tab is drawn as it is now."""
    request = desk.company.ask()
    desk.dispatch(gestures.home_opened(OLAF))
    desk.press(ids.APPROVE, request, ADA)
    presses(desk, ids.APPROVE, request, OLAF)
    (view,) = desk.views("views.open")
    assert lint_view(view) == []
    assert f"{request.label} was already approved by Ada." in " ".join(texts(view["blocks"]))
    assert "Nothing waits for your decision." in home(desk, OLAF)
    assert desk.answers == []


def test_a_refusal_that_no_modal_can_say_comes_as_a_direct_message(desk: Desk) -> None:
    """The 3 s of the trigger are over: the same words reach the person in the app's messages."""
    request = desk.company.ask()
    desk.slack.answer("views.open", Answer({"ok": False, "error": "expired_trigger_id"}))
    desk.slack.answer("chat.postMessage", {"channel": "D1", "ts": "1.5"})
    presses(desk, ids.APPROVE, request, RITA)
    (asked,) = desk.slack.asked("chat.postMessage")
    assert asked["channel"] == RITA.slack_id
    assert "Nobody decides their own request" in asked["text"]


def test_a_bug_is_owned_up_to_over_the_tab(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something fails inside: the person reads a reference, as on a card."""

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handlers.decisions.approve_request", broken)
    presses(desk, ids.APPROVE, "rq_1", OLAF)
    assert "Something went wrong on our side" in str(desk.views("views.open")[0])


def test_why_a_reason_is_not_asked_for_stands_in_its_modal_alone(desk: Desk) -> None:
    """Reject by somebody who may not: one modal opens and says it, and no message comes besides."""
    request = desk.company.ask()
    presses(desk, ids.REJECT, request, RITA)
    assert len(desk.views("views.open")) == 1
    assert "Nobody decides their own request" in str(desk.views("views.update")[0])
    assert desk.slack.asked("chat.postMessage") == []


def test_pages_turn(desk: Desk) -> None:
    """Show all, the next page, and back to all."""
    for _ in range(12):
        desk.company.ask()
    desk.dispatch(gestures.home_opened(OLAF))
    presses(desk, ids.HOME_PART, "waiting", OLAF)
    assert "1 to 10 of 12" in home(desk, OLAF)
    presses(desk, ids.HOME_NEXT, "waiting:1", OLAF)
    assert "11 to 12 of 12" in home(desk, OLAF)
    presses(desk, ids.HOME_PREVIOUS, "waiting:0", OLAF)
    assert "1 to 10 of 12" in home(desk, OLAF)
    presses(desk, ids.HOME_BACK, "", OLAF)
    assert "Show all 12" in home(desk, OLAF)


@pytest.mark.parametrize("value", ["<!channel>", "waiting:99999999999999999999", "overdue:0", "\u0000", "x" * 2_000])
def test_a_forged_page_leads_to_what_is_there(desk: Desk, value: str) -> None:
    """Whatever a button says, nothing is shown that is not for the viewer, and nothing breaks."""
    desk.dispatch(gestures.home_opened(RITA))
    presses(desk, ids.HOME_NEXT, value, RITA)
    assert "Overdue" not in home(desk, RITA)
    assert desk.views("views.open") == []


def test_opening_it_again_begins_at_the_top(desk: Desk) -> None:
    """Who left on a later page comes back to what is most relevant."""
    desk.company.deps.home_memory.turned(RITA.slack_id, Page(part=Part.REQUESTS, number=0))
    desk.dispatch(gestures.home_opened(RITA))
    assert "My sessions" in home(desk, RITA)


def test_a_drawing_that_fails_is_owned_up_to_on_the_tab(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A bug while drawing: the tab says so with a reference, and the log has the rest."""

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret inside")

    draw(desk.company.deps, AtOnce(), RITA.slack_id, broken)
    assert "Something went wrong on our side" in home(desk, RITA)
    assert "secret inside" not in home(desk, RITA)
    assert "secret inside" in caplog.text


class NotYet(AtOnce):
    """Keeps what is to be done until it is told to."""

    def __init__(self) -> None:
        self.kept: list[tuple[Any, ...]] = []

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> "Future[Any]":
        """Keep it."""
        self.kept.append((fn, *args))
        return Future()


def test_ten_openings_before_the_first_is_drawn_are_one_drawing(desk: Desk) -> None:
    """Somebody clicks to and fro: what waits to be drawn will do for all of it, and what comes later is drawn."""
    threads = NotYet()
    for _ in range(10):
        draw(desk.company.deps, threads, RITA.slack_id, show_or_order)
    assert len(threads.kept) == 1
    (work,) = threads.kept
    work[0](*work[1:])
    draw(desk.company.deps, threads, RITA.slack_id, show_or_order)
    assert len(threads.kept) == 2
