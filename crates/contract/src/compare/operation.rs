//! What an operation asks for and answers.

use std::fmt::Display;

use super::names::{address, path_names};
use super::relation::{Relation, formats};
use super::{Comparer, Concerned, Direction, Named, promise, renamed};
use crate::change::{Announced, Change, Place};
use crate::document::{Answer, Body, Operation, Parameter, Status, Type, is_success};
use crate::rule::Rule;
use serde_json::Value;

/// The rules for one kind of value.
pub(super) struct Family {
    pub direction: Direction,
    pub type_changed: Rule,
    pub type_fits: Rule,
    pub format_changed: Rule,
    pub format_fits: Rule,
    pub value_removed: Rule,
    pub value_added: Rule,
}

const PARAMETER: Family = Family {
    direction: Direction::Request,
    type_changed: Rule::ParameterTypeChanged,
    type_fits: Rule::ParameterTypeWidened,
    format_changed: Rule::ParameterFormatChanged,
    format_fits: Rule::ParameterFormatWidened,
    value_removed: Rule::ParameterValueRemoved,
    value_added: Rule::ParameterValueAdded,
};

impl Comparer<'_> {
    pub(super) fn operation(&mut self, old: &Operation, new: &Operation) {
        let concerned = Concerned { promise: promise(old.status), callers: Vec::new() };
        let at = Place::Operation(old.id.clone());
        if old.id != new.id {
            let mut change = Change::new(Rule::OperationRenamed, at.clone(), concerned.promise, Announced::No)
                .before(&old.address())
                .after(&format!("`{}` ({})", new.id, new.address()));
            change.note = self.names.note_on_operation(&old.id);
            self.changes.push(change);
        } else if address(old) != address(new) {
            let change = Change::new(Rule::OperationMoved, at.clone(), concerned.promise, Announced::No);
            self.changes.push(change.before(&old.address()).after(&new.address()));
        }
        // What an operation was merged into has a status of its own.
        if old.id == new.id {
            self.status(old, new, &at, &concerned);
        }
        match (old.authenticated, new.authenticated) {
            (false, true) => self.report(Rule::TokenRequired, &at, &concerned),
            (true, false) => self.report(Rule::TokenNotRequired, &at, &concerned),
            _ => {}
        }
        self.parameters(old, new, &concerned);
        self.body(old, new, &concerned);
        self.answers(old, new, &concerned);
    }

    /// A change that needs no more words.
    pub(super) fn report(&mut self, rule: Rule, place: &Place, concerned: &Concerned) {
        self.push(Change::new(rule, place.clone(), concerned.promise, Announced::No), concerned);
    }

    /// A change from one thing to another.
    pub(super) fn report_between(
        &mut self,
        rule: Rule,
        place: &Place,
        concerned: &Concerned,
        before: &dyn Display,
        after: &dyn Display,
    ) {
        let change = Change::new(rule, place.clone(), concerned.promise, Announced::No);
        self.push(change.before(before).after(after), concerned);
    }

    fn status(&mut self, old: &Operation, new: &Operation, at: &Place, concerned: &Concerned) {
        let rule = match (old.status, new.status) {
            (before, after) if before == after => return,
            (_, Status::Deprecated) => Rule::OperationDeprecated,
            (Status::Deprecated, Status::Stable) => Rule::OperationUndeprecated,
            (_, Status::Stable) => Rule::OperationBecameStable,
            (Status::Stable | Status::Deprecated, _) => Rule::PromiseWithdrawn,
            (Status::Beta | Status::Alpha, _) => Rule::StatusChanged,
        };
        self.report_between(rule, at, concerned, &old.status, &new.status);
    }

    fn parameters(&mut self, old: &Operation, new: &Operation, concerned: &Concerned) {
        let became = self.renamed_parameters(old, new);
        for parameter in &old.parameters {
            let at = Place::Parameter(old.id.clone(), parameter.name.clone());
            let renamed = became.get(parameter.name.as_str()).copied();
            let now = new.parameter(renamed.unwrap_or(&parameter.name));
            if let (Some(name), Some(_)) = (renamed, now) {
                self.report_between(Rule::ParameterRenamed, &at, concerned, &parameter.name, &name);
            }
            match now {
                Some(now) => self.parameter(&at, parameter, now, concerned),
                None => self.parameter_removed(&at, old, parameter, concerned),
            }
        }
        for parameter in &new.parameters {
            if old.parameter(&parameter.name).is_none() && !became.values().any(|name| *name == parameter.name) {
                let at = Place::Parameter(old.id.clone(), parameter.name.clone());
                let rule = if parameter.required { Rule::RequiredParameterAdded } else { Rule::ParameterAdded };
                let change = Change::new(rule, at, concerned.promise, Announced::No);
                self.push(change.after(&parameter.ty), concerned);
            }
        }
    }

    /// The parameters that have another name now: those of the path by their place in it, others by what a move says
    /// or by their place in the list.
    fn renamed_parameters<'o>(&self, old: &'o Operation, new: &'o Operation) -> Named<'o, str> {
        let mut became = Named::new();
        let (before, after) = (path_names(old), path_names(new));
        if before.len() == after.len() {
            let pairs = before.into_iter().zip(after);
            became.extend(pairs.filter(|(before, after)| before != after));
        }
        let open = |operation: &'o Operation| -> Named<'o, Parameter> {
            let parameters = operation.parameters.iter().filter(|parameter| parameter.place != "path");
            parameters.map(|parameter| (parameter.name.as_str(), parameter)).collect()
        };
        let (before, after) = (open(old), open(new));
        became.extend(renamed(&before, &after, |before, after| {
            (&before.ty, &before.place, before.required) == (&after.ty, &after.place, after.required)
        }));
        for name in before.keys() {
            if let Some((to, _)) = self.names.parameter(&old.id, name) {
                became.shift_remove(name);
                became.extend(to.and_then(|to| after.get_key_value(to)).map(|(to, _)| (*name, *to)));
            }
        }
        became
    }

    fn parameter_removed(&mut self, at: &Place, old: &Operation, parameter: &Parameter, concerned: &Concerned) {
        let announced = Announced::from(parameter.deprecated || old.status == Status::Deprecated);
        let mut change = Change::new(Rule::ParameterRemoved, at.clone(), concerned.promise, announced);
        change.note = self.names.parameter(&old.id, &parameter.name).and_then(|(_, note)| note.map(str::to_owned));
        self.push(change.before(&parameter.ty), concerned);
    }

    fn parameter(&mut self, at: &Place, old: &Parameter, new: &Parameter, concerned: &Concerned) {
        if old.place != new.place {
            self.report_between(Rule::ParameterMoved, at, concerned, &old.place, &new.place);
        }
        match (old.required, new.required) {
            (false, true) => self.report(Rule::ParameterBecameRequired, at, concerned),
            (true, false) => self.report(Rule::ParameterBecameOptional, at, concerned),
            _ => {}
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => self.report(Rule::ParameterDeprecated, at, concerned),
            (true, false) => self.report(Rule::ParameterUndeprecated, at, concerned),
            _ => {}
        }
        self.value(at, &PARAMETER, &old.ty, &new.ty, concerned);
        let rules = (Rule::ParameterDefaultChanged, Rule::ParameterDefaultTold);
        self.default(at, rules, old.default.as_ref(), new.default.as_ref(), concerned);
        if let (Some(before), Some(after)) = (list_form(old), list_form(new))
            && before != after
        {
            self.report_between(Rule::ParameterListChanged, at, concerned, &before, &after);
        }
    }

    /// Compares what a value may be.
    pub(super) fn value(&mut self, at: &Place, family: &Family, old: &Type, new: &Type, concerned: &Concerned) {
        match self.relation(old, new, family.direction) {
            Relation::Same => {}
            relation if relation.is_harmless(family.direction) => {
                return self.report_between(family.type_fits, at, concerned, &old, &new);
            }
            _ => return self.report_between(family.type_changed, at, concerned, &old, &new),
        }
        let (Some(old), Some(new)) = (old.scalar(), new.scalar()) else { return };
        let relation = formats(old, new);
        if relation != Relation::Same {
            let rule = if relation.is_harmless(family.direction) { family.format_fits } else { family.format_changed };
            let named = |format: &Option<String>| format.clone().unwrap_or_else(|| "any".to_owned());
            self.report_between(rule, at, concerned, &named(&old.format), &named(&new.format));
        }
        self.words(at, family, &old.words, &new.words, concerned);
    }

    fn words(&mut self, at: &Place, family: &Family, old: &[String], new: &[String], concerned: &Concerned) {
        match (old.is_empty(), new.is_empty()) {
            (true, true) => {}
            (true, false) => {
                let others = format!("other values than {}", listed(new));
                self.report_between(family.value_removed, at, concerned, &others, &listed(new));
            }
            (false, true) => self.report_between(family.value_added, at, concerned, &listed(old), &"any other value"),
            (false, false) => {
                let (gone, added) = (missing(old, new), missing(new, old));
                if !gone.is_empty() {
                    self.report_between(family.value_removed, at, concerned, &listed(&gone), &listed(new));
                }
                if !added.is_empty() {
                    self.report_between(family.value_added, at, concerned, &listed(old), &listed(&added));
                }
            }
        }
    }

    /// Compares what counts when a value is absent.
    pub(super) fn default(
        &mut self,
        at: &Place,
        (changed, told): (Rule, Rule),
        old: Option<&Value>,
        new: Option<&Value>,
        concerned: &Concerned,
    ) {
        match (old, new) {
            (None, Some(new)) => self.report_between(told, at, concerned, &"not told", &new),
            (Some(old), Some(new)) if old != new => self.report_between(changed, at, concerned, &old, &new),
            (Some(old), None) => self.report_between(changed, at, concerned, &old, &"not told"),
            _ => {}
        }
    }

    fn body(&mut self, old: &Operation, new: &Operation, concerned: &Concerned) {
        let at = Place::Body(old.id.clone());
        match (&old.body, &new.body) {
            (None, None) => {}
            (None, Some(body)) => {
                let rule = if body.required { Rule::RequiredRequestBodyAdded } else { Rule::RequestBodyAdded };
                let change = Change::new(rule, at, concerned.promise, Announced::No);
                self.push(change.after(&body.ty), concerned);
            }
            (Some(body), None) => {
                let change = Change::new(Rule::RequestBodyRemoved, at, concerned.promise, Announced::No);
                self.push(change.before(&body.ty), concerned);
            }
            (Some(before), Some(after)) => self.bodies(&at, before, after, concerned),
        }
    }

    fn bodies(&mut self, at: &Place, old: &Body, new: &Body, concerned: &Concerned) {
        match (old.required, new.required) {
            (false, true) => self.report(Rule::RequestBodyBecameRequired, at, concerned),
            (true, false) => self.report(Rule::RequestBodyBecameOptional, at, concerned),
            _ => {}
        }
        match self.relation(&old.ty, &new.ty, Direction::Request) {
            Relation::Same => self.in_place(at, &old.ty, &new.ty, Direction::Request, concerned),
            Relation::Widened => {
                self.report_between(Rule::RequestBodyTypeWidened, at, concerned, &old.ty, &new.ty);
            }
            _ => self.report_between(Rule::RequestBodyTypeChanged, at, concerned, &old.ty, &new.ty),
        }
        let (gone, added) = (missing(&old.content, &new.content), missing(&new.content, &old.content));
        if !gone.is_empty() {
            let rule = Rule::RequestContentTypeRemoved;
            self.report_between(rule, at, concerned, &listed(&gone), &listed(&new.content));
        }
        if !added.is_empty() {
            let rule = Rule::RequestContentTypeAdded;
            self.report_between(rule, at, concerned, &listed(&old.content), &listed(&added));
        }
    }

    fn answers(&mut self, old: &Operation, new: &Operation, concerned: &Concerned) {
        for (status, answer) in &old.answers {
            let at = Place::Answer(old.id.clone(), status.clone());
            if let Some(now) = new.answers.get(status) {
                self.answer(&at, answer, now, concerned);
                continue;
            }
            let rule = if is_success(status) { Rule::SuccessStatusRemoved } else { Rule::ErrorStatusRemoved };
            let change = Change::new(rule, at, concerned.promise, Announced::No);
            self.push(change.before(&body_of(answer)), concerned);
        }
        for (status, answer) in new.answers.iter().filter(|(status, _)| !old.answers.contains_key(*status)) {
            let at = Place::Answer(old.id.clone(), status.clone());
            let rule = if is_success(status) { Rule::SuccessStatusAdded } else { Rule::ErrorStatusAdded };
            let change = Change::new(rule, at, concerned.promise, Announced::No);
            self.push(change.after(&body_of(answer)), concerned);
        }
    }

    fn answer(&mut self, at: &Place, old: &Answer, new: &Answer, concerned: &Concerned) {
        let media = |answer: &Answer| answer.content.iter().map(|(media, _)| media.clone()).collect::<Vec<_>>();
        let (before, after) = (media(old), media(new));
        let (gone, added) = (missing(&before, &after), missing(&after, &before));
        if !gone.is_empty() {
            let rule = Rule::ResponseContentTypeRemoved;
            self.report_between(rule, at, concerned, &listed(&gone), &body_of(new));
        }
        if !added.is_empty() {
            let rule = Rule::ResponseContentTypeAdded;
            self.report_between(rule, at, concerned, &body_of(old), &listed(&added));
        }
        // All content types of an answer have one type: the first that both have tells it.
        let kept = old.content.iter().find_map(|(media, ty)| {
            let (_, now) = new.content.iter().find(|(other, _)| other == media)?;
            Some((ty, now))
        });
        let Some((before, after)) = kept else { return };
        match self.relation(before, after, Direction::Response) {
            Relation::Same => self.in_place(at, before, after, Direction::Response, concerned),
            Relation::Narrowed => {
                self.report_between(Rule::ResponseTypeNarrowed, at, concerned, &before, &after);
            }
            _ => self.report_between(Rule::ResponseTypeChanged, at, concerned, &before, &after),
        }
    }

    /// Objects that are described where they are used.
    fn in_place(&mut self, at: &Place, old: &Type, new: &Type, direction: Direction, concerned: &Concerned) {
        if let (Type::Object(old), Type::Object(new)) = (old.innermost(), new.innermost()) {
            let directions = vec![(direction, concerned.clone())];
            self.objects(&at.to_string(), "", old, new, &directions);
        }
    }
}

/// How the list of a parameter is written; none where it is no list.
fn list_form(parameter: &Parameter) -> Option<&'static str> {
    if !matches!(parameter.ty, Type::List(_)) {
        return None;
    }
    Some(match (parameter.style.as_deref(), parameter.explode) {
        (Some("pipeDelimited"), _) => "items separated by bars",
        (Some("spaceDelimited"), _) => "items separated by blanks",
        (Some("form") | None, None | Some(true)) if parameter.place == "query" => "a parameter for each item",
        _ => "items separated by commas",
    })
}

fn body_of(answer: &Answer) -> String {
    match answer.content.first() {
        None => "no body".to_owned(),
        Some((_, ty)) => ty.to_string(),
    }
}

/// What the first list has and the second has not.
fn missing(these: &[String], those: &[String]) -> Vec<String> {
    these.iter().filter(|item| !those.contains(item)).cloned().collect()
}

fn listed(items: &[String]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}
