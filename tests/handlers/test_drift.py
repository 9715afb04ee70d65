"""Adopt and Ignore at the door: what a button or form says is worth nothing by itself."""

from access.drift import key_of
from access.durations import AccessDuration
from access.session import Assignment
from blocks import ids
from blocks.drift import Stranger, adopt_form
from operations.identify import identify
from storage import drift
from tests.access.given import ADA, MAX, RITA
from tests.handlers import gestures
from tests.handlers.desk import Desk, errors_of

IT = Assignment(principal_id="principal-rita", account_id="111122223333", set_arn="arn:set")
STRANGER = Stranger(
    key=key_of(IT), user=RITA.email, account_name="prod-payments", account_id=IT.account_id, set_name="ReadOnly"
)


def reported(desk: Desk) -> None:
    """Let Rita's access be reported."""
    with desk.company.database.begin() as db:
        drift.report(db, [IT], desk.company.clock.now())


def sent(desk: Desk, holder: str, duration: str = "2 hours", key: str = STRANGER.key) -> dict[str, str]:
    """Send the form to adopt as Ada, and read what it says beside its fields."""
    view = gestures.opened(adopt_form(STRANGER, holder, tuple(AccessDuration)))
    view["private_metadata"] = f"{key} {holder}  "
    view["callback_id"] = ids.ADOPT_FORM
    view["state"] = {
        "values": {
            "duration": {ids.DURATION: {"type": "static_select", "selected_option": {"value": duration}}},
            "reason": {ids.REASON: {"type": "plain_text_input", "value": "INC-9: given by phone"}},
        }
    }
    return errors_of(desk.send(view, ADA))


def test_forged_action_value_is_refused(desk: Desk) -> None:
    """A key that no report has: said to the presser alone, and in the audit log."""
    desk.press(ids.IGNORE, "0" * 20, ADA)
    assert "AWS does not hold this any more, or it was never reported." in desk.answers[-1]
    assert desk.company.events() == ["refused"]


def test_a_form_about_somebody_else_is_refused(desk: Desk) -> None:
    """Whose access it is comes from AWS's directory: a form that names another holder adopts nothing."""
    reported(desk)
    identify(desk.company.deps, MAX.slack_id)
    assert "about somebody else" in sent(desk, MAX.slack_id)["reason"]
    assert desk.company.events() == ["refused"]


def test_a_form_from_before_a_restart_says_so(desk: Desk) -> None:
    """Who the holder is was found when the form was opened; without that nothing is taken in."""
    reported(desk)
    assert "still finding out" in sent(desk, RITA.slack_id)["reason"]


def test_a_duration_that_the_account_does_not_allow_is_refused(desk: Desk) -> None:
    """The account's longest duration holds for what is adopted, too."""
    reported(desk)
    identify(desk.company.deps, RITA.slack_id)
    assert "for how long" in sent(desk, RITA.slack_id, "1 month")["reason"]
    assert "for how long" in sent(desk, RITA.slack_id, "for ever")["reason"]
