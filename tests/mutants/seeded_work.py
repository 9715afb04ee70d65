"""Defects in how effects are performed: granting, removing, posting, retrying."""

from tests.mutants.mutant import Mutant

GRANTING, ENDING = "tests/operations/test_granting.py", "tests/operations/test_ending.py"
CRASHES = "tests/operations/test_crashes.py"
SHARING, FOUND = "tests/operations/test_sharing.py", "tests/faults/test_machine_found.py"
SHARED = "tests/faults/test_shared_removals.py"
WORK = (
    Mutant(
        name="AWS is asked before it is on disk that it is asked",
        file="operations/grant.py",
        before="    session = _note_asked(deps, request, session)\n"
        "    must_hold(deps, claimed)\n    try:\n"
        "        operation = deps.identity_center.request_assignment(session.assignment)\n",
        after="    try:\n        operation = deps.identity_center.request_assignment(session.assignment)\n"
        "        session = _note_asked(deps, request, session)\n",
        killers=(f"{GRANTING}::test_session_persisted_before_create_call[sqlite]",),
    ),
    Mutant(
        name="an operation that AWS failed is not looked at",
        file="operations/grant.py",
        before="    if progress.state is State.FAILED:\n",
        after="    if progress is None:\n",
        killers=(f"{GRANTING}::test_async_create_failed_never_shows_active[sqlite]",),
    ),
    Mutant(
        name="active without a read-back",
        file="operations/grant.py",
        before="    if not deps.identity_center.is_assigned(session.assignment):\n",
        after="    if progress is None:\n",
        killers=(f"{GRANTING}::test_success_without_a_read_back_is_not_active[sqlite]",),
    ),
    Mutant(
        name="ended without a read-back",
        file="operations/remove.py",
        before="    if deps.identity_center.is_assigned(session.assignment):\n"
        '        return Later(words="the assignment can',
        after='    if request is None:\n        return Later(words="the assignment can',
        killers=(f"{ENDING}::test_a_removal_that_can_still_be_read_has_not_ended_anything[sqlite]",),
    ),
    Mutant(
        name="what existed before the bot is removed",
        file="operations/remove.py",
        before="    if session.existed_before:\n        return True\n",
        after="",
        killers=("tests/operations/test_existed_before.py",),
    ),
    Mutant(
        name="an assignment that another session needs is removed",
        file="operations/remove.py",
        before="    return bool(heirs) and not session.removal_operation",
        after="    return False",
        killers=(f"{SHARING}::test_overlap_keeps_access_until_last_session_ends[sqlite]",),
    ),
    Mutant(
        name="who inherits an assignment is not told that it is the bot's",
        file="operations/remove.py",
        before="            sessions.save(db, latest.changed(sent_at=now, existed_before=False))",
        after="            continue",
        killers=(f"{SHARING}::test_an_orphan_that_another_session_adopts_is_removed_with_it[sqlite]",),
    ),
    Mutant(
        name="a session is called active on what AWS is removing",
        file="operations/grant.py",
        before="    if any(each.removal_operation for each in makers):",
        after="    if not deps:",
        killers=(f"{SHARING}::test_a_grant_while_aws_removes_the_same_is_active_only_on_what_stays[sqlite]",),
    ),
    Mutant(
        name="a removal whose answer was lost is not remembered",
        file="operations/remove.py",
        before="    _note(deps, request, removal_operation=_ASKED)\n",
        after="",
        killers=(f"{SHARED}::test_a_removal_whose_answer_was_lost_is_seen_through_before_another_is_granted[sqlite]",),
    ),
    Mutant(
        name="the set of a custom request is left in AWS",
        file="operations/remove.py",
        before="        remove_own_set(deps, session)\n    made_by_us",
        after="    made_by_us",
        killers=("tests/operations/test_custom_sets.py::test_custom_set_is_deleted_at_the_end[sqlite]",),
    ),
    Mutant(
        name="access that came back after an end is left",
        file="operations/remove.py",
        before="        return _remove_orphan(deps, claimed, request, session)",
        after="        return Done.FINISH",
        killers=(
            "tests/operations/test_crashes.py::test_grant_by_a_paused_worker_after_the_end_is_found_and_removed[sqlite]",
        ),
    ),
    Mutant(
        name="the lease is not looked at before AWS is asked",
        file="operations/too_late.py",
        before="    if deps.clock.now() >= claimed.leased_until:",
        after="    if not claimed:",
        killers=("tests/faults/test_zombie.py::test_nothing_is_ordered_when_the_lease_is_over",),
    ),
    Mutant(
        name="the look for what was done too late is rolled back with the effect that was fenced out",
        file="operations/too_late.py",
        before="        outbox.add(db, looks, deps.clock.now())",
        after="        outbox.add(db, looks, deps.clock.now())\n        outbox.finish(db, claimed, deps.clock.now())",
        killers=(f"{FOUND}::test_a_worker_that_wakes_hours_after_the_end_leaves_nothing",),
    ),
    Mutant(
        name="an effect is begun however long ago it was claimed",
        file="operations/perform.py",
        before="    if deps.clock.now() + LONGEST_ATTEMPT > claimed.leased_until:",
        after="    if not claimed:",
        killers=(f"{CRASHES}::test_an_effect_is_not_begun_when_little_of_its_lease_is_left[sqlite]",),
    ),
    Mutant(
        name="a removal is given up after six attempts",
        file="operations/perform.py",
        before="    now = deps.clock.now()\n    wait = wait_before(",
        after="    if claimed.attempts >= 6:\n        _finish(deps, claimed)\n        return\n"
        "    now = deps.clock.now()\n    wait = wait_before(",
        killers=(f"{ENDING}::test_failed_revoke_is_still_scanned[sqlite]",),
    ),
    Mutant(
        name="five lost races settle a removal",
        file="operations/perform.py",
        before="        if type(settled) is TooLate:",
        after="        if settled is None:",
        killers=(f"{ENDING}::test_a_revocation_that_loses_every_race_is_tried_again[sqlite]",),
    ),
    Mutant(
        name="what may have been posted is posted again without looking",
        file="operations/publish.py",
        before="    if claimed.outcome_unknown:\n        found = deps.messenger.find_posted(channel, cl",
        after="    if deps is None:\n        found = deps.messenger.find_posted(channel, cl",
        killers=("tests/operations/test_cards.py::test_cards_are_posted_once_with_lost_answers[sqlite]",),
    ),
    Mutant(
        name="one session that cannot be stored stops the ends of all others",
        file="operations/sweep.py",
        before="        except Exception as error:",
        after="        except ZeroDivisionError as error:",
        killers=(f"{ENDING}::test_one_bad_session_never_blocks_others[sqlite]",),
    ),
    Mutant(
        name="events are stored without their line for the audit channel",
        file="operations/settle.py",
        before="    outbox.add(db, lines, now)",
        after="    outbox.add(db, lines[:0], now)",
        killers=("tests/operations/test_cards.py::test_a_closed_audit_channel_loses_no_line[sqlite]",),
    ),
)
