"""Approve, Reject, Withdraw, Revoke, I'm done and the policy: judged at the press, for the person who pressed."""

import pytest

from access.request import Request, RequestStatus
from access.session import Ending, SessionStatus
from blocks import ids
from blocks.reason_form import reject_form, revoke_form
from operations.decide import approve_request
from tests.access.given import ADA, MAX, OLAF, OLGA, RITA, a_custom_form
from tests.handlers import gestures
from tests.handlers.desk import Desk, errors_of
from tests.handlers.gestures import Payload

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'


def granted(desk: Desk) -> Request:
    """Have a request approved, so that it has a session."""
    request = desk.company.ask()
    approve_request(desk.company.deps, request.id, OLAF.slack_id)
    return request


def reason(view: Payload, words: str) -> Payload:
    """Type a reason into a modal."""
    return gestures.opened(view, reason=words)


def test_approve_is_acknowledged_and_done(desk: Desk) -> None:
    """The press is acknowledged at once, the request approved, and the cards say the rest."""
    request = desk.company.ask()
    response = desk.press(ids.APPROVE, request, OLAF)
    assert (response.status, response.body) == (200, "")
    assert desk.company.request(request).status is RequestStatus.APPROVED
    assert desk.answers == []


def test_a_refusal_is_visible_to_the_presser_alone(desk: Desk) -> None:
    """Rita presses Approve on her own request: acknowledged, told why and what to do, nothing changed."""
    request = desk.company.ask()
    assert desk.press(ids.APPROVE, request, RITA).status == 200
    assert "Nobody decides their own request" in desk.answers[0]
    assert "Ask another owner" in desk.answers[0]
    assert desk.company.request(request) == request


def test_a_second_press_hears_who_was_first(desk: Desk) -> None:
    """Olga presses after Olaf: told that it was approved by Olaf; one session, one approval in the log."""
    request = desk.company.ask()
    desk.press(ids.APPROVE, request, OLAF)
    desk.press(ids.APPROVE, request, OLGA)
    assert "already approved by Olaf" in desk.answers[0]
    assert desk.company.events(request).count("approved") == 1


@pytest.mark.parametrize("value", ["", "rq_forged", "REQ-1001", "💥" * 500])
@pytest.mark.parametrize("action", [ids.APPROVE, ids.WITHDRAW, ids.DONE])
def test_forged_action_value_is_refused(desk: Desk, action: str, value: str) -> None:
    """A value that no button of ours carries is answered and recorded, and nothing changes."""
    request = desk.company.ask()
    assert desk.press(action, value, MAX).status == 200
    assert "There is no such request" in desk.answers[0]
    assert desk.company.entries()[-1].kind.value == "refused"
    assert desk.company.request(request) == request


@pytest.mark.parametrize("actions", [None, [], [{}], [{"action_id": ids.APPROVE, "value": None}]])
def test_a_button_without_a_value_decides_nothing(desk: Desk, actions: list[Payload] | None) -> None:
    """A payload without actions, or without a value, is acknowledged and changes nothing."""
    request = desk.company.ask()
    body = gestures.press(ids.APPROVE, request.id, OLAF, desk.response_url)
    if actions:
        desk.dispatch({**body, "actions": actions})
    else:
        desk.dispatch({key: each for key, each in body.items() if key != "actions"})
    assert desk.company.request(request) == request


def test_withdraw_by_its_button(desk: Desk) -> None:
    """The requester's press withdraws; anybody else's is refused in words."""
    request = desk.company.ask()
    desk.press(ids.WITHDRAW, request, OLAF)
    assert "Only Rita" in desk.answers[0]
    desk.press(ids.WITHDRAW, request, RITA)
    assert desk.company.request(request).status is RequestStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("action", "form", "label"), [(ids.REJECT, ids.REJECT_FORM, "Reject"), (ids.REVOKE, ids.REVOKE_FORM, "Revoke")]
)
def test_the_modal_opens_first_and_is_filled_then(desk: Desk, action: str, form: str, label: str) -> None:
    """Reject and Revoke ask for the reason at once; what it is about follows when it is known."""
    request = desk.company.ask() if action == ids.REJECT else granted(desk)
    desk.press(action, request, OLAF)
    first, then = desk.views("views.open")[0], desk.views("views.update")[0]
    assert first["callback_id"] == then["callback_id"] == form
    assert first["private_metadata"] == request.id
    assert then["title"]["text"] == f"{label} REQ-1001"
    assert desk.slack.asked("views.update")[0]["view_id"] == "V0FORM"


@pytest.mark.parametrize("action", [ids.REJECT, ids.REVOKE])
def test_who_may_not_sees_why_in_the_same_modal(desk: Desk, action: str) -> None:
    """Max has no right: the modal that opened says so and has nothing to send; the attempt is recorded."""
    request = granted(desk) if action == ids.REVOKE else desk.company.ask()
    assert desk.press(action, request, MAX).status == 200
    shown = desk.views("views.update")[0]
    assert "submit" not in shown
    assert "🚫" in str(shown)
    assert desk.company.events(request)[-1] == "refused"


def test_a_rejection_with_a_reason_is_stored_before_the_modal_closes(desk: Desk) -> None:
    """When Slack gets its ack, the request is rejected with the reason."""
    request = desk.company.ask()
    response = desk.send(reason(reject_form(request.id), "Use staging."), OLAF)
    assert (response.status, response.body) == (200, "")
    assert desk.company.request(request).decisions[0].reason == "Use staging."


@pytest.mark.parametrize("words", ["", "   ", None])
def test_without_a_reason_the_modal_stays(desk: Desk, words: str | None) -> None:
    """No reason: the answer stands beside the field, and nothing is decided."""
    request = desk.company.ask()
    errors = errors_of(desk.send(reason(reject_form(request.id), words or ""), OLAF))
    assert "needs a reason" in errors["reason"]
    assert desk.company.request(request) == request


def test_a_rejection_that_came_too_late_is_told_in_the_modal(desk: Desk) -> None:
    """Somebody approved while the reason was typed: who was faster is told at the field."""
    request = desk.company.ask()
    view = reason(reject_form(request.id), "Use staging.")
    approve_request(desk.company.deps, request.id, OLGA.slack_id)
    assert "already approved by Olga" in errors_of(desk.send(view, OLAF))["reason"]


def test_a_reason_sent_by_somebody_without_the_right_is_refused(desk: Desk) -> None:
    """The modal's request is judged anew when it is sent, whoever opened it."""
    request = desk.company.ask()
    assert "neither an owner" in errors_of(desk.send(reason(reject_form(request.id), "No."), MAX))["reason"]
    forged = reason(reject_form(request.id), "No.") | {"private_metadata": "rq_forged"}
    assert "no such request" in errors_of(desk.send(forged, OLAF))["reason"]
    assert desk.company.request(request) == request


def test_a_database_that_is_away_is_told_at_the_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be stored: told at the field with a reference, and the same modal can be sent again."""
    request = desk.company.ask()
    view = reason(reject_form(request.id), "Use staging.")

    def away(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("handlers.decisions.reject_request", away)
        words = errors_of(desk.send(view, OLAF))["reason"]
    assert "could not be stored" in words
    assert "disk full" not in words
    assert desk.send(view, OLAF).body == ""


def test_revoke_with_a_reason_orders_the_end(desk: Desk) -> None:
    """The end is ordered when the modal closes; the holder reads the reason later."""
    request = granted(desk)
    assert desk.send(reason(revoke_form(request.id), "The incident is over."), ADA).body == ""
    session = desk.company.session(request)
    assert (session.status, session.ending) == (SessionStatus.REVOKING, Ending.REVOKED)
    assert session.end_reason == "The incident is over."


def test_done_ends_ones_own_session(desk: Desk) -> None:
    """Only the holder is done; a second press hears that it is being ended already."""
    request = granted(desk)
    for person in (OLAF, RITA, RITA):
        desk.press(ids.DONE, request, person)
    assert "Only Rita" in desk.answers[0]
    assert "being ended already" in desk.answers[1]
    assert desk.company.session(request).ending is Ending.ENDED_EARLY


def test_the_whole_policy_is_shown_to_whom_it_concerns(desk: Desk) -> None:
    """An owner reads every character of the policy; a bystander reads why not, and none of it."""
    request = desk.company.ask(a_custom_form(inline_policy=POLICY))
    for person in (OLAF, MAX):
        desk.press(ids.POLICY, request, person)
    shown, refused = desk.views("views.update")
    assert "s3:Get*" in str(shown)
    assert "s3:Get*" not in str(refused)
    assert "🚫" in str(refused)


@pytest.mark.parametrize("button", [ids.REJECT, ids.REVOKE, ids.POLICY])
def test_a_modal_that_is_open_says_what_went_wrong_on_our_side(
    desk: Desk, button: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never stays at what it showed while somebody was looked up."""
    request = desk.company.ask(a_custom_form())

    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("operations.look_up.requests.get", broken)
    desk.press(button, request, OLAF)
    (shown,) = desk.views("views.update")
    assert "Something went wrong on our side" in str(shown)
    assert "disk full" not in str(shown)


def test_nothing_is_read_back_from_a_message(desk: Desk) -> None:
    """The card's own text says whatever a forger likes: the stored request is what counts."""
    request = desk.company.ask(a_custom_form())
    desk.press(ids.APPROVE, request, ADA)
    assert desk.company.request(request).status is RequestStatus.PENDING_OWNER
    assert "An owner of prod-payments decides first" in desk.answers[0]
