//! Roles and groups: who has what, directly and through groups in groups.

use std::collections::BTreeSet;

use belvedere_store::group::{self, NewGroup};
use belvedere_store::permission_set::{self, NewPermissionSet};
use belvedere_store::role::{self, ADMIN, NewRole};
use belvedere_store::{
    Error, Filter, GroupId, ModelSetId, PermissionSetId, RoleId, Search, Store, UserId, access, group_group,
    group_user, role_group, role_user, token, user,
};

use crate::backend::{at, at_once, secret, user as make};

pub async fn group(store: &Store, name: &str) -> GroupId {
    let new = NewGroup { name: name.to_owned(), ..NewGroup::default() };
    store.write(async |tx| group::insert(tx, new).await).await.unwrap().id
}

async fn put(store: &Store, outer: GroupId, inner: GroupId) -> bool {
    store.write(async |tx| group_group::insert(tx, outer, inner).await).await.unwrap()
}

async fn roles_of(store: &Store, user: UserId) -> Vec<i64> {
    let access = store.read(async |db| access::of_user(db, user).await).await.unwrap();
    access.roles.iter().map(|held| held.role.id.get()).collect()
}

const VIEWER: RoleId = RoleId::new(4);

pub async fn a_user_has_the_roles_of_groups_in_groups(store: &Store) {
    let ada = make(store, "Ada").await;
    let (top, middle, low) = (group(store, "top").await, group(store, "middle").await, group(store, "low").await);
    assert!(put(store, top, middle).await && put(store, middle, low).await);
    store
        .write(async |tx| {
            role_group::set_of_role(tx, VIEWER, &[top]).await?;
            group_user::insert(tx, low, ada.id).await
        })
        .await
        .unwrap();
    assert_eq!(roles_of(store, ada.id).await, [4]);
    let (groups, several, holders) = store
        .read(async |db| {
            let holders = access::holders(db, VIEWER).await?;
            let holders = user::search(db, Search::by(holders)).await?;
            let several = access::role_ids_of_users(db, &[ada.id]).await?;
            Ok((access::groups_of(db, ada.id).await?, several, holders))
        })
        .await
        .unwrap();
    assert_eq!(groups, BTreeSet::from([group::ALL_USERS, top, middle, low]));
    assert_eq!(several[&ada.id], BTreeSet::from([VIEWER]));
    assert_eq!(holders.rows.iter().map(|user| user.id).collect::<Vec<_>>(), [ada.id]);
    store.write(async |tx| group_group::delete(tx, top, middle).await).await.unwrap();
    assert_eq!(roles_of(store, ada.id).await, Vec::<i64>::new());
}

pub async fn the_roles_of_many_are_told_together(store: &Store) {
    let (ada, bert, cleo) = (make(store, "Ada").await, make(store, "Bert").await, make(store, "Cleo").await);
    let (top, left, right) = (group(store, "top").await, group(store, "left").await, group(store, "right").await);
    let low = group(store, "low").await;
    for (outer, inner) in [(top, left), (top, right), (left, low), (right, low)] {
        assert!(put(store, outer, inner).await);
    }
    let (developer, user) = (RoleId::new(3), RoleId::new(5));
    store
        .write(async |tx| {
            role_group::set_of_role(tx, VIEWER, &[top]).await?;
            role_group::set_of_role(tx, developer, &[left]).await?;
            role_user::set_of_user(tx, bert.id, &[user, VIEWER]).await?;
            group_user::insert(tx, low, ada.id).await?;
            group_user::insert(tx, right, bert.id).await?;
            group_user::insert(tx, top, bert.id).await
        })
        .await
        .unwrap();
    let (roles, holders) = store
        .read(async |db| {
            let holders = access::holders(db, VIEWER).await?;
            let holders = user::search(db, Search::by(holders)).await?;
            Ok((access::role_ids_of_users(db, &[ada.id, bert.id, cleo.id]).await?, holders))
        })
        .await
        .unwrap();
    assert_eq!(roles[&ada.id], BTreeSet::from([VIEWER, developer]));
    assert_eq!(roles[&bert.id], BTreeSet::from([VIEWER, user]));
    assert_eq!(roles[&cleo.id], BTreeSet::new());
    assert_eq!(holders.rows.iter().map(|user| user.id).collect::<Vec<_>>(), [ada.id, bert.id], "each once");
    assert_eq!(holders.total, 2);
}

pub async fn groups_form_no_circle(store: &Store) {
    let (a, b, c) = (group(store, "a").await, group(store, "b").await, group(store, "c").await);
    assert!(put(store, a, b).await && put(store, b, c).await && put(store, a, c).await);
    for (outer, inner) in [(c, a), (b, a), (c, b), (a, a)] {
        assert!(!put(store, outer, inner).await);
    }
    let down = store.read(async |db| group_group::downwards(db, [a]).await).await.unwrap();
    assert_eq!(down, BTreeSet::from([a, b, c]));
    let nobody = store.write(async |tx| group_group::insert(tx, a, GroupId::new(99)).await).await;
    assert!(matches!(nobody, Err(Error::Reference { .. })), "{nobody:?}");
}

pub async fn of_many_who_close_a_circle_at_once_one_does_not(store: &Store) {
    let (a, b) = (group(store, "a").await, group(store, "b").await);
    let calls = [(a, b), (b, a)].map(|(outer, inner)| {
        let store = store.clone();
        async move { put(&store, outer, inner).await }
    });
    let outcomes = at_once(calls).await;
    assert_eq!(outcomes.iter().filter(|put| **put).count(), 1);
}

pub async fn a_role_given_anew_tells_who_lost_it(store: &Store) {
    let (ada, bob, eve) = (make(store, "Ada").await.id, make(store, "Bob").await.id, make(store, "Eve").await.id);
    let set = |users: Vec<UserId>| store.write(async move |tx| role_user::set_of_role(tx, VIEWER, &users).await);
    assert_eq!(set(vec![ada, bob, ada]).await.unwrap(), BTreeSet::new());
    assert_eq!(set(vec![bob, eve]).await.unwrap(), BTreeSet::from([ada]));
    assert!(matches!(set(vec![UserId::new(99)]).await, Err(Error::Reference { .. })));
    assert_eq!(roles_of(store, eve).await, [4], "a change that fails changes nothing");
    let of_eve = |roles: Vec<RoleId>| store.write(async move |tx| role_user::set_of_user(tx, eve, &roles).await);
    assert_eq!(of_eve(vec![ADMIN]).await.unwrap(), BTreeSet::from([VIEWER]));
    assert_eq!(roles_of(store, eve).await, [2]);
}

pub async fn administrators_are_counted_who_can_sign_in(store: &Store) {
    let count = || store.read(async |db| access::count_admins(db).await);
    assert_eq!(count().await.unwrap(), 0);
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    let admins = group(store, "admins").await;
    store
        .write(async |tx| {
            role_user::set_of_user(tx, ada, &[ADMIN]).await?;
            role_group::set_of_role(tx, ADMIN, &[admins]).await?;
            group_user::insert(tx, admins, bob).await
        })
        .await
        .unwrap();
    assert_eq!(count().await.unwrap(), 2);
    let off = vec![user::COLUMNS.is_disabled.set(true)];
    store.write(async |tx| user::update(tx, bob, off, at(1)).await).await.unwrap();
    assert_eq!(count().await.unwrap(), 1);
}

pub async fn a_name_is_taken_in_every_case(store: &Store) {
    let new = |name: &str| NewPermissionSet { name: name.to_owned(), permissions: vec!["explore".to_owned()] };
    let insert = |name: &'static str| store.write(async move |tx| permission_set::insert(tx, new(name)).await);
    let made = insert("Analyst").await.unwrap();
    assert!(matches!(insert("ANALYST").await, Err(Error::Conflict { table: "permission_set", .. })));
    let found = store.read(async |db| permission_set::by_name(db, "analyst").await).await.unwrap();
    assert_eq!(found, Some(made));
    let listing = permission_set::listing("explore").unwrap();
    let found = store.read(async |db| permission_set::search(db, Search::by(listing)).await).await.unwrap();
    assert!(found.rows.iter().any(|set| set.name == "Analyst"));
    let listing = permission_set::listing("xplore").unwrap();
    assert_eq!(store.read(async |db| permission_set::search(db, Search::by(listing)).await).await.unwrap().total, 0);
}

pub async fn what_comes_with_an_instance_is_numbered_before_what_is_made(store: &Store) {
    let made = group(store, "made").await;
    let set = NewPermissionSet { name: "made".to_owned(), permissions: vec![] };
    let set = store.write(async |tx| permission_set::insert(tx, set).await).await.unwrap();
    let new = NewRole { name: "made".to_owned(), permission_set_id: set.id, model_set_id: ModelSetId::new(1) };
    let role = store.write(async |tx| role::insert(tx, new).await).await.unwrap();
    assert_eq!((made.get(), set.id.get(), role.id.get()), (3, 14, 12));
}

pub async fn a_set_that_a_role_has_cannot_be_deleted(store: &Store) {
    let role = NewRole {
        name: "Reader".to_owned(),
        permission_set_id: PermissionSetId::new(7),
        model_set_id: ModelSetId::new(1),
    };
    let made = store.write(async |tx| role::insert(tx, role.clone()).await).await.unwrap();
    let delete = || store.write(async |tx| permission_set::delete(tx, PermissionSetId::new(8)).await);
    assert!(matches!(delete().await, Err(Error::Reference { table: "permission_set" })));
    let nothing = NewRole { name: "Other".to_owned(), permission_set_id: PermissionSetId::new(99), ..role };
    let refused = store.write(async |tx| role::insert(tx, nothing).await).await;
    assert!(matches!(refused, Err(Error::Reference { table: "role" })), "{refused:?}");
    assert!(store.write(async |tx| role::delete(tx, made.id).await).await.unwrap());
}

pub async fn tokens_end_for_everybody_in_a_filter(store: &Store) {
    let (ada, bob) = (make(store, "Ada").await.id, make(store, "Bob").await.id);
    let sales = group(store, "sales").await;
    store.write(async |tx| group_user::insert(tx, sales, ada).await).await.unwrap();
    crate::token::token(store, "ada", ada, None, None).await;
    crate::token::token(store, "bob", bob, None, None).await;
    crate::token::token(store, "ada acts as bob", bob, Some(ada), None).await;
    let ended = store
        .write(async |tx| {
            let members = access::members_through(tx, sales).await?;
            token::delete_of_users(tx, members).await
        })
        .await
        .unwrap();
    assert_eq!(ended, 2);
    let lives = async |name: &'static str| {
        store.read(async move |db| token::find_live(db, &secret(name), at(1)).await).await.unwrap().is_some()
    };
    assert!(lives("bob").await && !lives("ada").await && !lives("ada acts as bob").await);
}

pub async fn every_user_is_in_the_group_of_all_users(store: &Store) {
    let ada = make(store, "Ada").await;
    let counts = store.read(async |db| group_user::counts(db, &[group::ALL_USERS]).await).await.unwrap();
    assert_eq!(counts[&group::ALL_USERS], 1);
    store.write(async |tx| user::delete(tx, ada.id).await).await.unwrap();
    let counts = store.read(async |db| group_user::counts(db, &[group::ALL_USERS]).await).await.unwrap();
    assert!(counts.is_empty());
    let found = user::full_name_matches(&belvedere_store::Pattern::new("%").unwrap());
    assert_eq!(store.read(async |db| user::count(db, found).await).await.unwrap(), 0);
    assert_eq!(store.read(async |db| user::count(db, Filter::everything()).await).await.unwrap(), 0);
}
