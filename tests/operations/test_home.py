"""Home tabs: whose shows what, drawn when, and by how many calls; no older drawing covers a newer one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.people import Membership, Person
from access.request import Request
from blocks.home import Page, Part
from operations.decide import approve_request
from operations.end import revoke_session
from operations.home import open_home, show_home, show_or_order
from operations.home_memory import HomeMemory
from operations.home_order import PAUSE, order_all_homes
from operations.withdraw import withdraw_request
from slackapi.errors import SlackBusy
from storage import homes
from storage.outbox import Lane
from tests.access.given import ABEL, ADA, HOUR, MAX, MINUTE, OLAF, OLGA, RITA, a_custom_form, a_form, an_account
from tests.blocks.lint import lint_home, texts
from tests.operations.company import PAYMENTS, Company
from tests.operations.gate import Gate, raises

EVERYBODY = (RITA, OLAF, OLGA, ADA, ABEL, MAX)
SECOND = timedelta(seconds=1)


def opens(company: Company, *people: Person) -> None:
    """Let people open their home tabs."""
    for each in people:
        open_home(company.deps, each.slack_id)


def shown(company: Company, person: Person) -> str:
    """Read somebody's home tab, which must be one that Slack takes."""
    _, view = company.slack.homes[person.slack_id]
    assert lint_home(view) == []
    return " ".join(texts(view["blocks"])).replace("*", "")


def drawn(company: Company) -> list[str]:
    """List whose home tab was drawn, in order."""
    return [who for method, who in company.slack.calls if method == "publish_home"]


def refreshed(company: Company, wait: timedelta = 5 * SECOND) -> list[str]:
    """Let the pause after a change pass, and a rest after another round; draw, and list whose home tab was drawn."""
    before = len(drawn(company))
    company.clock.move(wait)
    company.drain(Lane.SLACK)
    return drawn(company)[before:]


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


def test_a_guest_is_told_why_not(company: Company) -> None:
    """In words, with the next step, and without a button that would only refuse; their own things are there."""
    request = company.ask()
    company.people.persons[RITA.slack_id] = replace(RITA, membership=Membership.GUEST)
    opens(company, RITA)
    view = shown(company, RITA)
    assert "Only full members of this workspace may do this; you are a guest." in view
    assert "Request access" not in view
    assert request.label in view


def test_an_account_that_cannot_be_looked_up_hides_nothing_else(company: Company) -> None:
    """A group that Slack does not tell: what can be told is shown, and SSO admins read which it is."""
    company.use_account(an_account(id="222233334444", name="data-lake", owners=("S0GONE",)))
    told = company.ask()
    hidden = company.ask(replace(a_custom_form(), account_id="222233334444"))
    opens(company, OLAF)
    view = shown(company, OLAF)
    assert told.label in view
    assert hidden.label not in view
    assert "Slack did not tell us who decides in 1 of the accounts." in view
    opens(company, ADA)
    assert "Slack did not tell us who decides in data-lake." in shown(company, ADA)


def test_a_slack_that_tells_nothing_is_not_asked_at_every_account(company: Company) -> None:
    """Ten accounts whose owners cannot be told: three are asked, and nothing is guessed of the others."""
    for number in range(10):
        account = an_account(id=f"{number:012d}", name=f"a-{number}", owners=(f"S0GONE{number}",))
        company.use_account(account)
        company.ask(a_form(account_id=account.id))
    opens(company, ADA)
    gate = Gate(company.people)
    company.use(people=gate)
    opens(company, ADA)
    assert gate.calls.count("roster") == 3 + 1
    assert "decides in a-0, a-1, a-2, a-3" in shown(company, ADA)
    assert "Nothing waits for your decision." in shown(company, ADA)


def test_an_owner_without_anything_to_do_sees_that_they_own_something(company: Company) -> None:
    """Their part is there and empty; who owns nothing does not see it."""
    opens(company, OLAF, MAX)
    assert "Active in my accounts Nobody else" in shown(company, OLAF)
    assert "Active in my accounts" not in shown(company, MAX)


def test_a_page_stays_where_the_viewer_is(company: Company) -> None:
    """Drawn anew it shows the same page, and the last one there is when the list has grown shorter."""
    asked = [company.ask() for _ in range(12)]
    opens(company, OLAF)
    company.deps.home_memory.turned(OLAF.slack_id, Page(part=Part.WAITING, number=1))
    show_or_order(company.deps, OLAF.slack_id)
    assert "11 to 12 of 12" in shown(company, OLAF)
    late = company.ask()
    refreshed(company)
    assert "11 to 13 of 13" in shown(company, OLAF)
    for each in (*asked[3:], late):
        withdraw_request(company.deps, each.id, RITA.slack_id)
    company.clock.move(MINUTE)
    refreshed(company)
    assert "1 to 3 of 3" in shown(company, OLAF)


def test_a_part_that_is_not_for_the_viewer_cannot_be_turned_to(company: Company) -> None:
    """A forged button for the SSO admins' part leads a requester to their own first page."""
    opens(company, RITA)
    company.deps.home_memory.turned(RITA.slack_id, Page(part=Part.OVERDUE))
    show_or_order(company.deps, RITA.slack_id)
    assert "My sessions" in shown(company, RITA)
    assert "Overdue" not in shown(company, RITA)


def test_everybody_can_be_drawn_anew(company: Company) -> None:
    """An order without a request concerns all who look, and who has not looked for a month is left alone."""
    opens(company, *EVERYBODY)
    with company.database.begin() as db:
        homes.opened(db, MAX.slack_id, company.clock.now() - timedelta(days=31))
    company.use(home_memory=HomeMemory())
    with company.database.begin() as db:
        order_all_homes(db, "frozen", company.clock.now())
    assert {*refreshed(company)} == {each.slack_id for each in EVERYBODY if each is not MAX}


def test_more_than_any_page_holds_is_a_view_that_slack_takes(company: Company) -> None:
    """Twenty-five undecided of each of four people, with the longest justification there is."""
    account = an_account()
    company.use_account(replace(account, id=PAYMENTS))
    for person in (RITA, MAX):
        for _ in range(25):
            company.ask(replace(a_custom_form(), justification="<&>" * 300), by=person)
    opens(company, OLAF, RITA)
    assert "Show all 50" in shown(company, OLAF)
    assert "Show all 25" in shown(company, RITA)
