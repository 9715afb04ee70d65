"""Defects in the rules: who may decide, when it is too late, and what must follow an end."""

from tests.mutants.mutant import Mutant

DECIDING = "tests/operations/test_deciding.py"
RULES = (
    Mutant(
        name="people approve their own requests",
        file="access/policy.py",
        before="    if is_requester(request, person):\n",
        after="    if request is None:\n",
        killers=(f"{DECIDING}::test_self_approval_refused_with_reason[sqlite]",),
    ),
    Mutant(
        name="a second Slack account of the requester approves",
        file="access/policy.py",
        before="person.slack_id == requester.slack_id or _same_address(person.email, requester.email)",
        after="person.slack_id == requester.slack_id",
        killers=(f"{DECIDING}::test_a_second_account_of_the_requester_is_refused[sqlite]",),
    ),
    Mutant(
        name="one person approves both levels",
        file="access/policy.py",
        before="    if any(each.by == person.slack_id or _same_address(each.by_email, person.email)"
        " for each in request.decisions):",
        after="    if not request.decisions:",
        killers=(f"{DECIDING}::test_the_two_levels_are_two_people[sqlite]",),
    ),
    Mutant(
        name="guests and deactivated people decide",
        file="access/policy.py",
        before="    must_be_full_member(person)\n    if not person.email:",
        after="    if not person.email:",
        killers=(f"{DECIDING}::test_whoever_is_no_full_member_any_more_is_refused",),
    ),
    Mutant(
        name="an SSO admin approves the owners' level though there are owners",
        file="access/policy.py",
        before="        if not roster.owner_besides(request.requester.slack_id):\n",
        after="        if roster.admins:\n",
        killers=(f"{DECIDING}::test_custom_takes_an_owner_and_then_an_admin[sqlite]",),
    ),
    Mutant(
        name="an approval after the time to decide counts",
        file="access/lifecycle.py",
        before="    _must_not_have_lapsed(request, now)\n",
        after="",
        killers=(f"{DECIDING}::test_approval_after_the_time_to_decide_is_too_late[sqlite]",),
    ),
    Mutant(
        name="a session without an end is possible",
        file="access/session.py",
        before='            raise TypeError("a session has an end, in a time zone")',
        after="            return",
        killers=("tests/access/test_loopholes.py::test_a_session_cannot_lose_its_end",),
    ),
    Mutant(
        name="the end is not counted from the confirmed grant",
        file="access/session_lifecycle.py",
        before="        ends_at=now + request.duration.length,\n",
        after="",
        killers=("tests/access/test_session_verbs.py::test_the_clock_starts_at_the_confirmed_grant",),
    ),
    Mutant(
        name="a grant may end later than the end that was committed before it",
        file="access/session_lifecycle.py",
        before="    if now >= grant_by(request, session):\n        raise",
        after="    if request is None:\n        raise",
        killers=("tests/access/test_loopholes.py", "tests/access/test_session_verbs.py"),
    ),
    Mutant(
        name="nobody looks again after an end",
        file="access/session_lifecycle.py",
        before=", verify_absent(ended, VERIFY_AFTER))",
        after=")",
        killers=("tests/access/test_effects.py::test_absence_is_verified_once_more_after_every_lease_has_run_out",),
    ),
    Mutant(
        name="a failed grant is not undone",
        file="access/session_lifecycle.py",
        before="        effects=(revoke_access(failing), ",
        after="        effects=(",
        killers=("tests/access/test_effects.py",),
    ),
    Mutant(
        name="removals wait in Slack's lane",
        file="storage/lanes.py",
        before="                return cls.REVOKE",
        after="                return cls.SLACK",
        killers=("tests/storage/test_outbox.py::test_each_kind_of_effect_has_its_lane",),
    ),
    Mutant(
        name="after many attempts a removal waits for a day",
        file="operations/backoff.py",
        before="_CAP = 300.0",
        after="_CAP = 86400.0",
        killers=("tests/operations/test_overdue.py::test_no_number_of_attempts_waits_longer_than_15_minutes",),
    ),
)
