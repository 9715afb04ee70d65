"""The request form: redrawn in place, offered from memory, stored before it is acknowledged."""

import json
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltResponse
from sqlalchemy.exc import OperationalError

from access.form import RequestForm
from access.permission_sets import SetKind
from blocks import ids
from blocks.request_form import read_request_form, request_form
from operations.identify import identify
from tests.access.given import OLAF, RITA, a_custom_form, a_form
from tests.handlers import gestures
from tests.handlers.desk import Desk, errors_of
from tests.handlers.gestures import Payload
from tests.operations.company import PAYMENTS
from tests.slackapi.fake import Answer


def a_view(desk: Desk, form: RequestForm, **answers: Any) -> Payload:
    """Show the form to somebody, with this typed into it."""
    return gestures.opened(request_form(desk.company.catalogue, form), **answers)


def known(desk: Desk) -> None:
    """Let Rita be looked up, as the opening of the form does."""
    identify(desk.company.deps, RITA.slack_id)


def options_of(response: BoltResponse) -> list[str]:
    """Read the values that a type-ahead offers."""
    return [each["value"] for each in json.loads(response.body)["options"]]


def test_a_form_is_stored_and_then_acknowledged(desk: Desk) -> None:
    """When Slack gets its ack, the request stands in the database; the modal closes."""
    known(desk)
    response = desk.send(a_view(desk, a_form()))
    assert (response.status, response.body) == (200, "")
    assert desk.company.events() == ["requested"]


def test_one_form_delivered_twice_is_one_request(desk: Desk) -> None:
    """Slack delivers the same form again: acknowledged again, stored once; another form is another request."""
    known(desk)
    view = a_view(desk, a_form())
    assert [desk.send(view).body for _ in range(3)] == ["", "", ""]
    assert desk.company.events() == ["requested"]
    desk.send({**view, "id": "V0OTHER"})
    assert desk.company.events() == ["requested", "requested"]


def test_errors_are_keyed_by_block_ids_of_the_form(desk: Desk) -> None:
    """Every mistake stands at an input that the sent form has, all at once, and nothing is stored."""
    known(desk)
    form = a_custom_form(name="with space", justification="short", duration="1 hour", session_duration="12 hours")
    view = a_view(desk, form)
    errors = errors_of(desk.send(view))
    shown = {each["block_id"] for each in view["blocks"] if each["type"] == "input"}
    assert errors.keys() <= shown
    assert {"name", "justification", "session_duration"} <= errors.keys()
    assert desk.company.events() == []


def test_a_guest_is_refused_in_the_form(desk: Desk) -> None:
    """Who cannot ask reads why beside the first field, and loses nothing that was typed."""
    with pytest.raises(Exception, match="no user with the address"):
        identify(desk.company.deps, OLAF.slack_id)
    errors = errors_of(desk.send(a_view(desk, a_form()), OLAF))
    assert "no user with the address" in errors["account"]


def test_whom_nobody_knows_yet_is_asked_to_send_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot was started anew while the form was open: the look-up begins, and the second try is taken."""
    monkeypatch.setattr("operations.identify.LONGEST_WAIT", 0.0)
    later: list[object] = []
    monkeypatch.setattr("handlers.request_form.in_background", lambda *work: later.append(work))
    view = a_view(desk, a_form())
    assert "still finding out" in errors_of(desk.send(view))["account"]
    assert len(later) == 1
    known(desk)
    assert desk.send(view).body == ""


def test_a_database_that_is_away_is_told_in_the_form(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be stored: the person reads that it was not sent, with a reference, and can send again."""
    known(desk)
    view = a_view(desk, a_form())

    def away(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr("handlers.request_form.submit_request", away)
        errors = errors_of(desk.send(view))
    assert "was not sent" in errors["account"]
    assert "disk full" not in errors["account"]
    assert desk.send(view).body == ""


@pytest.mark.parametrize(
    "view",
    [
        {"id": "V1", "type": "modal", "callback_id": ids.REQUEST_FORM},
        {"id": "V1", "type": "modal", "callback_id": ids.REQUEST_FORM, "blocks": None, "state": None},
        {"id": "V1", "type": "modal", "callback_id": ids.REQUEST_FORM, "blocks": [], "state": {"values": [1]}},
        {"id": "V1", "type": "modal", "callback_id": ids.REQUEST_FORM, "private_metadata": "[[[", "blocks": [7]},
    ],
)
def test_a_forged_form_stores_nothing(desk: Desk, view: Payload) -> None:
    """Whatever a form lacks or forges, it is answered and nothing comes of it."""
    known(desk)
    body = json.loads(desk.send(view).body)
    assert body["response_action"] == "push"
    assert "Choose an AWS account" in str(body["view"])
    assert desk.company.events() == []


def test_a_forged_choice_is_judged_like_any_other(desk: Desk) -> None:
    """An account, a set and a duration that were never offered are refused at their fields."""
    known(desk)
    view = a_view(desk, a_form(), permission_set="AdministratorAccess", duration="1 month")
    errors = errors_of(desk.send(view))
    assert any("does not offer" in each for each in errors.values())
    assert any("at most 1 week" in each for each in errors.values())


def test_the_form_is_redrawn_and_keeps_what_was_typed(desk: Desk) -> None:
    """Choosing Custom shows its fields in place; justification and duration stay, for that very view."""
    view = a_view(desk, a_form(), kind="Custom", justification="typed so far, and more")
    assert desk.dispatch(gestures.change(ids.KIND, view, RITA)).status == 200
    redrawn = desk.views("views.update")[0]
    form = read_request_form(gestures.opened(redrawn))
    assert (form.kind, form.account_id) == (SetKind.CUSTOM, PAYMENTS)
    assert "name" in [each.get("block_id") for each in redrawn["blocks"]]
    assert form.justification == "typed so far, and more"
    asked = desk.slack.asked("views.update")[0]
    assert (asked["view_id"], asked["hash"]) == (view["id"], view["hash"])


@pytest.mark.parametrize("code", ["hash_conflict", "not_found"])
def test_a_redraw_that_comes_too_late_is_nobodys_error(desk: Desk, code: str) -> None:
    """The person typed on or closed the form meanwhile: nothing is said and nothing fails."""
    desk.slack.answer("views.update", Answer({"ok": False, "error": code}))
    view = a_view(desk, a_form(), kind="Custom")
    assert desk.dispatch(gestures.change(ids.KIND, view, RITA)).status == 200
    assert desk.answers == []


def test_options_come_from_memory(desk: Desk) -> None:
    """Accounts by name or id, policies by any word, the sets of the account named in the block."""
    accounts = desk.dispatch(gestures.suggest(ids.ACCOUNT, "account", "paym", RITA))
    assert options_of(accounts) == [PAYMENTS]
    assert options_of(desk.dispatch(gestures.suggest(ids.ACCOUNT, "account", "4444", RITA))) == ["444455556666"]
    policies = desk.dispatch(gestures.suggest(ids.MANAGED_POLICIES, "managed_policies", "s3 read", RITA))
    assert options_of(policies) == ["AmazonS3ReadOnlyAccess"]
    sets = desk.dispatch(gestures.suggest(ids.PERMISSION_SET, f"set:{PAYMENTS}", "", RITA))
    assert options_of(sets) == ["PowerUser", "ReadOnly"]
    assert options_of(desk.dispatch(gestures.suggest(ids.PERMISSION_SET, "set:999", "", RITA))) == []
    assert [name for name, _ in desk.slack.calls if name != "auth.test"] == []


def test_an_account_that_vanished_while_typing_is_told_at_its_field(desk: Desk) -> None:
    """Between opening and sending the account left the configuration."""
    known(desk)
    view = a_view(desk, a_form())
    desk.company.catalogue = replace(desk.company.catalogue, accounts={})
    assert "can no longer be asked for" in errors_of(desk.send(view))["account"]


def test_no_look_up_can_be_begun_and_the_form_is_answered_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot is stopping and takes no background work any more: the person reads that it was not sent."""
    monkeypatch.setattr("operations.identify.LONGEST_WAIT", 0.0)

    def stopped(*_: object) -> None:
        raise RuntimeError("cannot schedule new futures after shutdown")

    monkeypatch.setattr("handlers.request_form.in_background", stopped)
    assert "was not sent" in errors_of(desk.send(a_view(desk, a_form())))["account"]
