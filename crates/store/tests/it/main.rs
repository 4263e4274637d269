//! The behaviour of the store, the same on every backend, and what is special to each.

mod api_usage;
mod backend;
mod credentials_api3;
mod event;
mod files;
mod grouped;
mod lasting;
mod mobile_token;
mod nodes;
mod oauth;
mod query;
mod query_task;
mod role;
mod schema;
mod service;
mod session;
mod setting;
mod sign_in;
mod sql_query;
mod table;
mod token;
mod transactions;
mod user;
mod user_attribute;

/// Runs every body on every backend, each in a store of its own.
macro_rules! store_test_suite {
    ($($area:ident: [$($name:ident,)*])*) => {
        store_test_suite!(@backend memory => $crate::backend::memory; $($area: [$($name,)*])*);
        store_test_suite!(@backend file => $crate::backend::file; $($area: [$($name,)*])*);
        store_test_suite!(@backend postgres => $crate::backend::postgres; $($area: [$($name,)*])*);
    };
    (@backend $backend:ident => $open:path; $($area:ident: [$($name:ident,)*])*) => {
        mod $backend {
            $(mod $area {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $name() {
                        let backend = $open().await;
                        crate::$area::$name(&backend.store).await;
                        backend.store.close().await;
                    }
                )*
            })*
        }
    };
}

store_test_suite! {
    user: [
        a_user_is_read_as_it_was_written,
        a_change_leaves_the_rest_of_a_user_alone,
        the_id_of_a_deleted_user_is_never_given_again,
        a_deleted_user_takes_keys_tokens_and_tasks_along,
        users_are_found_by_ids_in_the_order_of_ids,
    ]
    table: [
        pages_follow_each_other_without_gap_or_overlap,
        rows_without_a_value_are_the_smallest,
        rows_that_a_sort_leaves_equal_are_ordered_by_key,
        a_page_beyond_the_end_is_empty_and_still_has_the_total,
        the_greatest_limit_and_offset_are_taken,
        every_sortable_column_sorts_under_its_name,
        a_pattern_matches_the_whole_value_in_either_case,
        a_pattern_is_data_and_not_sql,
        only_letters_of_ascii_have_two_cases,
        text_is_ordered_by_its_bytes,
        a_character_that_not_every_database_takes_is_refused,
        no_alternative_finds_nothing_and_no_condition_everything,
        a_null_is_found_by_a_null,
        more_values_than_a_statement_takes_are_refused,
    ]
    credentials_api3: [
        a_key_is_found_by_its_client_id,
        a_client_id_that_is_taken_is_a_conflict,
        of_many_who_take_a_client_id_at_once_one_gets_it,
        a_key_of_nobody_is_refused,
        a_deleted_key_takes_its_tokens_along,
        a_disabled_key_takes_its_tokens_along,
    ]
    token: [
        a_token_lives_until_it_expires,
        a_token_that_exists_is_a_conflict,
        a_logout_ends_one_token,
        the_tokens_of_a_user_include_those_it_acts_through,
        expired_tokens_are_cleared_away,
        what_ends_access_begins_a_generation,
        of_many_who_end_a_token_at_once_one_does,
    ]
    oauth: [
        the_name_of_a_program_belongs_to_one,
        of_many_who_use_a_code_at_once_one_does,
        all_that_came_of_a_code_ends_with_it,
        who_signs_out_of_a_page_of_the_server_signs_out_of_the_browser,
        a_code_outlives_the_session_of_the_browser,
        what_a_program_has_got_ends_with_whom_it_is_of,
        a_deleted_program_or_user_takes_codes_tokens_and_consents_along,
        codes_are_cleared_away_when_nothing_of_them_lives,
        nobody_consents_to_a_program_that_there_is_not,
    ]
    session: [
        a_session_starts_in_production_and_lasts_as_long_as_its_token,
    ]
    api_usage: [
        calls_of_one_application_add_up,
        calls_with_a_token_that_has_ended_are_counted_without_its_key,
        calls_of_a_user_who_is_gone_are_not_kept,
        an_application_with_many_names_fills_no_table,
    ]
    event: [
        an_event_outlives_whom_it_tells_of,
        an_event_is_undone_with_its_change,
        what_is_old_is_forgotten_in_steps,
        the_record_is_read_by_time_user_and_name_newest_first,
        many_runs_are_recorded_in_one_statement,
    ]
    sign_in: [
        a_new_password_ends_sessions_tokens_and_the_way_to_it,
        of_many_who_take_a_reset_one_gets_it,
        a_session_of_a_browser_ends_in_time_or_with_its_credentials,
        failures_at_once_are_all_counted,
        what_is_locked_is_found_until_it_expires,
        a_sign_in_between_two_factors_ends_in_time_or_with_what_it_is_of,
        a_second_factor_that_is_set_up_ends_every_other_set_up,
    ]
    mobile_token: [
        a_device_is_registered_once_for_each_user,
        a_device_is_renewed_and_removed_by_its_user_alone_and_goes_with_the_user,
        one_device_too_many_takes_the_place_of_the_one_that_was_silent_for_longest,
    ]
    setting: [
        a_setting_keeps_its_last_value,
        of_many_who_set_a_first_value_all_get_the_same,
    ]
    query: [
        a_query_is_found_by_all_its_names,
        the_same_form_is_the_same_query,
        a_client_id_of_another_query_is_a_conflict,
        a_slug_that_is_taken_is_a_conflict,
        of_many_who_save_a_form_at_once_all_get_the_same_query,
        of_many_forms_with_one_client_id_one_gets_it,
        the_text_of_a_query_is_kept_to_the_letter,
    ]
    query_task: [
        a_task_goes_from_added_to_complete,
        a_task_that_failed_tells_why,
        a_step_is_refused_from_any_other_state,
        of_many_who_claim_a_task_one_gets_it,
        a_task_is_complete_or_killed_but_not_both,
        a_restarted_node_fails_the_tasks_it_was_running,
        unfinished_tasks_are_listed_oldest_first,
        results_expire_and_tell_where_they_lie,
        a_task_of_no_query_is_refused,
    ]
    sql_query: [
        the_same_statement_keeps_its_slug,
        runs_are_counted,
        a_statement_outlives_who_wrote_it,
        the_same_merge_is_the_same_merge_query,
    ]
    transactions: [
        a_transaction_that_fails_changes_nothing,
        a_reason_of_ones_own_undoes_the_transaction,
        a_dropped_transaction_changes_nothing,
        a_caller_who_leaves_during_the_commit_leaves_no_stale_cache,
        a_panic_undoes_the_transaction,
        a_failed_statement_ends_the_transaction,
        what_was_read_before_a_change_is_still_true_with_it,
        a_transaction_reads_its_own_changes,
        a_transaction_inside_of_another_is_refused,
        a_failed_change_begins_no_generation,
        a_change_counts_for_its_table_alone,
        writes_at_once_are_all_kept,
        a_closed_store_takes_no_calls,
    ]
    role: [
        a_user_has_the_roles_of_groups_in_groups,
        the_roles_of_many_are_told_together,
        groups_form_no_circle,
        of_many_who_close_a_circle_at_once_one_does_not,
        a_role_given_anew_tells_who_lost_it,
        administrators_are_counted_who_can_sign_in,
        a_name_is_taken_in_every_case,
        what_comes_with_an_instance_is_numbered_before_what_is_made,
        a_set_that_a_role_has_cannot_be_deleted,
        tokens_end_for_everybody_in_a_filter,
        every_user_is_in_the_group_of_all_users,
    ]
    user_attribute: [
        a_group_keeps_its_rank_and_a_new_one_comes_last,
        a_deleted_attribute_takes_its_values_along,
        an_address_is_that_of_its_user,
        embed_users_and_others_are_told_apart,
    ]
    service: [
        a_check_and_the_change_it_allows_are_one,
        what_is_not_there_is_none,
    ]
    grouped: [
        every_grouped_write_is_answered_and_kept,
        a_grouped_write_that_fails_takes_no_other_along,
        a_grouped_write_that_panics_takes_no_other_along,
        a_grouped_write_that_passes_over_a_failure_fails,
        a_closing_store_commits_what_is_queued,
        a_revocation_in_a_group_counts_when_its_call_returns,
        a_write_whose_caller_left_early_is_dropped,
    ]
}
