//! Custom fields: fields that the query brings along, made of those of the explore.
//!
//! A custom field is a [`Field`] like any other, so that joins, fan-out, filters and sorts need not know it. It belongs
//! to no view (its `view` is the empty text, and columns show it under the empty alias), but stands at the view of the
//! field that it is made of: there its rows are counted.

use super::formula::{self, CustomFilter, Formula, Wrong};
use super::{FieldAt, Planner};
use crate::context::Access;
use crate::dynamic::{CustomDimension, CustomMeasure, DimensionRule, DynamicFields, Group, MeasureRule, Presentation};
use crate::error::Error;
use crate::expression::Expression;
use belvedere_expressions::looker::{Context, Type};
use belvedere_lookml::diagnostic::Location;
use belvedere_lookml::model::{
    Category, Datatype, Explore, Field, FieldKind, MeasureKind, Model, Number, Time, Timeframe,
};
use std::sync::Arc;

/// The custom fields of a query.
#[derive(Debug, Default)]
pub(super) struct Customs {
    fields: Vec<Custom>,
}

/// Those of a query that has none.
pub(super) static NO_CUSTOMS: Customs = Customs { fields: Vec::new() };

/// A custom field.
#[derive(Debug)]
pub(super) struct Custom {
    /// The view that it stands at.
    pub(super) view: usize,
    pub(super) field: Arc<Field>,
    pub(super) rule: Rule,
}

/// What a custom field is made of. Fields are named as the query names them; whether they are there, and whether the user
/// may see them, turns out when the custom field is used.
#[derive(Debug)]
pub(super) enum Rule {
    /// A dimension by itself.
    Of(String),
    /// Values of a dimension under labels.
    Groups { field: String, groups: Vec<Group>, otherwise: Option<String> },
    /// An expression, or what is wrong with it.
    Expression(Result<Formula, Wrong>),
    /// A dimension aggregated, or a measure, where all of the filters and the condition hold.
    Measure { based_on: String, filters: Vec<(String, String)>, condition: Option<Result<Formula, Wrong>> },
}

impl Customs {
    /// The custom fields of `dynamic` on an explore. Later ones of a name that is taken already, in
    /// any case of its letters, are left out.
    pub(super) fn resolve(
        model: &Model,
        explore: &Explore,
        access: &Access,
        dynamic: &DynamicFields,
    ) -> Result<Self, Error> {
        let mut customs = Self::default();
        let ground = Ground { model, explore, access };
        // An expression can name custom fields that stand behind it: it is tried again when these are there.
        let mut waiting: Vec<&CustomDimension> = dynamic.dimensions.iter().collect();
        for _ in 0..MOST_PASSES {
            let before = waiting.len();
            waiting.retain(|dimension| !customs.add_dimension(ground, dimension, Mistakes::Wait));
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        for dimension in waiting {
            customs.add_dimension(ground, dimension, Mistakes::Keep);
        }
        for measure in &dynamic.measures {
            customs.add_measure(ground, measure)?;
        }
        Ok(customs)
    }

    /// Names of the custom fields.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|custom| custom.field.name.to_string())
    }

    /// The field of this name.
    pub(super) fn find(&self, name: &str) -> Option<FieldAt<'_>> {
        let custom = self.fields.iter().find(|custom| &*custom.field.name == name)?;
        Some(FieldAt { view: custom.view, field: &custom.field })
    }

    /// What a field is made of; `None` for a field of the model.
    pub(super) fn rule(&self, field: &Arc<Field>) -> Option<&Rule> {
        let custom = self.fields.iter().find(|custom| Arc::ptr_eq(&custom.field, field))?;
        Some(&custom.rule)
    }

    fn push(&mut self, view: usize, field: Field, rule: Rule) {
        let is_taken = |custom: &Custom| custom.field.name.to_lowercase() == field.name.to_lowercase();
        if !self.fields.iter().any(is_taken) {
            self.fields.push(Custom { view, field: Arc::new(field), rule });
        }
    }

    /// Adds a dimension; false for one whose expression is wrong and may be right later.
    fn add_dimension(&mut self, ground: Ground<'_>, dimension: &CustomDimension, mistakes: Mistakes) -> bool {
        let explore = ground.explore;
        let presentation = &dimension.presentation;
        let (kind, rule, view) = match &dimension.rule {
            DimensionRule::Bin { field, bounds, style } => {
                let bound = |&value: &f64| Number { text: value.to_string().into(), value };
                let tiers = bounds.iter().map(bound).collect();
                (FieldKind::Tier { tiers, style: *style }, Rule::Of(field.clone()), self.view_of(explore, field))
            }
            DimensionRule::Group { field, groups, otherwise } => {
                let rule = Rule::Groups { field: field.clone(), groups: groups.clone(), otherwise: otherwise.clone() };
                (FieldKind::String, rule, self.view_of(explore, field))
            }
            DimensionRule::Expression(text) => {
                let formula = self.formula(ground, text, Context::CustomDimension);
                if formula.is_err() && mistakes == Mistakes::Wait {
                    return false;
                }
                let kind = formula.as_ref().map_or(FieldKind::String, |formula| kind_of(formula.checked.root.type_));
                let view = self.view_of_formula(explore, &formula);
                (kind, Rule::Expression(formula), view)
            }
        };
        let field = presented(ground.model, presentation, Category::Dimension, kind);
        self.push(view, field, rule);
        true
    }

    fn add_measure(&mut self, ground: Ground<'_>, measure: &CustomMeasure) -> Result<(), Error> {
        let Ground { model, explore, .. } = ground;
        let presentation = &measure.presentation;
        let (field, rule, view) = match &measure.rule {
            MeasureRule::Expression(text) => {
                let formula = self.formula(ground, text, Context::CustomMeasure);
                let kind = match formula.as_ref().map(|formula| formula.checked.root.type_) {
                    Ok(Type::String) => MeasureKind::String,
                    Ok(Type::Yesno) => MeasureKind::Yesno,
                    Ok(Type::Date) => MeasureKind::Date(Timeframe::Date),
                    Ok(Type::DateTime) => MeasureKind::Date(Timeframe::Time),
                    _ => MeasureKind::Number,
                };
                let mut field = presented(model, presentation, Category::Measure, FieldKind::Measure(kind));
                field.convert_tz = Some(false);
                let view = self.view_of_formula(explore, &formula);
                (field, Rule::Expression(formula), view)
            }
            MeasureRule::Field { based_on, kind, percentile } => {
                let condition = measure.filter_expression.as_ref();
                let rule = Rule::Measure {
                    based_on: based_on.clone(),
                    filters: measure.filters.clone(),
                    condition: condition.map(|text| self.formula(ground, text, Context::CustomFilter)),
                };
                let base = self.measure_of_model(explore, based_on);
                let field = if let Some(base) = base {
                    Field { links: Vec::new(), html: None, ..(**base).clone() }
                } else {
                    let kind = aggregate(presentation, kind.as_deref(), *percentile)?;
                    presented(model, presentation, Category::Measure, FieldKind::Measure(kind))
                };
                (named(model, presentation, field), rule, self.view_of(explore, based_on))
            }
        };
        self.push(view, field, rule);
        Ok(())
    }

    fn formula(&self, ground: Ground<'_>, text: &str, context: Context) -> Result<Formula, Wrong> {
        formula::Ground { explore: ground.explore, customs: self, access: ground.access }.read(text, context)
    }

    /// The measure that another is based on, unless that is a dimension.
    fn measure_of_model<'e>(&self, explore: &'e Explore, name: &str) -> Option<&'e Arc<Field>> {
        if self.find(name).is_some() {
            return None;
        }
        explore.field(name).map(|(_, field)| field).filter(|field| field.category == Category::Measure)
    }

    /// The view that a field stands at; the base view for unknown names, which are told when they are used.
    fn view_of(&self, explore: &Explore, name: &str) -> usize {
        if let Some(custom) = self.find(name) {
            return custom.view;
        }
        let Some((view, _)) = explore.field(name) else { return 0 };
        explore.views.iter().position(|other| other.alias == view.alias).unwrap_or(0)
    }

    /// The view of the first field that an expression names.
    fn view_of_formula(&self, explore: &Explore, formula: &Result<Formula, Wrong>) -> usize {
        let first = formula.as_ref().ok().and_then(|formula| formula.names.first());
        first.map_or(0, |name| self.view_of(explore, name))
    }
}

/// So many custom dimensions are looked through for those that name later ones.
const MOST_PASSES: usize = 16;

/// What custom fields are resolved on.
#[derive(Clone, Copy)]
struct Ground<'g> {
    model: &'g Model,
    explore: &'g Explore,
    access: &'g Access,
}

/// What is done with a wrong expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mistakes {
    /// It waits for the fields behind it.
    Wait,
    /// It is told when the field is used.
    Keep,
}

/// The type of a dimension with such values.
fn kind_of(type_: Type) -> FieldKind {
    let time = |timeframe, datatype| FieldKind::Time(Time { timeframe, datatype, convert_tz: false });
    match type_ {
        Type::Number => FieldKind::Number,
        Type::Yesno => FieldKind::Yesno,
        Type::Date => time(Timeframe::Date, Datatype::Date),
        Type::DateTime => time(Timeframe::Time, Datatype::Datetime),
        Type::String | Type::Null | Type::List(_) | Type::Unknown => FieldKind::String,
    }
}

/// `type` of a custom measure that aggregates a dimension.
fn aggregate(presentation: &Presentation, kind: Option<&str>, percentile: Option<f64>) -> Result<MeasureKind, Error> {
    Ok(match kind.unwrap_or("count_distinct") {
        "count" | "count_distinct" => MeasureKind::CountDistinct,
        "sum" => MeasureKind::Sum,
        "average" => MeasureKind::Average,
        "min" => MeasureKind::Min,
        "max" => MeasureKind::Max,
        "median" => MeasureKind::Median,
        "list" => MeasureKind::List,
        "percentile" => MeasureKind::Percentile(percentile.unwrap_or(50.0).clamp(0.0, 100.0)),
        "sum_distinct" => MeasureKind::SumDistinct,
        "average_distinct" => MeasureKind::AverageDistinct,
        other => {
            let message = format!("`{}` has an unknown `type`: `{other}`", presentation.name);
            return Err(Error::DynamicFields { message });
        }
    })
}

fn presented(model: &Model, presentation: &Presentation, category: Category, kind: FieldKind) -> Field {
    let name: Arc<str> = presentation.name.as_str().into();
    named(model, presentation, Field::new(name, "".into(), category, kind, Location::default()))
}

/// A field as the query calls and shows it.
fn named(model: &Model, presentation: &Presentation, field: Field) -> Field {
    let named_format = presentation.value_format_name.as_deref().and_then(|name| model.value_format(name));
    let strict_value_format = named_format.as_ref().map_or(field.strict_value_format, |format| format.strict);
    let named_format = named_format.map(|format| format.value_format);
    let plain = Field::new(
        presentation.name.as_str().into(),
        "".into(),
        field.category,
        field.kind.clone(),
        field.location.clone(),
    );
    let label = presentation.label.clone().unwrap_or(plain.label);
    Field {
        name: plain.name,
        view: plain.view,
        group: None,
        hidden: false,
        group_variant: label.clone(),
        label,
        view_label: None,
        group_label: None,
        description: presentation.description.clone(),
        value_format: presentation.value_format.clone().or(named_format).or(field.value_format),
        value_format_name: presentation.value_format_name.clone().or(field.value_format_name),
        strict_value_format,
        drill_fields: Vec::new(),
        ..field
    }
}

impl<'a> Planner<'a, '_> {
    /// The SQL of a custom dimension, not yet in the form of its type. The field was entered.
    pub(super) fn custom_sql(&mut self, rule: &'a Rule) -> Result<String, Error> {
        match rule {
            Rule::Of(name) => {
                let at = self.dimension_named(name)?;
                self.dimension_reference(at, None)
            }
            Rule::Groups { field, groups, otherwise } => self.grouped(field, groups, otherwise.as_deref()),
            Rule::Expression(Ok(formula)) => Ok(self.formula(formula)?.into_text()),
            Rule::Expression(Err(wrong)) => Err(self.formula_error(wrong)),
            Rule::Measure { .. } => Err(Error::model(self.place(), "is no dimension")),
        }
    }

    fn grouped(&mut self, field: &'a str, groups: &'a [Group], otherwise: Option<&str>) -> Result<String, Error> {
        let at = self.dimension_named(field)?;
        let mut branches = Vec::with_capacity(groups.len());
        for group in groups {
            let condition = self.condition(at, &group.filter)?;
            let condition = condition.map_or_else(|| "TRUE".to_owned(), Expression::into_text);
            branches.push((condition, self.literal(&group.label)?));
        }
        let otherwise = if let Some(label) = otherwise {
            self.literal(label)?
        } else {
            let value = self.selected(at)?;
            self.cx.dialect.text(&value)
        };
        if branches.is_empty() {
            return Ok(otherwise);
        }
        let out = super::dimension::case(&branches, Some(&otherwise));
        self.shared.spend(out.len())?;
        Ok(out)
    }

    /// A custom measure, not yet in the form of its type. The field was entered.
    pub(super) fn custom_measure(
        &mut self,
        at: FieldAt<'a>,
        kind: MeasureKind,
        rule: &'a Rule,
    ) -> Result<Expression, Error> {
        let (based_on, filters, condition) = match rule {
            Rule::Measure { based_on, filters, condition } => (based_on, filters, condition),
            Rule::Expression(Ok(formula)) => return self.formula(formula),
            Rule::Expression(Err(wrong)) => return Err(self.formula_error(wrong)),
            Rule::Of(_) | Rule::Groups { .. } => return Err(Error::model(self.place(), "is no measure")),
        };
        let base = self.find(based_on)?;
        match base.field.category {
            Category::Measure if kind.is_aggregate() => self.aggregate_call(at, kind),
            Category::Measure if filters.is_empty() && condition.is_none() => self.measure(base),
            Category::Measure => {
                let message = format!("a measure of type `{}` takes no filters", super::measure::type_name(kind));
                Err(Error::model(self.place(), message))
            }
            Category::Dimension => self.aggregate_call(at, kind),
            Category::Filter | Category::Parameter => Err(Error::model(
                self.place(),
                format!("is based on `{based_on}`, which is no dimension and no measure"),
            )),
        }
    }

    /// The dimension that a custom measure aggregates, as it is shown; `None` for one that is based on a measure. The
    /// field was entered.
    pub(super) fn custom_argument(&mut self, at: FieldAt<'a>) -> Result<Option<String>, Error> {
        let Some(Rule::Measure { based_on, .. }) = self.customs.rule(at.field) else { return Ok(None) };
        let base = self.find(based_on)?;
        if base.field.category == Category::Measure {
            return Ok(None);
        }
        self.selected(base).map(Some)
    }

    /// The filters of a custom measure. The field was entered.
    pub(super) fn custom_conditions(&mut self, at: FieldAt<'a>) -> Result<Vec<String>, Error> {
        let Some(Rule::Measure { filters, condition, .. }) = self.customs.rule(at.field) else {
            return Ok(Vec::new());
        };
        let mut conditions = Vec::new();
        for (name, value) in filters {
            let filtered = self.dimension_named(name)?;
            conditions.extend(self.condition(filtered, value)?.map(Expression::into_text));
        }
        match condition {
            None => {}
            Some(Err(wrong)) => return Err(self.formula_error(wrong)),
            Some(Ok(formula)) => match self.custom_filter(formula)? {
                CustomFilter::Rows(condition) => conditions.push(condition),
                CustomFilter::Groups(_) => {
                    return Err(Error::model(
                        self.place(),
                        "its `filter_expression` is about rows and names a measure",
                    ));
                }
            },
        }
        Ok(conditions)
    }

    fn dimension_named(&mut self, name: &str) -> Result<FieldAt<'a>, Error> {
        let at = self.find(name)?;
        if at.field.category != Category::Dimension {
            return Err(Error::model(self.place(), format!("`{name}` is no dimension")));
        }
        self.used[at.view] = true;
        Ok(at)
    }
}
