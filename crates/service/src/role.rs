//! Tag Role: roles, and the permission sets and model sets that they join.

mod holder;
mod model_set;
mod permission_set;
mod record;

use crate::Service;
use crate::permission::Permission;
use belvedere_api::{Cx, Page, Result, bodies, parameters, tags, types};

pub(crate) use holder::keep_an_administrator;
pub use model_set::models;
pub use permission_set::permissions;

impl tags::Role for Service {
    async fn all_model_sets(&self, cx: &Cx) -> Result<Vec<types::ModelSet>> {
        self.list_model_sets(cx).await
    }

    async fn create_model_set(&self, cx: &Cx, body: bodies::WriteModelSet) -> Result<types::ModelSet> {
        self.make_model_set(cx, body).await
    }

    async fn search_model_sets(
        &self,
        cx: &Cx,
        query: parameters::SearchModelSetsQuery,
    ) -> Result<Page<types::ModelSet>> {
        self.find_model_sets(cx, query).await
    }

    async fn delete_model_set(&self, cx: &Cx, path: parameters::DeleteModelSetPath) -> Result<()> {
        self.remove_model_set(cx, &path.model_set_id).await
    }

    async fn model_set(&self, cx: &Cx, path: parameters::ModelSetPath) -> Result<types::ModelSet> {
        self.one_model_set(cx, &path.model_set_id).await
    }

    async fn update_model_set(
        &self,
        cx: &Cx,
        path: parameters::UpdateModelSetPath,
        body: bodies::WriteModelSet,
    ) -> Result<types::ModelSet> {
        self.change_model_set(cx, &path.model_set_id, body).await
    }

    async fn all_permission_sets(&self, cx: &Cx) -> Result<Vec<types::PermissionSet>> {
        self.list_permission_sets(cx).await
    }

    async fn create_permission_set(&self, cx: &Cx, body: bodies::WritePermissionSet) -> Result<types::PermissionSet> {
        self.make_permission_set(cx, body).await
    }

    async fn search_permission_sets(
        &self,
        cx: &Cx,
        query: parameters::SearchPermissionSetsQuery,
    ) -> Result<Page<types::PermissionSet>> {
        self.find_permission_sets(cx, query).await
    }

    async fn delete_permission_set(&self, cx: &Cx, path: parameters::DeletePermissionSetPath) -> Result<()> {
        self.remove_permission_set(cx, &path.permission_set_id).await
    }

    async fn permission_set(&self, cx: &Cx, path: parameters::PermissionSetPath) -> Result<types::PermissionSet> {
        self.one_permission_set(cx, &path.permission_set_id).await
    }

    async fn update_permission_set(
        &self,
        cx: &Cx,
        path: parameters::UpdatePermissionSetPath,
        body: bodies::WritePermissionSet,
    ) -> Result<types::PermissionSet> {
        self.change_permission_set(cx, &path.permission_set_id, body).await
    }

    async fn all_permissions(&self, _: &Cx) -> Result<Vec<types::Permission>> {
        Ok(Permission::ALL.iter().copied().map(described_permission).collect())
    }

    async fn all_roles(&self, cx: &Cx, query: parameters::AllRolesQuery) -> Result<Vec<types::Role>> {
        self.list_roles(cx, query).await
    }

    async fn create_role(&self, cx: &Cx, body: bodies::WriteRole) -> Result<types::Role> {
        self.make_role(cx, body).await
    }

    async fn search_roles(&self, cx: &Cx, query: parameters::SearchRolesQuery) -> Result<Page<types::Role>> {
        self.find_roles(cx, query).await
    }

    async fn search_roles_with_user_count(
        &self,
        cx: &Cx,
        query: parameters::SearchRolesWithUserCountQuery,
    ) -> Result<Page<types::RoleSearch>> {
        self.find_roles_with_user_count(cx, query).await
    }

    async fn delete_role(&self, cx: &Cx, path: parameters::DeleteRolePath) -> Result<()> {
        self.remove_role(cx, &path.role_id).await
    }

    async fn role(&self, cx: &Cx, path: parameters::RolePath) -> Result<types::Role> {
        self.one_role(cx, &path.role_id).await
    }

    async fn update_role(
        &self,
        cx: &Cx,
        path: parameters::UpdateRolePath,
        body: bodies::WriteRole,
    ) -> Result<types::Role> {
        self.change_role(cx, &path.role_id, body).await
    }

    async fn role_groups(&self, cx: &Cx, path: parameters::RoleGroupsPath) -> Result<Vec<types::Group>> {
        self.groups_with_role(cx, &path.role_id).await
    }

    async fn set_role_groups(
        &self,
        cx: &Cx,
        path: parameters::SetRoleGroupsPath,
        body: Vec<String>,
    ) -> Result<Vec<types::Group>> {
        self.give_role_to_groups(cx, &path.role_id, &body).await
    }

    async fn role_users(
        &self,
        cx: &Cx,
        path: parameters::RoleUsersPath,
        query: parameters::RoleUsersQuery,
    ) -> Result<Vec<types::User>> {
        self.users_with_role(cx, &path.role_id, query.direct_association_only).await
    }

    async fn set_role_users(
        &self,
        cx: &Cx,
        path: parameters::SetRoleUsersPath,
        body: Vec<String>,
    ) -> Result<Vec<types::User>> {
        self.give_role_to_users(cx, &path.role_id, &body).await
    }
}

fn described_permission(permission: Permission) -> types::Permission {
    types::Permission {
        can: crate::abilities(&["show", "index"]),
        permission: Some(permission.as_str().to_owned()),
        parent: permission.parent().map(|parent| parent.as_str().to_owned()),
        description: Some(permission.description().to_owned()),
    }
}
