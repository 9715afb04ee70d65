"""Defects in what is stored, in the clock and in AWS's answers."""

from tests.mutants.mutant import Mutant

OUTBOX, TIME = "tests/storage/test_outbox.py", "tests/faults/test_time_faults.py"
STORAGE = (
    Mutant(
        name="a request is saved over what somebody else saved",
        file="storage/requests.py",
        before='.where(requests.c.id == row.pop("id"), requests.c.version == request.version - 1)',
        after='.where(requests.c.id == row.pop("id"))',
        killers=("tests/storage/test_compare_and_set.py",),
    ),
    Mutant(
        name="a session is saved over what somebody else saved",
        file="storage/sessions.py",
        before='.where(sessions.c.id == row.pop("id"), sessions.c.version == session.version - 1)',
        after='.where(sessions.c.id == row.pop("id"))',
        killers=("tests/storage/test_sessions.py::test_saving_over_a_version_that_somebody_else_saved_is_a_lost_race",),
    ),
    Mutant(
        name="a decided request can be given another status",
        file="storage/requests.py",
        before="        .where(or_(undecided_requests, requests.c.status == request.status))\n",
        after="",
        killers=("tests/storage/test_requests.py::test_a_decided_request_never_gets_another_status",),
    ),
    Mutant(
        name="an ended session can be given another status",
        file="storage/sessions.py",
        before="        .where(or_(live_sessions, sessions.c.status == session.status))\n",
        after="",
        killers=("tests/storage/test_sessions.py::test_an_ended_session_never_gets_another_status",),
    ),
    Mutant(
        name="who lost the lease is not told so when finishing",
        file="storage/outbox.py",
        before="    if db.execute(done).rowcount != 1:",
        after="    if db.execute(done).rowcount > 1:",
        killers=(f"{OUTBOX}::test_who_lost_the_lease_to_another_can_finish_nothing[sqlite]",),
    ),
    Mutant(
        name="who lost the lease finishes what another holds",
        file="storage/outbox.py",
        before="outbox.c.id == claimed.id, outbox.c.token == claimed.token, open_effects",
        after="outbox.c.id == claimed.id, open_effects",
        killers=(f"{OUTBOX}::test_who_lost_the_lease_to_another_can_finish_nothing[sqlite]",),
    ),
    Mutant(
        name="an effect whose lease ran out counts as never begun",
        file="storage/outbox.py",
        before="outcome_unknown=or_(outbox.c.outcome_unknown, outbox.c.leased_until.is_not(None)),",
        after="outcome_unknown=outbox.c.outcome_unknown,",
        killers=(f"{OUTBOX}::test_an_effect_whose_lease_ran_out_may_have_happened[sqlite]",),
    ),
    Mutant(
        name="two effects of one target are held at a time",
        file="storage/fair_share.py",
        before="    return _Choice(limit, share, [row.subject for row in held], mine)",
        after="    return _Choice(limit, share, [], mine)",
        killers=(f"{OUTBOX}::test_two_effects_of_one_subject_are_never_held_together_not_even_in_two_lanes[sqlite]",),
    ),
    Mutant(
        name="the head of the audit log is not locked",
        file="storage/chain.py",
        before="db.execute(which.with_for_update() if lock else which)",
        after="db.execute(which)",
        killers=("tests/storage/test_races.py::test_events_appended_at_the_same_moment_form_one_chain",),
    ),
    Mutant(
        name="a changed entry of the audit log is not noticed",
        file="storage/chain.py",
        before="    if hashlib.sha256(entry.body.encode()).hexdigest() != entry.hash:",
        after="    if not entry.hash:",
        killers=("tests/storage/test_audit.py::test_every_change_of_an_entry_is_found",),
    ),
    Mutant(
        name="a time without a zone is stored",
        file="storage/types.py",
        before="        if value.tzinfo is None:",
        after="        if value is None:",
        killers=("tests/storage/test_types.py::test_a_time_without_a_zone_is_refused",),
    ),
    Mutant(
        name="writing transactions on SQLite begin by reading",
        file="storage/engines.py",
        before='            db.exec_driver_sql("BEGIN IMMEDIATE")',
        after='            db.exec_driver_sql("BEGIN DEFERRED")',
        killers=("tests/storage/test_begin.py",),
    ),
    Mutant(
        name="the clock tells local time",
        file="bot/clock.py",
        before='        """Tell the time, aware, in UTC."""\n        return datetime.now(UTC)',
        after='        """Tell the time, aware, in UTC."""\n        return datetime.now()',
        killers=("tests/bot/test_clock.py::test_the_machines_clock_tells_utc",),
    ),
    Mutant(
        name="a job that comes a second late is dropped",
        file="bot/scheduler.py",
        before='"misfire_grace_time": None',
        after='"misfire_grace_time": 1',
        killers=("tests/bot/test_scheduler.py",),
    ),
    Mutant(
        name="a process whose sweep is dead goes on",
        file="bot/watchdog.py",
        before="        elif age > DEAD_SECONDS:",
        after="        elif age < 0:",
        killers=(f"{TIME}::test_a_sweep_that_is_stale_is_woken_and_one_that_is_dead_ends_the_process[sqlite]",),
    ),
    Mutant(
        name="AWS's Conflict counts as not there, and a removal as done",
        file="aws/error_codes.py",
        before='ABSENT = frozenset({"AccountNotFoundException", ',
        after='ABSENT = frozenset({"AccountNotFoundException", "ConflictException", ',
        killers=("tests/aws/test_errors.py",),
    ),
    Mutant(
        name="AWS's Conflict on an order to assign counts as taken",
        file="aws/assignments.py",
        before="        with self.alone_in(wanted.account_id):\n            answer = self._change(",
        after="        with __import__('contextlib').suppress(Exception), self.alone_in(wanted.account_id):\n"
        '            answer = {"AccountAssignmentCreationStatus": {"RequestId": ""}}\n'
        "            answer = self._change(",
        killers=("tests/aws/test_assignments.py",),
    ),
    Mutant(
        name="a vanished instance passes for a removed assignment",
        file="aws/assignments.py",
        before="        except NotThere:\n            self.check_instance()\n            return None",
        after="        except NotThere:\n            return None",
        killers=("tests/aws/test_assignments.py::test_a_vanished_instance_never_passes_for_a_removed_assignment",),
    ),
)
