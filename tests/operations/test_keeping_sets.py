"""Standard sets that the bot keeps: made, mended and left alone where they are not its own."""

from dataclasses import replace

import pytest

from access.durations import SessionDuration
from access.permission_sets import SetContent, StandardSet
from access.session import SessionStatus
from operations.keep_sets import keep_standard_sets
from sandbox.aws.faults import FaultKind
from sandbox.aws.server import HeldSet
from tests.access.given import MINUTE
from tests.operations.company import IN_AWS, Company


@pytest.fixture(autouse=True)
def without_slack(company: Company) -> None:
    """Leave Slack's lane alone, where a test does not ask for it."""
    company.lanes = IN_AWS


def kept(company: Company, name: str = "ReadOnly") -> HeldSet:
    """Find a set in AWS."""
    return next(each for each in company.aws.permission_sets() if each.name == name)


def configure(company: Company, *sets: StandardSet) -> None:
    """Let the configuration define other standard sets."""
    company.catalogue = replace(company.catalogue, standard_sets={each.name: each for each in sets})


def test_what_is_missing_is_made(company: Company) -> None:
    """The bot makes the sets it keeps, with their content and tags, and none that others keep."""
    keep_standard_sets(company.deps)
    made = kept(company)
    assert made.managed_policies == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert made.session_duration == "PT1H"
    assert made.tags["jit:managed"] == "true"
    assert len(company.aws.permission_sets()) == 2


def test_what_is_in_step_is_left_alone(company: Company) -> None:
    """A second look changes nothing in AWS."""
    keep_standard_sets(company.deps)
    before = kept(company)
    calls = len(company.aws.calls)
    keep_standard_sets(company.deps)
    assert kept(company) == before
    changing = ("Create", "Attach", "Detach", "Put", "Update", "Provision", "Delete")
    assert [each for each in company.aws_calls()[calls:] if each.startswith(changing)] == []


def test_what_differs_is_mended(company: Company) -> None:
    """Another content in the configuration, or a hand in AWS: afterwards AWS holds what the configuration says."""
    keep_standard_sets(company.deps)
    content = SetContent(session_duration=SessionDuration.HOURS_4, managed_policies=("AmazonS3ReadOnlyAccess",))
    configure(company, StandardSet(name="ReadOnly", content=content))
    keep_standard_sets(company.deps)
    assert kept(company).managed_policies == ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",)
    assert kept(company).session_duration == "PT4H"


def test_a_set_of_somebody_else_is_never_changed(company: Company) -> None:
    """An untagged set has the name of a kept one: it stays as it is, and nothing is granted under its name."""
    company.aws.add_permission_set("ReadOnly", managed_policies=("AdministratorAccess",))
    before = kept(company)
    assert keep_standard_sets(company.deps) == 0
    assert kept(company) == before
    request = company.approved()
    company.drain()
    assert company.session(request).status is SessionStatus.FAILED
    assert company.aws.assignments() == []


def test_one_set_in_trouble_stops_no_other(company: Company) -> None:
    """AWS refuses to make the first set: the second is made."""
    content = SetContent(managed_policies=("ReadOnlyAccess",))
    configure(company, *(StandardSet(name=name, content=content) for name in ("First", "Second")))
    company.aws.faults.add("CreatePermissionSet", FaultKind.ACCESS_DENIED)
    assert keep_standard_sets(company.deps) == 1
    assert kept(company, "Second").managed_policies


def test_a_grant_makes_the_set_that_no_look_has_made_yet(company: Company) -> None:
    """A request comes before the first look: its grant makes the set."""
    request = company.active()
    assert company.session(request).set_arn == kept(company).arn


def test_a_kept_set_that_vanished_is_made_anew(company: Company) -> None:
    """Somebody deleted the set in AWS: the next grant makes it again."""
    keep_standard_sets(company.deps)
    del company.aws.world.sets[kept(company).arn]
    request = company.approved()
    company.drain()
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert company.session(request).set_arn == kept(company).arn
