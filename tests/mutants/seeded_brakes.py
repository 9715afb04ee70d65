"""Defects in the brakes: the freeze, revoking all, and a command that writes beside the bot."""

from tests.mutants.mutant import Mutant

FREEZE, MASS = "tests/access/test_freeze.py", "tests/access/test_mass.py"
DONE, WRITERS = "tests/operations/test_brakes.py", "tests/storage/test_turns.py"
BRAKES = (
    Mutant(
        name="anybody freezes",
        file="access/freeze.py",
        before="    if person.slack_id not in roster.admins:",
        after="    if not roster.admins:",
        killers=(f"{FREEZE}::test_nobody_but_a_full_member_who_is_sso_admin_freezes_or_lifts",),
    ),
    Mutant(
        name="an approval does not ask whether it is frozen",
        file="operations/decide.py",
        before="            also=refuse_while_frozen,\n",
        after="",
        killers=(f"{DONE}::test_while_frozen_nothing_is_approved_and_the_request_waits",),
    ),
    Mutant(
        name="a grant that waits for the end of a freeze fails when its time is over",
        file="operations/frozen.py",
        before="    if needs_more_time(request, session, now, margin):",
        after="    if False:",
        killers=(f"{DONE}::test_a_grant_that_was_ordered_waits_for_days_and_does_not_fail",),
    ),
    Mutant(
        name="a freeze in the moment before AWS is asked does not count",
        file="operations/grant.py",
        before="sent_at=now), refuse_while_frozen\n",
        after="sent_at=now)\n",
        killers=(f"{DONE}::test_a_freeze_in_the_moment_before_aws_is_asked_still_counts",),
    ),
    Mutant(
        name="one SSO admin revokes everything",
        file="access/mass.py",
        before="    if person.slack_id == current.by or person.email.casefold() == current.by_email.casefold():",
        after="    if person.slack_id == current.by:",
        killers=(f"{MASS}::test_nobody_else_confirms",),
    ),
    Mutant(
        name="an order is confirmed after its time",
        file="access/mass.py",
        before="    if now >= current.lapses_at:\n        raise _settled",
        after="    if False:\n        raise _settled",
        killers=(f"{MASS}::test_a_confirmation_after_its_time_is_refused_even_before_the_sweep",),
    ),
    Mutant(
        name="an order ends what was approved after it",
        file="storage/mass_orders.py",
        before="_within(scope), requests.c.closed_at <= approved_by)",
        after="_within(scope))",
        killers=(f"{DONE}::test_what_is_being_granted_ends_and_what_is_approved_later_does_not",),
    ),
    Mutant(
        name="a second process writes out of turn",
        file="storage/transactions.py",
        before="            with self._turns.taken(WRITE_LOCK_SECONDS) if self._turns else nullcontext():",
        after="            with nullcontext():",
        killers=(f"{WRITERS}::test_every_write_of_a_sqlite_file_is_a_turn_and_no_read_is",),
    ),
)
