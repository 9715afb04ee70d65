"""What AWS holds, compared with the sessions: who made it decides what it is called."""

import pytest

from access.drift import Findings
from access.session import Assignment, SessionStatus
from operations.end import end_session_early
from operations.reconcile_look import Stopped, look_around
from sandbox.aws.faults import FaultKind
from tests.access.given import HOUR, MINUTE, RITA, a_custom_form
from tests.operations.company import PAYMENTS, Company


def by_hand(company: Company, user: str, set_name: str = "PowerUser") -> Assignment:
    """Assign as an administrator would."""
    world = company.aws.world
    user_id = next(each.id for each in world.users.values() if each.user_name == user)
    arn = next(each.arn for each in world.sets.values() if each.name == set_name)
    company.aws.assign(PAYMENTS, user_id, arn)
    return Assignment(principal_id=user_id, account_id=PAYMENTS, set_arn=arn)


def differences(found: Findings) -> list[object]:
    """List everything that is not as it should be."""
    return [*found.missing, *found.leftover, *found.leftover_sets, *found.unlike]


def test_a_session_that_aws_holds_is_expected(company: Company) -> None:
    """Nothing differs: the one assignment belongs to the one session."""
    request = company.active()

    found = look_around(company.deps)

    assert found.expected == (company.session(request).assignment,)
    assert differences(found) == []


def test_rogue_assignment_is_reported(company: Company) -> None:
    """What an administrator made by hand is not ours, whoever has a session besides."""
    company.active()
    rogue = by_hand(company, "max")

    found = look_around(company.deps)

    assert found.foreign == (rogue,)
    assert len(found.expected) == 1
    assert found.name_of(rogue.set_arn) == "PowerUser"


def test_an_assignment_to_a_group_or_of_a_set_that_is_not_the_bots_is_no_drift(company: Company) -> None:
    """Groups are how administrators give standing access; sets that nobody can ask for are not looked at."""
    company.active()
    company.aws.add_permission_set("Auditors")
    by_hand(company, "max", "Auditors")
    holding = next(iter(company.aws.world.holdings))
    group = f"{'0' * 10}-{'1' * 8}-1111-1111-1111-{'1' * 12}"
    company.aws.world.holdings[holding._replace(principal_type="GROUP", principal_id=group)] = None

    assert look_around(company.deps).unlike == ()


def test_manual_removal_is_detected(company: Company) -> None:
    """An active session whose assignment somebody took away is missing; one that is not granted yet is not."""
    request = company.active()
    company.approved()
    company.aws.world.holdings.clear()

    assert [each.id for each in look_around(company.deps).missing] == [company.session(request).id]


def test_a_set_deleted_by_hand_leaves_its_session_missing(company: Company) -> None:
    """The account does not have the set any more, so nobody can have it there."""
    request = company.active(a_custom_form())
    session = company.session(request)
    company.aws.world.holdings.clear()
    del company.aws.world.sets[session.set_arn]
    del company.aws.world.provisioned[session.set_arn, PAYMENTS]
    company.center.inside.forget(session.set_arn)  # type: ignore[attr-defined]

    assert [each.id for each in look_around(company.deps).missing] == [session.id]


def test_what_ends_while_the_bot_looks_is_no_drift(company: Company) -> None:
    """The list was read before the end, the database after it: the assignment is neither foreign nor left over."""
    request = company.active()

    def ends() -> None:
        end_session_early(company.deps, request.id, RITA.slack_id)
        company.drain()
        assert company.session(request).status is SessionStatus.REVOKED

    company.center.after("users_of", ends)
    found = look_around(company.deps)

    assert company.center.unused == 0
    assert differences(found) == []


def test_what_is_granted_while_the_bot_looks_is_no_drift(company: Company) -> None:
    """A grant in flight is never called foreign, let alone left over."""
    company.active()
    other = company.approved(a_custom_form())
    company.center.before("sets_in", company.drain)

    found = look_around(company.deps)

    assert company.session(other).status is SessionStatus.ACTIVE
    assert differences(found) == []


def test_an_account_that_aws_does_not_show_is_named_and_nothing_in_it_is_missing(company: Company) -> None:
    """Half a look is never taken for the whole."""
    company.active()
    company.aws.faults.add("ListPermissionSetsProvisionedToAccount", FaultKind.ACCESS_DENIED)

    found = look_around(company.deps)

    (skipped,) = found.looked.skipped
    assert skipped.startswith(f"{PAYMENTS}: ")
    assert (found.missing, found.expected) == ((), ())


def test_the_calls_of_a_look_are_counted(company: Company) -> None:
    """One list of all sets, one per account, one per set of ours that the account has; names are asked for once."""
    company.active()
    by_hand(company, "max")
    look_around(company.deps)
    company.aws.calls.clear()

    look_around(company.deps)

    assert sorted(company.aws_calls()) == [
        "ListAccountAssignments",
        "ListAccountAssignments",
        "ListPermissionSets",
        *["ListPermissionSetsProvisionedToAccount"] * len(company.catalogue.accounts),
    ]


def test_a_bot_that_stops_stops_looking(company: Company) -> None:
    """A round is given up between two calls."""
    company.active()

    with pytest.raises(Stopped):
        look_around(company.deps, lambda: True)


def test_a_set_of_nobody_we_know_is_named_and_one_without_our_tag_is_not(company: Company) -> None:
    """A tagged set that no session made is another bot's or a lost database's: it is told, never deleted."""
    tagged = company.aws.add_permission_set("JIT-else-ab12", tags={"jit:managed": "true"})
    company.aws.add_permission_set("JIT-byhand")
    for name in ("JIT-else-ab12", "JIT-byhand"):
        by_hand(company, "max", name)

    found = look_around(company.deps)

    assert found.unknown_sets == (tagged,)
    assert found.foreign == (), "the set stands for whoever has it"
    assert found.leftover_sets == ()


def test_the_set_of_an_ended_session_is_left_over_after_a_grace(company: Company) -> None:
    """A worker that came too late may make a set when its session is over; an hour later it counts as left over."""
    request = company.active(a_custom_form())
    made = company.session(request)
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    again = company.aws.add_permission_set(made.set_name, tags={"jit:managed": "true"})

    company.clock.move(30 * MINUTE)
    assert look_around(company.deps).leftover_sets == ()
    company.clock.move(HOUR)

    assert [(each.id, each.set_arn) for each in look_around(company.deps).leftover_sets] == [(made.id, again)]
