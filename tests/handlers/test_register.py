"""What is bound is what the blocks can send and what the manifest declares: no more, no less."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from blocks import ids
from handlers import register
from tests.access.given import MAX, OLAF
from tests.handlers import gestures
from tests.handlers.desk import Desk

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"


@pytest.fixture(name="manifest", scope="module")
def read_manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return found


def test_every_action_and_form_of_the_blocks_is_bound() -> None:
    """Buttons, changing fields and forms: the lists of blocks/ids.py are what handlers know."""
    assert set(register.ACTIONS) == set(ids.ALL_ACTIONS)
    assert set(register.FORMS) == set(ids.ALL_FORMS)


def test_command_shortcut_and_events_are_those_of_the_manifest(manifest: dict[str, Any]) -> None:
    """Slack sends what the manifest declares, and a handler stands for each of it."""
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == [register.COMMAND]
    assert [each["callback_id"] for each in manifest["features"]["shortcuts"]] == [ids.SHORTCUT]
    assert sorted(manifest["settings"]["event_subscriptions"]["bot_events"]) == sorted(register.EVENTS)


@pytest.mark.parametrize("action", ids.ALL_BUTTONS)
def test_no_button_of_ours_counts_as_unknown(desk: Desk, action: str) -> None:
    """Every button is acknowledged, and none of them ends in the log as one that no version made."""
    request = desk.company.ask()
    assert desk.press(action, request, OLAF).status == 200
    words = [each.details.get("words", "") for each in desk.company.entries()]
    assert not any("no version of the bot" in each for each in words)


@pytest.mark.parametrize("action", ["jit:approve:v0", "jit:grant_me_admin:v1", "approve", "jit:approve:v1 "])
def test_an_unknown_button_is_answered_and_recorded(desk: Desk, action: str) -> None:
    """Old or forged: acknowledged, answered to that person alone, recorded with the name of who pressed."""
    request = desk.company.ask()
    assert desk.press(action, request, MAX).status == 200
    assert "another version of the bot" in desk.answers[0]
    entry = desk.company.entries()[-1]
    assert (entry.kind.value, entry.actor, entry.details["verb"]) == ("refused", MAX.slack_id, action)
    assert desk.company.request(request) == request


def test_an_unknown_form_is_answered_in_the_form(desk: Desk) -> None:
    """A form that no version made is recorded, and the person reads why in the modal, not an error of Slack's."""
    view = gestures.opened({"type": "modal", "callback_id": "jit:old_form:v0", "blocks": []})
    response = desk.send(view, MAX)
    assert response.status == 200
    assert "another version of the bot" in response.body
    assert desk.company.entries()[-1].details["verb"] == "jit:old_form:v0"


def test_unasked_events_are_acknowledged(desk: Desk) -> None:
    """An event that nobody asked for is acknowledged, so that Slack does not send it again."""
    assert desk.dispatch(gestures.event("team_rename", name="new")).status == 200


def test_who_changed_is_looked_up_anew(desk: Desk) -> None:
    """A changed person and a changed group are forgotten at once: rights are judged anew at the next press."""
    desk.dispatch(gestures.event("user_change", user={"id": OLAF.slack_id, "deleted": True}))
    desk.dispatch(gestures.event("subteam_members_changed", subteam_id="S0PAYMENTS", team_id="T0TEAM"))
    assert desk.company.people.forgotten == [OLAF.slack_id, "S0PAYMENTS"]
