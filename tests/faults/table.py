"""Which test holds the bot to what it does under which fault, and which stands for each test of the peers' list."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: what the bot does, and the tests that hold it to that (`folder/file::test`)."""

    behaviour: str
    tests: tuple[str, ...]


FAULTS: Mapping[str, Row] = {
    "AWS throttles": Row(
        "put off with jitter in the row; other accounts go on; told after three attempts",
        (
            "faults/test_aws_faults.py::test_throttling_does_not_starve_other_accounts",
            "operations/test_granting.py::test_trouble_that_passes_delays_a_grant_and_no_more",
            "journeys/test_trouble.py::test_a_grant_that_fails_for_now_is_tried_again",
            "storage/test_fair_share.py::test_an_account_with_many_due_effects_leaves_room_for_the_others",
        ),
    ),
    "AWS: Conflict": Row(
        "never success; put off with jitter; one change per account at a time",
        (
            "faults/test_aws_faults.py::test_conflict_exception_retried_with_jitter",
            "operations/test_ending.py::test_conflict_on_delete_is_not_success",
            "aws/test_assignments.py::test_many_threads_change_one_account_one_after_another",
        ),
    ),
    "AWS: FAILED": Row(
        "its reason is read: for good (failed in words, undone) or for now (ordered anew); nothing is shown before",
        (
            "operations/test_granting.py::test_async_create_failed_never_shows_active",
            "operations/test_granting.py::test_a_failure_that_nobody_knows_is_tried_again",
            "operations/test_ending.py::test_async_delete_failed_never_shows_expired",
            "journeys/test_trouble.py::test_a_grant_that_aws_refuses_has_failed",
            "aws/test_errors.py::test_each_reason_of_a_failure_is_for_good_or_for_later",
        ),
    ),
    "AWS: IN_PROGRESS for ever": Row(
        "polled 15 s at a time, resumed; a grant fails at its deadline; a removal is ordered anew after 15 min",
        (
            "operations/test_granting.py::test_poll_is_bounded_and_resumable",
            "operations/test_granting.py::test_a_grant_that_does_not_come_in_time_fails_and_is_undone",
            "faults/test_aws_faults.py::test_a_removal_that_aws_never_ends_is_read_back",
            "faults/test_aws_faults.py::test_a_removal_that_aws_forgets_in_progress_is_ordered_anew",
            (
                "faults/test_starved_ends.py::"
                "test_a_creation_that_aws_never_ends_does_not_keep_its_removal_waiting_for_ever"
            ),
            ("faults/test_starved_ends.py::test_a_hard_stop_that_aws_takes_long_to_bring_does_not_starve_the_removal"),
        ),
    ),
    "AWS: user deleted or disabled": Row(
        "nothing is granted, in words; an end is asked for until the residue is gone",
        (
            "operations/test_granting.py::test_a_disabled_user_is_failed_in_words",
            "journeys/test_trouble.py::test_somebody_disabled_in_aws_meanwhile_gets_nothing",
            "faults/test_aws_faults.py::test_a_user_deleted_in_aws_ends_like_any_other",
            (
                "faults/test_aws_faults.py::"
                "test_a_removal_that_aws_refuses_for_a_deleted_user_is_reported_and_never_given_up"
            ),
        ),
    ),
    "AWS: permission set deleted": Row(
        "found or made anew for a grant, failed in words where an administrator's is gone; an end finds nothing left",
        (
            "operations/test_granting.py::test_a_set_that_aws_does_not_have_is_failed_in_words",
            "operations/test_granting.py::test_a_set_made_anew_by_an_administrator_is_found_again",
            "operations/test_custom_sets.py::test_custom_set_that_vanished_is_made_anew",
            "faults/test_aws_faults.py::test_a_set_deleted_during_a_session_ends_it_at_its_time",
            "faults/test_aws_faults.py::test_a_set_deleted_during_the_grant_does_not_keep_the_end_waiting",
        ),
    ),
    "AWS: quota used up": Row(
        "failed in words, undone, an error in the log",
        ("faults/test_aws_faults.py::test_a_quota_that_is_used_up_fails_in_words_and_leaves_nothing",),
    ),
    "AWS: AccessDenied": Row(
        "an error in the log, tried for ever, overdue in red",
        (
            "operations/test_ending.py::test_revoke_denied_once_stop_restart_then_gone",
            "operations/test_overdue.py::test_what_aws_denies_is_shown_in_red_with_its_words",
            (
                "operations/test_granting.py::"
                "test_trouble_that_only_somebody_who_runs_the_bot_can_mend_is_an_error_in_the_log"
            ),
            "faults/test_readiness.py::test_what_keeps_identity_center_away_is_said",
        ),
    ),
    "AWS: credentials expired or missing": Row(
        "/readyz red with AWS's words until a call succeeds; everything waits and is done then",
        (
            "faults/test_aws_faults.py::test_expired_credentials_stop_nothing_for_good",
            "faults/test_readiness.py::test_credentials_that_aws_refuses_are_named_until_they_are_mended",
            "faults/test_readiness.py::test_missing_credentials_are_named",
        ),
    ),
    "AWS: read time-out after the effect": Row(
        "unknown: never sent again before the state was read; adopted",
        (
            "operations/test_granting.py::test_lost_create_response_is_adopted_not_duplicated",
            "operations/test_ending.py::test_a_lost_answer_to_a_removal_is_read_back",
            "faults/test_aws_faults.py::test_a_lost_answer_during_an_outage_is_one_assignment",
            "aws/test_assignments.py::test_a_lost_answer_to_an_order_is_unknown_and_never_sent_again_by_itself",
            "journeys/test_trouble.py::test_a_lost_answer_of_aws_is_one_grant",
        ),
    ),
    "Slack: 429": Row(
        "a few seconds are waited, more is put off as long as Slack asks; no end waits",
        (
            "slackapi/test_clients.py::test_a_long_rate_limit_is_raised_at_once",
            "faults/test_slack_faults.py::test_an_end_does_not_wait_for_a_slack_that_hangs",
            "journeys/test_trouble.py::test_slack_being_busy_delays_words_but_no_end",
        ),
    ),
    "Slack: 500, HTML, ok:false": Row(
        "tried again; searched for by its key first where it may have been posted",
        (
            "faults/test_slack_faults.py::test_whatever_slack_answers_each_message_stands_once",
            "slackapi/test_errors.py::test_what_may_be_tried_again",
        ),
    ),
    "Slack: reset after delivery": Row(
        "found by its key, posted once, updated in place",
        (
            "operations/test_cards.py::test_cards_are_posted_once_with_lost_answers",
            "slackapi/test_clients.py::test_a_post_whose_answer_is_lost_is_not_sent_again",
            "journeys/test_trouble.py::test_an_answer_of_slack_that_is_lost_makes_no_second_card",
        ),
    ),
    "Slack: token revoked or wrong": Row(
        "/readyz red and names SLACK_BOT_TOKEN; ends are carried out, told later",
        (
            "faults/test_slack_faults.py::test_a_revoked_token_is_told_and_holds_up_no_end",
            "faults/test_slack_faults.py::test_a_token_that_slack_never_took_is_named",
            "faults/test_readiness.py::test_a_token_that_slack_refuses_is_named_although_the_socket_stands",
        ),
    ),
    "Slack: socket refresh": Row(
        "a new connection; what is in flight is acked on it",
        (
            "bot/test_socket.py::test_slack_may_ask_for_a_new_connection",
            "bot/test_socket.py::test_a_broken_connection_is_replaced",
        ),
    ),
    "Slack: half-open socket": Row(
        "noticed by missing pongs, not ready meanwhile, replaced",
        (
            "bot/test_socket.py::test_a_silent_connection_is_replaced",
            "bot/test_socket_health.py::test_a_client_that_is_gone_or_silent_is_not",
        ),
    ),
    "Slack: duplicate envelope": Row(
        "one request, one decision",
        (
            "bot/test_socket.py::test_a_redelivery_is_recognised",
            "operations/test_races.py::test_a_form_delivered_twice_at_once_is_one_request",
            "handlers/test_request_form.py::test_one_form_delivered_twice_is_one_request",
            "journeys/test_presses.py::test_a_double_press_is_one_decision",
        ),
    ),
    "Slack: channel archived, bot not invited": Row(
        "the SSO admins are asked at once, and the audit log says why",
        (
            "journeys/test_trouble.py::test_an_owner_channel_that_is_archived_is_said_to_the_sso_admins",
            "journeys/test_trouble.py::test_a_bot_that_was_not_invited_asks_the_sso_admins",
            "operations/test_cards.py::test_closed_owner_channel_falls_back",
            "operations/test_overdue.py::test_where_the_admin_channel_is_closed_the_owners_are_alerted",
        ),
    ),
    "database locked": Row(
        "a clear error, nothing half written, the sweep goes on; a lock that is kept keeps no access alive",
        (
            (
                "faults/test_database_faults.py::"
                "test_a_database_that_somebody_keeps_locked_is_an_error_and_nothing_half_written"
            ),
            "faults/test_database_faults.py::test_a_lock_that_is_never_let_go_keeps_no_access_alive",
        ),
    ),
    "disk full, database read-only": Row(
        "never a grant; what is over is removed in AWS all the same, recorded later; /readyz red in words",
        (
            "faults/test_disk_faults.py::test_nothing_is_granted_that_cannot_be_recorded",
            "faults/test_disk_faults.py::test_a_grant_asked_for_once_is_not_asked_for_again",
            "faults/test_disk_faults.py::test_an_end_is_carried_out_although_it_cannot_be_recorded",
            "faults/test_disk_faults.py::test_an_ordered_end_is_carried_out_although_no_worker_can_claim_it",
            "faults/test_disk_faults.py::test_what_another_session_needs_stays",
            "faults/test_disk_faults.py::test_a_press_that_cannot_be_stored_is_not_taken",
            "faults/test_readiness.py::test_a_database_that_cannot_be_written_is_said_in_words",
            "storage/test_transactions.py::test_a_full_disk_leaves_nothing_half_written",
        ),
    ),
    "PostgreSQL restarted mid-transaction": Row(
        "nothing seen as taken is lost, nothing is granted twice, the pool mends itself",
        (
            "faults/test_database_faults.py::test_connections_that_die_at_random_lose_no_request_and_double_no_grant",
            "faults/test_database_faults.py::test_the_first_transaction_after_a_restart_of_postgresql_works",
            "faults/test_database_faults.py::test_a_transaction_whose_connection_dies_keeps_nothing",
        ),
    ),
    "wall clock jumps": Row(
        "no end early, none missed; jobs are woken within 2 s, effects put out of reach within a minute",
        (
            "faults/test_time_faults.py::test_clock_jumps_backwards_and_forwards",
            "faults/test_time_faults.py::test_a_wall_clock_set_back_stops_no_sweep",
            (
                "faults/test_time_faults.py::"
                "test_a_removal_ordered_before_the_clock_was_set_back_does_not_wait_for_that_hour_again"
            ),
        ),
    ),
    "DST nights": Row(
        "a session lasts exactly as long as it was asked for",
        ("faults/test_time_faults.py::test_a_session_over_the_night_of_a_time_change_lasts_exactly_as_long",),
    ),
    "suspend": Row(
        "what is over ends at once after waking up",
        ("faults/test_time_faults.py::test_a_machine_that_slept_ends_at_once_what_is_over",),
    ),
    "scheduler thread dead, sweep stuck": Row(
        "the process leaves with 70, at once or after two minutes without a sweep, to be started again",
        (
            "faults/test_time_faults.py::test_a_dead_scheduler_ends_the_process",
            "faults/test_time_faults.py::test_a_sweep_that_is_stale_is_woken_and_one_that_is_dead_ends_the_process",
            "faults/test_readiness.py::test_a_stale_sweep_is_neither_alive_nor_ready",
            "faults/test_readiness.py::test_a_lane_that_nobody_drains_is_named",
            "faults/test_time_faults.py::test_stopping_at_any_moment_is_quiet",
        ),
    ),
}
"""What goes wrong around the bot, by name; docs/reliability.md shows it."""

NAMED: Mapping[str, tuple[str, ...]] = {
    "test_failed_revoke_is_still_scanned": ("operations/test_ending.py::test_failed_revoke_is_still_scanned",),
    "test_overdue_session_can_be_revoked_by_hand": (
        "operations/test_overdue.py::test_overdue_session_can_be_revoked_by_hand",
    ),
    "test_async_create_failed_never_shows_active": (
        "operations/test_granting.py::test_async_create_failed_never_shows_active",
    ),
    "test_async_delete_failed_never_shows_expired": (
        "operations/test_ending.py::test_async_delete_failed_never_shows_expired",
    ),
    "test_missing_account_is_an_error_not_silence": (
        "operations/test_granting.py::test_missing_account_is_an_error_not_silence",
    ),
    "test_overlap_keeps_access_until_last_session_ends": (
        "operations/test_sharing.py::test_overlap_keeps_access_until_last_session_ends",
    ),
    "test_double_click_two_workers_one_grant": ("operations/test_races.py::test_double_click_two_workers_one_grant",),
    "test_two_levels_at_once_both_count": ("operations/test_races.py::test_two_levels_at_once_both_count",),
    "test_version_upgrade_keeps_running_sessions": (
        "operations/test_upgraded.py::test_version_upgrade_keeps_running_sessions",
    ),
    "test_org_api_down_never_delays_revoke": ("faults/test_named.py::test_org_api_down_never_delays_revoke",),
    "test_one_bad_session_never_blocks_others": (
        "operations/test_ending.py::test_one_bad_session_never_blocks_others",
    ),
    "test_poll_is_bounded_and_resumable": ("operations/test_granting.py::test_poll_is_bounded_and_resumable",),
    "test_session_persisted_before_create_call": (
        "operations/test_granting.py::test_session_persisted_before_create_call",
    ),
    "test_crash_at_every_step_then_restart_converges": (
        "operations/test_crashes.py::test_crash_at_a_step_of_the_grant_then_restart_converges",
        "operations/test_crashes.py::test_crash_at_a_step_of_the_end_then_restart_converges",
        "faults/test_enumeration.py::test_a_fault_at_any_gate_of_a_standard_request_breaks_no_promise",
    ),
    "test_unresolvable_approver_is_listed_not_fatal": (
        "slackapi/test_people.py::test_an_address_of_nobody_is_left_out_and_told_once",
    ),
    "test_closed_channel_falls_back": ("operations/test_cards.py::test_closed_owner_channel_falls_back",),
    "test_channel_member_without_authority_is_refused": (
        "operations/test_deciding.py::test_channel_member_without_authority_is_refused",
    ),
    "test_forged_action_value_is_refused": ("operations/test_deciding.py::test_forged_action_value_is_refused",),
    "test_empty_approver_list_fails_closed": ("operations/test_deciding.py::test_empty_approver_list_fails_closed",),
    "test_self_approval_refused_with_reason": ("operations/test_deciding.py::test_self_approval_refused_with_reason",),
    "test_5000_char_reason": ("journeys/test_hostile_text.py::test_a_reason_far_too_long_is_still_shown",),
    "test_mrkdwn_and_channel_ping_escaped": (
        "journeys/test_hostile_text.py::test_a_hostile_justification_and_reason_are_harmless",
    ),
    "test_all_copies_lose_buttons": (
        "operations/test_cards.py::test_every_copy_shows_the_new_state_without_dead_buttons",
    ),
    "test_nothing_is_read_back_from_a_message": (
        "handlers/test_decisions.py::test_nothing_is_read_back_from_a_message",
    ),
    "test_clock_starts_at_confirmed_grant": ("operations/test_granting.py::test_clock_starts_at_confirmed_grant",),
    "test_history_kept_after_expiry": ("operations/test_ending.py::test_history_kept_after_expiry",),
    "test_expire_event_written_once": ("operations/test_ending.py::test_expire_event_written_once",),
    "test_pre_existing_assignment_is_never_removed": (
        "operations/test_sharing.py::test_pre_existing_assignment_is_never_removed",
        "faults/test_disk_faults.py::test_what_was_there_before_the_bot_stays",
    ),
    "test_conflict_on_delete_is_not_success": ("operations/test_ending.py::test_conflict_on_delete_is_not_success",),
    "test_grant_without_expiry_is_impossible": (
        "access/test_values.py::test_there_is_no_session_without_an_end",
        "access/test_loopholes.py::test_a_session_cannot_lose_its_end",
    ),
    "test_expired_while_down_is_revoked_first_on_boot": (
        "faults/test_storm.py::test_expired_while_down_is_revoked_first_on_boot",
    ),
    "test_no_new_grants_until_restore_finished": ("faults/test_storm.py::test_no_new_grants_until_restore_finished",),
    "test_restore_fails_closed_when_ledger_unreadable": (
        "faults/test_storm.py::test_nothing_is_granted_while_the_sessions_cannot_be_read",
    ),
    "test_revoke_denied_once_stop_restart_then_gone": (
        "operations/test_ending.py::test_revoke_denied_once_stop_restart_then_gone",
    ),
    "test_lost_create_response_is_adopted_not_duplicated": (
        "operations/test_granting.py::test_lost_create_response_is_adopted_not_duplicated",
    ),
    "test_conflict_exception_retried_with_jitter": (
        "faults/test_aws_faults.py::test_conflict_exception_retried_with_jitter",
    ),
    "test_throttling_does_not_starve_other_accounts": (
        "faults/test_aws_faults.py::test_throttling_does_not_starve_other_accounts",
    ),
    "test_delete_of_absent_assignment_is_success": (
        "operations/test_ending.py::test_delete_of_absent_assignment_is_success",
    ),
    "test_overdue_is_retried_for_ever_and_alerts_once_per_interval": (
        "operations/test_overdue.py::test_overdue_is_retried_for_ever_and_alerts_once_per_interval",
    ),
    "test_load_failure_rearms_timer": ("faults/test_named.py::test_load_failure_rearms_timer",),
    "test_early_revoke_of_one_session_keeps_other": (
        "operations/test_sharing.py::test_early_revoke_of_one_session_keeps_other",
    ),
    "test_clock_jumps_backwards_and_forwards": ("faults/test_time_faults.py::test_clock_jumps_backwards_and_forwards",),
    "test_slack_down_never_delays_revoke": ("operations/test_ending.py::test_slack_down_never_delays_revoke",),
    "SessionMachine": ("faults/test_machine.py::test_promises_hold_through_ten_thousand_random_steps",),
}
"""The tests that peers' failures recommend, under their names there or a better sentence."""
