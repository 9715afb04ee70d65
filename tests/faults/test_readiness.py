"""What /readyz says: whose fault it is and what mends it, as long as it lasts and no longer."""

import os
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest

from aws.clients import Clients, build_clients
from aws.errors import AwsTrouble
from bot.aws_side import AwsFinder
from bot.program import Program
from bot.readiness import live_checks, outbox_trouble, ready_checks
from operations.end import revoke_session
from sandbox.aws.faults import FaultKind
from storage.outbox import Lane
from tests.access.given import MINUTE, OLGA
from tests.faults.full_disk import FullDisk
from tests.operations.company import Company


class Ages:
    """A scheduler whose last sweep was so many seconds ago."""

    age = 0.0


@pytest.fixture(name="finder")
def make_finder(clients: Clients) -> AwsFinder:
    """Give what finds Identity Center, which it has not yet."""
    return AwsFinder(clients, None)


@pytest.fixture(name="program")
def make_program(company: Company, finder: AwsFinder) -> Program:
    """Give as much of a program as readiness looks at."""
    people = SimpleNamespace(trouble=None)
    parts = SimpleNamespace(deps=company.deps, aws=finder, people=people)
    return cast(Program, SimpleNamespace(parts=parts, scheduler=Ages()))


def says(program: Program, check: str) -> str | None:
    return ready_checks(program, lambda: None)[check]()


def test_credentials_that_aws_refuses_are_named_until_they_are_mended(
    company: Company, program: Program, finder: AwsFinder
) -> None:
    """At the start and later: AWS's own last words stay, and go with the first call that AWS takes."""
    assert says(program, "aws") == "IAM Identity Center was not found: it has not answered yet"
    company.aws.faults.add("*", FaultKind.EXPIRED_CREDENTIALS)
    with pytest.raises(AwsTrouble):
        finder()
    assert "(ExpiredTokenException)" in (says(program, "aws") or "")
    assert "Give the bot valid credentials" in (says(program, "aws") or "")
    center = finder().identity_center
    assert says(program, "aws") is None

    company.aws.faults.add("*", FaultKind.EXPIRED_CREDENTIALS)
    with pytest.raises(AwsTrouble):
        center.find_set("PowerUser")
    assert "(ExpiredTokenException)" in (says(program, "aws") or "")
    company.aws.faults.add("*", FaultKind.THROTTLING)
    with pytest.raises(AwsTrouble):
        center.find_set("PowerUser")
    assert "(ExpiredTokenException)" in (says(program, "aws") or "")

    center.find_set("PowerUser")

    assert says(program, "aws") is None


def test_what_keeps_identity_center_away_is_said(company: Company, program: Program, finder: AwsFinder) -> None:
    """Not only credentials: whatever AWS answered last stands in /readyz."""
    company.aws.faults.add("*", FaultKind.ACCESS_DENIED)
    with pytest.raises(AwsTrouble):
        finder()

    assert (says(program, "aws") or "").startswith("IAM Identity Center was not found: AWS denied jitbot access")


def test_missing_credentials_are_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where boto3 finds none, that is said, and how it looks for them."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    session: Any = boto3.session.Session(region_name="eu-west-1")
    finder = AwsFinder(build_clients("eu-west-1", endpoint_url=company.aws.url, session=session), None)
    with pytest.raises(AwsTrouble):
        finder()

    assert "jitbot has no valid AWS credentials. (NoCredentialsError)" in (finder.trouble or "")


def test_a_token_that_slack_refuses_is_named_although_the_socket_stands(program: Program) -> None:
    """Presses may still come in over the socket, which has a token of its own."""
    assert says(program, "slack") is None
    cast(Any, program.parts.people).trouble = "Slack no longer accepts the bot's token"

    assert says(program, "slack") == "Slack no longer accepts the bot's token"


def test_a_database_that_cannot_be_written_is_said_in_words(company: Company, program: Program) -> None:
    """And that nothing is granted meanwhile, and ends are carried out."""
    disk = FullDisk(company.database)
    disk.lock()
    assert "the database cannot be written" in (says(program, "database") or "")
    assert "read-only" in (says(program, "database") or "")
    disk.fill()
    assert "disk is full. Nothing is granted; what is over is removed" in (says(program, "database") or "")
    disk.free()
    assert says(program, "database") is None


def test_a_database_that_breaks_in_another_way_never_reads_as_fine(company: Company, program: Program) -> None:
    """What says nothing of writing is raised, and told as a check that could not be made."""
    with company.database.begin() as db:
        db.exec_driver_sql("ALTER TABLE counters RENAME TO gone")
    try:
        with pytest.raises(Exception, match="counters"):
            says(program, "database")
    finally:
        with company.database.begin() as db:
            db.exec_driver_sql("ALTER TABLE gone RENAME TO counters")


def test_a_stale_sweep_is_neither_alive_nor_ready(program: Program) -> None:
    """After half a minute; the watchdog leaves after two."""
    cast(Any, program.scheduler).age = 29.0
    assert (says(program, "sweep"), live_checks(program)["sweep"]()) == (None, None)
    cast(Any, program.scheduler).age = 31.0
    assert says(program, "sweep") == live_checks(program)["sweep"]() == "the last sweep was 31 s ago"


def test_a_lane_that_nobody_drains_is_named(company: Company, program: Program) -> None:
    """A removal has been due for more than five minutes, and nobody has it or did anything in its lane."""
    request = company.active()
    company.drain(*Lane)
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    company.clock.move(4 * MINUTE)
    assert says(program, "outbox") is None
    company.clock.move(2 * MINUTE)
    company.drain(Lane.SLACK)
    assert says(program, "outbox") == "nobody performs what is due in the outbox: revoke for 360 s"

    (held,) = company.claim(Lane.REVOKE)
    assert says(program, "outbox") is None
    company.clock.move_to(held.leased_until + timedelta(seconds=1))
    assert says(program, "outbox") is not None
    company.drain(*Lane)
    assert says(program, "outbox") is None


def test_what_fails_again_and_again_is_no_lane_that_nobody_drains(company: Company) -> None:
    """AWS refuses a removal for a while: the lane is worked on, and others are not sent away because of it."""
    request = company.active()
    company.aws.faults.add("DeleteAccountAssignment", FaultKind.ACCESS_DENIED, times=100)
    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    for _ in range(12):
        company.clock.move(MINUTE)
        company.drain(*Lane)
        assert outbox_trouble(company.deps) is None
