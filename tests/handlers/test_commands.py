"""`/jit` and its words: what a person reads back, and that a command line grants nothing."""

import pytest

from access.people import Membership
from access.request import RequestStatus
from blocks import ids
from blocks.request_form import read_request_form
from operations.decide import approve_request
from tests.access.given import MAX, OLAF, RITA, a_person
from tests.handlers import gestures
from tests.handlers.desk import Desk
from tests.operations.company import PAYMENTS


@pytest.mark.parametrize("typed", ["", "help", "HELP", "frobnicate", "<!channel> *bold*", "x" * 3000])
def test_whatever_is_unknown_answers_with_the_usage(desk: Desk, typed: str) -> None:
    """Nothing and nonsense get the list of commands, visible to that person alone, and notify nobody."""
    assert desk.type(typed).status == 200
    assert "/jit request" in desk.answers[0]
    assert "<!channel>" not in desk.answers[0]


def test_request_opens_the_form_prefilled(desk: Desk) -> None:
    """The words typed stand in the form; nothing is asked for by the command line alone."""
    assert desk.type("request prod-payments ReadOnly 2h INC-12 the ledger is wrong").status == 200
    form = read_request_form(desk.views("views.open")[0])
    assert (form.account_id, form.set_name, form.duration) == (PAYMENTS, "ReadOnly", "2 hours")
    assert form.justification == "INC-12 the ledger is wrong"
    assert desk.company.events() == []
    assert desk.slack.asked("views.open")[0]["trigger_id"] == gestures.TRIGGER


def test_nothing_stands_between_the_command_and_the_form(desk: Desk) -> None:
    """Before the form opens, nobody is looked up: Slack is asked for nothing but to open it."""
    desk.company.people.silent = True
    desk.type("request")
    desk.type("request")
    methods = [name for name, _ in desk.slack.calls if name != "auth.test"]
    assert methods[0] == "views.open"


@pytest.mark.parametrize("gesture", ["shortcut", "button"])
def test_the_form_opens_from_shortcut_and_button_too(desk: Desk, gesture: str) -> None:
    """The global shortcut and the button below the usage open the same empty form."""
    if gesture == "shortcut":
        assert desk.dispatch(gestures.shortcut(ids.SHORTCUT, RITA)).status == 200
    else:
        assert desk.press(ids.ASK, "", RITA).status == 200
    assert desk.views("views.open")[0]["callback_id"] == ids.REQUEST_FORM


def test_who_cannot_ask_is_told_in_the_open_form(desk: Desk) -> None:
    """A guest opens the form: it says at its top why nothing will come of it, before much is typed."""
    desk.company.people.persons[MAX.slack_id] = a_person("Max", membership=Membership.GUEST)
    desk.type("request", MAX)
    warned = desk.views("views.update")
    assert len(warned) == 1
    assert "guest" in str(warned[0]["blocks"][0])
    assert desk.slack.asked("views.update")[0]["hash"] == "1.abc"


def test_mine_lists_what_somebody_asked_for(desk: Desk) -> None:
    """Rita reads her requests, Max reads that he has none."""
    desk.company.ask()
    desk.type("mine")
    desk.type("mine", MAX)
    assert "REQ-1001" in desk.answers[0]
    assert "You have no requests" in desk.answers[1]


def test_pending_lists_what_waits_with_its_buttons(desk: Desk) -> None:
    """Olaf gets the waiting request with Approve and Reject, Rita, who asked, does not."""
    desk.company.ask()
    desk.type("pending", OLAF)
    desk.type("pending")
    assert "REQ-1001" in desk.answers[0]
    assert ids.APPROVE in desk.answers[0]
    assert "Nothing waits" in desk.answers[1]


def test_show_has_the_buttons_of_the_viewer(desk: Desk) -> None:
    """Rita may withdraw, Olaf may approve, and for Max there is no such request."""
    desk.company.ask()
    for person in (RITA, OLAF, MAX):
        desk.type("show req-1001", person)
    assert ids.WITHDRAW in desk.answers[0]
    assert ids.APPROVE in desk.answers[1]
    assert "no request" in desk.answers[2]
    assert "ReadOnly" not in desk.answers[2]


@pytest.mark.parametrize("verb", ["show", "withdraw"])
def test_a_number_must_be_given(desk: Desk, verb: str) -> None:
    """Without a number the person reads which words are missing."""
    desk.type(verb)
    assert "Say which request" in desk.answers[0]


def test_withdraw_takes_back_ones_own_request(desk: Desk) -> None:
    """The requester withdraws by number; an owner is refused in words."""
    request = desk.company.ask()
    desk.type("withdraw REQ-1001", OLAF)
    assert "Only Rita" in desk.answers[0]
    desk.type("withdraw 1001")
    assert "REQ-1001 is withdrawn" in desk.answers[1]
    assert desk.company.request(request).status is RequestStatus.WITHDRAWN


def test_revoke_asks_for_the_reason_in_a_modal(desk: Desk) -> None:
    """The modal opens before anybody is looked up, and is then filled with what it is about."""
    request = desk.company.ask()
    approve_request(desk.company.deps, request.id, OLAF.slack_id)
    desk.type("revoke REQ-1001", OLAF)
    first, then = desk.views("views.open")[0], desk.views("views.update")[0]
    assert "callback_id" not in first
    assert (then["callback_id"], then["private_metadata"]) == (ids.REVOKE_FORM, request.id)


@pytest.mark.parametrize("typed", ["revoke", "revoke REQ-77", "revoke REQ-1001"])
def test_what_cannot_be_revoked_says_so_in_the_modal(desk: Desk, typed: str) -> None:
    """No number, no such request, nothing granted yet: the open modal says why and has nothing to send."""
    desk.company.ask()
    desk.type(typed, OLAF)
    shown = desk.views("views.update")[0]
    assert "submit" not in shown
    assert "🚫" in str(shown)
