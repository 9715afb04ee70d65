"""The brakes on both databases: what waits, what goes on, what lapses, and that nobody brakes twice."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from access.changes import Event
from access.mass_order import MassOrder, OrderId, Ordering, OrderStatus
from access.people import Person
from access.refusals import AlreadyDone, CannotTell, Frozen, NotAnApprover, NotFound, Refusal, SecondPersonNeeded
from access.session import Session, SessionId, SessionStatus
from operations.decide import approve_request, reject_request
from operations.end import end_session_early, revoke_session
from operations.freeze import freeze_granting, unfreeze_granting
from operations.frozen import frozen_now
from operations.revoke_all import confirm_revoke_all, judge_revoke_all, order_revoke_all
from operations.revoke_by_hand import revoke_by_hand
from sandbox.aws import FaultKind
from slackapi.errors import SlackBusy
from storage import mass_orders, sessions
from storage.outbox import Lane
from tests.access.brakes import EVERYTHING, OF_PAYMENTS, OF_RITA, WHY
from tests.access.given import ABEL, ADA, HOUR, MAX, MINUTE, OLAF, OLGA, RITA, a_form
from tests.operations.company import ADMIN_CHANNEL, IN_AWS, OWNER_CHANNEL, Company

GIVEN = Ordering(reason=WHY, typed="REVOKE")
ID = OrderId("mo_1")


def stored(company: Company, order_id: OrderId = ID) -> MassOrder:
    """Read an order as it is stored now."""
    with company.database.read() as db:
        found = mass_orders.get(db, order_id)
    assert found is not None
    return found


def posted(company: Company) -> str:
    """Read the newest message in the admin channel."""
    return company.slack.in_channel(ADMIN_CHANNEL)[-1].text


def ends(company: Company) -> list[Event]:
    """List the entries of the log that order an end."""
    return [each for each in company.entries() if each.kind.value == "end_ordered"]


def test_while_frozen_nothing_is_approved_and_the_request_waits(company: Company) -> None:
    """Approve is refused and changes nothing; Reject works; lifted, Approve works."""
    first, second = company.ask(), company.ask(a_form(set_name="PowerUser"))
    freeze_granting(company.deps, ADA.slack_id, "INC-9")
    with pytest.raises(Frozen, match=r"Ada froze all granting at .* UTC: INC-9"):
        approve_request(company.deps, first.id, OLAF.slack_id)
    assert company.request(first) == first
    reject_request(company.deps, second.id, OLAF.slack_id, "Not now.")
    unfreeze_granting(company.deps, ABEL.slack_id)
    approve_request(company.deps, first.id, OLAF.slack_id)
    company.drain(*IN_AWS)
    assert company.session(first).status is SessionStatus.ACTIVE
    assert [each for each in company.events() if "frozen" in each] == ["frozen", "unfrozen"]


def test_a_grant_that_was_ordered_waits_for_days_and_does_not_fail(company: Company) -> None:
    """Approved, then frozen before AWS is asked: no call, no trouble told; lifted after three days it is granted."""
    request = company.approved()
    freeze_granting(company.deps, ADA.slack_id, "")
    for _ in range(12):
        company.pass_time(6 * HOUR, *IN_AWS)
    assert company.session(request).status is SessionStatus.GRANTING
    assert "CreateAccountAssignment" not in company.aws_calls()
    assert not {"grant_delayed", "grant_failed"} & set(company.events(request))

    unfreeze_granting(company.deps, ADA.slack_id)
    company.drain(*IN_AWS)

    session = company.session(request)
    assert session.status is SessionStatus.ACTIVE
    assert session.ends_at - company.clock.now() <= request.duration.length
    company.pass_time(request.duration.length + MINUTE, *IN_AWS)
    assert company.aws.assignments() == []


def test_a_freeze_in_the_moment_before_aws_is_asked_still_counts(company: Company) -> None:
    """Frozen while the set is looked up: the assignment is not asked for, and nothing says that it was."""
    request = company.approved()
    company.center.before("is_assigned", lambda: freeze_granting(company.deps, ADA.slack_id, ""))
    company.pass_time(5 * MINUTE, *IN_AWS)
    assert "CreateAccountAssignment" not in company.aws_calls()
    assert company.session(request).sent_at is None
    unfreeze_granting(company.deps, ADA.slack_id)
    company.drain(*IN_AWS)
    assert company.session(request).status is SessionStatus.ACTIVE


def test_an_assignment_that_aws_makes_already_is_brought_to_its_end(company: Company) -> None:
    """Frozen while AWS works on it: it becomes Active, so that people see what AWS holds."""
    company.aws.world.takes, company.aws.world.patience = MINUTE, 1000
    request = company.approved()
    company.drain(Lane.GRANT)
    freeze_granting(company.deps, ADA.slack_id, "")
    company.pass_time(10 * MINUTE, *IN_AWS)
    assert company.session(request).status is SessionStatus.ACTIVE


def test_a_grant_whose_answer_was_lost_is_not_asked_for_again_while_frozen(company: Company) -> None:
    """AWS never got the order: it waits; AWS would be asked anew only when the freeze is lifted."""
    request = company.approved()
    company.aws.faults.add("CreateAccountAssignment", FaultKind.THROTTLING)
    company.drain(*IN_AWS)
    asked = company.aws_calls().count("CreateAccountAssignment")
    freeze_granting(company.deps, ADA.slack_id, "")
    company.pass_time(10 * MINUTE, *IN_AWS)
    assert company.aws_calls().count("CreateAccountAssignment") == asked
    assert company.session(request).status is SessionStatus.GRANTING
    unfreeze_granting(company.deps, ADA.slack_id)
    company.pass_time(MINUTE, *IN_AWS)
    assert company.session(request).status is SessionStatus.ACTIVE


def test_ends_go_on_while_frozen(company: Company) -> None:
    """Revoke, I'm done and the clock work as ever."""
    sets = [company.active(), company.active(a_form(set_name="PowerUser"))]
    freeze_granting(company.deps, ADA.slack_id, "")
    revoke_session(company.deps, sets[0].id, OLAF.slack_id, "The incident is over.")
    end_session_early(company.deps, sets[1].id, RITA.slack_id)
    company.drain(*IN_AWS)
    assert company.aws.assignments() == []
    assert all(company.session(each).status is SessionStatus.REVOKED for each in sets)


def test_cards_have_the_banner_while_frozen_and_lose_it_after(company: Company) -> None:
    """Cards that stand already, and those posted meanwhile; the admin channel hears of both."""
    company.ask()
    company.drain()
    freeze_granting(company.deps, ADA.slack_id, "INC-9")
    company.ask(a_form(set_name="PowerUser"))
    company.drain()
    cards = company.slack.in_channel(OWNER_CHANNEL)
    assert all("Granting is frozen" in str(each.blocks) for each in cards)
    assert posted(company).startswith("🧊 All granting is frozen: Ada froze all granting")
    unfreeze_granting(company.deps, ABEL.slack_id)
    company.drain()
    assert not any("Granting is frozen" in str(each.blocks) for each in cards)
    assert posted(company) == "🔥 Abel lifted the freeze."


@pytest.mark.parametrize("person", [OLAF, RITA, MAX])
def test_who_may_not_brake_is_recorded(company: Company, person: Person) -> None:
    """A freeze by somebody else is refused and in the log; nothing is frozen."""
    with pytest.raises(NotAnApprover):
        freeze_granting(company.deps, person.slack_id, "")
    with pytest.raises(NotAnApprover):
        order_revoke_all(company.deps, person.slack_id, ID, OF_RITA, GIVEN)
    assert frozen_now(company.deps) is None
    assert [each.details["verb"] for each in company.entries()] == ["freeze", "revoke all"]


def test_a_look_up_that_fails_is_a_no(company: Company) -> None:
    """Slack does not tell who is SSO admin: nothing is frozen, ordered or confirmed."""
    company.people.silent = True
    with pytest.raises(CannotTell):
        freeze_granting(company.deps, ADA.slack_id, "")
    with pytest.raises(CannotTell):
        order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)


def race(*gestures: "tuple[object, ...]") -> list[object]:
    """Let gestures happen at the same time, and give what each came to: its value or its refusal."""
    results: list[object] = []
    gate = threading.Barrier(len(gestures))

    def run(act: object, *arguments: object) -> None:
        gate.wait(10)
        try:
            results.append(act(*arguments))  # type: ignore[operator]
        except Refusal as refusal:
            results.append(refusal)

    threads = [threading.Thread(target=run, args=each) for each in gestures]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return results


def test_of_two_who_freeze_at_once_one_is_told(company: Company) -> None:
    """One freeze, one entry, and the other one hears who was faster."""
    results = race(
        (freeze_granting, company.deps, ADA.slack_id, "one"), (freeze_granting, company.deps, ABEL.slack_id, "two")
    )
    assert [type(each) for each in results].count(AlreadyDone) == 1
    assert company.events().count("frozen") == 1


def test_all_of_a_person_ends_by_the_path_of_a_revocation(company: Company) -> None:
    """Two sessions: one order and two ends in the log, both read back absent, and the message tells how far it is."""
    sets = [company.active(), company.active(a_form(set_name="PowerUser"))]
    assert judge_revoke_all(company.deps, ADA.slack_id, OF_RITA) == 2
    order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    company.drain()
    company.pass_time(MINUTE)
    assert company.aws.assignments() == []
    assert all(company.session(each).status is SessionStatus.REVOKED for each in sets)
    assert company.events().count("revoke_all_ordered") == 1
    assert {each.details["order"] for each in ends(company)} == {ID}
    assert len(ends(company)) == 2
    assert stored(company).status is OrderStatus.DONE
    assert posted(company) == "✅ Revoked all access of Rita: 2 sessions. Ordered by Ada."
    assert company.waiting() == 0
    with pytest.raises(NotFound):
        judge_revoke_all(company.deps, ADA.slack_id, OF_RITA)


def test_what_is_being_granted_ends_and_what_is_approved_later_does_not(company: Company) -> None:
    """A grant that was under way is undone; a session approved after the order is not concerned."""
    before = company.approved()
    order_revoke_all(company.deps, OLGA.slack_id, ID, OF_PAYMENTS, GIVEN)
    company.clock.move(timedelta(seconds=1))
    after = company.approved(a_form(set_name="PowerUser"))
    company.drain(*IN_AWS)
    company.pass_time(10 * MINUTE, *IN_AWS)
    assert company.session(before).status is SessionStatus.REVOKED
    assert company.session(after).status is SessionStatus.ACTIVE
    assert [each.details["role"] for each in ends(company)] == ["owner"]


def test_a_form_sent_twice_is_one_order(company: Company) -> None:
    """Slack may deliver it twice: one order, one entry."""
    company.active()
    for _ in range(2):
        order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    assert company.events().count("revoke_all_ordered") == 1


def test_the_message_says_so_while_aws_does_not_confirm(company: Company) -> None:
    """AWS denies the removal: ordered, not proven gone; when AWS obeys the message says that it is over."""
    company.active()
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED, times=3)
    order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    company.drain()
    assert posted(company).startswith("🛑 Revoking all access of Rita: 0 of 1 proven gone.")
    company.pass_time(10 * MINUTE)
    told = [each.text for each in company.slack.in_channel(ADMIN_CHANNEL)]
    assert "✅ Revoked all access of Rita: 1 session. Ordered by Ada." in told


def test_everything_waits_for_another_sso_admin(company: Company) -> None:
    """The first one cannot confirm; of two presses at once one counts; then all ends."""
    company.active()
    order_revoke_all(company.deps, ADA.slack_id, ID, EVERYTHING, GIVEN)
    company.drain()
    assert company.slack.in_channel(ADMIN_CHANNEL)[-1].buttons == ["Confirm"]
    with pytest.raises(SecondPersonNeeded):
        confirm_revoke_all(company.deps, ADA.slack_id, ID)
    assert company.events()[-1] == "refused"
    assert len(company.aws.assignments()) == 1

    results = race(*[(confirm_revoke_all, company.deps, ABEL.slack_id, ID)] * 2)

    assert [type(each) for each in results].count(AlreadyDone) == 1
    company.drain()
    company.pass_time(MINUTE)
    assert company.aws.assignments() == []
    assert company.events().count("revoke_all_confirmed") == 1
    assert ends(company)[0].details["confirmed_by"] == "Abel"


def test_what_nobody_confirms_lapses(company: Company) -> None:
    """After 15 minutes it is over: the message has no button, a press is told so, and nothing has ended."""
    company.active()
    order_revoke_all(company.deps, ADA.slack_id, ID, EVERYTHING, GIVEN)
    company.pass_time(16 * MINUTE)
    assert stored(company).status is OrderStatus.LAPSED
    assert company.slack.in_channel(ADMIN_CHANNEL)[-1].buttons == []
    with pytest.raises(AlreadyDone, match="lapsed"):
        confirm_revoke_all(company.deps, ABEL.slack_id, ID)
    assert len(company.aws.assignments()) == 1
    with pytest.raises(NotFound):
        confirm_revoke_all(company.deps, ABEL.slack_id, OrderId("forged"))


def test_an_operator_ends_a_session(company: Company) -> None:
    """By number and with a reason; a second time, and a number that does not exist, are refused in words."""
    request = company.active()
    revoke_by_hand(company.deps, request.label.lower(), "root", "The laptop is gone.")
    company.drain()
    assert company.aws.assignments() == []
    assert (ends(company)[0].actor, ends(company)[0].actor_name) == ("operator:root", "root (operator)")
    with pytest.raises(Refusal, match=f"{request.label} has already been ended by root"):
        revoke_by_hand(company.deps, request.label, "root", "Again.")
    for number in ("REQ-9999", "", "x"):
        with pytest.raises(NotFound):
            revoke_by_hand(company.deps, number, "root", "Why not.")


def test_an_order_is_carried_out_though_slack_is_down_and_the_bot_dies_in_the_middle(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One session is ordered to end, then the process is gone; after a restart the other one ends too, once each."""
    sets = [company.active(), company.active(a_form(set_name="PowerUser"))]
    order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    company.slack.down = SlackBusy("Slack cannot be reached.")
    note = mass_orders.note_ended
    noted: list[SessionId] = []

    def dying(db: Connection, order_id: OrderId, session_id: SessionId) -> None:
        if noted:
            raise KeyboardInterrupt
        noted.append(session_id)
        note(db, order_id, session_id)

    monkeypatch.setattr(mass_orders, "note_ended", dying)
    with pytest.raises(KeyboardInterrupt):
        company.drain(Lane.REVOKE)
    monkeypatch.undo()
    assert sorted(company.session(each).status for each in sets) == [SessionStatus.ACTIVE, SessionStatus.REVOKING]

    company.restart(*IN_AWS)
    company.pass_time(MINUTE, *IN_AWS)

    assert company.aws.assignments() == []
    assert len(ends(company)) == 2
    assert stored(company).status is OrderStatus.DONE


def test_one_session_that_cannot_be_stored_holds_up_no_other(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others end at once; the order stays open, is tried again, and ends the last one as well."""
    bad, good = company.active(), company.active(a_form(set_name="PowerUser"))
    save = sessions.save

    def failing(db: Connection, session: Session) -> None:
        if session.request_id == bad.id:
            raise ValueError("a row that cannot be stored")
        save(db, session)

    monkeypatch.setattr(sessions, "save", failing)
    order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    company.drain(*IN_AWS)
    assert company.session(good).status is SessionStatus.REVOKED
    assert stored(company).status is OrderStatus.RUNNING
    monkeypatch.undo()
    company.pass_time(MINUTE, *IN_AWS)
    assert company.session(bad).status is SessionStatus.REVOKED
    assert stored(company).status is OrderStatus.DONE


def test_an_admin_channel_that_refuses_stops_no_brake(company: Company) -> None:
    """Nobody can be told for now: it is frozen and revoked all the same, and told when the channel is open again."""
    company.active()
    company.slack.closed[ADMIN_CHANNEL] = "is_archived"
    freeze_granting(company.deps, ADA.slack_id, "INC-9")
    order_revoke_all(company.deps, ADA.slack_id, ID, OF_RITA, GIVEN)
    company.drain()
    assert company.aws.assignments() == []
    del company.slack.closed[ADMIN_CHANNEL]
    company.pass_time(10 * MINUTE)
    told = [each.text for each in company.slack.in_channel(ADMIN_CHANNEL)]
    assert any(each.startswith("🧊 All granting is frozen") for each in told)
    assert any(each.startswith("✅ Revoked all access of Rita: 1 session.") for each in told)
