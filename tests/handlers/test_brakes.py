"""The gestures of the brakes: opened at once, answered beside the field, forged input is no order."""

import json

import pytest

from access.people import Person
from blocks import ids
from blocks.mass import revoke_all_form
from operations.decide import approve_request
from operations.freeze import freeze_granting
from operations.frozen import frozen_now
from tests.access.brakes import EVERYTHING, OF_RITA
from tests.access.given import ADA, MAX, OLAF, RITA
from tests.handlers import gestures
from tests.handlers.desk import Desk, errors_of
from tests.handlers.gestures import Payload
from tests.operations.slack import texts_of


def with_a_session(desk: Desk) -> None:
    """Let Rita have a session that is being granted."""
    approve_request(desk.company.deps, desk.company.ask().id, OLAF.slack_id)


def filled(view: Payload, reason: str = "stolen", word: str = "REVOKE") -> Payload:
    """Fill the modal in."""
    opened = gestures.opened(view)
    values = {"reason": {ids.REASON: {"value": reason}}, "confirmation": {ids.CONFIRMATION: {"value": word}}}
    return {**opened, "state": {"values": values}}


def orders(desk: Desk) -> int:
    """Count the orders in the log."""
    return desk.company.events().count("revoke_all_ordered")


def test_the_modal_opens_before_anything_is_looked_up(desk: Desk) -> None:
    """Slack's people are silent: the modal is open all the same, and says why not."""
    desk.company.people.silent = True
    desk.type(f"revoke-all <@{RITA.slack_id}|rita>", ADA)
    assert "One moment" in texts_of(desk.views("views.open")[0])
    assert "Slack did not tell us who may do this" in texts_of(desk.views("views.update")[0])


def test_a_person_is_found_by_the_id_that_slack_writes(desk: Desk) -> None:
    """Whatever the name behind it says."""
    with_a_session(desk)
    desk.type(f"revoke-all <@{RITA.slack_id}|olga>", ADA)
    shown = desk.views("views.update")[0]
    assert "This ends all access of Rita: 1 session." in texts_of(shown)
    assert json.loads(shown["private_metadata"]) == {"kind": "person", "target": RITA.slack_id}


@pytest.mark.parametrize("typed", ["111122223333", "prod-payments", "everything", "EVERYTHING"])
def test_an_account_and_everything_are_found_as_typed(desk: Desk, typed: str) -> None:
    """By number or by name."""
    with_a_session(desk)
    desk.type(f"revoke-all {typed}", ADA)
    assert "1 session" in texts_of(desk.views("views.update")[0])


def test_an_order_is_told_in_the_same_modal_and_counts_once(desk: Desk) -> None:
    """Sent twice by Slack, it is one order."""
    with_a_session(desk)
    sent = filled(revoke_all_form(OF_RITA, 1))
    responses = [desk.send(sent, ADA) for _ in range(2)]
    assert all("is being ended now" in str(json.loads(each.body or "{}")) for each in responses)
    assert orders(desk) == 1


@pytest.mark.parametrize(
    ("reason", "word", "block"), [("stolen", "yes", "confirmation"), ("", "REVOKE", "reason"), ("", "", "reason")]
)
def test_a_mistake_is_answered_beside_its_field(desk: Desk, reason: str, word: str, block: str) -> None:
    """Nothing typed is lost, and nothing is ordered."""
    with_a_session(desk)
    assert list(errors_of(desk.send(filled(revoke_all_form(OF_RITA, 1), reason, word), ADA))) == [block]
    assert orders(desk) == 0


@pytest.mark.parametrize("person", [OLAF, MAX, RITA])
def test_who_may_not_is_refused_though_the_form_is_forged(desk: Desk, person: Person) -> None:
    """The form is no right: it is judged when it is sent."""
    with_a_session(desk)
    errors = errors_of(desk.send(filled(revoke_all_form(EVERYTHING, 1)), person))
    assert "Only an SSO admin can revoke all access of everybody." in errors["reason"]
    assert orders(desk) == 0


def test_a_form_about_nothing_is_no_order(desk: Desk) -> None:
    """Metadata that no version made."""
    view = {**filled(revoke_all_form(OF_RITA, 1)), "private_metadata": "{}"}
    assert "nothing was changed" in errors_of(desk.send(view, ADA))["reason"]
    assert orders(desk) == 0


def test_the_form_that_changes_in_place_keeps_the_banner(desk: Desk) -> None:
    """Opened while frozen, and redrawn for another account: the banner stands in both."""
    freeze_granting(desk.company.deps, ADA.slack_id, "INC-9")
    desk.type("request prod-payments")
    assert "Ada froze all granting" in texts_of(desk.views("views.update")[-1])


def test_what_is_typed_behind_freeze_is_the_reason(desk: Desk) -> None:
    """Escapes and mentions are undone; who may not gets a refusal."""
    desk.type("freeze a &lt; b, says <@U0OLAF|olaf>", ADA)
    frozen = frozen_now(desk.company.deps)
    assert frozen is not None
    assert frozen.reason == "a < b, says @olaf"
    desk.type("unfreeze", OLAF)
    assert "Only an SSO admin can unfreeze" in desk.answers[-1]
    desk.type("unfreeze", ADA)
    assert frozen_now(desk.company.deps) is None
