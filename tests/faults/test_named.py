"""Tests of the peers' list that stand nowhere else: what else may be down when an end is due."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from access.session import SessionStatus
from aws.errors import Busy
from operations.end import revoke_session
from slackapi.errors import LookUpFailed
from storage.outbox import Lane
from tests.access.given import MINUTE, OLGA
from tests.operations.company import IN_AWS, Company
from tests.operations.gate import raises


def test_org_api_down_never_delays_revoke(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end needs neither the list of accounts nor the directory, nor who owns what: only the assignment."""
    request = company.active()

    def nobody(*_: object) -> None:
        raise LookUpFailed("Slack cannot be asked")

    company.catalogue = replace(company.catalogue, accounts={}, standard_sets={})
    monkeypatch.setattr(company.people, "person", nobody)
    monkeypatch.setattr(company.people, "roster", nobody)
    for method in ("user_by_email", "is_enabled"):
        company.directory.before(method, *[raises(Busy("The directory is away."))] * 9)
    company.center.before("find_set", *[raises(Busy("Listing the sets is throttled."))] * 9)

    company.clock.move_to(company.session(request).ends_at)
    company.sweep()
    company.drain(*IN_AWS)

    assert company.session(request).status is SessionStatus.EXPIRED
    assert company.aws.assignments() == []


@pytest.mark.parametrize("broken", ["anything_due", "to_end", "both"])
def test_load_failure_rearms_timer(company: Company, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """What is due could not be read: nothing is forgotten, and the next sweep two seconds later ends it."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at)
    failed: list[str] = []

    def unreadable(*_: object, **__: object) -> None:
        failed.append(broken)
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        if broken != "to_end":
            patch.setattr("operations.due.due.anything_due", unreadable)
        if broken != "anything_due":
            patch.setattr("operations.end.sessions.to_end", unreadable)
        company.sweep()
    assert failed

    company.sweep()
    company.drain(*IN_AWS)

    assert company.session(request).status is SessionStatus.EXPIRED


def test_a_press_that_cannot_be_stored_is_never_half_done(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit log cannot be written: neither is the end ordered, nor AWS asked; pressed again, it is done once."""
    request = company.active()

    def unwritable(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        patch.setattr("operations.settle.audit.append", unwritable)
        with pytest.raises(DBAPIError):
            revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    company.drain(*Lane)
    assert company.session(request).status is SessionStatus.ACTIVE
    assert "DeleteAccountAssignment" not in company.aws_calls()

    revoke_session(company.deps, request.id, OLGA.slack_id, "Not needed any more.")
    company.pass_time(MINUTE)

    assert company.events(request).count("end_ordered") == company.events(request).count("revoked") == 1
