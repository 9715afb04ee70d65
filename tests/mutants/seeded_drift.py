"""Defects in the comparison of AWS with the sessions, and in what follows from it."""

from tests.mutants.mutant import Mutant

ROUND, LOOK = "tests/operations/test_reconcile.py", "tests/operations/test_reconcile_look.py"
PURE, LEFT = "tests/access/test_drift.py", "tests/operations/test_offboarding.py"
DRIFT = (
    Mutant(
        name="what an administrator gave again after an end is removed",
        file="operations/remove.py",
        before="        if not ours:\n",
        after="        if not deps:\n",
        killers=(
            f"{ROUND}::test_pre_existing_assignment_is_never_removed_when_it_was_given_again_after_an_end[sqlite]",
        ),
    ),
    Mutant(
        name="what ended while the bot looked is foreign",
        file="operations/reconcile_look.py",
        before="    found = compare(looked, [*before, *ended], after, doubtful)",
        after="    found = compare(looked, after, after, doubtful)",
        killers=(f"{LOOK}::test_what_ends_while_the_bot_looks_is_no_drift[sqlite]",),
    ),
    Mutant(
        name="a list of AWS's that was not whole is believed",
        file="operations/reconcile_missing.py",
        before="    if deps.identity_center.is_assigned(session.assignment):\n",
        after="    if not deps:\n",
        killers=(f"{ROUND}::test_a_list_that_was_not_whole_frightens_nobody[sqlite]",),
    ),
    Mutant(
        name="what AWS did not show is missing",
        file="access/drift.py",
        before="    seen = [each for each in steady if (each.account_id, each.set_arn) in looked.where]",
        after="    seen = steady",
        killers=(f"{PURE}::test_what_was_not_looked_at_is_not_missing",),
    ),
    Mutant(
        name="a report counts as read though Slack did not take it",
        file="operations/reconcile_post.py",
        before="        if found is None:\n            raise\n        return found\n",
        after="        return found\n",
        killers=(f"{ROUND}::test_a_report_that_slack_does_not_take_is_posted_by_the_next_round[sqlite]",),
    ),
    Mutant(
        name="whoever cannot be looked up has left",
        file="operations/offboard.py",
        before='        log.warning("whether somebody has left could not be told: %s", trouble)\n',
        after="        return _words(who, IN_AWS)\n",
        killers=(f"{LEFT}::test_nobody_loses_access_because_somebody_did_not_answer[sqlite]",),
    ),
    Mutant(
        name="looking around takes the rate from removals",
        file="aws/throttle.py",
        before='        if getattr(self._own, "patient", False):\n',
        after="        if not self:\n",
        killers=("tests/aws/test_throttle.py::test_patient_calls_never_touch_half_of_the_rate",),
    ),
)
