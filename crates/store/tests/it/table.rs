//! Filters, sorts and pages, on the table of users.

use belvedere_store::user::{self, COLUMNS, NewUser};
use belvedere_store::{Error, Filter, Found, Pattern, Search, Sort, Store, User, UserId};

use crate::backend::at;

/// Makes users with these family names and addresses.
async fn people(store: &Store, people: &[(Option<&str>, Option<&str>)]) {
    store
        .write(async |tx| {
            for (last_name, email) in people {
                let last_name = last_name.map(str::to_owned);
                let email = email.map(str::to_owned);
                user::insert(tx, NewUser { last_name, email, ..NewUser::default() }, at(0)).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn search(store: &Store, search: Search<User>) -> Found<User> {
    store.read(async |db| user::search(db, search).await).await.unwrap()
}

async fn ids(store: &Store, filter: Filter<User>, sorts: Vec<Sort<User>>) -> Vec<i64> {
    let found = search(store, Search { sorts, ..Search::by(filter) }).await;
    assert_eq!(found.total, found.rows.len() as u64);
    found.rows.iter().map(|user| user.id.get()).collect()
}

async fn matching(store: &Store, pattern: &str) -> Vec<i64> {
    ids(store, COLUMNS.email.matches(&Pattern::new(pattern).unwrap()), vec![]).await
}

pub async fn pages_follow_each_other_without_gap_or_overlap(store: &Store) {
    people(store, &[(Some("C"), None), (Some("A"), None), (Some("B"), None), (Some("A"), None), (Some("D"), None)])
        .await;
    let mut seen = Vec::new();
    for offset in [0, 2, 4] {
        let page = Search { sorts: vec![COLUMNS.last_name.asc()], limit: Some(2), offset, ..Search::default() };
        let found = search(store, page).await;
        assert_eq!(found.total, 5);
        seen.extend(found.rows.iter().map(|user| user.id.get()));
    }
    assert_eq!(seen, [2, 4, 3, 1, 5]);
    for (limit, offset, rows) in [(Some(2), 5, 0), (Some(2), 99, 0), (Some(5), 0, 5), (Some(0), 0, 0), (None, 2, 3)] {
        let found = search(store, Search { limit, offset, ..Search::default() }).await;
        assert_eq!((found.total, found.rows.len()), (5, rows), "{limit:?} {offset}");
    }
}

pub async fn rows_without_a_value_are_the_smallest(store: &Store) {
    people(store, &[(Some("B"), None), (None, None), (Some("A"), None)]).await;
    assert_eq!(ids(store, Filter::everything(), vec![COLUMNS.last_name.asc()]).await, [2, 3, 1]);
    assert_eq!(ids(store, Filter::everything(), vec![COLUMNS.last_name.desc()]).await, [1, 3, 2]);
}

pub async fn rows_that_a_sort_leaves_equal_are_ordered_by_key(store: &Store) {
    people(store, &[(Some("A"), Some("y")), (Some("A"), Some("x")), (Some("A"), Some("y"))]).await;
    assert_eq!(ids(store, Filter::everything(), vec![COLUMNS.last_name.desc()]).await, [1, 2, 3]);
    let sorts = vec![COLUMNS.last_name.asc(), COLUMNS.email.desc()];
    assert_eq!(ids(store, Filter::everything(), sorts).await, [1, 3, 2]);
    assert_eq!(ids(store, Filter::everything(), vec![COLUMNS.id.desc()]).await, [3, 2, 1]);
}

pub async fn a_page_beyond_the_end_is_empty_and_still_has_the_total(store: &Store) {
    people(store, &[(None, None), (None, None)]).await;
    let found = search(store, Search { offset: 5, limit: Some(1), ..Search::default() }).await;
    assert_eq!(found, Found { rows: vec![], total: 2 });
    let found = search(store, Search { offset: 1, limit: None, ..Search::default() }).await;
    assert_eq!((found.rows.len(), found.total), (1, 2));
    let found = search(store, Search { limit: Some(0), ..Search::default() }).await;
    assert_eq!(found, Found { rows: vec![], total: 2 });
}

pub async fn the_greatest_limit_and_offset_are_taken(store: &Store) {
    people(store, &[(None, None)]).await;
    let found = search(store, Search { limit: Some(u64::MAX), ..Search::default() }).await;
    assert_eq!(found.rows.len(), 1);
    let found = search(store, Search { offset: u64::MAX, ..Search::default() }).await;
    assert_eq!(found, Found { rows: vec![], total: 1 });
}

pub async fn every_sortable_column_sorts_under_its_name(store: &Store) {
    people(store, &[(None, None), (None, None)]).await;
    let names: Vec<_> = user::SORTABLE.iter().map(|column| column.name()).collect();
    assert_eq!(names, ["id", "first_name", "last_name", "email", "is_disabled", "locale"]);
    for name in names {
        let column = user::sortable(name).unwrap();
        assert_eq!(ids(store, Filter::everything(), vec![column.desc(), COLUMNS.id.desc()]).await, [2, 1], "{name}");
    }
    for name in ["", "rest", "ID", "id desc", "id; DROP TABLE user"] {
        assert!(user::sortable(name).is_none(), "{name}");
    }
}

pub async fn a_pattern_matches_the_whole_value_in_either_case(store: &Store) {
    let emails = ["dan@x.com", "DANGER@x.com", "jordan@x.com", "d_n@x.com", r"50%\@x.com"];
    let rows: Vec<_> = emails.iter().map(|email| (None, Some(*email))).chain([(None, None)]).collect();
    people(store, &rows).await;
    for (pattern, expected) in [
        ("dan@x.com", vec![1]),
        ("DaN@X.com", vec![1]),
        ("dan", vec![]),
        ("Dan%", vec![1, 2]),
        ("%dan%", vec![1, 2, 3]),
        ("d_n@x.com", vec![1, 4]),
        (r"D\_n@x.com", vec![4]),
        (r"D\_n%", vec![4]),
        (r"50\%\@x.com", vec![5]),
        (r"50\%\%", vec![]),
        (r"50\%\\%", vec![5]),
        (r"%\", vec![]),
        ("%", vec![1, 2, 3, 4, 5]),
        ("", vec![]),
    ] {
        assert_eq!(matching(store, pattern).await, expected, "{pattern:?}");
    }
}

pub async fn a_pattern_is_data_and_not_sql(store: &Store) {
    people(store, &[(None, Some("'; DROP TABLE \"user\"; --")), (None, Some("?1"))]).await;
    assert_eq!(matching(store, "'; drop table \"user\"; --").await, [1]);
    assert_eq!(matching(store, "%' OR '1'='1%").await, Vec::<i64>::new());
    assert_eq!(matching(store, "?1%").await, [2]);
    assert_eq!(ids(store, COLUMNS.email.eq(Some("?1".to_owned())), vec![]).await, [2]);
}

pub async fn only_letters_of_ascii_have_two_cases(store: &Store) {
    people(store, &[(None, Some("\u{e4}da")), (None, Some("\u{c4}DA")), (None, Some("\u{df}")), (None, Some("K"))])
        .await;
    for (pattern, expected) in [
        ("\u{e4}DA", vec![1]),
        ("\u{c4}da", vec![2]),
        ("_da", vec![1, 2]),
        ("SS", vec![]),
        ("k%", vec![4]),
        ("\u{e4}%", vec![1]),
        ("\u{c4}D%", vec![2]),
        ("\u{10ffff}%", vec![]),
        // The sign of the unit Kelvin, whose lower case is a letter of ASCII elsewhere.
        ("\u{212a}", vec![]),
    ] {
        assert_eq!(matching(store, pattern).await, expected, "{pattern:?}");
    }
}

pub async fn text_is_ordered_by_its_bytes(store: &Store) {
    let names = ["b", "A", "a", "B", "\u{e4}", "a b", "a-b", "Z", "_", ""];
    people(store, &names.map(|name| (Some(name), None))).await;
    let found = search(store, Search { sorts: vec![COLUMNS.last_name.asc()], ..Search::default() }).await;
    let sorted: Vec<_> = found.rows.iter().map(|user| user.last_name.as_deref().unwrap()).collect();
    assert_eq!(sorted, ["", "A", "B", "Z", "_", "a", "a b", "a-b", "b", "\u{e4}"]);
    let after = COLUMNS.last_name.more_than(Some("_".to_owned()));
    assert_eq!(ids(store, after, vec![]).await, [1, 3, 5, 6, 7]);
}

pub async fn a_character_that_not_every_database_takes_is_refused(store: &Store) {
    let new = NewUser { last_name: Some("a\0b".to_owned()), ..NewUser::default() };
    let outcome = store.write(async |tx| user::insert(tx, new, at(0)).await).await;
    assert!(matches!(outcome, Err(Error::Nul)), "{outcome:?}");
    let pattern = Pattern::new("a\0%").unwrap();
    let outcome = store.read(async |db| user::count(db, COLUMNS.email.matches(&pattern)).await).await;
    assert!(matches!(outcome, Err(Error::Nul)), "{outcome:?}");
}

pub async fn no_alternative_finds_nothing_and_no_condition_everything(store: &Store) {
    people(store, &[(Some("A"), None), (Some("B"), None)]).await;
    assert_eq!(ids(store, Filter::any_of([]), vec![]).await, Vec::<i64>::new());
    assert_eq!(ids(store, COLUMNS.id.one_of([]), vec![]).await, Vec::<i64>::new());
    assert_eq!(ids(store, Filter::all_of([]), vec![]).await, [1, 2]);
    let a = || COLUMNS.last_name.eq(Some("A".to_owned()));
    assert_eq!(ids(store, Filter::any_of([a(), COLUMNS.id.eq(UserId::new(2))]), vec![]).await, [1, 2]);
    assert_eq!(ids(store, Filter::all_of([a(), Filter::any_of([])]), vec![]).await, Vec::<i64>::new());
    assert_eq!(ids(store, a().and(COLUMNS.id.eq(UserId::new(2))), vec![]).await, Vec::<i64>::new());
}

pub async fn a_null_is_found_by_a_null(store: &Store) {
    people(store, &[(Some("A"), None), (None, None), (Some(""), None)]).await;
    assert_eq!(ids(store, COLUMNS.last_name.eq(None), vec![]).await, [2]);
    assert_eq!(ids(store, COLUMNS.last_name.is_null(), vec![]).await, [2]);
    assert_eq!(ids(store, COLUMNS.last_name.is_not_null(), vec![]).await, [1, 3]);
}

pub async fn more_values_than_a_statement_takes_are_refused(store: &Store) {
    people(store, &[(None, None)]).await;
    let many = |count: i64| COLUMNS.id.one_of((1..=count).map(UserId::new));
    assert_eq!(store.read(async |db| user::count(db, many(32_000)).await).await.unwrap(), 1);
    let error = store.read(async |db| user::count(db, many(32_001)).await).await.unwrap_err();
    assert!(matches!(error, Error::TooManyValues { limit: 32_000 }), "{error:?}");
}
