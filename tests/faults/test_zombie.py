"""A worker that slept past its lease between its look at AWS and its order leaves nothing in AWS."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context

import pytest

from access.catalogue import Catalogue
from access.request import Request
from access.session import SessionStatus
from aws.errors import Busy
from aws.instance import Instance
from bot.worker import LEASE
from operations.end import end_session_early
from operations.perform import perform
from storage.outbox import Lane
from tests.access.given import HOUR, MINUTE, RITA, a_custom_form
from tests.faults.zombies import grant_and_stop, stopped
from tests.operations.company import IN_AWS, PAYMENTS, Company
from tests.operations.conftest import empty_aws, found, make_clients, make_clock, run_aws  # noqa: F401 - fixtures
from tests.operations.gate import raises

SECOND = timedelta(seconds=1)
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone."""
    company.lanes = IN_AWS


def wakes_after(company: Company, request: Request, meanwhile: Callable[[], None]) -> None:
    """Let a worker claim the grant and sleep right before its order, until `meanwhile` has happened."""
    company.center.before("request_assignment", meanwhile)
    [claimed] = company.claim(Lane.GRANT, "zombie")
    assert not perform(company.deps, claimed)
    assert company.center.unused == 0
    assert company.aws_calls().count("CreateAccountAssignment") == 2
    assert not company.session(request).status.live


def others_take_over(company: Company, request: Request) -> None:
    """Let the lease run out, another worker grant, and Rita be done."""
    company.clock.move(LEASE + SECOND)
    company.drain()
    assert company.session(request).status is SessionStatus.ACTIVE
    end_session_early(company.deps, request.id, RITA.slack_id)
    company.drain()
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == []


@pytest.mark.parametrize("slept_on", [timedelta(0), 4 * MINUTE, HOUR, 48 * HOUR], ids=str)
def test_a_worker_that_sleeps_between_look_and_order_leaves_nothing(company: Company, slept_on: timedelta) -> None:
    """However long it slept on after the end, what it then ordered is found and removed within minutes."""
    request = company.approved()

    def meanwhile() -> None:
        others_take_over(company, request)
        company.pass_time(slept_on)

    wakes_after(company, request, meanwhile)
    company.pass_time(6 * MINUTE)
    assert company.aws.assignments() == []
    assert "orphan_removed" in company.events(request)


def test_an_order_of_a_zombie_whose_answer_is_lost_is_found_too(company: Company) -> None:
    """The zombie never hears that AWS took its order; what comes of it is removed all the same."""
    request = company.approved()

    def meanwhile() -> None:
        others_take_over(company, request)
        company.pass_time(HOUR)
        company.center.after("request_assignment", raises(Busy("The answer was lost.", unknown=True)))

    wakes_after(company, request, meanwhile)
    company.pass_time(6 * MINUTE)
    assert company.aws.assignments() == []


def test_a_custom_set_made_for_nothing_goes_too(company: Company) -> None:
    """The zombie of a custom request leaves neither assignment nor permission set."""
    request = company.approved(a_custom_form())
    company.center.before("create_set", lambda: others_take_over(company, request))
    [claimed] = company.claim(Lane.GRANT, "zombie")
    perform(company.deps, claimed)
    company.pass_time(6 * MINUTE)
    assert company.aws.assignments() == []
    assert not any("jit:request" in each.tags for each in company.aws.permission_sets())


def test_nothing_is_ordered_when_the_lease_is_over(company: Company) -> None:
    """A worker that finds its lease over before it orders leaves the grant to others, who have it once."""
    request = company.approved()
    company.center.before("is_assigned", lambda: company.clock.move(LEASE))
    [claimed] = company.claim(Lane.GRANT, "zombie")
    assert not perform(company.deps, claimed)
    assert "CreateAccountAssignment" not in company.aws_calls()
    company.drain()
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]


def test_what_the_zombie_did_is_never_confirmed(company: Company) -> None:
    """The session that others ended stays ended, with one end in the log."""
    request = company.approved()
    wakes_after(company, request, lambda: others_take_over(company, request))
    company.pass_time(HOUR)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.events(request).count("granted") == 1
    assert company.events(request).count("revoked") == 1


@pytest.mark.parametrize("place", ["owners", "requester"])
def test_a_worker_that_sleeps_before_it_posts_posts_nothing(company: Company, place: str) -> None:
    """Its lease ran out and another worker posted the card: it stands once, in a channel as in a direct message."""
    company.ask()
    while (claimed := company.claim(Lane.SLACK, "zombie")[0]).effect.arguments.get("place") != place:
        perform(company.deps, claimed)

    def sleeps() -> Catalogue:
        company.clock.move(LEASE + SECOND)
        company.drain(Lane.SLACK)
        return company.catalogue

    assert not perform(replace(company.deps, catalogue=sleeps), claimed)
    keys = [each.key for each in company.slack.postings]
    assert claimed.effect.key in keys
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_process_stopped_by_the_system_leaves_nothing_when_it_goes_on(company: Company) -> None:
    """SIGSTOP between look and order, hours pass, another process grants and ends, SIGCONT: AWS holds nothing."""
    request = company.approved()
    url = company.database.url.render_as_string(hide_password=False)
    instance = Instance(arn=company.aws.instance_arn, store_id=company.aws.store_id)
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    zombie = spawning.Process(
        target=grant_and_stop, args=(url, company.aws.url, instance, company.clock.now(), theirs), daemon=True
    )
    zombie.start()
    pid = zombie.pid or 0
    try:
        _wait(lambda: stopped(pid))
        others_take_over(company, request)
        company.pass_time(HOUR)
        os.kill(pid, signal.SIGCONT)
        assert ours.poll(PATIENCE)
        assert ours.recv() is False
    finally:
        zombie.kill()
        zombie.join(PATIENCE)
    assert company.aws_calls().count("CreateAccountAssignment") == 2
    company.pass_time(6 * MINUTE)
    assert company.aws.assignments() == []


def _wait(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.02)
