//! The rules of the promise: each kind of difference between two documents, and what it does to programs.
//!
//! One table drives the comparison, its messages and `docs/keeping-promises.md`. A rule is either additive (programs
//! that worked go on working) or breaking. Direction decides: what a caller sends may be asked for less strictly, what
//! a caller receives may be given more strictly, and never the other way round.

use std::fmt;

/// What a difference does to a program that relies on what was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It goes on working.
    Additive,
    /// It may fail or compute something else.
    Breaking,
    /// The same, because something is gone; what was deprecated before may go.
    Removing,
}

/// A row of the table.
struct Row {
    id: &'static str,
    effect: Effect,
    /// What happened, with `{name}`, `{before}` and `{after}`.
    says: &'static str,
    /// Why it counts as what it is.
    why: &'static str,
    /// What to do in its place; empty for what is additive.
    instead: &'static str,
}

macro_rules! rules {
    ($($name:ident $effect:ident $id:literal $says:literal $why:literal $instead:literal;)*) => {
        /// A kind of difference between two documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the table says what each of them is")]
        pub enum Rule { $($name,)* }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Rule] = &[$(Rule::$name,)*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Rule::$name => {
                        &Row { id: $id, effect: Effect::$effect, says: $says, why: $why, instead: $instead }
                    })*
                }
            }
        }
    };
}

rules! {
    BaseUrlChanged Breaking "base-url-changed"
        "the base path is `{after}` and no longer `{before}`"
        "Every program has the base path in its configuration or its code."
        "serve the old base path as well: another base path is another version";

    OperationAdded Additive "operation-added"
        "new operation: {after}"
        "Nobody calls it yet." "";
    OperationRemoved Removing "operation-removed"
        "`{name}` is gone; it was {before}"
        "Its callers get 404."
        "keep it; mark it `deprecated` in one release and remove it in a later one";
    OperationRenamed Breaking "operation-renamed"
        "`{name}` is called {after} now; it was {before}"
        "The operationId is the name of the method in every SDK."
        "keep the operationId; only another version may have another name";
    OperationMoved Breaking "operation-moved"
        "`{name}` is at {after} now; it was at {before}"
        "Its callers send the old method to the old path and get 404."
        "serve the old address too, or give the new one an operationId of its own";
    OperationBecameStable Additive "operation-became-stable"
        "`{name}` is stable now; it was {before}"
        "More is promised than before." "";
    OperationDeprecated Additive "operation-deprecated"
        "`{name}` is deprecated now; it was {before}"
        "It goes on working, and tells its callers that a later release may not have it." "";
    OperationUndeprecated Additive "operation-undeprecated"
        "`{name}` is {after} again; it was deprecated"
        "More is promised than before." "";
    PromiseWithdrawn Breaking "promise-withdrawn"
        "`{name}` is only {after} now; it was {before}"
        "Programs were built on what was promised."
        "leave the status as it is, or deprecate the operation";
    StatusChanged Additive "status-changed"
        "`{name}` is {after} now; it was {before}"
        "Nothing was promised before, nothing is promised now." "";
    TokenRequired Breaking "token-required"
        "`{name}` needs a token now"
        "Callers without a token get 401."
        "let calls without a token through, or make another operation";
    TokenNotRequired Additive "token-not-required"
        "`{name}` needs no token any more"
        "A token that is sent does no harm." "";

    ParameterAdded Additive "parameter-added"
        "new parameter `{name}`: {after}"
        "Calls without it mean what they meant." "";
    RequiredParameterAdded Breaking "required-parameter-added"
        "new parameter `{name}` is required: {after}"
        "Every call of today lacks it and is refused."
        "make it optional, with a default that does what was done before";
    ParameterRemoved Removing "parameter-removed"
        "parameter `{name}` is gone; it was {before}"
        "Its value is passed over without a word, or the call is refused."
        "keep it; mark it `deprecated` in one release and remove it in a later one";
    ParameterRenamed Breaking "parameter-renamed"
        "parameter `{name}` is called `{after}` now"
        "The old name is passed over without a word; in SDKs it is an unknown argument."
        "take both names, and mark the old one `deprecated`";
    ParameterMoved Breaking "parameter-moved"
        "parameter `{name}` stands in the {after} now; it stood in the {before}"
        "Callers still send it in the old place."
        "take it in both places";
    ParameterBecameRequired Breaking "parameter-became-required"
        "parameter `{name}` is required now"
        "Calls without it are refused."
        "leave it optional, with the default that it had";
    ParameterBecameOptional Additive "parameter-became-optional"
        "parameter `{name}` is no longer required"
        "Calls with it mean what they meant." "";
    ParameterTypeChanged Breaking "parameter-type-changed"
        "parameter `{name}` is {after} now; it was {before}"
        "Values of the old type are refused or read as something else, and SDKs declare another type."
        "leave the type; take the new one as well, or add a parameter";
    ParameterTypeWidened Additive "parameter-type-widened"
        "parameter `{name}` takes {after} now; it took {before}"
        "Every value of the old type is one of the new type." "";
    ParameterFormatChanged Breaking "parameter-format-changed"
        "parameter `{name}` has the format {after} now; it had {before}"
        "Values in the old format are refused or read as something else."
        "take the old format too";
    ParameterFormatWidened Additive "parameter-format-widened"
        "parameter `{name}` takes the format {after} now; it took {before}"
        "Every value in the old format is one in the new." "";
    ParameterValueRemoved Breaking "parameter-value-removed"
        "parameter `{name}` no longer takes {before}"
        "Calls with these values are refused."
        "go on taking them";
    ParameterValueAdded Additive "parameter-value-added"
        "parameter `{name}` also takes {after}"
        "The values of today mean what they meant." "";
    ParameterDefaultChanged Breaking "parameter-default-changed"
        "without parameter `{name}` the value is {after} now; it was {before}"
        "Calls without it do something else, and nothing tells the caller."
        "leave the default";
    ParameterDefaultTold Additive "parameter-default-told"
        "the document tells the default of parameter `{name}`: {after}"
        "It was never told before." "";
    ParameterListChanged Breaking "parameter-list-changed"
        "lists in parameter `{name}` are written as {after} now; they were written as {before}"
        "A list in the old form is read as one item, or as other items."
        "read the old form too";
    ParameterDeprecated Additive "parameter-deprecated"
        "parameter `{name}` is deprecated now"
        "It goes on working." "";
    ParameterUndeprecated Additive "parameter-undeprecated"
        "parameter `{name}` is no longer deprecated"
        "More is promised than before." "";

    RequestBodyAdded Additive "request-body-added"
        "a body may be sent: {after}"
        "Calls without one mean what they meant." "";
    RequiredRequestBodyAdded Breaking "required-request-body-added"
        "a body must be sent now: {after}"
        "Every call of today lacks it and is refused."
        "make the body optional";
    RequestBodyRemoved Breaking "request-body-removed"
        "no body is read any more; it was {before}"
        "What callers send is passed over without a word."
        "go on reading it";
    RequestBodyBecameRequired Breaking "request-body-became-required"
        "the body is required now"
        "Calls without it are refused."
        "leave it optional";
    RequestBodyBecameOptional Additive "request-body-became-optional"
        "the body is no longer required"
        "Calls with it mean what they meant." "";
    RequestBodyTypeChanged Breaking "request-body-type-changed"
        "the body is {after} now; it was {before}"
        "Bodies of the old type are refused or read as something else."
        "take the old type too";
    RequestBodyTypeWidened Additive "request-body-type-widened"
        "the body may be {after} now; it was {before}"
        "Every body of the old type is one of the new type." "";
    RequestContentTypeRemoved Breaking "request-content-type-removed"
        "bodies as {before} are no longer taken"
        "Callers that send them are refused."
        "go on taking them";
    RequestContentTypeAdded Additive "request-content-type-added"
        "bodies as {after} are taken too"
        "The content types of today are taken as before." "";

    SuccessStatusRemoved Breaking "success-status-removed"
        "a call that goes well no longer answers {name}"
        "Programs that look for this status take the call for failed, or read no body."
        "go on answering with it";
    SuccessStatusAdded Additive "success-status-added"
        "a call that goes well may answer {name}: {after}"
        "The statuses of today stay; 2xx is success to HTTP clients." "";
    ErrorStatusRemoved Breaking "error-status-removed"
        "the error {name} is no longer told of"
        "Programs that handle it get another answer for the same mistake."
        "go on answering with it";
    ErrorStatusAdded Additive "error-status-added"
        "a call may fail with {name}"
        "Programs must expect any error status." "";
    ResponseContentTypeRemoved Breaking "response-content-type-removed"
        "answers with {name} no longer come as {before}"
        "Programs that ask for it cannot read the answer."
        "go on giving it";
    ResponseContentTypeAdded Additive "response-content-type-added"
        "answers with {name} also come as {after}"
        "Who does not ask for it does not get it." "";
    ResponseTypeChanged Breaking "response-type-changed"
        "the answer with {name} is {after} now; it was {before}"
        "Programs cannot read it, or miss what they look for."
        "go on answering with the old type; let a new operation answer with the new one";
    ResponseTypeNarrowed Additive "response-type-narrowed"
        "the answer with {name} is always {after} now; it was {before}"
        "Every answer of the new type is one of the old type." "";

    SchemaAdded Additive "schema-added"
        "new type `{name}`"
        "Nothing used it." "";
    SchemaRemoved Removing "schema-removed"
        "type `{name}` is gone"
        "Programs in typed languages name it."
        "keep it as long as an operation with a promise used it";
    SchemaRenamed Breaking "schema-renamed"
        "type `{name}` is called `{after}` now"
        "The wire is the same, but programs in typed languages name the type."
        "keep the name";
    PropertyAdded Additive "property-added"
        "new property `{name}`: {after}"
        "Clients must ignore what they do not know, and calls without it mean what they meant." "";
    PropertyDeprecated Additive "property-deprecated"
        "`{name}` is deprecated now"
        "It goes on working." "";
    PropertyUndeprecated Additive "property-undeprecated"
        "`{name}` is no longer deprecated"
        "More is promised than before." "";

    RequiredRequestPropertyAdded Breaking "required-request-property-added"
        "new property `{name}` is required in requests: {after}"
        "Every request of today lacks it and is refused."
        "make it optional, with a default that does what was done before";
    RequestPropertyRemoved Removing "request-property-removed"
        "`{name}` is no longer read in requests; it was {before}"
        "What callers send is passed over without a word."
        "keep it; mark it `deprecated` in one release and remove it in a later one";
    RequestPropertyRenamed Breaking "request-property-renamed"
        "`{name}` is called `{after}` in requests now"
        "The old name is passed over without a word."
        "read both names, and mark the old one `deprecated`";
    RequestPropertyTypeChanged Breaking "request-property-type-changed"
        "`{name}` must be {after} in requests now; it was {before}"
        "Values of the old type are refused or read as something else."
        "take the old type too, or add a property";
    RequestPropertyTypeWidened Additive "request-property-type-widened"
        "`{name}` may be {after} in requests now; it was {before}"
        "Every value of the old type is one of the new type." "";
    RequestPropertyFormatChanged Breaking "request-property-format-changed"
        "`{name}` must have the format {after} in requests now; it had {before}"
        "Values in the old format are refused or read as something else."
        "take the old format too";
    RequestPropertyFormatWidened Additive "request-property-format-widened"
        "`{name}` may have the format {after} in requests now; it had {before}"
        "Every value in the old format is one in the new." "";
    RequestPropertyValueRemoved Breaking "request-property-value-removed"
        "`{name}` no longer takes {before}"
        "Requests with these values are refused."
        "go on taking them";
    RequestPropertyValueAdded Additive "request-property-value-added"
        "`{name}` also takes {after}"
        "The values of today mean what they meant." "";
    RequestPropertyBecameRequired Breaking "request-property-became-required"
        "`{name}` is required in requests now"
        "Requests without it are refused."
        "leave it optional, with the default that it had";
    RequestPropertyBecameOptional Additive "request-property-became-optional"
        "`{name}` is no longer required in requests"
        "Requests with it mean what they meant." "";
    RequestPropertyNotNullable Breaking "request-property-not-nullable"
        "`{name}` may no longer be null in requests"
        "Requests that clear it with null are refused."
        "go on taking null";
    RequestPropertyBecameNullable Additive "request-property-became-nullable"
        "`{name}` may be null in requests now"
        "The values of today mean what they meant." "";
    RequestPropertyBecameReadOnly Breaking "request-property-became-read-only"
        "`{name}` is read-only now"
        "What callers write is passed over without a word."
        "go on taking it";
    RequestPropertyBecameWritable Additive "request-property-became-writable"
        "`{name}` can be written now"
        "It was passed over before." "";
    RequestPropertyDefaultChanged Breaking "request-property-default-changed"
        "without `{name}` the value is {after} now; it was {before}"
        "Requests without it do something else, and nothing tells the caller."
        "leave the default";
    RequestPropertyDefaultTold Additive "request-property-default-told"
        "the document tells the default of `{name}`: {after}"
        "It was never told before." "";

    ResponsePropertyRemoved Removing "response-property-removed"
        "`{name}` is no longer in answers; it was {before}"
        "Programs that read it find nothing."
        "keep it; mark it `deprecated` in one release and remove it in a later one";
    ResponsePropertyRenamed Breaking "response-property-renamed"
        "`{name}` is called `{after}` in answers now"
        "Programs that read the old name find nothing."
        "give both, and mark the old one `deprecated`";
    ResponsePropertyTypeChanged Breaking "response-property-type-changed"
        "`{name}` is {after} in answers now; it was {before}"
        "Programs compare, compute or decode a value of the old type."
        "leave the type; add a property with the new one";
    ResponsePropertyTypeNarrowed Additive "response-property-type-narrowed"
        "`{name}` is always {after} in answers now; it was {before}"
        "Every value of the new type is one of the old type." "";
    ResponsePropertyFormatChanged Breaking "response-property-format-changed"
        "`{name}` has the format {after} in answers now; it had {before}"
        "Programs decode the old format and fail on the first value that is not in it."
        "leave the format; add a property with the new one";
    ResponsePropertyFormatNarrowed Additive "response-property-format-narrowed"
        "`{name}` always has the format {after} in answers now; it had {before}"
        "Every value in the new format is one in the old." "";
    ResponsePropertyValueRemoved Additive "response-property-value-removed"
        "`{name}` is no longer {before} in answers"
        "Programs that handle these values wait for them in vain, and that is all." "";
    ResponsePropertyValueAdded Additive "response-property-value-added"
        "`{name}` may be {after} in answers"
        "Clients must expect words that they do not know." "";
    ResponsePropertyBecameNullable Breaking "response-property-became-nullable"
        "`{name}` may be null in answers now"
        "Programs use the value without asking, and fail on the first null."
        "give a value always";
    ResponsePropertyNotNullable Additive "response-property-not-nullable"
        "`{name}` is never null in answers now"
        "Who asks for null goes on asking." "";
    ResponsePropertyBecameOptional Breaking "response-property-became-optional"
        "`{name}` may be absent in answers now"
        "Programs use the value without asking, and fail on the first answer without it."
        "give it always";
    ResponsePropertyBecameRequired Additive "response-property-became-required"
        "`{name}` is in every answer now"
        "Who asks whether it is there goes on asking." "";
    ResponsePropertyBecameWriteOnly Breaking "response-property-became-write-only"
        "`{name}` is no longer shown in answers"
        "Programs that read it find nothing."
        "go on showing it";
    ResponsePropertyBecameReadable Additive "response-property-became-readable"
        "`{name}` is shown in answers now"
        "Clients must ignore what they do not know." "";
}

impl Rule {
    /// The rule with this id.
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// The name by which reports, documentation and tests call it.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// What it does to programs.
    pub fn effect(self) -> Effect {
        self.row().effect
    }

    /// Why it counts as what it is, a sentence.
    pub fn why(self) -> &'static str {
        self.row().why
    }

    /// What to do in place of a breaking change, a fragment; empty for additive ones.
    pub fn instead(self) -> &'static str {
        self.row().instead
    }

    /// What happened to a thing, a sentence without its full stop.
    pub fn says(self, name: &str, before: Option<&str>, after: Option<&str>) -> String {
        let mut text = String::new();
        let mut rest = self.row().says;
        while let Some((start, end)) = rest.find('{').zip(rest.find('}')) {
            text.push_str(&rest[..start]);
            text.push_str(match &rest[start + 1..end] {
                "name" => name,
                "before" => before.unwrap_or("nothing"),
                _ => after.unwrap_or("nothing"),
            });
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        text
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_rule_has_an_id_of_its_own_and_says_why() {
        let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert_eq!(Rule::with_id(rule.id()), Some(*rule));
            assert!(rule.why().ends_with('.'), "{rule}");
            assert_eq!(rule.instead().is_empty(), rule.effect() == Effect::Additive, "{rule}");
        }
    }

    #[test]
    fn a_rule_tells_names_and_values() {
        let text = Rule::ParameterTypeChanged.says("limit", Some("integer"), Some("string"));
        assert_eq!(text, "parameter `limit` is string now; it was integer");
    }
}
