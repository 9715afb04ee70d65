"""The outermost net: whatever breaks, Slack gets its ack, the person hears of it, and nothing raises into Bolt."""

import logging
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead
from pathlib import Path
from typing import Any

import pytest

from access.refusals import NotFound
from blocks import ids
from handlers.safely import Handling, in_background
from sandbox.aws import AwsSandbox
from storage.transactions import Database
from tests.access.given import OLAF, RITA, a_form
from tests.handlers import gestures
from tests.handlers.desk import Desk, SmallDirectory, open_desk
from tests.operations.company import a_clock, found_company
from tests.slackapi.fake import LOST, Answer, FakeSlack, serving


@pytest.fixture(name="busy_desk")
def make_busy_desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """Open a desk with threads, as the bot has them."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    database, clock = Database(f"sqlite:///{path}"), a_clock()
    company = found_company(database, AwsSandbox(clock.now), object(), SmallDirectory(), clock)
    with serving(FakeSlack()) as slack, ThreadPoolExecutor(8) as listeners, ThreadPoolExecutor(2) as background:
        yield open_desk(company, slack, listeners, background)
    database.close()


def broken(*_: object, **__: object) -> Any:
    """Fail as no rule foresees."""
    raise ZeroDivisionError("secret inside")


def test_the_ack_is_not_lost_when_a_gesture_fails(busy_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty presses fail right after their ack, in threads: Slack gets 200 for each of them."""
    monkeypatch.setattr("handlers.decisions.approve_request", broken)
    statuses = [busy_desk.press(ids.APPROVE, "rq_1", OLAF).status for _ in range(50)]
    assert statuses == [200] * 50


def test_the_ack_is_not_lost_when_somebody_is_refused(busy_desk: Desk) -> None:
    """Fifty presses that may not be: 200 for each, and each is recorded."""
    request = busy_desk.company.ask()
    statuses = [busy_desk.press(ids.APPROVE, request, RITA).status for _ in range(50)]
    assert statuses == [200] * 50


def test_a_failure_is_told_with_a_reference_that_the_log_has(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The person reads a reference and nothing of the inside; the log has both."""
    monkeypatch.setattr("handlers.decisions.approve_request", broken)
    desk.press(ids.APPROVE, "rq_1", OLAF)
    assert "Something went wrong on our side" in desk.answers[0]
    assert "secret inside" not in desk.answers[0]
    reference = next(record.__dict__["reference"] for record in caplog.records if "reference" in record.__dict__)
    assert reference in desk.answers[0]


def test_a_gesture_that_fails_before_its_ack_is_not_taken_for_forged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form fails before it is acknowledged: answered on top of the form, and never recorded as a forgery."""
    monkeypatch.setattr("handlers.request_form.form_errors", broken)
    response = desk.send({"id": "V1", "type": "modal", "callback_id": ids.REQUEST_FORM, "blocks": []})
    assert '"push"' in response.body
    assert "Something went wrong on our side" in response.body
    assert desk.company.events() == []


def test_options_that_fail_are_acknowledged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A type-ahead fails: Slack gets its ack, and shows no options."""
    monkeypatch.setattr("handlers.request_form.account_options", broken)
    assert desk.dispatch(gestures.suggest(ids.ACCOUNT, "account", "pay", RITA)).status == 200


@pytest.mark.parametrize("answer", [LOST, Answer("expired", status=404), Answer("<html>", status=500)])
def test_an_answer_that_cannot_be_delivered_breaks_nothing(desk: Desk, answer: Answer | str) -> None:
    """The address for answers is expired, broken or silent: the gesture counts all the same."""
    desk.slack.answer("response", answer)
    request = desk.company.ask()
    assert desk.press(ids.APPROVE, request, RITA).status == 200
    assert desk.company.events(request)[-1] == "refused"


def test_an_answer_that_breaks_in_the_middle_breaks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address for answers breaks off within its reply: nothing is raised into Bolt."""

    def torn(*_: object) -> None:
        raise IncompleteRead(b"")

    monkeypatch.setattr("slack_sdk.webhook.WebhookClient.send_dict", torn)
    assert desk.type("help").status == 200


def test_without_an_address_the_words_stand_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A gesture without response_url that is refused: acknowledged, and the words are logged."""
    caplog.set_level(logging.INFO)
    request = desk.company.ask()
    body = gestures.press(ids.APPROVE, request.id, RITA, "")
    assert desk.dispatch(body).status == 200
    assert any("Nobody decides their own request" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("expired_trigger_id", "too little time"),
        ("exchanged_trigger_id", "too little time"),
        ("invalid_arguments", "Something went wrong"),
    ],
)
def test_a_form_that_cannot_be_opened_is_told(desk: Desk, code: str, words: str) -> None:
    """Slack does not open the modal: acknowledged, and the person hears why and what to do."""
    desk.slack.answer("views.open", Answer({"ok": False, "error": code}))
    assert desk.type("request").status == 200
    assert words in desk.answers[0]


@pytest.mark.parametrize("gesture", ["command", "press", "send"])
def test_a_payload_without_a_person_changes_nothing(desk: Desk, gesture: str) -> None:
    """Nobody is named: acknowledged, and nobody gets anything."""
    request = desk.company.ask()
    body = {
        "command": gestures.command("withdraw REQ-1001", RITA, desk.response_url),
        "press": gestures.press(ids.APPROVE, request.id, OLAF, desk.response_url),
        "send": gestures.send(gestures.opened({"type": "modal", "callback_id": ids.REJECT_FORM, "blocks": []}), OLAF),
    }[gesture]
    assert desk.dispatch({**body, "user": {"id": ""}, "user_id": ""}).status == 200
    assert desk.company.request(request) == request


def test_background_work_that_fails_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What nobody waits for fails into the log, and nowhere else."""
    handling = Handling(deps=desk.company.deps, background=ThreadPoolExecutor(1))
    with handling.background:
        in_background(handling, broken)
    assert any("background work failed" in record.getMessage() for record in caplog.records)


def test_a_refusal_of_a_look_up_in_the_background_stays_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up behind the opened form refuses and the form is closed already: nobody hears of an error."""

    def refuse(*_: object) -> None:
        raise NotFound("nobody", "nothing")

    monkeypatch.setattr("handlers.request_command.identify", refuse)
    desk.slack.answer("views.update", Answer({"ok": False, "error": "not_found"}))
    assert desk.type(f"request {a_form().account_id}").status == 200
    assert desk.answers == []
