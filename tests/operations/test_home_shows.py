"""What one viewer's home tab shows: guests, owners, pages, and what Slack does not tell."""

from dataclasses import replace

from access.people import Membership
from blocks.home import Page, Part
from operations.home import show_or_order
from operations.withdraw import withdraw_request
from tests.access.given import ADA, MAX, MINUTE, OLAF, RITA, a_custom_form, a_form, an_account
from tests.operations.company import PAYMENTS, Company
from tests.operations.gate import Gate
from tests.operations.homes import opens, refreshed, shown


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
