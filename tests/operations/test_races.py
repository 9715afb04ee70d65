"""Races: however many press in the same moment, one wins, everybody else is told, and nothing is granted twice."""

from collections.abc import Callable

from access.changes import Change
from access.people import Person
from access.refusals import Refusal, TooLate
from access.request import RequestId, RequestStatus
from access.session import SessionStatus
from operations.decide import approve_request, reject_request
from operations.end import end_due_sessions, end_session_early, revoke_session
from operations.perform import perform
from operations.remind import lapse_due_requests
from operations.submit import submit_request
from operations.withdraw import withdraw_request
from storage import requests
from storage.outbox import Lane
from tests.access.given import ADA, HOUR, MINUTE, OLAF, OLGA, RITA, a_custom_form, a_form
from tests.operations.company import IN_AWS, PAYMENTS, Company
from tests.storage.threads import at_once

Outcome = Change | Refusal
ROUNDS = 5


def outcome(act: Callable[[], Change]) -> Outcome:
    """Act, and return the change or the refusal; everything else is a defect."""
    try:
        return act()
    except Refusal as refusal:
        return refusal


def changed(act: Callable[[], Change]) -> bool:
    """Act, and tell whether anything was changed."""
    return isinstance(outcome(act), Change)


def race(*acts: Callable[[], Change]) -> tuple[list[Change], list[Refusal]]:
    """Let all act in the same moment; return what was changed and what was refused."""
    found = at_once(len(acts), lambda number: outcome(acts[number]))
    return [each for each in found if isinstance(each, Change)], [each for each in found if isinstance(each, Refusal)]


def approve(company: Company, request_id: RequestId, by: Person) -> Callable[[], Change]:
    """Give an approval that can be raced."""
    return lambda: approve_request(company.deps, request_id, by.slack_id)


def test_double_click_two_workers_one_grant(company: Company) -> None:
    """One owner presses four times at once and two workers drain: one approval, one session, one assignment."""
    request = company.ask()
    won, told = race(*[approve(company, request.id, OLAF)] * 4)
    assert len(won) == 1
    assert all(isinstance(each, TooLate) for each in told)
    at_once(2, lambda _: company.drain(*IN_AWS))
    company.pass_time(MINUTE, *IN_AWS)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]
    assert company.aws_calls().count("CreateAccountAssignment") == 1
    assert company.events(request) == ["requested", "approved", "granted"]


def test_one_effect_is_performed_by_one_of_many_workers(company: Company) -> None:
    """Four workers claim in the same moment: a grant is held by one of them."""
    company.approved()
    held = at_once(4, lambda number: company.claim(Lane.GRANT, f"w{number}", 4))
    claimed = [each for some in held for each in some]
    assert len(claimed) == 1
    assert perform(company.deps, claimed[0])


def test_two_levels_at_once_both_count(company: Company) -> None:
    """Owner and SSO admin press together, and the one who came too early presses again: both approvals count."""
    for _ in range(ROUNDS):
        request = company.ask(a_custom_form())
        won, told = race(approve(company, request.id, OLAF), approve(company, request.id, ADA))
        assert len(won) in {1, 2}
        for _ in told:
            approve_request(company.deps, request.id, ADA.slack_id)
        decided = company.request(request)
        assert decided.status is RequestStatus.APPROVED
        assert [each.by for each in decided.decisions] == [OLAF.slack_id, ADA.slack_id]
        assert company.events(request).count("approved") == 2


def test_two_owners_at_the_first_level_count_once(company: Company) -> None:
    """Two owners approve a custom request together: one level is passed, and no session comes of it."""
    for _ in range(ROUNDS):
        request = company.ask(a_custom_form())
        won, told = race(approve(company, request.id, OLAF), approve(company, request.id, OLGA))
        assert (len(won), len(told)) == (1, 1)
        assert company.request(request).status is RequestStatus.PENDING_ADMIN


def test_approve_against_reject_has_one_winner(company: Company) -> None:
    """One owner approves while the other rejects: one of both holds, and the other is told by whom."""
    for _ in range(ROUNDS):
        request = company.ask()
        won, told = race(
            approve(company, request.id, OLAF),
            lambda which=request.id: reject_request(company.deps, which, OLGA.slack_id, "No."),  # type: ignore[misc]
        )
        assert (len(won), len(told)) == (1, 1)
        assert "already" in told[0].words
        assert len(company.request(request).decisions) == 1


def test_approve_against_withdraw_has_one_winner(company: Company) -> None:
    """The requester withdraws while an owner approves: there is a session, or the request is withdrawn, never both."""
    for _ in range(ROUNDS):
        request = company.ask()
        won, told = race(
            approve(company, request.id, OLAF),
            lambda which=request.id: withdraw_request(company.deps, which, RITA.slack_id),  # type: ignore[misc]
        )
        assert (len(won), len(told)) == (1, 1)
        withdrawn = company.request(request).status is RequestStatus.WITHDRAWN
        assert (won[0].session is None) == withdrawn


def test_reject_against_lapse_has_one_winner(company: Company) -> None:
    """The time to decide runs out while an owner rejects: the log has one of both."""
    for _ in range(ROUNDS):
        request = company.ask()
        company.clock.move(24 * HOUR)
        found = at_once(
            2,
            lambda number, which=request.id: (  # type: ignore[misc]
                outcome(lambda: reject_request(company.deps, which, OLAF.slack_id, "No."))
                if number
                else lapse_due_requests(company.deps)
            ),
        )
        rejected = isinstance(found[1], Change)
        assert company.request(request).status is (RequestStatus.REJECTED if rejected else RequestStatus.LAPSED)
        assert company.events(request)[1:] == ["rejected" if rejected else "lapsed"]


def test_revoke_against_expiry_and_early_end_has_one_winner(company: Company) -> None:
    """An approver revokes and the holder is done while the clock ends the session: it ends once."""
    request = company.active(None, *IN_AWS)
    company.clock.move_to(company.session(request).ends_at)
    acts: list[Callable[[], bool]] = [
        lambda: changed(lambda: revoke_session(company.deps, request.id, OLAF.slack_id, "Done.")),
        lambda: changed(lambda: end_session_early(company.deps, request.id, RITA.slack_id)),
        lambda: end_due_sessions(company.deps) == 1,
    ]
    won = at_once(3, lambda number: acts[number]())
    assert sum(won) == 1
    company.drain(*IN_AWS)
    assert company.session(request).status in {SessionStatus.REVOKED, SessionStatus.EXPIRED}
    assert sum(each in {"revoked", "expired"} for each in company.events(request)) == 1
    assert company.aws.assignments() == []


def test_a_form_delivered_twice_at_once_is_one_request(company: Company) -> None:
    """Slack delivers one form twice in the same moment: both times the same request is answered, stored once."""
    company.ask()
    same = RequestId("rq_same")
    found = at_once(4, lambda _: submit_request(company.deps, a_form(), RITA.slack_id, same))
    assert len({each.number for each in found}) == 1
    with company.database.read() as db:
        assert len(requests.of_requester(db, RITA.slack_id, 10)) == 2
    assert company.events().count("requested") == 2


def test_many_at_once_get_numbers_of_their_own(company: Company) -> None:
    """Eight forms in the same moment are eight requests with eight numbers in a row, and the log is unbroken."""
    company.ask()
    ids = [RequestId(f"rq_many_{each}") for each in range(8)]
    found = at_once(8, lambda each: submit_request(company.deps, a_form(), RITA.slack_id, ids[each]))
    assert sorted(each.number for each in found) == list(range(1002, 1010))
    assert len(company.events()) == 9


def test_presses_on_different_requests_never_hinder_each_other(company: Company) -> None:
    """Twenty requests are approved in the same moment: none is refused."""
    asked = [company.ask() for _ in range(20)]
    won, told = race(*(approve(company, each.id, OLAF) for each in asked))
    assert (len(won), told) == (20, [])
