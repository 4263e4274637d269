//! What the operator of this server has decided about operations: which are switched off, which need a permission more,
//! and which are to answer for a time as if they were gone.
//!
//! The decisions are made before a call is authorized and say why, so that whoever is refused knows whom to ask. They
//! stand in the served documents too.

use crate::permission::{self, Permission};
use belvedere_api::{Error, ErrorKind, OPERATIONS, OperationId, Result, SecurityContext};
use belvedere_lookml::suggest::suggest;
use belvedere_versions::Marks;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What an operator has decided, by operation. The default decides nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    switched_off: BTreeMap<OperationId, String>,
    also_required: BTreeMap<OperationId, Permission>,
    browned_out: BTreeMap<OperationId, Vec<String>>,
    gone_for_a_time: Vec<OperationId>,
}

/// A decision about something that the API does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No operation has this id.
    #[error("there is no operation `{name}`{}", DidYouMean(.nearest.as_deref()))]
    NoOperation {
        /// What was given.
        name: String,
        /// The operation whose id is nearest.
        nearest: Option<String>,
    },
    /// No permission has this name.
    #[error("there is no permission `{name}`{}", DidYouMean(.nearest.as_deref()))]
    NoPermission {
        /// What was given.
        name: String,
        /// The permission whose name is nearest.
        nearest: Option<String>,
    },
    /// The operation has no such parameter.
    #[error("the operation `{operation}` has no parameter `{parameter}`{}", DidYouMean(.nearest.as_deref()))]
    NoParameter {
        /// The operation.
        operation: String,
        /// What was given.
        parameter: String,
        /// The parameter whose name is nearest.
        nearest: Option<String>,
    },
}

/// `; did you mean ...?`, if there is something near.
struct DidYouMean<'a>(Option<&'a str>);

impl fmt::Display for DidYouMean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |nearest| write!(f, "; did you mean `{nearest}`?"))
    }
}

impl Policy {
    /// Switches an operation off: every call is refused with this reason.
    pub fn switch_off(&mut self, operation: &str, reason: &str) -> Result<(), PolicyError> {
        self.switched_off.insert(operation_named(operation)?, reason.to_owned());
        Ok(())
    }

    /// Lets an operation require a permission beside those that it requires by itself.
    pub fn also_require(&mut self, operation: &str, permission: &str) -> Result<(), PolicyError> {
        let operation = operation_named(operation)?;
        let permission = Permission::parse(permission).ok_or_else(|| PolicyError::NoPermission {
            name: permission.to_owned(),
            nearest: nearest(permission, Permission::ALL.iter().map(|permission| permission.as_str())),
        })?;
        self.also_required.insert(operation, permission);
        Ok(())
    }

    /// Lets an operation (`vector_thumbnail`) or a parameter of one (`all_users.page`) be as if it were gone: the
    /// operation is not found, the parameter is passed over.
    pub fn brown_out(&mut self, what: &str) -> Result<(), PolicyError> {
        let Some((operation, parameter)) = what.split_once('.') else {
            self.gone_for_a_time.push(operation_named(what)?);
            return Ok(());
        };
        let id = operation_named(operation)?;
        let names = || belvedere_api::Operation::of(id).parameters.iter().map(|parameter| parameter.name);
        if !names().any(|name| name == parameter) {
            let nearest = nearest(parameter, names());
            let (operation, parameter) = (operation.to_owned(), parameter.to_owned());
            return Err(PolicyError::NoParameter { operation, parameter, nearest });
        }
        self.browned_out.entry(id).or_default().push(parameter.to_owned());
        Ok(())
    }

    /// Why an operation is switched off, if it is.
    pub fn reason(&self, operation: OperationId) -> Option<&str> {
        self.switched_off.get(&operation).map(String::as_str)
    }

    /// The permission that an operation requires beside its own, if there is one.
    pub fn permission(&self, operation: OperationId) -> Option<Permission> {
        self.also_required.get(&operation).copied()
    }

    /// What the served documents say about it: `x-switched-off` with the reason, `x-also-requires` with the permission,
    /// `x-browned-out` with `true` or the names of parameters.
    pub(crate) fn marks(&self) -> Marks {
        let mut marks = Marks::new();
        let mut mark = |operation: OperationId, key, value| marks.entry(operation).or_default().push((key, value));
        for (operation, reason) in &self.switched_off {
            mark(*operation, "x-switched-off", Value::from(reason.as_str()));
        }
        for (operation, permission) in &self.also_required {
            mark(*operation, "x-also-requires", Value::from(permission.as_str()));
        }
        for (operation, parameters) in &self.browned_out {
            mark(*operation, "x-browned-out", Value::from(parameters.clone()));
        }
        for operation in &self.gone_for_a_time {
            mark(*operation, "x-browned-out", Value::from(true));
        }
        marks
    }

    /// Takes out of a query string the parameters that are to be as if they were gone.
    pub fn pass_over(&self, operation: OperationId, query: &mut Vec<(String, String)>) {
        if let Some(gone) = self.browned_out.get(&operation) {
            query.retain(|(name, _)| !gone.contains(name));
        }
    }

    /// Refuses a call that the operator does not want.
    ///
    /// # Errors
    /// 404 for an operation that is switched off or as if gone, with the reason; as the permission table refuses for a
    /// permission that the caller lacks.
    pub(crate) fn admit(&self, operation: OperationId, security: Option<&SecurityContext>) -> Result<()> {
        let name = operation.as_str();
        if let Some(reason) = self.reason(operation) {
            let message = format!("The operation {name} is switched off on this server: {reason}");
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        if self.gone_for_a_time.contains(&operation) {
            let message = format!("The operation {name} will be removed, and answers for a time as if it were");
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        match self.permission(operation) {
            Some(permission) if !security.is_some_and(|security| security.may(permission.as_str())) => {
                let permission = permission.as_str();
                let message = format!("The operation {name} requires the permission {permission} on this server");
                let kind = match permission::requirement(operation) {
                    Some((_, permission::Refusal::Forbidden)) => ErrorKind::Forbidden,
                    _ => ErrorKind::NotFound,
                };
                Err(Error::new(kind, message))
            }
            _ => Ok(()),
        }
    }
}

fn operation_named(name: &str) -> Result<OperationId, PolicyError> {
    let found = OPERATIONS.iter().find(|operation| operation.name() == name);
    found.map(|operation| operation.id).ok_or_else(|| PolicyError::NoOperation {
        name: name.to_owned(),
        nearest: nearest(name, OPERATIONS.iter().map(belvedere_api::Operation::name)),
    })
}

fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<String> {
    suggest(name, among).map(str::to_owned)
}
