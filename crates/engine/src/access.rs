//! What a user may see: the security context of a request, as the planner and the descriptions take it.

use crate::describe::Sight;
use crate::prepare::{Asker, timezone};
use belvedere_api::{AttributeKind, SecurityContext};
use belvedere_lookml::model::{Explore, ExploreHeader, ExploreView, Field, Model};
use belvedere_query::{Access, AttributeType, Mode, Reach, UserAttribute, granted, sees_field};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// How much of a model's data a user may take away in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Download {
    /// Nothing.
    None,
    /// A limited number of rows.
    Limited,
    /// Everything that the user sees.
    Unlimited,
}

/// A user who looks at models and data.
#[derive(Debug)]
pub struct Viewer<'a> {
    security: &'a SecurityContext,
    access: Access,
}

impl<'a> Viewer<'a> {
    /// The user of a security context.
    pub fn new(security: &'a SecurityContext) -> Self {
        let user_attributes =
            security.attributes().iter().map(|(name, attribute)| (name.clone(), readable(attribute))).collect();
        Self { security, access: Access { user_attributes, reach: Reach::Restricted } }
    }

    /// Who asks a question, and when, of which state of derived tables.
    pub fn asker(&self, now: Timestamp, mode: Mode) -> Asker<'_> {
        Asker {
            access: &self.access,
            security: *self.security.hash(),
            locale: self.security.locale(),
            timezone: self.security.time_zone(),
            mode,
            now,
        }
    }

    /// What the user may see.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// A moment in the user's own time zone.
    pub(crate) fn local(&self, now: Timestamp) -> Zoned {
        now.to_zoned(timezone(None, self.security.time_zone()).unwrap_or(TimeZone::UTC))
    }

    /// The language that the user reads.
    pub fn locale(&self) -> &str {
        self.security.locale()
    }

    /// Whether the user may see a model at all.
    pub fn sees_model(&self, model: &str) -> bool {
        self.security.may_on("access_data", model)
    }

    /// Whether the user may see an explore: every grant that it requires holds.
    pub fn sees_explore(&self, explore: &Explore) -> bool {
        granted(&self.access, &explore.access_grants, &explore.required_access_grants)
    }

    /// Whether the user may see an explore, by what menus know of it.
    pub fn sees_header(&self, model: &Model, header: &ExploreHeader) -> bool {
        granted(&self.access, &model.access_grants, &header.required_access_grants)
    }

    /// Whether the user may see a field of an explore that the user sees.
    pub fn sees_field(&self, explore: &Explore, view: &ExploreView, field: &Field) -> bool {
        sees_field(&self.access, explore, view, field)
    }

    /// What the user may see of the LookML of a model.
    pub fn sight(&self, model: &str) -> Sight {
        if self.security.may_on("see_lookml", model) { Sight::Lookml } else { Sight::Fields }
    }

    /// Whether the user may see the SQL of queries on a model.
    pub fn sees_sql(&self, model: &str) -> bool {
        self.security.may_on("see_sql", model)
    }

    /// How much the user may take away of a model's data.
    pub fn downloads(&self, model: &str) -> Download {
        if self.security.may_on("download_without_limit", model) {
            Download::Unlimited
        } else if self.security.may_on("download_with_limit", model) {
            Download::Limited
        } else {
            Download::None
        }
    }

    /// Whether the user may drill into results of a model.
    pub fn drills(&self, model: &str) -> bool {
        self.security.may_on("see_drill_overlay", model)
    }

    /// Whether the user may save queries as content.
    pub fn saves(&self) -> bool {
        self.security.may("save_content")
    }

    /// Whether the user may change the LookML of a model.
    pub fn develops(&self, model: &str) -> bool {
        self.security.may_on("develop", model)
    }
}

/// A user attribute as the planner takes it.
fn readable(attribute: &belvedere_api::UserAttribute) -> UserAttribute {
    let kind = match attribute.kind {
        AttributeKind::String => AttributeType::String,
        AttributeKind::Number => AttributeType::Number,
        AttributeKind::Datetime => AttributeType::Datetime,
        AttributeKind::Yesno => AttributeType::Yesno,
        AttributeKind::Zipcode => AttributeType::Zipcode,
        AttributeKind::RelativeUrl => AttributeType::RelativeUrl,
        AttributeKind::AdvancedFilterString => AttributeType::AdvancedFilterString,
        AttributeKind::AdvancedFilterNumber => AttributeType::AdvancedFilterNumber,
        AttributeKind::AdvancedFilterDatetime => AttributeType::AdvancedFilterDatetime,
    };
    UserAttribute { kind, value: attribute.value.clone() }
}
