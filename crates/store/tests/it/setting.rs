//! Settings.

use belvedere_store::{Store, setting};

use crate::backend::at_once;

pub async fn a_setting_keeps_its_last_value(store: &Store) {
    assert_eq!(store.read(async |db| setting::get(db, "color").await).await.unwrap(), None);
    for value in ["red", "", "blue"] {
        store.write(async |tx| setting::set(tx, "color", value).await).await.unwrap();
        let read = store.read(async |db| setting::get(db, "color").await).await.unwrap();
        assert_eq!(read.as_deref(), Some(value));
    }
    assert_eq!(store.read(async |db| setting::get(db, "Color").await).await.unwrap(), None);
}

pub async fn of_many_who_set_a_first_value_all_get_the_same(store: &Store) {
    let calls = (0..8).map(|id| {
        let store = store.clone();
        async move {
            let mine = id.to_string();
            store.write(async |tx| setting::get_or_set(tx, "instance_id", &mine).await).await.unwrap()
        }
    });
    let outcomes = at_once(calls).await;
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
}
