"""The net below the bot: what it takes away, and with which calls."""

import json
from pathlib import Path

from access.session import SessionStatus
from operations.safety_net import PATIENCE, SILENCE, catch_what_is_over, silent_since
from storage.heartbeat import beat, last_beat
from tests.access.given import MINUTE
from tests.operations.company import Company

POLICY = json.loads((Path(__file__).parents[2] / "deploy" / "iam-policy-sweep.json").read_text("utf-8"))


def test_only_what_is_over_for_long_is_taken(company: Company) -> None:
    """Five minutes belong to the bot; nothing is written, so that the bot ends the session itself later."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at + PATIENCE - MINUTE)
    assert list(catch_what_is_over(company.deps)) == []
    company.clock.move(MINUTE)

    (caught,) = catch_what_is_over(company.deps)

    assert (caught.request.label, caught.gone, caught.words) == (request.label, True, "removed")
    assert company.aws.assignments() == []
    assert company.session(request).status is SessionStatus.ACTIVE
    company.pass_time(MINUTE)
    assert company.session(request).status is SessionStatus.EXPIRED


def test_its_own_credentials_can_only_read_and_remove(company: Company) -> None:
    """Every call of it stands in deploy/iam-policy-sweep.json, and no right besides to read and to remove."""
    request = company.active()
    company.clock.move_to(company.session(request).ends_at + PATIENCE)
    before = len(company.aws.calls)

    assert list(catch_what_is_over(company.deps))

    allowed = {action for each in POLICY["Statement"] for action in each["Action"]}
    called = {f"sso:{each.operation}" for each in company.aws.calls[before:]}
    assert "sso:DeleteAccountAssignment" in called
    assert called <= allowed
    changing = {each for each in allowed if not each.startswith(("sso:List", "sso:Describe"))}
    assert changing == {"sso:DeleteAccountAssignment"}


def test_a_bot_that_does_not_sweep_is_missed(company: Company) -> None:
    """Not before the first sign of life, and not while one is at most ten minutes old."""
    assert silent_since(company.deps) is None
    now = company.clock.now()
    for moment in (now - MINUTE, now):
        with company.database.begin() as db:
            beat(db, moment)
    company.clock.move(SILENCE)
    assert silent_since(company.deps) is None
    company.clock.move(MINUTE)
    with company.database.read() as db:
        assert silent_since(company.deps) == last_beat(db) == now.replace(microsecond=0)
