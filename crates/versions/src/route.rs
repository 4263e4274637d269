//! The routes of a version.

use std::collections::{HashMap, HashSet};

use belvedere_api::{Error, FieldError, Layout, Layouts, Method, OPERATIONS, Operation, Parameter, Reply, Result};
use bytes::Bytes;

use crate::answer;
use crate::change::Rewrite;
use crate::edit::Edit;
use crate::version::Version;

/// An operation of a version, and how it is answered.
#[derive(Debug)]
pub struct Route {
    version: &'static Version,
    /// The operationId in the version.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path template below the base path of the version.
    pub path: &'static str,
    /// The operation of the newest version that answers; none when nobody does.
    pub operation: Option<&'static Operation>,
    /// Parameters of the newest version that the version does not have or calls something else: the names of the
    /// version, and those of the newest.
    parameters: HashMap<&'static str, Option<&'static str>>,
    layout: Option<&'static Layout>,
    rewrites: Vec<&'static Rewrite>,
}

/// Every route of a version.
pub(crate) fn all(version: &'static Version) -> Vec<Route> {
    let mut routes: Vec<Route> = named(version);
    let tables = routes.iter().filter_map(|route| route.operation?.answers).map(|table| table());
    let layouts = answer::layouts(version, tables.collect::<Vec<_>>());
    for route in &mut routes {
        route.parameters = parameters(version, route);
        route.layout = route.operation.and_then(|operation| layout(version, &layouts, route.name, operation));
        route.rewrites = route.layout.map(|layout| answer::rewrites(layout, version)).unwrap_or_default();
    }
    routes
}

/// The operations of a version by their names and paths.
fn named(version: &'static Version) -> Vec<Route> {
    let stands = |operation: &&Operation| version.frozen_at().is_none_or(|at| operation.stands_in(at));
    let kept = OPERATIONS.iter().filter(stands);
    let mut routes: Vec<Route> = kept
        .map(|operation| Route::new(version, operation.name(), operation.path, operation, Some(operation)))
        .collect();
    for edit in version.changes().iter().flat_map(|change| change.edits) {
        let known = |routes: &[Route], name: &str| {
            let route = routes.iter().find(|route| route.name == name);
            route.and_then(|route| route.operation)
        };
        match *edit {
            Edit::NoOperations(names) => {
                let names: HashSet<&str> = names.iter().copied().collect();
                routes.retain(|route| !names.contains(route.name));
            }
            Edit::Operation { name, of, path, .. } => {
                let operation = known(&routes, of);
                routes.extend(operation.map(|operation| Route::new(version, name, path, operation, Some(operation))));
            }
            Edit::Lost { name, like, path, .. } => {
                let like = known(&routes, like);
                routes.extend(like.map(|like| Route::new(version, name, path, like, None)));
            }
            _ => {}
        }
    }
    routes
}

/// What is different in the parameters of a route.
fn parameters(version: &Version, route: &Route) -> HashMap<&'static str, Option<&'static str>> {
    let Some(operation) = route.operation else { return HashMap::new() };
    let stands = |release| move |parameter: &&Parameter| !parameter.stands_in(release);
    let later = version.frozen_at().into_iter().flat_map(|at| operation.parameters.iter().filter(stands(at)));
    let mut different: HashMap<_, _> = later.map(|parameter| (parameter.name, None)).collect();
    // An operation under another name has what was done to the one that it is.
    let speaks_of = |name: &str| name == route.name || name == operation.name();
    for edit in version.changes().iter().flat_map(|change| change.edits) {
        match *edit {
            Edit::NoParameters { operation, names } if speaks_of(operation) => {
                different.extend(names.iter().map(|name| (*name, None)));
            }
            Edit::Parameter { operation, name, of, .. } if speaks_of(operation) => {
                different.insert(name, of);
            }
            _ => {}
        }
    }
    different
}

fn layout(version: &Version, layouts: &Layouts, name: &str, operation: &Operation) -> Option<&'static Layout> {
    let table = operation.answers?();
    let own = version.changes().iter().flat_map(|change| change.edits).find_map(|edit| match *edit {
        Edit::Answers { operation, values, .. } if operation == name => Some(values),
        _ => None,
    });
    match own {
        Some(values) if !values.is_empty() => layouts.extended(table, values),
        _ => layouts.get(table),
    }
}

impl Route {
    fn new(
        version: &'static Version,
        name: &'static str,
        path: &'static str,
        like: &Operation,
        operation: Option<&'static Operation>,
    ) -> Self {
        let parameters = HashMap::new();
        Self { version, name, method: like.method, path, operation, parameters, layout: None, rewrites: Vec::new() }
    }

    /// The version.
    pub fn version(&self) -> &'static Version {
        self.version
    }

    /// How the objects of its answer are written; none when it does not answer with objects.
    pub fn layout(&self) -> Option<&'static Layout> {
        self.layout
    }

    /// The query string as the newest version takes it.
    pub(crate) fn upgraded_query(&self, mut query: Vec<(String, String)>) -> Vec<(String, String)> {
        if !self.parameters.is_empty() {
            query.retain_mut(|(name, _)| self.upgrade_name(name));
        }
        for (_, sorts) in query.iter_mut().filter(|(name, _)| name == "sorts") {
            self.upgrade_sorts(sorts);
        }
        query
    }

    /// The body as the newest version takes it.
    pub(crate) fn upgraded_body(&self, body: Bytes) -> Result<Bytes> {
        if body.is_empty() { Ok(body) } else { self.version.bodies().upgraded(self.name, body) }
    }

    /// Gives a parameter its name in the newest version. One that the version does not have says nothing.
    fn upgrade_name(&self, name: &mut String) -> bool {
        let plain = name.split('[').next().unwrap_or_default();
        match self.parameters.get(plain) {
            None => true,
            Some(None) => false,
            Some(Some(newest)) => {
                *name = format!("{newest}{}", &name[plain.len()..]);
                true
            }
        }
    }

    /// Properties to sort by have the names of the version.
    fn upgrade_sorts(&self, sorts: &mut String) {
        let Some(layout) = self.layout else { return };
        let newest = |name: &str| {
            let column = layout.columns().iter().find(|column| column.name == name)?;
            Some(layout.table().properties()[column.of].name())
        };
        let parts = sorts.split(',').map(|part| {
            let name = part.trim_start().split(char::is_whitespace).next().unwrap_or_default();
            match newest(name) {
                Some(newest) if newest != name => part.replacen(name, newest, 1),
                _ => part.to_owned(),
            }
        });
        *sorts = parts.collect::<Vec<_>>().join(",");
    }

    /// The reply as the version gives it.
    pub(crate) fn downgraded(&self, reply: Reply) -> Result<Reply> {
        let mut reply = match (reply, self.layout) {
            (Reply::Json(json), Some(layout)) if !self.rewrites.is_empty() => {
                Reply::Json(answer::rewritten(&json, layout, &self.rewrites)?)
            }
            (Reply::Page { body, window, count, total }, Some(layout)) if !self.rewrites.is_empty() => {
                Reply::Page { body: answer::rewritten(&body, layout, &self.rewrites)?, window, count, total }
            }
            (reply, _) => reply,
        };
        if let Some(operation) = self.operation {
            for change in self.version.changes().iter().filter_map(|change| change.reply) {
                reply = change(operation, reply);
            }
        }
        Ok(reply)
    }

    /// An error that names fields of a request by the names that they have in the version.
    pub(crate) fn renamed(&self, error: Error) -> Error {
        if error.fields().is_empty() {
            return error;
        }
        let bodies = self.version.bodies();
        let rename =
            |field: &FieldError| FieldError { field: bodies.own_name(self.name, &field.field), ..field.clone() };
        let fields = error.fields().iter().map(rename).collect();
        error.with_fields(fields)
    }
}
