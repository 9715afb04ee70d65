"""Granting and removing: ordered, polled, read back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import boto3
import pytest

from access.session import Assignment
from aws import throttle
from aws.clients import Clients
from aws.errors import Busy, NotThere, classify_failure
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.progress import Progress, State, delays, poll
from sandbox.aws import AwsSandbox, FaultKind, When
from sandbox.aws.world import Holding
from tests.aws.conftest import PAYMENTS, STAGING, Clock, strict_clients


def grant(center: IdentityCenter, wanted: Assignment) -> Progress:
    """Order an assignment and wait for its end without waiting."""
    request = center.request_assignment(wanted)
    return poll(lambda: center.assignment_status(request), lambda _: None)


def remove(center: IdentityCenter, unwanted: Assignment) -> Progress:
    """Order a removal and wait for its end without waiting."""
    request = center.request_removal(unwanted)
    assert request
    return poll(lambda: center.removal_status(request), lambda _: None)


def test_an_assignment_is_there_only_when_aws_has_finished(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    """An accepted order is not yet access: only SUCCEEDED is."""
    request = center.request_assignment(wanted)

    assert center.assignment_status(request) == Progress(state=State.IN_PROGRESS)
    assert not center.is_assigned(wanted)
    assert center.assignment_status(request) == Progress(state=State.SUCCEEDED)
    assert center.is_assigned(wanted)
    assert sandbox.assignments() == [(PAYMENTS, "ann", "ReadOnly")]


def test_a_standard_grant_takes_four_calls(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox, clock: Clock
) -> None:
    """Create, describe, list to read back: three, and one more where AWS is slow."""
    request = center.request_assignment(wanted)
    clock.move(seconds=1)
    poll(lambda: center.assignment_status(request), lambda _: None)
    center.is_assigned(wanted)

    assert [call.operation for call in sandbox.calls] == [
        "CreateAccountAssignment",
        "DescribeAccountAssignmentCreationStatus",
        "ListAccountAssignments",
    ]


def test_ordering_an_assignment_twice_makes_one(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    assert grant(center, wanted).state is State.SUCCEEDED
    assert grant(center, wanted).state is State.SUCCEEDED

    assert len(sandbox.assignments()) == 1


def test_a_removed_assignment_is_read_back_as_absent(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    grant(center, wanted)

    assert remove(center, wanted).state is State.SUCCEEDED
    assert not center.is_assigned(wanted)
    assert sandbox.assignments() == []


def test_removing_what_is_not_there_is_done_at_once(center: IdentityCenter, wanted: Assignment) -> None:
    assert center.request_removal(wanted) is None


def test_removing_with_a_deleted_set_is_done_at_once(center: IdentityCenter, wanted: Assignment) -> None:
    """A set can only be deleted when nobody has it, so nothing is left to remove."""
    center.delete_set(wanted.set_arn, ours=True)

    assert center.request_removal(wanted) is None
    assert not center.is_assigned(wanted)


def test_assigning_a_deleted_set_is_told_as_not_there(center: IdentityCenter, wanted: Assignment) -> None:
    center.delete_set(wanted.set_arn, ours=True)

    with pytest.raises(NotThere):
        center.request_assignment(wanted)


def test_a_vanished_instance_never_passes_for_a_removed_assignment(
    clients: Clients, instance: Instance, wanted: Assignment
) -> None:
    """With the wrong instance everything is "not found"; taking that for absent would leave access standing."""
    elsewhere = Instance(arn=f"{instance.arn[:-4]}0000", store_id=instance.store_id)
    center = IdentityCenter(clients, elsewhere)

    with pytest.raises(Busy):
        center.request_removal(wanted)
    with pytest.raises(Busy):
        center.is_assigned(wanted)


def test_a_failed_order_carries_the_reason_of_aws(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    sandbox.faults.fail("CreateAccountAssignment", "IAM role quota reached")

    assert grant(center, wanted) == Progress(state=State.FAILED, reason="IAM role quota reached")
    assert not center.is_assigned(wanted)


def test_an_unknown_person_fails_after_the_order_was_taken(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    sandbox.remove_user(wanted.principal_id)

    outcome = grant(center, wanted)

    assert outcome.state is State.FAILED
    assert "was not found in directory d-" in outcome.reason


def test_an_order_that_never_ends_is_polled_for_five_minutes_and_no_longer(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    sandbox.faults.never_end("CreateAccountAssignment")
    request = center.request_assignment(wanted)
    waits: list[float] = []

    outcome = poll(lambda: center.assignment_status(request), waits.append)

    assert outcome.state is State.IN_PROGRESS
    assert 290 < sum(waits) <= 300


def test_questions_come_at_growing_intervals_up_to_five_seconds() -> None:
    assert list(delays(20)) == [1.0, 1.5, 2.25, 3.375, 5.0, 5.0]


@pytest.mark.parametrize("status", ["assignment_status", "removal_status"])
def test_an_unknown_request_id_means_not_yet_and_at_the_bound_lost(center: IdentityCenter, status: str) -> None:
    """AWS may answer "not found" right after it took an order; one it never knows must not be waited for for ever."""
    ask = partial(getattr(center, status), "00000000-0000-0000-0000-000000000000")

    assert ask().state is State.IN_PROGRESS

    outcome = poll(ask, lambda _: None, bound=15)

    assert outcome.state is State.FAILED
    assert isinstance(classify_failure(outcome.reason), Busy)


def test_a_second_order_on_the_same_set_and_account_is_busy_until_the_first_is_done(
    center: IdentityCenter, wanted: Assignment, clock: Clock
) -> None:
    center.request_assignment(wanted)

    with pytest.raises(Busy) as busy:
        center.request_removal(wanted)
    assert not busy.value.unknown

    clock.move(seconds=2)
    assert center.request_removal(wanted)


def test_reading_back_goes_by_the_token_even_over_empty_pages(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    sandbox.world.page_size = 2
    sandbox.world.empty_pages = True
    others = [sandbox.add_user(f"user{number}") for number in range(5)]
    for each in [*others, wanted.principal_id]:
        sandbox.assign(PAYMENTS, each, wanted.set_arn)

    assert center.is_assigned(wanted)
    assert not center.is_assigned(replace(wanted, account_id=STAGING))


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.DROP, FaultKind.SERVER_ERROR])
def test_a_lost_answer_to_an_order_is_unknown_and_never_sent_again_by_itself(
    wanted: Assignment,
    instance: Instance,
    sandbox: AwsSandbox,
    session: boto3.session.Session,
    clock: Clock,
    kind: FaultKind,
) -> None:
    """AWS acted, the answer got lost: one order only, and reading back tells the truth."""
    center = IdentityCenter(strict_clients(sandbox, session, read_timeout=0.3), instance)
    sandbox.faults.add("CreateAccountAssignment", kind, When.AFTER)

    with pytest.raises(Busy) as busy:
        center.request_assignment(wanted)
    assert busy.value.unknown

    clock.move(seconds=2)
    assert center.is_assigned(wanted)
    assert [call.operation for call in sandbox.calls].count("CreateAccountAssignment") == 1


def test_groups_are_not_people(center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox) -> None:
    sandbox.world.holdings[Holding(PAYMENTS, wanted.set_arn, "GROUP", wanted.principal_id)] = None

    assert not center.is_assigned(wanted)


def test_an_account_held_by_another_thread_is_left_alone(
    center: IdentityCenter, wanted: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LONGEST_WAIT", 0.01)

    with ThreadPoolExecutor(1) as other, center.alone_in(PAYMENTS):
        for change in (center.request_assignment, center.request_removal):
            assert isinstance(other.submit(change, wanted).exception(), Busy)


def test_many_threads_change_one_account_one_after_another(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    """Whoever holds an account from order to end meets no conflict, however many others want it too."""
    people = [sandbox.add_user(f"user{number}") for number in range(12)]

    def order(principal_id: str) -> State:
        each = Assignment(principal_id=principal_id, account_id=PAYMENTS, set_arn=wanted.set_arn)
        with center.alone_in(PAYMENTS):
            return grant(center, each).state

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(order, people))

    assert outcomes == [State.SUCCEEDED] * 12
    assert len(sandbox.assignments()) == 12


def test_a_throttled_second_look_at_the_instance_stays_busy(
    center: IdentityCenter, wanted: Assignment, sandbox: AwsSandbox
) -> None:
    """Nothing is called absent while AWS cannot say that the instance is there."""
    sandbox.faults.add("DescribeInstance", FaultKind.THROTTLING, times=5)

    with pytest.raises(Busy):
        center.request_removal(wanted)
