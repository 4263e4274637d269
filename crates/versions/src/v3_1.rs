//! Version 3.1: 4.0 as it was at release 23.14, with these changes.

mod additions_stay_out;
mod addresses_are_absolute;
mod api_keys;
mod bodies_differ;
mod fewer_answers_are_declared;
mod fewer_words;
mod flags_differ;
mod folders_are_listed_in_full;
mod homepages_not_boards;
mod ids_are_integers;
mod looks_name_their_user;
mod lost_operations;
mod lost_parameters;
mod lost_properties;
mod open_values_are_called_texts;
mod paging_has_no_headers;
mod spaces_not_folders;
mod statuses_differ;
mod unfinished_tasks_are_empty;

use belvedere_api::Release;

use crate::change::Change;

/// The last release that had it.
pub(crate) const RELEASE: Release = Release::new(23, 14);

/// What its document calls itself.
pub(crate) const FULL_VERSION: &str = "3.1.0";

/// What makes it different from 4.0. What has other names is described after what the changes before it have made.
pub(crate) const CHANGES: &[&Change] = &[
    &additions_stay_out::CHANGE,
    &ids_are_integers::CHANGE,
    &addresses_are_absolute::CHANGE,
    &flags_differ::CHANGE,
    &open_values_are_called_texts::CHANGE,
    &fewer_words::CHANGE,
    &fewer_answers_are_declared::CHANGE,
    &statuses_differ::CHANGE,
    &bodies_differ::CHANGE,
    &api_keys::CHANGE,
    &folders_are_listed_in_full::CHANGE,
    &looks_name_their_user::CHANGE,
    &unfinished_tasks_are_empty::CHANGE,
    &paging_has_no_headers::CHANGE,
    &lost_parameters::CHANGE,
    &lost_properties::CHANGE,
    &homepages_not_boards::CHANGE,
    &spaces_not_folders::CHANGE,
    &lost_operations::CHANGE,
];
