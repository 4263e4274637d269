//! Joins.

use super::field::written_sql;
use super::mistakes::{self, Mistakes};
use super::object::Object;
use super::references::qualified;
use crate::model::{Join, JoinKind, Relationship, View};
use crate::sql::Sql;
use std::sync::Arc;

/// How `object` joins `view` as its name into an explore on `base`.
pub fn resolve(object: &Object, view: &View, base: &str, mistakes: &mut Mistakes) -> Join {
    let declared_kind = object.text("type").and_then(|word| JoinKind::parse(&word.value));
    let declared_relationship = object.text("relationship").and_then(|word| Relationship::parse(&word.value));
    let kind = declared_kind.unwrap_or(JoinKind::LeftOuter);
    let foreign_key = object.text("foreign_key");
    if !object.has("relationship") && foreign_key.is_none() {
        mistakes.add(mistakes::missing_relationship(object.location.clone()));
    }
    let join = Join {
        kind,
        declared_kind,
        relationship: declared_relationship.unwrap_or(Relationship::ManyToOne),
        declared_relationship,
        sql_on: written_sql(object, "sql_on").or_else(|| foreign_key_condition(object, view, base, mistakes)),
        foreign_key: object.string("foreign_key"),
        sql: object.sql("sql"),
        sql_where: written_sql(object, "sql_where"),
        sql_having: written_sql(object, "sql_having"),
        required_joins: object.names("required_joins"),
        from: object.name_of("from"),
        fields: object.list("fields").map(|_| object.strings("fields")),
        view_label: object.string("view_label"),
        outer_only: object.yes("outer_only"),
        required_access_grants: object.names("required_access_grants"),
        location: object.location.clone(),
    };
    let conditioned = join.sql_on.is_some() || join.sql.is_some() || foreign_key.is_some();
    if !conditioned && kind != JoinKind::Cross {
        mistakes.add(mistakes::missing_join_condition(object.location.clone(), &object.name));
    }
    join
}

/// `foreign_key` as a condition: the dimension of the base view equals the joined primary key.
fn foreign_key_condition(object: &Object, view: &View, base: &str, mistakes: &mut Mistakes) -> Option<Sql> {
    let key = object.text("foreign_key")?;
    let Some(primary) = &view.primary_key else {
        mistakes.add(mistakes::missing_primary_key(key.location.clone(), &view.name, &object.name));
        return None;
    };
    let condition = format!("${{{}}} = ${{{}.{primary}}}", qualified(&key.value, base), object.name);
    Some(Sql::new(condition, key.location.clone()))
}

/// The bodies of a join in which `${}` refers to fields.
pub const BODIES: [&str; 5] = ["sql_on", "sql", "sql_where", "sql_having", "sql_foreign_key"];

/// The name of the view that a join brings in.
pub fn view_name(object: &Object) -> Arc<str> {
    object.name_of("from").unwrap_or_else(|| Arc::clone(&object.name))
}
