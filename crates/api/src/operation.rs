//! Operations as data: what a front door needs to route, check and shape a call.

use std::borrow::Cow;

use crate::generated::operations::{OPERATIONS, OperationId};
use crate::resource::Table;
use crate::shape::Shape;
use crate::words::words;
use belvedere_contract::Release;

/// One operation of the contract.
#[derive(Debug)]
pub struct Operation {
    /// Which one; also its place in [`OPERATIONS`].
    pub id: OperationId,
    /// The HTTP method.
    pub method: Method,
    /// The path template below the base path, `/queries/{query_id}`.
    pub path: &'static str,
    /// The tag, `Query`.
    pub tag: &'static str,
    /// The status of a call that went well, unless the reply says otherwise.
    pub success: u16,
    /// How far its form is promised.
    pub status: Status,
    /// Whether it runs queries on databases.
    pub activity: Activity,
    /// Parameters in the path and the query string.
    pub parameters: &'static [Parameter],
    /// Content types of the body, the usual one first; empty when there is no body.
    pub body: &'static [&'static str],
    /// Whether a call without a body is refused.
    pub body_is_required: bool,
    /// The properties of the objects that it answers with, if it answers with objects.
    pub answers: Option<fn() -> &'static Table>,
    /// Whether it answers with a part of a list and tells where the other parts are.
    pub is_paged: bool,
    /// Whether a token is needed.
    pub needs_token: bool,
    /// Whether calls count against the rate limit.
    pub is_rate_limited: bool,
    /// The release that brought it; none for what was there from the start.
    pub since: Option<Release>,
    /// The first release that no longer has it.
    pub until: Option<Release>,
    /// The release that deprecated it, where that is known.
    pub deprecated_since: Option<Release>,
    /// Whether it has code; without, it answers 501.
    pub has_code: bool,
}

impl Operation {
    /// The operation with this id.
    pub fn of(id: OperationId) -> &'static Self {
        &OPERATIONS[id as usize]
    }

    /// The operationId.
    pub const fn name(&self) -> &'static str {
        self.id.as_str()
    }

    /// Whether a release has it.
    pub fn stands_in(&self, release: Release) -> bool {
        release.is_within(self.since, self.until)
    }

    /// Whether the caller chooses the properties of the answer with `fields`.
    pub fn takes_fields(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == "fields")
    }

    /// The text of the `fields` parameter of a call; some clients send each name as a parameter of its own.
    pub fn fields<'a>(&self, query: &'a [(String, String)]) -> Option<Cow<'a, str>> {
        let sent = query.iter().filter(|(name, value)| matches!(&**name, "fields" | "fields[]") && value != "null");
        let sent: Vec<&str> = sent.map(|(_, value)| value.as_str()).collect();
        match sent.as_slice() {
            _ if !self.takes_fields() => None,
            [] => None,
            [one] => Some(Cow::Borrowed(*one)),
            several => Some(Cow::Owned(several.join(","))),
        }
    }

    /// What the answer shall hold, for the text of the `fields` parameter.
    pub fn shape(&self, fields: Option<&str>) -> Shape {
        match (self.answers, fields) {
            (Some(table), Some(fields)) if self.takes_fields() => Shape::of_fields(table(), fields),
            _ => Shape::whole(),
        }
    }

    pub(crate) const fn new(
        id: OperationId,
        method: Method,
        path: &'static str,
        tag: &'static str,
        success: u16,
    ) -> Self {
        Self {
            id,
            method,
            path,
            tag,
            success,
            status: Status::Stable,
            activity: Activity::NonQuery,
            parameters: &[],
            body: &[],
            body_is_required: false,
            answers: None,
            is_paged: false,
            needs_token: true,
            is_rate_limited: true,
            since: None,
            until: None,
            deprecated_since: None,
            has_code: true,
        }
    }
}

/// How the generated table says what is not the usual case.
#[allow(dead_code, reason = "which of them the table needs is for the contract to say")]
impl Operation {
    pub(crate) const fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    pub(crate) const fn activity(mut self, activity: Activity) -> Self {
        self.activity = activity;
        self
    }

    pub(crate) const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    pub(crate) const fn body(mut self, content: &'static [&'static str]) -> Self {
        self.body = content;
        self.body_is_required = true;
        self
    }

    pub(crate) const fn optional_body(mut self, content: &'static [&'static str]) -> Self {
        self.body = content;
        self
    }

    pub(crate) const fn answers(mut self, table: fn() -> &'static Table) -> Self {
        self.answers = Some(table);
        self
    }

    pub(crate) const fn paged(mut self) -> Self {
        self.is_paged = true;
        self
    }

    pub(crate) const fn without_token(mut self) -> Self {
        self.needs_token = false;
        self
    }

    pub(crate) const fn without_rate_limit(mut self) -> Self {
        self.is_rate_limited = false;
        self
    }

    pub(crate) const fn lifetime(mut self, since: Option<(u16, u16)>, until: Option<(u16, u16)>) -> Self {
        (self.since, self.until) = (bound(since), bound(until));
        self
    }

    pub(crate) const fn deprecated_since(mut self, year: u16, number: u16) -> Self {
        self.deprecated_since = Some(Release::new(year, number));
        self
    }

    pub(crate) const fn without_code(mut self) -> Self {
        self.has_code = false;
        self
    }
}

/// A parameter of the path or the query string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub place: ParameterPlace,
    /// Its type.
    pub kind: Kind,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Whether new programs should leave it out.
    pub deprecated: bool,
    /// The release that brought it; none for what was there from the start.
    pub since: Option<Release>,
    /// The first release that no longer has it.
    pub until: Option<Release>,
    /// The release that deprecated it, where that is known.
    pub deprecated_since: Option<Release>,
}

impl Parameter {
    /// Whether a release has it.
    pub fn stands_in(&self, release: Release) -> bool {
        release.is_within(self.since, self.until)
    }

    /// The same parameter, which only releases from the first one to before the second one have.
    pub(crate) const fn lifetime(mut self, since: Option<(u16, u16)>, until: Option<(u16, u16)>) -> Self {
        (self.since, self.until) = (bound(since), bound(until));
        self
    }

    /// The same parameter, which a release deprecated.
    pub(crate) const fn deprecated_since(mut self, year: u16, number: u16) -> Self {
        self.deprecated_since = Some(Release::new(year, number));
        self
    }

    /// The same parameter, which a call must have.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same parameter, which new programs should leave out.
    pub(crate) const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}

/// A release as the generated tables write it.
pub(crate) const fn bound(release: Option<(u16, u16)>) -> Option<Release> {
    match release {
        Some((year, number)) => Some(Release::new(year, number)),
        None => None,
    }
}

/// A parameter of the path.
pub(crate) const fn path(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        place: ParameterPlace::Path,
        kind,
        required: true,
        deprecated: false,
        since: None,
        until: None,
        deprecated_since: None,
    }
}

/// A parameter of the query string.
pub(crate) const fn query(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        place: ParameterPlace::Query,
        kind,
        required: false,
        deprecated: false,
        since: None,
        until: None,
        deprecated_since: None,
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query string.
    Query,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A calendar date.
    Date,
    /// A list, its items separated by commas.
    List,
    /// An object, as JSON text or as one parameter for each key.
    Object,
}

words! {
    /// An HTTP method that operations use.
    pub enum Method {
        Get = "GET",
        Post = "POST",
        Put = "PUT",
        Patch = "PATCH",
        Delete = "DELETE",
    }
}

words! {
    /// How far the form of an operation is promised: `x-looker-status`.
    pub enum Status {
        Stable = "stable",
        Beta = "beta",
        Alpha = "alpha",
        Deprecated = "deprecated",
    }
}

words! {
    /// What an operation costs: `x-looker-activity-type`.
    pub enum Activity {
        DbQuery = "db_query",
        NonQuery = "non_query",
        None = "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_come_as_one_text_or_one_by_one() {
        let versions = Operation::of(OperationId::Versions);
        let fields = |query: &str| versions.fields(&crate::request::pairs(query)).map(Cow::into_owned);
        assert_eq!(fields("fields=a,b(c)").as_deref(), Some("a,b(c)"));
        assert_eq!(fields("fields=a&x=y&fields=b").as_deref(), Some("a,b"));
        assert_eq!(fields("fields[]=a&fields[]=b").as_deref(), Some("a,b"));
        assert_eq!(fields("fields=").as_deref(), Some(""));
        assert_eq!((fields("x=fields"), fields("fields=null")), (None, None));
        let session = Operation::of(OperationId::Session);
        assert_eq!(session.fields(&crate::request::pairs("fields=id")), None);
        assert_eq!(session.shape(Some("id")), Shape::whole());
    }

    #[test]
    fn an_operation_stands_at_the_place_of_its_id() {
        for (operation, id) in OPERATIONS.iter().zip(OperationId::ALL) {
            assert_eq!(operation.id, *id);
            assert_eq!(Operation::of(*id).name(), id.as_str());
        }
        assert_eq!(OPERATIONS.len(), OperationId::ALL.len());
    }
}
