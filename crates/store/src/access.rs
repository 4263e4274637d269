//! What a user has, directly and through groups in groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::id::{GroupId, RoleId, UserId};
use crate::reader::Reader;
use crate::table::Filter;
use crate::user::{self, User};
use crate::{ModelSet, PermissionSet, Role};
use crate::{group_group, group_user, model_set, permission_set, role, role_group, role_user};

/// The groups and roles of a user.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Access {
    /// The groups that the user is in, directly or through other groups.
    pub groups: BTreeSet<GroupId>,
    /// The roles, directly or through groups, by id.
    pub roles: Vec<HeldRole>,
}

/// A role with its sets.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// What it allows.
    pub permission_set: PermissionSet,
    /// With which models.
    pub model_set: ModelSet,
}

/// What a user has.
pub async fn of_user(db: &mut Reader, user: UserId) -> Result<Access> {
    let groups = groups_of(db, user).await?;
    let mut roles: BTreeSet<RoleId> =
        role_user::of_users(db, &[user]).await?.into_iter().map(|row| row.role_id).collect();
    roles.extend(roles_of_groups(db, &groups).await?);
    let roles = role::by_ids(db, &Vec::from_iter(roles)).await?;
    Ok(Access { groups, roles: with_sets(db, roles).await? })
}

/// Whether a user is an administrator, directly or through groups.
pub async fn is_admin(db: &mut Reader, user: UserId) -> Result<bool> {
    let holders = holders(db, role::ADMIN).await?.and(user::COLUMNS.id.eq(user));
    Ok(user::count(db, holders).await? > 0)
}

/// The groups that a user is in, directly or through other groups.
pub async fn groups_of(db: &mut Reader, user: UserId) -> Result<BTreeSet<GroupId>> {
    let direct: Vec<GroupId> = group_user::of_users(db, &[user]).await?.into_iter().map(|row| row.group_id).collect();
    group_group::upwards(db, direct).await
}

/// The roles that these groups have themselves.
pub async fn roles_of_groups(db: &mut Reader, groups: &BTreeSet<GroupId>) -> Result<BTreeSet<RoleId>> {
    let groups: Vec<GroupId> = groups.iter().copied().collect();
    let rows = role_group::of_groups(db, &groups).await?;
    Ok(rows.into_iter().map(|row| row.role_id).collect())
}

/// The roles of several users, directly or through groups.
pub async fn role_ids_of_users(db: &mut Reader, users: &[UserId]) -> Result<BTreeMap<UserId, BTreeSet<RoleId>>> {
    let mut roles: BTreeMap<UserId, BTreeSet<RoleId>> = users.iter().map(|user| (*user, BTreeSet::new())).collect();
    for row in role_user::of_users(db, users).await? {
        roles.entry(row.user_id).or_default().insert(row.role_id);
    }
    // Many users share few groups: what a group gives is put together once.
    let memberships = group_user::of_users(db, users).await?;
    let direct: BTreeSet<GroupId> = memberships.iter().map(|row| row.group_id).collect();
    let above = group_group::above(db, direct).await?;
    let mut own: BTreeMap<GroupId, Vec<RoleId>> = BTreeMap::new();
    for row in role_group::of_groups(db, &above.groups()).await? {
        own.entry(row.group_id).or_default().push(row.role_id);
    }
    let mut given: BTreeMap<GroupId, BTreeSet<RoleId>> = BTreeMap::new();
    for row in memberships {
        let through = given.entry(row.group_id).or_insert_with(|| {
            above.of(row.group_id).iter().filter_map(|group| own.get(group)).flatten().copied().collect()
        });
        roles.entry(row.user_id).or_default().extend(&*through);
    }
    Ok(roles)
}

/// The roles that members of a group have through it: its own and those of the groups that it is in.
pub async fn roles_through(db: &mut Reader, group: GroupId) -> Result<BTreeSet<RoleId>> {
    let groups = group_group::upwards(db, [group]).await?;
    roles_of_groups(db, &groups).await
}

/// The users who have a role, directly or through groups.
pub async fn holders(db: &mut Reader, role: RoleId) -> Result<Filter<User>> {
    let groups = role_group::of_role(db, role).await?;
    let groups = group_group::downwards(db, groups).await?;
    let directly = role_user::COLUMNS.user_id.values(role_user::COLUMNS.role_id.eq(role));
    let members = group_user::COLUMNS.user_id.values(group_user::COLUMNS.group_id.one_of(groups));
    Ok(user::COLUMNS.id.in_any(directly.or(members)))
}

/// The users who have a role directly.
pub fn directly(role: RoleId) -> Filter<User> {
    user::COLUMNS.id.among(role_user::COLUMNS.user_id, role_user::COLUMNS.role_id.eq(role))
}

/// The users who have something through a group: its members and those of the groups in it.
pub async fn members_through(db: &mut Reader, group: GroupId) -> Result<Filter<User>> {
    Ok(group_user::members(group_group::downwards(db, [group]).await?))
}

/// How many administrators can sign in.
pub async fn count_admins(db: &mut Reader) -> Result<u64> {
    let enabled = user::COLUMNS.is_disabled.eq(false);
    let admins = holders(db, role::ADMIN).await?.and(enabled);
    user::count(db, admins).await
}

/// Roles with their sets, in the order given.
pub async fn with_sets(db: &mut Reader, roles: Vec<Role>) -> Result<Vec<HeldRole>> {
    let permission_sets: BTreeSet<_> = roles.iter().map(|role| role.permission_set_id).collect();
    let model_sets: BTreeSet<_> = roles.iter().map(|role| role.model_set_id).collect();
    let permission_sets = permission_set::by_ids(db, &Vec::from_iter(permission_sets)).await?;
    let model_sets = model_set::by_ids(db, &Vec::from_iter(model_sets)).await?;
    let permission_sets: BTreeMap<_, _> = permission_sets.into_iter().map(|set| (set.id, set)).collect();
    let model_sets: BTreeMap<_, _> = model_sets.into_iter().map(|set| (set.id, set)).collect();
    let held = roles.into_iter().filter_map(|role| {
        // Both are foreign keys, read in the same snapshot.
        let permission_set = permission_sets.get(&role.permission_set_id)?.clone();
        let model_set = model_sets.get(&role.model_set_id)?.clone();
        Some(HeldRole { role, permission_set, model_set })
    });
    Ok(held.collect())
}
