"""Defects in the home tab: what it shows to whom, and in which order drawings stand."""

from tests.mutants.mutant import Mutant

DRAWING, SHOWING = "tests/operations/test_home.py", "tests/operations/test_home_shows.py"
PRESSING, LOOKING = "tests/handlers/test_home.py", "tests/blocks/test_home.py"
HOMES = (
    Mutant(
        name="a home tab is drawn over whatever stands",
        file="operations/home.py",
        before="stands=seen.hash, hurry=hurry",
        after='stands="", hurry=hurry',
        killers=(f"{DRAWING}::test_a_drawing_that_another_one_overtook_is_made_again[sqlite]",),
    ),
    Mutant(
        name="nobody looks again after a drawing without a hash",
        file="operations/home.py",
        before="        if seen.hash:\n            return True\n",
        after="        return True\n",
        killers=(f"{DRAWING}::test_after_a_restart_an_older_drawing_does_not_stay[sqlite]",),
    ),
    Mutant(
        name="a conflict is the end of a drawing",
        file="operations/home.py",
        before="            deps.home_memory.outdated(slack_id, seen.hash)\n            continue\n",
        after="            return sent\n",
        killers=(f"{DRAWING}::test_a_hash_that_another_process_made_stale_is_drawn_over[sqlite]",),
    ),
    Mutant(
        name="who never opened theirs is drawn as well",
        file="operations/refresh_homes.py",
        before="    return openers & (found |",
        after="    return openers | (found |",
        killers=(f"{DRAWING}::test_a_storm_of_changes_is_one_round_of_drawings[sqlite]",),
    ),
    Mutant(
        name="only the order that is held waits when Slack asks to",
        file="operations/refresh_homes.py",
        before="        homes.put_off_too(db, [each.id for each in waiting], deps.clock.now() + wait)\n",
        after="        homes.put_off_too(db, [], deps.clock.now() + wait)\n",
        killers=(f"{DRAWING}::test_slack_asks_to_wait_and_everything_waits_but_the_rest[sqlite]",),
    ),
    Mutant(
        name="a round stands for one order only",
        file="operations/refresh_homes.py",
        before="[each.id for each in waiting if each.id != claimed.id]",
        after="[]",
        killers=(f"{DRAWING}::test_a_storm_of_changes_is_one_round_of_drawings[sqlite]",),
    ),
    Mutant(
        name="everybody sees what waits for anybody",
        file="operations/home_load.py",
        before=" if _may_decide(each, person, rosters)]",
        after="]",
        killers=(f"{DRAWING}::test_those_concerned_see_a_request_and_nobody_else[sqlite]",),
    ),
    Mutant(
        name="everybody sees who has access",
        file="operations/home_load.py",
        before=" if _watches(person, rosters[each.account_id])]",
        after="]",
        killers=(f"{DRAWING}::test_a_session_shows_to_its_holder_and_to_those_who_can_end_it[sqlite]",),
    ),
    Mutant(
        name="a guest sees what a member sees",
        file="operations/home_load.py",
        before="        must_be_full_member(person)\n",
        after="",
        killers=(f"{SHOWING}::test_a_guest_is_told_why_not[sqlite]",),
    ),
    Mutant(
        name="a refusal of a press on the home tab reaches nobody",
        file="handlers/safely.py",
        before="            _answer_over_home(args, message)\n",
        after="            return\n",
        killers=(f"{PRESSING}::test_a_refusal_comes_as_a_modal",),
    ),
    Mutant(
        name="the first page of the home tab shows every row",
        file="blocks/home.py",
        before="for pair in shelf.rows[:ROWS_OF_PART] for block",
        after="for pair in shelf.rows for block",
        killers=(f"{LOOKING}::test_no_list_is_too_long",),
    ),
)
