//! Fills an empty state with people, for `tests/load`: users with addresses, groups in groups in groups, and roles that
//! users have mostly through their groups.
//!
//! `people USERS FILE` writes into a file of SQLite. `people USERS postgres` starts a PostgreSQL, which lives until the
//! standard input ends. Either prints where the state is once it is whole.

use belvedere_store::group::{self, NewGroup};
use belvedere_store::model_set::{self, NewModelSet};
use belvedere_store::role::{self, NewRole};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{GroupId, Location, PermissionSetId, Result, RoleId, Store, credentials_email};
use belvedere_store::{group_group, group_user, role_group};
use belvedere_testbed::Postgres;
use jiff::Timestamp;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::io::Read as _;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
/// The permission set `User`.
const PERMISSIONS: PermissionSetId = PermissionSetId::new(3);
/// So many users are written at once.
const AT_ONCE: u64 = 5_000;
const FIRST_NAMES: [&str; 8] = ["Ada", "Bertha", "Carla", "Dora", "Edith", "Frieda", "Grace", "Hedy"];

/// How many there are of each: for 100,000 users 10,000 groups and 1,000 roles.
struct Sizes {
    users: u64,
    /// Groups that are in no group, groups in these, and groups in those.
    levels: [u64; 3],
    roles: u64,
}

impl Sizes {
    fn of(users: u64) -> Self {
        let groups = (users / 10).max(3);
        let levels = [groups.div_ceil(1000), groups.div_ceil(30), 0];
        let rest = groups.saturating_sub(levels[0] + levels[1]).max(1);
        Self { users, levels: [levels[0], levels[1], rest], roles: (users / 100).max(1) }
    }
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(users), Some(place)) = (arguments.next(), arguments.next()) else {
        return Err("usage: people USERS FILE|postgres".into());
    };
    let sizes = Sizes::of(users.parse()?);
    if place != "postgres" {
        fill(Location::File(place.clone().into()), &sizes).await?;
        println!("{place}");
        return Ok(());
    }
    let address = Postgres::shared().database();
    fill(Location::Postgres(address.parse()?), &sizes).await?;
    // What PostgreSQL does by itself within a minute or two.
    PgConnection::connect(&address).await?.execute("VACUUM ANALYZE").await?;
    println!("{address}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn fill(location: Location, sizes: &Sizes) -> Result<()> {
    let store = Store::open(location).await?;
    let roles = roles(&store, sizes.roles).await?;
    let leaves = groups(&store, sizes.levels, &roles).await?;
    for first in (0..sizes.users).step_by(AT_ONCE as usize) {
        let numbers = first..sizes.users.min(first + AT_ONCE);
        store
            .write(async |tx| {
                for number in numbers.clone() {
                    let name = |text: String| Some(text);
                    let first_name = FIRST_NAMES[number as usize % FIRST_NAMES.len()].to_owned();
                    // A role in the user's own right is rare.
                    let own = (number % 100 == 0).then(|| roles[number as usize / 100 % roles.len()]);
                    let new = NewUser {
                        first_name: name(first_name),
                        last_name: name(format!("Name{number:06}")),
                        roles: own.into_iter().collect(),
                        ..NewUser::default()
                    };
                    let user = user::insert(tx, new, NOW).await?;
                    credentials_email::insert(tx, user.id, &format!("user{number:06}@example.com"), NOW).await?;
                    group_user::insert(tx, leaves[number as usize % leaves.len()], user.id).await?;
                }
                Ok(())
            })
            .await?;
    }
    store.close().await;
    Ok(())
}

/// Roles, each with models of its own.
async fn roles(store: &Store, count: u64) -> Result<Vec<RoleId>> {
    store
        .write(async |tx| {
            let mut roles = Vec::new();
            for number in 0..count {
                let models = NewModelSet { name: format!("Models {number:04}"), models: vec!["thelook".to_owned()] };
                let model_set_id = model_set::insert(tx, models).await?.id;
                let new = NewRole { name: format!("Role {number:04}"), permission_set_id: PERMISSIONS, model_set_id };
                roles.push(role::insert(tx, new).await?.id);
            }
            Ok(roles)
        })
        .await
}

/// Groups in three levels, and the innermost of them. The roles are given to the other two.
async fn groups(store: &Store, levels: [u64; 3], roles: &[RoleId]) -> Result<Vec<GroupId>> {
    let mut outer: Vec<GroupId> = Vec::new();
    for (level, count) in levels.into_iter().enumerate() {
        outer = store
            .write(async |tx| {
                let mut made = Vec::new();
                for number in 0..count {
                    let name = format!("Team {level} {number:05}");
                    let group = group::insert(tx, NewGroup { name, ..NewGroup::default() }).await?.id;
                    if let Some(place) = outer.get(number as usize % outer.len().max(1)) {
                        group_group::insert(tx, *place, group).await?;
                    }
                    if level < 2 {
                        role_group::set_of_group(tx, group, &[roles[number as usize % roles.len()]]).await?;
                    }
                    made.push(group);
                }
                Ok(made)
            })
            .await?;
    }
    Ok(outer)
}
