"""Retry now, and `/jit revoke` of what is overdue: tried at once, said to the one person, refused to everybody else."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from access.people import Person
from access.request import Request
from access.session import Ending
from blocks import ids
from operations.decide import approve_request
from operations.end import revoke_session
from storage import outbox
from storage.outbox import Lane
from tests.access.given import ADA, MAX, MINUTE, OLAF, RITA
from tests.handlers.desk import Desk
from tests.operations.slack import texts_of


def overdue(desk: Desk) -> Request:
    """Give a session that Olaf revoked and AWS does not end; the next attempt is an hour away."""
    company = desk.company
    request = company.ask()
    approve_request(company.deps, request.id, OLAF.slack_id)
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    with company.database.begin() as db:
        in_an_hour = (company.clock.now() + timedelta(hours=1)).isoformat(timespec="microseconds")
        db.execute(text("UPDATE outbox SET due_at = :at WHERE kind = 'revoke'"), {"at": in_an_hour})
    company.clock.move(3 * MINUTE)
    company.sweep()
    assert company.session(request).marked_overdue
    return request


def tried_now(desk: Desk) -> bool:
    """Tell whether the removal is due."""
    with desk.company.database.read() as db:
        return outbox.due(db, Lane.REVOKE, desk.company.clock.now())


@pytest.mark.parametrize("person", [OLAF, ADA])
def test_an_approver_presses_retry_now(desk: Desk, person: Person) -> None:
    """Acknowledged, told "Trying now…" alone, the removal is due, and the log has who pressed."""
    request = overdue(desk)
    response = desk.press(ids.RETRY, request, person)
    assert (response.status, response.body) == (200, "")
    assert desk.answers[0].startswith(f"Trying now… {request.label} is overdue")
    assert tried_now(desk)
    entry = desk.company.entries()[-1]
    assert (entry.kind.value, entry.actor) == ("retry_ordered", person.slack_id)


@pytest.mark.parametrize("person", [RITA, MAX])
def test_anybody_else_is_refused_in_words(desk: Desk, person: Person) -> None:
    """Told who may, recorded, nothing tried."""
    request = overdue(desk)
    desk.press(ids.RETRY, request, person)
    assert "Only an owner of prod-payments or an SSO admin can revoke this session." in desk.answers[0]
    assert desk.company.entries()[-1].kind.value == "refused"
    assert not tried_now(desk)


def test_a_forged_value_tries_nothing(desk: Desk) -> None:
    """A value that names no request is refused and recorded."""
    overdue(desk)
    desk.press(ids.RETRY, "rq_forged", OLAF)
    assert "There is no such request" in desk.answers[0]
    assert not tried_now(desk)


def test_a_press_on_an_old_alert_is_told_that_it_is_not_overdue(desk: Desk) -> None:
    """The session is being ended and not overdue: nothing is hastened, and the words say by whom it ends."""
    request = desk.company.ask()
    approve_request(desk.company.deps, request.id, OLAF.slack_id)
    revoke_session(desk.company.deps, request.id, OLAF.slack_id, "The incident is over.")
    desk.press(ids.RETRY, request, ADA)
    assert "is being ended already by Olaf" in desk.answers[0]


def test_jit_revoke_of_an_overdue_session_tries_it_again(desk: Desk) -> None:
    """No reason is asked for, as the end was ordered before: the modal says that it is being tried."""
    request = overdue(desk)
    desk.type(f"revoke {request.label}", OLAF)
    view = desk.views("views.update")[-1]
    assert view["title"]["text"] == f"Revoke {request.label}"
    assert "Trying now…" in texts_of(view["blocks"])
    assert "submit" not in view
    assert tried_now(desk)
    assert desk.company.session(request).ending is Ending.REVOKED


def test_the_revoke_button_of_an_old_card_tries_it_again_too(desk: Desk) -> None:
    """The card was drawn before: its Revoke means the same."""
    request = overdue(desk)
    desk.press(ids.REVOKE, request, ADA)
    assert "Trying now…" in texts_of(desk.views("views.update")[-1]["blocks"])
    assert tried_now(desk)


def test_the_revoke_button_pressed_by_a_stranger_is_refused_in_the_modal(desk: Desk) -> None:
    """Being overdue gives nobody a right."""
    request = overdue(desk)
    desk.press(ids.REVOKE, request, MAX)
    assert "Only an owner of prod-payments" in texts_of(desk.views("views.update")[-1]["blocks"])
    assert not tried_now(desk)
