"""Defects in extending a session, and in the net below the bot."""

from tests.mutants.mutant import Mutant

RULES, TOLD = "tests/access/test_extension.py", "tests/journeys/test_extending.py"
NET = "tests/bot/test_sweeping.py"
MORE_TIME = (
    Mutant(
        name="what has ended can be extended",
        file="access/extension.py",
        before="session.status is not SessionStatus.ACTIVE or now >= session.ends_at",
        after="now >= session.ends_at",
        killers=(f"{RULES}::test_only_what_is_active_is_extended",),
    ),
    Mutant(
        name="an extension is approved after the end",
        file="access/extension.py",
        before="session.status is not SessionStatus.ACTIVE or now >= session.ends_at",
        after="session.status is not SessionStatus.ACTIVE",
        killers=(f"{RULES}::test_what_has_reached_its_end_is_not_extended_though_nobody_swept_it_yet",),
    ),
    Mutant(
        name="extensions add up past the longest duration",
        file="access/extension.py",
        before="    if _whole(running) + request.duration.length > longest.length:",
        after="    if request.duration.length > longest.length:",
        killers=(f"{RULES}::test_the_accounts_longest_duration_counts_from_the_grant",),
    ),
    Mutant(
        name="extensions are not counted",
        file="access/extension.py",
        before="extensions=running.extensions + 1",
        after="extensions=running.extensions",
        killers=(f"{RULES}::test_an_approved_extension_moves_the_end_and_has_it_announced_again",),
    ),
    Mutant(
        name="the hard stop stays where it was",
        file="access/lifecycle.py",
        before="    stop = (move_hard_stop(session),) if session.cut_at is not None else ()",
        after="    stop = ()",
        killers=(f"{RULES}::test_a_hard_stop_moves_along_and_needs_time_for_that",),
    ),
    Mutant(
        name="a custom set is extended at one level",
        file="access/extension.py",
        before="RequestStatus.PENDING_OWNER if first.custom else RequestStatus.PENDING",
        after="RequestStatus.PENDING",
        killers=(f"{RULES}::test_an_extension_is_a_request_like_the_first_that_lapses_with_the_session",),
    ),
    Mutant(
        name="anybody asks for more time",
        file="operations/extend.py",
        before="        must_be_holder(",
        after="        _ = (",
        killers=("tests/operations/test_extend.py::test_only_the_holder_asks_for_more_time[sqlite-who0]",),
    ),
    Mutant(
        name="two extensions wait at a time",
        file="operations/extend.py",
        before="    if waiting is not None:",
        after="    if False:",
        killers=("tests/operations/test_extend.py::test_one_extension_waits_at_a_time[sqlite]",),
    ),
    Mutant(
        name="the net takes what another session needs",
        file="operations/safety_net.py",
        before=" or not ours_alone(deps, session)",
        after="",
        killers=(f"{NET}::test_what_another_session_needs_is_left",),
    ),
    Mutant(
        name="the net has no patience with the bot",
        file="operations/safety_net.py",
        before="PATIENCE = timedelta(minutes=5)",
        after="PATIENCE = timedelta(0)",
        killers=(f"{NET}::test_what_a_dead_bot_left_is_removed_and_the_bot_is_called_dead",),
    ),
    Mutant(
        name="a dead bot is not missed",
        file="operations/safety_net.py",
        before="deps.clock.now() - last > SILENCE",
        after="deps.clock.now() - last > SILENCE * 1000",
        killers=(f"{NET}::test_what_a_dead_bot_left_is_removed_and_the_bot_is_called_dead",),
    ),
)
