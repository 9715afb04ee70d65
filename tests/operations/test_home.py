"""Home tabs: whose shows what, drawn when, and by how many calls; no older drawing covers a newer one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.request import Request
from operations.decide import approve_request
from operations.end import revoke_session
from operations.freeze import freeze_granting, unfreeze_granting
from operations.home import show_home, show_or_order
from operations.home_memory import HomeMemory
from operations.home_order import PAUSE, order_all_homes
from operations.withdraw import withdraw_request
from slackapi.errors import SlackBusy
from storage import homes
from storage.outbox import Lane
from tests.access.given import ABEL, ADA, HOUR, MAX, MINUTE, OLAF, OLGA, RITA, a_custom_form
from tests.operations.company import Company
from tests.operations.gate import Gate, raises
from tests.operations.homes import SECOND, drawn, opens, refreshed, shown

EVERYBODY = (RITA, OLAF, OLGA, ADA, ABEL, MAX)


def test_the_first_opening_shows_ones_own_before_anybody_is_looked_up(company: Company) -> None:
    """Two drawings: what is stored at once, and all of it when Slack has told who decides what."""
    request = company.ask()
    views: list[str] = []
    gate = Gate(company.slack)
    gate.after("publish_home", *[lambda: views.append(shown(company, OLAF))] * 2)
    company.use(messenger=gate)
    company.people.silent = True
    opens(company, OLAF)

    assert "is being looked up" in views[0]
    assert "Slack did not tell us who may do this" in views[1]
    company.people.silent = False
    opens(company, OLAF)
    assert request.label in shown(company, OLAF)
    assert "looked up" not in shown(company, OLAF)


def test_an_opening_takes_one_call(company: Company) -> None:
    """Two the first time, one each time after."""
    opens(company, RITA)
    assert len(drawn(company)) == 2
    opens(company, RITA)
    assert len(drawn(company)) == 3


def test_who_never_opens_theirs_costs_nothing(company: Company) -> None:
    """Without anybody who looks, a whole life orders no drawing."""
    company.active()
    company.pass_time(3 * HOUR)
    assert drawn(company) == []


def test_those_concerned_see_a_request_and_nobody_else(company: Company) -> None:
    """Requester, owners and SSO admins are drawn anew, each once; somebody without authority learns nothing."""
    opens(company, *EVERYBODY)
    request = company.ask()

    assert sorted(refreshed(company)) == sorted(each.slack_id for each in EVERYBODY if each is not MAX)
    for approver in (OLAF, OLGA, ADA, ABEL):
        assert f"Waiting for me (1) {request.label}" in shown(company, approver)
    assert f"My requests {request.label} · ⏳ Pending" in shown(company, RITA)
    assert request.label not in shown(company, MAX)
    opens(company, MAX)
    assert request.label not in shown(company, MAX)


def test_a_session_shows_to_its_holder_and_to_those_who_can_end_it(company: Company) -> None:
    """From the grant to the proven end."""
    opens(company, *EVERYBODY)
    request = company.active()
    refreshed(company)

    assert f"My sessions (1) {request.label} · 🟢 Active" in shown(company, RITA)
    for approver in (OLAF, ADA):
        assert f"Active in my accounts (1) {request.label} · 🟢 Active" in shown(company, approver)
    assert "Health 🟢" in shown(company, ADA)
    assert "Health" not in shown(company, OLAF)
    opens(company, MAX)
    assert request.label not in shown(company, MAX)
    revoke_session(company.deps, request.id, OLAF.slack_id, "No longer needed.")
    company.drain()
    refreshed(company)
    assert "Nobody else has access to your accounts" in shown(company, OLAF)
    assert f"My requests {request.label} · 🔒 Revoked" in shown(company, RITA)


def test_a_custom_request_waits_for_one_level_after_the_other(company: Company) -> None:
    """First for owners, then for SSO admins; who decided already has nothing to decide any more."""
    opens(company, OLAF, ADA)
    request = company.ask(a_custom_form())
    refreshed(company)
    assert request.label in shown(company, OLAF)
    assert request.label not in shown(company, ADA)
    approve_request(company.deps, request.id, OLAF.slack_id)
    refreshed(company)
    assert request.label not in shown(company, OLAF)
    assert f"Waiting for me (1) {request.label}" in shown(company, ADA)


def test_what_is_overdue_stands_first_for_sso_admins(company: Company) -> None:
    """AWS denies the removal: it is red at the top, in AWS's words, with Retry now."""
    opens(company, ADA)
    request = company.active(None, *Lane)
    company.center.before("request_removal", *[raises(RuntimeError("denied"))] * 1_000)
    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain(Lane.REVOKE)
    company.clock.move(3 * MINUTE)
    company.sweep()
    refreshed(company)

    view = shown(company, ADA)
    assert view.index("🔴 Overdue (1)") < view.index("Waiting for me")
    assert "Retry now" in view
    assert "Active in my accounts Nobody else" in view


def test_a_standard_lifecycle_takes_four_drawings_of_each_home(company: Company) -> None:
    """Asked, granted, announced and ended, each once, however many steps a change takes inside."""
    opens(company, RITA, OLAF)
    before = len(drawn(company))
    request = company.ask()
    refreshed(company)
    approve_request(company.deps, request.id, OLAF.slack_id)
    company.drain()
    refreshed(company)
    for moment in (company.session(request).ends_at - 10 * MINUTE, company.session(request).ends_at):
        company.clock.move_to(moment)
        company.sweep()
        company.drain()
        refreshed(company)
    assert len(drawn(company)) - before == 4 * 2


def test_a_storm_of_changes_is_one_round_of_drawings(company: Company) -> None:
    """Twenty requests in a second: each who looks is drawn once, and nothing is left to be drawn."""
    opens(company, RITA, OLAF, ADA)
    for _ in range(20):
        company.ask()
    assert sorted(refreshed(company)) == sorted(each.slack_id for each in (RITA, OLAF, ADA))
    assert company.waiting() == 0
    assert "Waiting for me (20)" in shown(company, OLAF)
    company.clock.move(MINUTE)
    assert refreshed(company) == []


def test_after_a_large_round_the_next_one_rests(company: Company) -> None:
    """Slack takes about a hundred drawings a minute: five of them are followed by three seconds of rest."""
    opens(company, *EVERYBODY)
    company.ask()
    assert len(refreshed(company, PAUSE)) == 5
    company.ask()
    assert refreshed(company, PAUSE) == []
    assert len(refreshed(company, 2 * SECOND)) == 5


def test_a_state_that_is_shown_already_is_not_sent_again(company: Company) -> None:
    """Who pressed sees it at once, and the round that follows costs no call for them."""
    opens(company, OLAF, ADA)
    request = company.ask()
    refreshed(company)
    approve_request(company.deps, request.id, OLAF.slack_id)
    show_or_order(company.deps, OLAF.slack_id, only_if_changed=True)
    assert refreshed(company) == [ADA.slack_id]


def test_a_drawing_that_another_one_overtook_is_made_again(company: Company) -> None:
    """While one is on its way, something changes and is drawn: the late one is refused, and drawn as it is now."""
    opens(company, OLAF)
    gate = Gate(company.slack)
    company.use(messenger=gate)
    found: list[Request] = []

    def overtake() -> None:
        found.append(company.ask())
        show_home(company.deps, OLAF.slack_id)

    gate.before("publish_home", overtake)
    show_home(company.deps, OLAF.slack_id)

    assert found[0].label in shown(company, OLAF)
    assert len(drawn(company)) == 2 + 2, "the newer one, and the refused one: what stands is right by then"


def test_after_a_restart_an_older_drawing_does_not_stay(company: Company) -> None:
    """No hash is known: a drawing that covered a newer one of another process is followed by a second look."""
    opens(company, OLAF)
    company.use(home_memory=HomeMemory())
    gate = Gate(company.slack)
    found: list[Request] = []

    def overtake() -> None:
        found.append(company.ask())
        other = replace(company.deps, home_memory=HomeMemory(), messenger=company.slack)
        show_home(other, OLAF.slack_id)

    gate.before("publish_home", overtake)
    company.use(messenger=gate)
    show_home(company.deps, OLAF.slack_id)
    assert found[0].label in shown(company, OLAF)


def test_a_hash_that_another_process_made_stale_is_drawn_over(company: Company) -> None:
    """A conflict is never the end of it: the tab is drawn again, and the new hash is known from then on."""
    opens(company, OLAF)
    other = replace(company.deps, home_memory=HomeMemory())
    show_home(other, OLAF.slack_id)
    request = company.ask()
    assert refreshed(company) == [OLAF.slack_id] * 2
    assert request.label in shown(company, OLAF)
    withdraw_request(company.deps, request.id, RITA.slack_id)
    assert refreshed(company) == [OLAF.slack_id]


def test_slack_asks_to_wait_and_everything_waits_but_the_rest(company: Company) -> None:
    """429 with 30 s: one call, no further one before its time, and cards and lines are posted meanwhile."""
    opens(company, RITA, OLAF)
    gate = Gate(company.slack)
    gate.before("publish_home", raises(SlackBusy("Slack asks to slow down.", retry_after=30.0)))
    company.use(messenger=gate)
    company.ask()
    company.ask()
    before = len(drawn(company))
    refreshed(company)
    assert gate.calls.count("publish_home") == 1
    assert company.slack.count("post") > 0
    company.clock.move(20 * SECOND)
    company.ask()
    company.drain(Lane.SLACK)
    assert len(drawn(company)) == before
    company.clock.move(30 * SECOND)
    assert sorted(refreshed(company)) == sorted([RITA.slack_id, OLAF.slack_id])
    assert company.waiting() == 0


def test_what_slack_does_not_take_at_an_opening_is_drawn_later(company: Company) -> None:
    """Somebody opens while Slack asks to wait: theirs comes when Slack lets us, and is pressed in no hurry."""
    company.slack.down = SlackBusy("Slack asks to slow down.", retry_after=10.0)
    opens(company, RITA)
    company.slack.down = None
    assert refreshed(company) == []
    assert refreshed(company) == [RITA.slack_id]
    assert company.slack.hurried == [False]


def test_whose_account_is_gone_is_forgotten_and_the_others_are_drawn(company: Company) -> None:
    """Slack knows somebody no more: they are not tried again."""
    opens(company, OLAF, OLGA)
    company.slack.closed[OLAF.slack_id] = "user_not_found"
    company.ask()
    assert OLGA.slack_id in refreshed(company)
    with company.database.read() as db:
        assert homes.last_opened(db, OLAF.slack_id) is None
    assert company.waiting() == 0


def test_a_bug_in_one_drawing_holds_up_no_other(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    """The first is logged with its trace, the second is drawn, and the order is done."""
    opens(company, OLAF, OLGA)
    gate = Gate(company.slack)
    gate.before("publish_home", raises(RuntimeError("a bug")))
    company.use(messenger=gate)
    company.ask()
    assert refreshed(company) == [OLGA.slack_id]
    assert "a bug" in caplog.text
    assert company.waiting() == 0


def test_a_freeze_shows_on_every_home_until_it_is_lifted(company: Company) -> None:
    """Everybody who looks sees it within a round, and sees it gone."""
    opens(company, RITA, MAX)
    freeze_granting(company.deps, ADA.slack_id, "INC-9")
    refreshed(company)
    assert all("Granting is frozen" in shown(company, each) for each in (RITA, MAX))
    unfreeze_granting(company.deps, ADA.slack_id)
    refreshed(company)
    assert not any("frozen" in shown(company, each) for each in (RITA, MAX))


def test_everybody_can_be_drawn_anew(company: Company) -> None:
    """An order without a request concerns all who look, and who has not looked for a month is left alone."""
    opens(company, *EVERYBODY)
    with company.database.begin() as db:
        homes.opened(db, MAX.slack_id, company.clock.now() - timedelta(days=31))
    company.use(home_memory=HomeMemory())
    with company.database.begin() as db:
        order_all_homes(db, "frozen", company.clock.now())
    assert {*refreshed(company)} == {each.slack_id for each in EVERYBODY if each is not MAX}
