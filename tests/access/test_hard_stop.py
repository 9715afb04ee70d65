"""The hard stop: from its moment on nothing is allowed, before it exactly what approvers read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import session_lifecycle
from access.changes import EffectKind
from access.hard_stop import EXPIRY_BYTES, expiry_of, with_expiry
from access.refusals import AlreadyEnded
from access.request import RequestStatus
from access.session import SessionStatus
from aws.policy_document import PolicyProblems, parse_policy, policy_size
from tests.access.given import GRANTED_AT, HOUR, NOW, a_request, a_session
from tests.aws.evaluation import allowed

CUT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
READS: dict[str, Any] = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
POLICY = parse_policy(json.dumps({"Version": "2012-10-17", "Statement": [READS]}))
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
moments = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def at(moment: datetime) -> dict[str, str]:
    """Give the condition keys of a request made at a moment."""
    return {"aws:CurrentTime": f"{moment:%Y-%m-%dT%H:%M:%S}Z"}


def test_it_is_the_statement_that_aws_advises() -> None:
    """The statement has the exact form, stands last, and what approvers read stands before it unchanged."""
    statements = json.loads(with_expiry(POLICY, CUT))["Statement"]
    assert statements == [
        READS,
        {
            "Sid": "JitExpiry",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-11-23T12:00:00Z"}},
        },
    ]


@given(cut=moments, before=st.timedeltas(timedelta(0), timedelta(days=40)), after=st.timedeltas(timedelta(seconds=1)))
def test_nothing_is_allowed_from_the_cut_on(cut: datetime, before: timedelta, after: timedelta) -> None:
    """Even what a managed policy allows is denied after the cut; up to it everything is as approved."""
    policies = [EVERYTHING, with_expiry(POLICY, cut)]
    until = cut.replace(microsecond=0)
    later = min(after, timedelta(days=365))
    assert allowed(policies, "ec2:RunInstances", at(until - before))
    assert not allowed(policies, "ec2:RunInstances", at(until + later))
    assert not allowed(policies, "s3:GetObject", at(until + later))


def test_a_set_without_a_policy_gets_one() -> None:
    """Managed policies alone are cut off as well."""
    assert not allowed([EVERYTHING, with_expiry("", CUT)], "s3:GetObject", at(CUT + timedelta(seconds=1)))


@given(first=moments, second=moments)
def test_an_end_can_be_moved(first: datetime, second: datetime) -> None:
    """There is one statement whatever was there before, and it can be read back."""
    moved = with_expiry(with_expiry(POLICY, first), second)
    assert moved == with_expiry(POLICY, second)
    assert expiry_of(moved) == second.replace(microsecond=0)


def test_a_policy_without_it_has_no_cut() -> None:
    """Reading it back tells the truth where nothing was put in."""
    assert expiry_of("") is None
    assert expiry_of(POLICY) is None
    assert expiry_of(EVERYTHING) is None


def test_moments_are_absolute() -> None:
    """A cut in another zone is the same moment, and one without a zone is refused."""
    berlin = timezone(timedelta(hours=1))
    assert with_expiry(POLICY, CUT.astimezone(berlin)) == with_expiry(POLICY, CUT)
    with pytest.raises(ValueError, match="time zone"):
        with_expiry(POLICY, CUT.replace(tzinfo=None))


def test_its_size_is_known_beforehand() -> None:
    """The statement takes 138 bytes and a comma of what a policy may have."""
    assert policy_size(with_expiry(POLICY, CUT)) == policy_size(POLICY) + EXPIRY_BYTES + 1


def test_nobody_else_writes_it() -> None:
    """A policy that brings the bot's own statement along is refused."""
    with pytest.raises(PolicyProblems, match="reserved for jitbot"):
        parse_policy(with_expiry(POLICY, CUT))


APPROVED = a_request(RequestStatus.APPROVED)


def test_a_confirmed_grant_orders_the_exact_cut_where_the_set_has_one() -> None:
    """The set was made with the latest possible end; once the exact one is known, AWS gets it."""
    granting = replace(a_session(SessionStatus.GRANTING), own_set=True, cut_at=NOW + timedelta(days=1))
    change = session_lifecycle.confirm_grant(APPROVED, granting, GRANTED_AT)
    assert change.effects[0].kind is EffectKind.HARD_STOP
    plain = session_lifecycle.confirm_grant(APPROVED, a_session(SessionStatus.GRANTING), GRANTED_AT)
    assert EffectKind.HARD_STOP not in [each.kind for each in plain.effects]


def test_a_cut_for_another_end_is_not_noted() -> None:
    """The end was moved while AWS was at it: what was put in is no longer the session's end."""
    active = replace(a_session(SessionStatus.ACTIVE), cut_at=NOW + timedelta(days=1))
    with pytest.raises(AlreadyEnded):
        session_lifecycle.confirm_hard_stop(APPROVED, active, active.ends_at - HOUR, GRANTED_AT)


@pytest.mark.parametrize(
    ("hours", "cut", "latest"),
    [
        (1, None, HOUR),
        (None, None, 12 * HOUR),
        (1, timedelta(0), timedelta(0)),
        (12, 2 * HOUR, 2 * HOUR),
        (1, 2 * HOUR, HOUR),
    ],
)
def test_the_latest_end_is_the_truth_about_open_sessions(
    hours: int | None, cut: timedelta | None, latest: timedelta
) -> None:
    """An AWS session that is open works on for its own length, and never beyond the cut."""
    active = a_session(SessionStatus.ACTIVE)
    shown = replace(active, sign_in_hours=hours, cut_at=active.ends_at + cut if cut is not None else None)
    assert shown.latest_end == active.ends_at + latest
