-- Groups, roles, user attributes and the ways to sign in.
--
-- Names are unique whatever their case. `permissions` and `models` are JSON arrays of names: a model that is gone keeps
-- its name in the sets, and a new one of that name is included again.

CREATE TABLE permission_set (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    all_access INTEGER NOT NULL CHECK (all_access IN (0, 1)),
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX permission_set_name ON permission_set (LOWER(name));

CREATE TABLE model_set (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    models TEXT NOT NULL,
    all_access INTEGER NOT NULL CHECK (all_access IN (0, 1)),
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX model_set_name ON model_set (LOWER(name));

-- A set that a role has cannot be deleted.
CREATE TABLE role (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    permission_set_id INTEGER NOT NULL REFERENCES permission_set (id),
    model_set_id INTEGER NOT NULL REFERENCES model_set (id),
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1)),
    internal INTEGER NOT NULL CHECK (internal IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX role_name ON role (LOWER(name));
CREATE INDEX role_permission_set_id ON role (permission_set_id);
CREATE INDEX role_model_set_id ON role (model_set_id);

CREATE TABLE "group" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    can_add_to_content_metadata INTEGER NOT NULL CHECK (can_add_to_content_metadata IN (0, 1)),
    external_group_id TEXT UNIQUE,
    externally_managed INTEGER NOT NULL CHECK (externally_managed IN (0, 1)),
    -- Every new user becomes a member.
    include_by_default INTEGER NOT NULL CHECK (include_by_default IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX group_name ON "group" (LOWER(name));

CREATE TABLE group_user (
    group_id INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_user_user_id ON group_user (user_id);

-- The members of `member_id` have what those of `group_id` have.
CREATE TABLE group_group (
    group_id INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, member_id),
    CHECK (group_id <> member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_group_member_id ON group_group (member_id);

CREATE TABLE role_user (
    role_id INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    PRIMARY KEY (role_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX role_user_user_id ON role_user (user_id);

CREATE TABLE role_group (
    role_id INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    PRIMARY KEY (role_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX role_group_group_id ON role_group (group_id);

CREATE TABLE user_attribute (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    default_value TEXT,
    is_system INTEGER NOT NULL CHECK (is_system IN (0, 1)),
    is_permanent INTEGER NOT NULL CHECK (is_permanent IN (0, 1)),
    value_is_hidden INTEGER NOT NULL CHECK (value_is_hidden IN (0, 1)),
    user_can_view INTEGER NOT NULL CHECK (user_can_view IN (0, 1)),
    user_can_edit INTEGER NOT NULL CHECK (user_can_edit IN (0, 1)),
    hidden_value_domain_whitelist TEXT,
    needed_for_ci_run INTEGER NOT NULL CHECK (needed_for_ci_run IN (0, 1)),
    value_for_ci_run TEXT
) STRICT;

CREATE UNIQUE INDEX user_attribute_name ON user_attribute (LOWER(name));
CREATE UNIQUE INDEX user_attribute_label ON user_attribute (LOWER(label));

CREATE TABLE user_attribute_user_value (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_attribute_id INTEGER NOT NULL REFERENCES user_attribute (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    UNIQUE (user_id, user_attribute_id)
) STRICT;

CREATE INDEX user_attribute_user_value_attribute ON user_attribute_user_value (user_attribute_id);

-- Of the groups of a user the one with the lowest rank counts.
CREATE TABLE user_attribute_group_value (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_attribute_id INTEGER NOT NULL REFERENCES user_attribute (id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (user_attribute_id, group_id)
) STRICT;

CREATE INDEX user_attribute_group_value_group_id ON user_attribute_group_value (group_id);

-- `email` of the user is that of these credentials. An address opens one account, whatever its case.
CREATE TABLE credentials_email (
    user_id INTEGER PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    forced_password_reset_at_next_login INTEGER NOT NULL CHECK (forced_password_reset_at_next_login IN (0, 1)),
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    logged_in_at INTEGER
) STRICT;

CREATE UNIQUE INDEX credentials_email_email ON credentials_email (LOWER(email));

CREATE TABLE credentials_embed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    external_user_id TEXT NOT NULL UNIQUE,
    external_group_id TEXT,
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    logged_in_at INTEGER
) STRICT;

CREATE INDEX credentials_embed_user_id ON credentials_embed (user_id);

CREATE TABLE credentials_totp (
    user_id INTEGER PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    -- Whether the user has completed the set-up.
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

ALTER TABLE "user" ADD COLUMN can_manage_api3_creds INTEGER NOT NULL DEFAULT 0 CHECK (can_manage_api3_creds IN (0, 1));
-- What a service account has in the place of a person's names; null for persons.
ALTER TABLE "user" ADD COLUMN service_account_name TEXT;

-- What comes with a new instance.

INSERT INTO permission_set (id, name, permissions, all_access, built_in) VALUES
    (1, 'Admin', '[]', 1, 1),
    (2, 'Developer', '["access_data","can_create_forecast","clear_cache_refresh","create_custom_fields","create_table_calculations","deploy","develop","download_without_limit","explore","manage_spaces","mobile_app_access","save_content","save_dashboards","save_looks","schedule_look_emails","schedule_without_limit","see_drill_overlay","see_lookml","see_lookml_dashboards","see_looks","see_pdts","see_sql","see_user_dashboards","send_to_integration","use_sql_runner"]', 0, 0),
    (3, 'User', '["access_data","can_create_forecast","clear_cache_refresh","create_custom_fields","create_table_calculations","download_without_limit","explore","manage_spaces","mobile_app_access","save_content","save_dashboards","save_looks","schedule_look_emails","schedule_without_limit","see_drill_overlay","see_lookml","see_lookml_dashboards","see_looks","see_sql","see_user_dashboards","send_to_integration"]', 0, 0),
    (4, 'LookML Dashboard User', '["access_data","clear_cache_refresh","mobile_app_access","see_lookml_dashboards"]', 0, 0),
    (5, 'User who can''t view LookML', '["access_data","can_create_forecast","clear_cache_refresh","create_custom_fields","create_table_calculations","download_without_limit","explore","manage_spaces","mobile_app_access","save_content","save_dashboards","save_looks","schedule_look_emails","schedule_without_limit","see_lookml_dashboards","see_looks","see_user_dashboards","send_to_integration"]', 0, 0),
    (6, 'Viewer', '["access_data","clear_cache_refresh","download_without_limit","mobile_app_access","schedule_look_emails","schedule_without_limit","see_drill_overlay","see_lookml_dashboards","see_looks","see_user_dashboards"]', 0, 0),
    (7, 'Gemini', '["gemini_in_looker"]', 0, 0),
    (8, 'Conversational Analytics User', '["access_data","chat_with_agent","gemini_in_looker"]', 0, 0),
    (9, 'Conversational Analytics Agent Manager', '["access_data","chat_with_agent","chat_with_explore","gemini_in_looker","save_agents"]', 0, 0),
    (10, 'Support Basic Editor', '["access_data","clear_cache_refresh","create_custom_fields","create_table_calculations","explore","follow_alerts","manage_privatelabel","manage_themes","see_admin","see_alerts","see_datagroups","see_drill_overlay","see_logs","see_lookml","see_lookml_dashboards","see_looks","see_pdts","see_schedules","see_sql","see_system_activity","see_user_dashboards","see_users"]', 0, 1),
    (11, 'Support Advanced Editor', '["access_data","clear_cache_refresh","create_custom_fields","create_table_calculations","develop","explore","follow_alerts","manage_embed_settings","manage_models","manage_privatelabel","manage_project_connections","manage_project_connections_restricted","manage_project_models","manage_themes","see_admin","see_alerts","see_datagroups","see_drill_overlay","see_logs","see_lookml","see_lookml_dashboards","see_looks","see_pdts","see_queries","see_schedules","see_sql","see_system_activity","see_user_dashboards","see_users","update_datagroups","use_global_connections"]', 0, 1),
    (12, 'Customer Engineer Advanced Editor', '["access_data","can_create_forecast","can_override_vis_config","chat_with_agent","chat_with_explore","clear_cache_refresh","create_custom_fields","create_table_calculations","deploy","develop","explore","follow_alerts","gemini_in_looker","manage_embed_settings","manage_models","manage_privatelabel","manage_project_connections","manage_project_connections_restricted","manage_project_models","manage_themes","save_agents","save_content","save_dashboards","save_looks","see_admin","see_alerts","see_datagroups","see_drill_overlay","see_logs","see_lookml","see_lookml_dashboards","see_looks","see_pdts","see_queries","see_schedules","see_sql","see_system_activity","see_user_dashboards","see_users","update_datagroups","use_global_connections"]', 0, 1),
    (13, 'Looker CI Users', '["deploy","manage_ci","see_ci"]', 0, 0);

INSERT INTO model_set (id, name, models, all_access, built_in) VALUES (1, 'All', '[]', 1, 1);

INSERT INTO role (id, name, permission_set_id, model_set_id, built_in, internal) VALUES
    (1, 'Developer', 2, 1, 0, 0),
    (2, 'Admin', 1, 1, 1, 0),
    (3, 'User', 3, 1, 0, 0),
    (4, 'Viewer', 6, 1, 0, 0),
    (5, 'Gemini', 7, 1, 0, 0),
    (6, 'Conversational Analytics User', 8, 1, 0, 0),
    (7, 'Conversational Analytics Agent Manager', 9, 1, 0, 0),
    (8, 'Looker CI Users', 13, 1, 0, 0),
    (9, 'Support Basic Editor', 10, 1, 1, 1),
    (10, 'Support Advanced Editor', 11, 1, 1, 1),
    (11, 'Customer Engineer Advanced Editor', 12, 1, 1, 1);

INSERT INTO "group" (id, name, can_add_to_content_metadata, externally_managed, include_by_default) VALUES
    (1, 'All Users', 1, 0, 1),
    (2, 'Gemini Default Users', 1, 0, 0);

INSERT INTO role_group (role_id, group_id) VALUES (5, 2);

INSERT INTO group_user (group_id, user_id) SELECT 1, id FROM "user";
INSERT INTO role_user (role_id, user_id) SELECT 2, id FROM "user" WHERE is_admin = 1;
ALTER TABLE "user" DROP COLUMN is_admin;

INSERT INTO user_attribute (
    id, name, label, kind, default_value, is_system, is_permanent, value_is_hidden, user_can_view, user_can_edit,
    needed_for_ci_run
) VALUES
    (1, 'email', 'Email', 'string', NULL, 1, 1, 0, 1, 0, 0),
    (2, 'first_name', 'First Name', 'string', NULL, 1, 1, 0, 1, 0, 0),
    (3, 'last_name', 'Last Name', 'string', NULL, 1, 1, 0, 1, 0, 0),
    (4, 'full_name', 'Full Name', 'string', NULL, 1, 1, 0, 1, 0, 0),
    (5, 'id', 'ID', 'string', NULL, 1, 1, 0, 1, 0, 0),
    (6, 'landing_page', 'Landing Page', 'relative_url', '/browse', 1, 0, 0, 1, 1, 0),
    (7, 'locale', 'Locale', 'string', 'en', 1, 0, 0, 1, 0, 0),
    (8, 'number_format', 'Number format', 'string', '1,234.56', 1, 0, 0, 1, 0, 0);
