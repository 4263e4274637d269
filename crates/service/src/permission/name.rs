//! The permissions: fixed words, each with the one that it builds on and with what it reaches.

/// What a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The models of the role that gives it.
    Model,
    /// The whole instance, once any role gives it.
    Instance,
}

use Scope::{Instance, Model};

macro_rules! permissions {
    ($($(#[$doc:meta])* $Name:ident = $word:literal, $parent:expr, $scope:ident, $description:literal;)+) => {
        /// Something that a user may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission {
            $(#[doc = concat!("`", $word, "`: ", $description)] $Name,)+
        }

        impl Permission {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$Name),+];

            /// The word of the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Name => $word,)+ }
            }

            /// The permission that it builds on; none at the top.
            pub const fn parent(self) -> Option<Self> {
                match self { $(Self::$Name => $parent,)+ }
            }

            /// What it reaches.
            pub const fn scope(self) -> Scope {
                match self { $(Self::$Name => $scope,)+ }
            }

            /// What it allows, in words.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$Name => $description,)+ }
            }
        }
    };
}

permissions! {
    AccessData = "access_data", None, Model, "See data of the model";
    SeeLookmlDashboards = "see_lookml_dashboards", Some(Self::AccessData), Model, "See dashboards that stand in LookML";
    SeeLooks = "see_looks", Some(Self::AccessData), Model, "See Looks in folders that the user may view";
    SeeUserDashboards = "see_user_dashboards", Some(Self::SeeLooks), Model, "See dashboards that users made";
    Explore = "explore", Some(Self::SeeLooks), Model, "Ask questions of one's own";
    CreateTableCalculations = "create_table_calculations", Some(Self::Explore), Instance, "Add table calculations";
    CreateCustomFields = "create_custom_fields", Some(Self::Explore), Instance, "Add custom fields";
    CanCreateForecast = "can_create_forecast", Some(Self::Explore), Instance, "Add forecasts";
    CanOverrideVisConfig = "can_override_vis_config", Some(Self::Explore), Instance, "Edit the configuration of charts";
    SaveContent = "save_content", Some(Self::SeeLooks), Instance, "Save Looks and dashboards";
    SaveDashboards = "save_dashboards", Some(Self::SaveContent), Instance, "Save and edit dashboards";
    SaveLooks = "save_looks", Some(Self::SaveContent), Instance, "Save and edit Looks";
    CreatePublicLooks = "create_public_looks", Some(Self::SaveLooks), Model, "Give Looks an address that needs no sign-in";
    DownloadWithLimit = "download_with_limit", Some(Self::SeeLooks), Model, "Download at most 5000 rows";
    DownloadWithoutLimit = "download_without_limit", Some(Self::SeeLooks), Model, "Download any number of rows";
    ScheduleLookEmails = "schedule_look_emails", Some(Self::SeeLooks), Model, "Have content mailed to allowed domains";
    ScheduleExternalLookEmails = "schedule_external_look_emails", Some(Self::ScheduleLookEmails), Model, "Have content mailed to any domain";
    CreateAlerts = "create_alerts", Some(Self::SeeLooks), Instance, "Set alerts on dashboard tiles";
    FollowAlerts = "follow_alerts", Some(Self::SeeLooks), Instance, "See and follow alerts";
    SendToS3 = "send_to_s3", Some(Self::SeeLooks), Model, "Have content delivered to S3";
    SendToSftp = "send_to_sftp", Some(Self::SeeLooks), Model, "Have content delivered by SFTP";
    SendOutgoingWebhook = "send_outgoing_webhook", Some(Self::SeeLooks), Model, "Have content delivered to webhooks";
    SendToIntegration = "send_to_integration", Some(Self::SeeLooks), Model, "Have content delivered to action hubs";
    ScheduleWithoutLimit = "schedule_without_limit", Some(Self::SeeLooks), Model, "Have all rows of a result delivered";
    SeeSql = "see_sql", Some(Self::SeeLooks), Model, "See generated SQL, and SQL in errors";
    SeeLookml = "see_lookml", Some(Self::SeeLooks), Model, "Read the LookML of projects with an allowed model";
    Develop = "develop", Some(Self::SeeLooks), Model, "Work on LookML in a workspace of one's own";
    Deploy = "deploy", Some(Self::Develop), Instance, "Bring LookML to production";
    SupportAccessToggle = "support_access_toggle", Some(Self::Develop), Instance, "Open and close access for support staff";
    ManageProjectModels = "manage_project_models", Some(Self::Develop), Model, "Configure the models of a project";
    UseGlobalConnections = "use_global_connections", Some(Self::ManageProjectModels), Model, "Use connections of the whole instance in a project's models";
    ManageProjectConnectionsRestricted = "manage_project_connections_restricted", Some(Self::Develop), Model, "Change some settings of a project's connections";
    ManageProjectConnections = "manage_project_connections", Some(Self::ManageProjectConnectionsRestricted), Model, "Change all settings of a project's connections";
    SeeCi = "see_ci", Some(Self::Develop), Instance, "See and start runs of continuous integration";
    ManageCi = "manage_ci", Some(Self::SeeCi), Instance, "Manage suites of continuous integration";
    UseSqlRunner = "use_sql_runner", Some(Self::SeeLookml), Model, "Run SQL on allowed connections";
    CertifyContent = "certify_content", Some(Self::AccessData), Model, "Certify content";
    ClearCacheRefresh = "clear_cache_refresh", Some(Self::AccessData), Model, "Have data read past the cache";
    SeeDrillOverlay = "see_drill_overlay", Some(Self::AccessData), Model, "See the rows behind a value without exploring";
    ManageSchedules = "manage_schedules", None, Model, "Reassign and delete schedules on the models";
    ManageSpaces = "manage_spaces", None, Instance, "Make, edit, move and delete folders";
    ManageHomepage = "manage_homepage", None, Instance, "Edit the side bar of the homepage";
    ManageModels = "manage_models", None, Instance, "Manage projects, models and their connections";
    CreatePrefetches = "create_prefetches", None, Instance, "Have results computed ahead";
    LoginSpecialEmail = "login_special_email", None, Instance, "Sign in by password beside single sign-on";
    EmbedBrowseSpaces = "embed_browse_spaces", None, Instance, "Browse content when embedded";
    EmbedSaveSharedSpace = "embed_save_shared_space", None, Instance, "Save to the shared folder when embedded";
    ManageEmbedSettings = "manage_embed_settings", None, Instance, "Change settings of embedding";
    ManageThemes = "manage_themes", None, Instance, "Manage themes of embedded content";
    ManageInternalThemes = "manage_internal_themes", None, Instance, "Manage themes of the web pages";
    ManagePrivatelabel = "manage_privatelabel", None, Instance, "Change logo and texts";
    SeeAlerts = "see_alerts", None, Instance, "See, edit and reassign all alerts";
    SeeQueries = "see_queries", None, Instance, "See running and recent queries";
    SeeLogs = "see_logs", None, Instance, "See the log";
    SeeUsers = "see_users", None, Instance, "See all users, groups and roles";
    Sudo = "sudo", Some(Self::SeeUsers), Instance, "Act as another user";
    ManageGroups = "manage_groups", Some(Self::SeeUsers), Instance, "Manage groups";
    ManageRoles = "manage_roles", Some(Self::ManageGroups), Instance, "Manage roles and who has them";
    ManageUserAttributes = "manage_user_attributes", Some(Self::SeeUsers), Instance, "Manage user attributes and their values";
    SeeSchedules = "see_schedules", None, Instance, "See everybody's schedules";
    SeePdts = "see_pdts", None, Model, "See derived tables of connections that allowed models use";
    SeeDatagroups = "see_datagroups", None, Model, "See datagroups";
    UpdateDatagroups = "update_datagroups", Some(Self::SeeDatagroups), Model, "Trigger and reset datagroups";
    SeeSystemActivity = "see_system_activity", None, Instance, "See the activity of the system";
    SeeAdmin = "see_admin", None, Instance, "See the settings of the instance";
    MobileAppAccess = "mobile_app_access", None, Instance, "Sign in with the mobile application";
    ManageModelsetsRestricted = "manage_modelsets_restricted", None, Model, "Change model sets within the allowed models";
    UploadData = "upload_data", None, Instance, "Upload files to explore";
    GeminiInLooker = "gemini_in_looker", None, Model, "Use the assistant";
    ChatWithAgent = "chat_with_agent", Some(Self::GeminiInLooker), Model, "Talk with data agents";
    ChatWithExplore = "chat_with_explore", Some(Self::ChatWithAgent), Model, "Talk with an explore";
    SaveAgents = "save_agents", Some(Self::ChatWithExplore), Model, "Make, edit and share agents";
    PublishAgentExternally = "publish_agent_externally", Some(Self::SaveAgents), Model, "Publish agents to other systems";
    AdminAgents = "admin_agents", Some(Self::GeminiInLooker), Model, "Manage every agent";
}

impl Permission {
    /// The permission with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == word)
    }

    /// The permissions that come with this one: `explore` shows what is behind a value, and `save_content` is the word
    /// for both kinds of content.
    pub const fn implied(self) -> &'static [Self] {
        match self {
            Self::Explore => &[Self::SeeDrillOverlay],
            Self::SaveContent => &[Self::SaveLooks, Self::SaveDashboards],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Permission, Scope};

    #[test]
    fn a_word_names_its_permission() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
        }
        assert_eq!(Permission::parse("Explore"), None);
        assert_eq!(Permission::parse(""), None);
    }

    #[test]
    fn a_parent_stands_before_its_children() {
        for (index, permission) in Permission::ALL.iter().enumerate() {
            let parent = permission.parent();
            assert!(parent.is_none_or(|parent| Permission::ALL[..index].contains(&parent)), "{permission:?}");
        }
    }

    #[test]
    fn data_is_given_by_model_and_administration_for_the_instance() {
        assert_eq!(Permission::AccessData.scope(), Scope::Model);
        assert_eq!(Permission::Explore.scope(), Scope::Model);
        assert_eq!(Permission::SaveContent.scope(), Scope::Instance);
        assert_eq!(Permission::ManageUserAttributes.scope(), Scope::Instance);
    }
}
