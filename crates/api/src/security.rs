//! What a user may see and do, as a value.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::cx::UserId;
use crate::words::words;

/// What a user may see and do: everything that decides on the rows and texts of an answer.
///
/// It is part of the key of everything that is remembered for a user, by its [hash](Self::hash).
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityContext {
    user: UserId,
    grants: Vec<Grant>,
    attributes: BTreeMap<String, UserAttribute>,
    locale: String,
    time_zone: Option<String>,
    hash: [u8; 32],
}

/// The value that counts for a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAttribute {
    /// How it is to be read.
    pub kind: AttributeKind,
    /// The value as text.
    pub value: String,
}

words! {
    /// The types of user attributes.
    pub enum AttributeKind {
        /// Matched literally, as the following.
        String = "string",
        Number = "number",
        Datetime = "datetime",
        Yesno = "yesno",
        Zipcode = "zipcode",
        RelativeUrl = "relative_url",
        /// A filter expression, as the following.
        AdvancedFilterString = "advanced_filter_string",
        AdvancedFilterNumber = "advanced_filter_number",
        AdvancedFilterDatetime = "advanced_filter_datetime",
    }
}

/// A role: permissions, and the models that they hold for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The permissions.
    pub permissions: Names,
    /// The models that permissions on models hold for.
    pub models: Names,
}

/// Some names, or all there are and will be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Names {
    /// These.
    Only(BTreeSet<String>),
    /// All.
    All,
}

impl Names {
    /// Whether the name is one of them.
    pub fn contain(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

impl Grant {
    /// The Admin role: everything.
    pub const fn admin() -> Self {
        Self { permissions: Names::All, models: Names::All }
    }
}

impl SecurityContext {
    /// The context of a user with these roles and attributes. The order of the roles does not matter. The time zone
    /// is the name of an IANA zone; without one the user's queries have that of their connection.
    pub fn new(
        user: UserId,
        mut grants: Vec<Grant>,
        attributes: BTreeMap<String, UserAttribute>,
        locale: String,
        time_zone: Option<String>,
    ) -> Self {
        grants.sort();
        grants.dedup();
        let hash = hash(user, &grants, &attributes, &locale, time_zone.as_deref());
        Self { user, grants, attributes, locale, time_zone, hash }
    }

    /// Who it is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Whether the user has the Admin role.
    pub fn is_admin(&self) -> bool {
        self.grants.contains(&Grant::admin())
    }

    /// Whether a role gives the permission, on whichever model.
    pub fn may(&self, permission: &str) -> bool {
        self.grants.iter().any(|grant| grant.permissions.contain(permission))
    }

    /// Whether a role gives the permission on the model.
    pub fn may_on(&self, permission: &str, model: &str) -> bool {
        let holds = |grant: &Grant| grant.permissions.contain(permission) && grant.models.contain(model);
        self.grants.iter().any(holds)
    }

    /// The value of a user attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(|attribute| attribute.value.as_str())
    }

    /// All user attributes by name.
    pub fn attributes(&self) -> &BTreeMap<String, UserAttribute> {
        &self.attributes
    }

    /// The language and region, `en`.
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// The name of the user's time zone.
    pub fn time_zone(&self) -> Option<&str> {
        self.time_zone.as_deref()
    }

    /// A SHA-256 of all of the above: equal for equal contexts, on every machine and in every run, and different for
    /// different ones.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

fn hash(
    user: UserId,
    grants: &[Grant],
    attributes: &BTreeMap<String, UserAttribute>,
    locale: &str,
    time_zone: Option<&str>,
) -> [u8; 32] {
    let mut canonical = Canonical(Sha256::new());
    canonical.text("belvedere security context 1");
    canonical.number(user.get().cast_unsigned());
    canonical.number(grants.len() as u64);
    for grant in grants {
        canonical.names(&grant.permissions);
        canonical.names(&grant.models);
    }
    canonical.number(attributes.len() as u64);
    for (name, attribute) in attributes {
        canonical.text(name);
        canonical.text(attribute.kind.as_str());
        canonical.text(&attribute.value);
    }
    canonical.text(locale);
    canonical.number(u64::from(time_zone.is_some()));
    canonical.text(time_zone.unwrap_or_default());
    canonical.0.finalize().into()
}

/// A hash over parts that cannot run into each other: each text has its length in front.
struct Canonical(Sha256);

impl Canonical {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn names(&mut self, names: &Names) {
        match names {
            Names::All => self.number(u64::MAX),
            Names::Only(names) => {
                self.number(names.len() as u64);
                for name in names {
                    self.text(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Names {
        Names::Only(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn grant(permissions: &[&str], models: &[&str]) -> Grant {
        Grant { permissions: names(permissions), models: names(models) }
    }

    fn text(value: &str) -> UserAttribute {
        UserAttribute { kind: AttributeKind::String, value: value.to_owned() }
    }

    fn context(grants: Vec<Grant>, attributes: &[(&str, &str)]) -> SecurityContext {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
        SecurityContext::new(UserId::new(1), grants, attributes, "en".to_owned(), None)
    }

    #[test]
    fn a_permission_holds_for_the_models_of_the_role_that_gives_it() {
        let context = context(vec![grant(&["explore"], &["shop"]), grant(&["develop"], &["web"])], &[]);
        assert!(context.may_on("explore", "shop") && context.may_on("develop", "web"));
        assert!(!context.may_on("explore", "web") && !context.may_on("develop", "shop"));
        assert!(context.may("explore") && !context.may("sudo") && !context.is_admin());
    }

    #[test]
    fn an_administrator_may_do_everything_everywhere() {
        let context = context(vec![grant(&["explore"], &["shop"]), Grant::admin()], &[]);
        assert!(context.is_admin() && context.may_on("see_sql", "any model"));
    }

    #[test]
    fn the_hash_does_not_depend_on_the_order_of_roles() {
        let (one, two) = (grant(&["explore"], &["shop"]), grant(&["develop"], &["web"]));
        let there = context(vec![one.clone(), two.clone()], &[]);
        let back = context(vec![two, one.clone(), one], &[]);
        assert_eq!(there.hash(), back.hash());
    }

    #[test]
    fn contexts_that_differ_in_anything_have_different_hashes() {
        let zone = |zone: Option<&str>| {
            SecurityContext::new(UserId::new(1), vec![], BTreeMap::new(), "en".to_owned(), zone.map(str::to_owned))
        };
        let advanced = UserAttribute { kind: AttributeKind::AdvancedFilterString, value: "bc".to_owned() };
        let advanced = BTreeMap::from([("a".to_owned(), advanced)]);
        let filter_expression = SecurityContext::new(UserId::new(1), vec![], advanced, "en".to_owned(), None);
        let contexts = [
            context(vec![], &[]),
            context(vec![grant(&[], &[])], &[]),
            context(vec![grant(&["a", "b"], &[])], &[]),
            context(vec![grant(&["a"], &["b"])], &[]),
            context(vec![grant(&["ab"], &[])], &[]),
            context(vec![Grant::admin()], &[]),
            context(vec![], &[("a", "bc")]),
            context(vec![], &[("ab", "c")]),
            context(vec![], &[("a", "b"), ("c", "")]),
            filter_expression,
            zone(Some("")),
            zone(Some("UTC")),
            SecurityContext::new(UserId::new(2), vec![], BTreeMap::new(), "en".to_owned(), None),
            SecurityContext::new(UserId::new(1), vec![], BTreeMap::new(), "de".to_owned(), None),
        ];
        let hashes: BTreeSet<&[u8; 32]> = contexts.iter().map(SecurityContext::hash).collect();
        assert_eq!(hashes.len(), contexts.len());
    }

    #[test]
    fn the_hash_is_the_same_in_every_run() {
        let parts: Vec<u8> = [
            &28u64.to_le_bytes()[..],
            b"belvedere security context 1",
            &1u64.to_le_bytes(),
            &0u64.to_le_bytes(),
            &0u64.to_le_bytes(),
            &2u64.to_le_bytes(),
            b"en",
            &0u64.to_le_bytes(),
            &0u64.to_le_bytes(),
        ]
        .concat();
        assert_eq!(context(vec![], &[]).hash()[..], Sha256::digest(parts)[..]);
    }
}
