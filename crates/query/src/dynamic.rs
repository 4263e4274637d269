//! `dynamic_fields`: the custom fields and table calculations that a query brings along.

use crate::error::Error;
use belvedere_lookml::model::TierStyle;
use serde_json::{Map, Value};

/// The custom fields and table calculations of a query. Names are checked for their form only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DynamicFields {
    /// Custom dimensions, bins and groups.
    pub dimensions: Vec<CustomDimension>,
    /// Custom measures.
    pub measures: Vec<CustomMeasure>,
    /// Table calculations that are not disabled.
    pub calculations: Vec<TableCalculation>,
    /// Names of disabled table calculations: they may stand among the fields of the query and mean nothing.
    pub disabled: Vec<String>,
}

/// How a custom field or table calculation is called and shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presentation {
    /// The name: key of the column, without a view.
    pub name: String,
    /// `label`
    pub label: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `value_format`
    pub value_format: Option<String>,
    /// `value_format_name`, unless it is `Default formatting`.
    pub value_format_name: Option<String>,
    /// `_kind_hint`: `dimension`, `measure` or `supermeasure`.
    pub kind_hint: Option<String>,
    /// `_type_hint`: the type that the client took it for.
    pub type_hint: Option<String>,
    /// `align`
    pub align: Option<String>,
}

/// A custom dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomDimension {
    /// Name and form.
    pub presentation: Presentation,
    /// What it is made of.
    pub rule: DimensionRule,
}

/// What a custom dimension is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum DimensionRule {
    /// An expression of the Looker expression language.
    Expression(String),
    /// `bin`: a number in steps.
    Bin {
        /// The number.
        field: String,
        /// The lower bounds, ascending.
        bounds: Vec<f64>,
        /// How the steps are called.
        style: TierStyle,
    },
    /// `group_by`: values under labels.
    Group {
        /// The field.
        field: String,
        /// The groups; the first one whose filter passes counts.
        groups: Vec<Group>,
        /// The label of all other values; `None` leaves them as they are.
        otherwise: Option<String>,
    },
}

/// A group of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What its values are called.
    pub label: String,
    /// The filter expression that they pass.
    pub filter: String,
}

/// A custom measure.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomMeasure {
    /// Name and form.
    pub presentation: Presentation,
    /// What is measured.
    pub rule: MeasureRule,
    /// Field and filter expression: all must hold.
    pub filters: Vec<(String, String)>,
    /// A condition in the Looker expression language.
    pub filter_expression: Option<String>,
}

/// What a custom measure measures.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureRule {
    /// A dimension aggregated, or a measure with other filters.
    Field {
        /// `based_on`
        based_on: String,
        /// `type`, as it is written.
        kind: Option<String>,
        /// `percentile`, 0 to 100.
        percentile: Option<f64>,
    },
    /// An expression of the Looker expression language.
    Expression(String),
}

/// A table calculation: evaluated over the rows of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCalculation {
    /// Name and form.
    pub presentation: Presentation,
    /// What is calculated.
    pub formula: Formula,
}

/// What a table calculation calculates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// An expression of the Looker expression language.
    Expression(String),
    /// A shortcut: `calculation_type` with its arguments.
    Shortcut {
        /// `calculation_type`, such as `running_total`.
        calculation_type: String,
        /// `args` as texts: a field first, for some types numbers behind it.
        args: Vec<Option<String>>,
        /// `based_on`, else `source_field`.
        based_on: Option<String>,
    },
}

/// Most custom fields and table calculations of one query.
const MOST_FIELDS: usize = 1000;
/// Most bounds of a bin.
const MOST_BOUNDS: usize = 1000;
/// What names of columns begin with that statements have for themselves.
const RESERVED: &str = "z__";
/// What clients send for `value_format_name` when nothing was chosen.
const DEFAULT_FORMATTING: &str = "Default formatting";

impl DynamicFields {
    /// Reads `dynamic_fields`: a JSON array of objects. Blank texts and `null` are none at all.
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let text = text.unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        let value: Value = serde_json::from_str(text).map_err(|error| mistake(format!("is no JSON: {error}")))?;
        let items = match value {
            Value::Null => return Ok(Self::default()),
            Value::Array(items) => items,
            _ => return Err(mistake("is no JSON array")),
        };
        if items.len() > MOST_FIELDS {
            return Err(mistake(format!("holds more than {MOST_FIELDS} fields")));
        }
        let mut out = Self::default();
        for (index, item) in items.iter().enumerate() {
            let Value::Object(item) = item else {
                return Err(mistake(format!("holds an entry that is no object, the one at {}", index + 1)));
            };
            out.add(&Entry { item, index })?;
        }
        Ok(out)
    }

    fn add(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        match entry.category()? {
            "table_calculation" => self.add_calculation(entry),
            "dimension" => {
                self.dimensions.push(entry.dimension()?);
                Ok(())
            }
            _ => {
                self.measures.push(entry.measure()?);
                Ok(())
            }
        }
    }

    fn add_calculation(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let presentation = entry.presentation("table_calculation")?;
        if entry.item.get("is_disabled").and_then(Value::as_bool) == Some(true) {
            self.disabled.push(presentation.name);
            return Ok(());
        }
        let formula = match (entry.text("calculation_type"), entry.text("expression")) {
            (Some(calculation_type), _) => Formula::Shortcut {
                calculation_type,
                args: entry.arguments().iter().map(plain_text).collect(),
                based_on: entry.text("based_on").or_else(|| entry.text("source_field")),
            },
            (None, Some(expression)) => Formula::Expression(expression),
            (None, None) => return Err(entry.mistake("has neither `expression` nor `calculation_type`")),
        };
        self.calculations.push(TableCalculation { presentation, formula });
        Ok(())
    }

    /// True for the name of a table calculation, disabled or not.
    pub(crate) fn is_calculation(&self, name: &str) -> bool {
        self.calculations.iter().any(|calculation| calculation.presentation.name == name)
            || self.disabled.iter().any(|disabled| disabled == name)
    }
}

/// The words for `category`, which are also the keys of the name.
const CATEGORIES: [&str; 3] = ["table_calculation", "dimension", "measure"];

/// One entry of the array.
struct Entry<'v> {
    item: &'v Map<String, Value>,
    index: usize,
}

impl Entry<'_> {
    /// `category`; older content leaves it out and is known by the key of its name.
    fn category(&self) -> Result<&'static str, Error> {
        let written = self.item.get("category").and_then(Value::as_str);
        let found = match written {
            Some(word) => CATEGORIES.into_iter().find(|category| *category == word),
            None => CATEGORIES.into_iter().find(|category| self.item.get(*category).is_some_and(Value::is_string)),
        };
        found.ok_or_else(|| self.mistake("is neither a table calculation nor a custom dimension or measure"))
    }

    fn presentation(&self, category: &str) -> Result<Presentation, Error> {
        let name = self.text(category).ok_or_else(|| self.mistake(&format!("has no name (`{category}`)")))?;
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name {
            return Err(self.mistake("has a name with characters other than letters, digits and `_`"));
        }
        if name.starts_with(RESERVED) {
            return Err(self.mistake("has a name that begins with `z__`, as columns of the statement's own do"));
        }
        Ok(Presentation {
            name,
            label: self.text("label"),
            description: self.text("description"),
            value_format: self.text("value_format"),
            value_format_name: self.text("value_format_name").filter(|name| name != DEFAULT_FORMATTING),
            kind_hint: self.text("_kind_hint"),
            type_hint: self.text("_type_hint"),
            align: self.text("align"),
        })
    }

    fn dimension(&self) -> Result<CustomDimension, Error> {
        let presentation = self.presentation("dimension")?;
        let rule = match self.text("calculation_type").as_deref() {
            Some("bin") => self.bin()?,
            Some("group_by") => self.group_by()?,
            Some(other) => return Err(self.mistake(&format!("has an unknown `calculation_type`: `{other}`"))),
            None => {
                let expression = self.text("expression");
                DimensionRule::Expression(expression.ok_or_else(|| self.mistake("has no `expression`"))?)
            }
        };
        Ok(CustomDimension { presentation, rule })
    }

    fn measure(&self) -> Result<CustomMeasure, Error> {
        let presentation = self.presentation("measure")?;
        let rule = match (self.text("based_on"), self.text("expression")) {
            (Some(based_on), _) => {
                let percentile = self.item.get("percentile").and_then(number);
                MeasureRule::Field { based_on, kind: self.text("type"), percentile }
            }
            (None, Some(expression)) => MeasureRule::Expression(expression),
            (None, None) => return Err(self.mistake("has neither `based_on` nor `expression`")),
        };
        let filters = match self.item.get("filters") {
            Some(Value::Object(filters)) => {
                let written = filters.iter().filter_map(|(field, value)| Some((field.clone(), plain_text(value)?)));
                written.collect()
            }
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return Err(self.mistake("has `filters` that are no object of field and filter expression")),
        };
        Ok(CustomMeasure { presentation, rule, filters, filter_expression: self.text("filter_expression") })
    }

    /// `[field, size, least, greatest, bounds, style]`
    fn bin(&self) -> Result<DimensionRule, Error> {
        let arguments = self.arguments();
        let at = |index: usize| arguments.get(index).unwrap_or(&Value::Null);
        let style = match plain_text(at(5)).as_deref() {
            None | Some("classic") => TierStyle::Classic,
            Some("interval") => TierStyle::Interval,
            Some("integer") => TierStyle::Integer,
            Some("relational") => TierStyle::Relational,
            Some(other) => return Err(self.mistake(&format!("has an unknown style of bins: `{other}`"))),
        };
        let bounds = match at(4) {
            Value::Array(bounds) if bounds.len() <= MOST_BOUNDS => {
                let bounds: Option<Vec<f64>> = bounds.iter().map(number).collect();
                bounds.ok_or_else(|| self.mistake("has a bound that is no number"))?
            }
            Value::Array(_) => return Err(self.mistake(&format!("has more than {MOST_BOUNDS} bounds"))),
            _ => match (number(at(1)), number(at(2)), number(at(3))) {
                (Some(size), Some(least), Some(greatest)) => self.equal_bounds(size, least, greatest)?,
                _ => return Err(self.mistake("needs a size, a least and a greatest number, or a list of bounds")),
            },
        };
        let mut bounds = bounds;
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        Ok(DimensionRule::Bin { field: self.field_argument()?, bounds, style })
    }

    /// Bounds from `least` on, `size` apart, up to the first one that is not below `greatest`.
    fn equal_bounds(&self, size: f64, least: f64, greatest: f64) -> Result<Vec<f64>, Error> {
        let steps = ((greatest - least) / size).ceil();
        if !(size > 0.0 && steps.is_finite() && steps >= 0.0) {
            return Err(self.mistake("needs a size above 0 and a least number below the greatest"));
        }
        if steps >= MOST_BOUNDS as f64 {
            return Err(self.mistake(&format!("has more than {MOST_BOUNDS} bounds")));
        }
        // Sums of fractions such as 0.1 miss their bound by a little, which shows in labels.
        let rounded = |bound: f64| format!("{bound:.9}").parse().unwrap_or(bound);
        Ok((0..=steps as usize).map(|step| rounded(least + step as f64 * size)).collect())
    }

    /// `[field, [{label, filter}, ...], label of the others]`
    fn group_by(&self) -> Result<DimensionRule, Error> {
        let arguments = self.arguments();
        let Some(Value::Array(groups)) = arguments.get(1) else { return Err(self.mistake("has no list of groups")) };
        let group = |group: &Value| {
            Some(Group {
                label: plain_text(group.get("label")?)?,
                filter: group.get("filter").and_then(plain_text).unwrap_or_default(),
            })
        };
        let groups: Option<Vec<Group>> = groups.iter().map(group).collect();
        let groups = groups.ok_or_else(|| self.mistake("has a group without a `label`"))?;
        let otherwise = arguments.get(2).and_then(plain_text);
        Ok(DimensionRule::Group { field: self.field_argument()?, groups, otherwise })
    }

    fn arguments(&self) -> &[Value] {
        self.item.get("args").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn field_argument(&self) -> Result<String, Error> {
        let field = self.arguments().first().and_then(plain_text).or_else(|| self.text("based_on"));
        field.ok_or_else(|| self.mistake("names no field in `args`"))
    }

    /// A text that is not blank.
    fn text(&self, key: &str) -> Option<String> {
        let text = self.item.get(key)?.as_str()?;
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    fn mistake(&self, message: &str) -> Error {
        let name = CATEGORIES.into_iter().find_map(|category| self.text(category));
        let which = name.map_or_else(|| format!("the entry at {}", self.index + 1), |name| format!("`{name}`"));
        mistake(format!("{which} {message}"))
    }
}

fn mistake(message: impl Into<String>) -> Error {
    Error::DynamicFields { message: message.into() }
}

/// The text of a text or number.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, which clients write as a text.
fn number(value: &Value) -> Option<f64> {
    let number: f64 = plain_text(value)?.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{CustomMeasure, DimensionRule, DynamicFields, Formula, Group, MeasureRule};
    use belvedere_lookml::model::TierStyle;

    fn parsed(text: &str) -> DynamicFields {
        DynamicFields::parse(Some(text)).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn nothing_is_written_in_several_ways() {
        for text in ["", " ", "[]", "null"] {
            assert_eq!(parsed(text), DynamicFields::default());
        }
        assert_eq!(DynamicFields::parse(None), Ok(DynamicFields::default()));
    }

    #[test]
    fn a_category_may_be_left_out() {
        let fields = parsed(
            r#"[{"table_calculation":"a","expression":"1","value_format_name":"Default formatting"},
                {"dimension":"b","expression":"${v.x}","_type_hint":"string"},
                {"measure":"c","based_on":"v.id","type":"count_distinct","expression":""}]"#,
        );
        assert_eq!(fields.calculations[0].formula, Formula::Expression("1".into()));
        assert_eq!(fields.calculations[0].presentation.value_format_name, None);
        assert_eq!(fields.dimensions[0].rule, DimensionRule::Expression("${v.x}".into()));
        assert_eq!(fields.dimensions[0].presentation.type_hint.as_deref(), Some("string"));
        let CustomMeasure { rule, filters, filter_expression, .. } = &fields.measures[0];
        let kind = Some("count_distinct".to_owned());
        assert_eq!(*rule, MeasureRule::Field { based_on: "v.id".into(), kind, percentile: None });
        assert_eq!((filters.len(), filter_expression.as_deref()), (0, None));
    }

    #[test]
    fn disabled_calculations_are_known_by_name_only() {
        let fields = parsed(r#"[{"category":"table_calculation","table_calculation":"a","is_disabled":true}]"#);
        assert!(fields.calculations.is_empty());
        assert!(fields.is_calculation("a"));
    }

    #[test]
    fn shortcuts_keep_their_arguments() {
        let fields = parsed(
            r#"[{"category":"table_calculation","table_calculation":"r","calculation_type":"moving_average",
                 "args":["v.n",2,"3",null],"source_field":"v.n"}]"#,
        );
        let args = [Some("v.n"), Some("2"), Some("3"), None].map(|text| text.map(str::to_owned)).to_vec();
        let based_on = Some("v.n".to_owned());
        let expected = Formula::Shortcut { calculation_type: "moving_average".into(), args, based_on };
        assert_eq!(fields.calculations[0].formula, expected);
    }

    #[test]
    fn equal_bins_reach_the_greatest_number() {
        let bounds = |args: &str| {
            let text = format!(r#"[{{"dimension":"b","calculation_type":"bin","args":{args}}}]"#);
            match DynamicFields::parse(Some(&text)).map(|mut fields| fields.dimensions.remove(0).rule) {
                Ok(DimensionRule::Bin { bounds, style, .. }) => Ok((bounds, style)),
                other => Err(format!("{other:?}")),
            }
        };
        let decades: Vec<f64> = (0..=10).map(|ten| f64::from(ten) * 10.0).collect();
        assert_eq!(bounds(r#"["v.n","10","0","99",null,"classic"]"#), Ok((decades, TierStyle::Classic)));
        assert_eq!(bounds(r#"["v.n","0.1","0","0.3",null,null]"#), Ok((vec![0.0, 0.1, 0.2, 0.3], TierStyle::Classic)));
        assert_eq!(bounds(r#"["v.n",null,null,null,["5","0",5],"integer"]"#), Ok((vec![0.0, 5.0], TierStyle::Integer)));
        for wrong in [
            r#"["v.n","0","0","9",null,null]"#,
            r#"["v.n","1e-9","0","9",null,null]"#,
            r#"["v.n","1","9","0",null,null]"#,
            r#"["v.n","NaN","0","9",null,null]"#,
            r#"["v.n",null,null,null,["x"],null]"#,
            r#"["v.n","1","0","9",null,"round"]"#,
            r#"[null,"1","0","9"]"#,
            "[]",
        ] {
            assert!(bounds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn groups_have_labels_and_filters() {
        let fields = parsed(
            r#"[{"category":"dimension","dimension":"g","calculation_type":"group_by",
                 "args":["v.c",[{"label":"Asia","filter":"Japan,China"}],"Other"]}]"#,
        );
        let groups = vec![Group { label: "Asia".into(), filter: "Japan,China".into() }];
        let otherwise = Some("Other".to_owned());
        assert_eq!(fields.dimensions[0].rule, DimensionRule::Group { field: "v.c".into(), groups, otherwise });
    }

    #[test]
    fn mistakes_name_the_field() {
        for (text, message) in [
            ("{", "is no JSON"),
            ("{}", "is no JSON array"),
            ("[1]", "is no object, the one at 1"),
            ("[{}]", "the entry at 1 is neither a table calculation"),
            (r#"[{"category":"x"}]"#, "neither"),
            (r#"[{"dimension":"a"}]"#, "`a` has no `expression`"),
            (r#"[{"dimension":"a b","expression":"1"}]"#, "`a b` has a name with characters"),
            (r#"[{"dimension":"z__key","expression":"1"}]"#, "`z__key` has a name that begins with `z__`"),
            (r#"[{"measure":"m"}]"#, "`m` has neither"),
            (r#"[{"measure":"m","based_on":"v.x","filters":[1]}]"#, "`m` has `filters`"),
            (r#"[{"table_calculation":"t"}]"#, "`t` has neither"),
            (r#"[{"dimension":"a","calculation_type":"sum"}]"#, "unknown `calculation_type`: `sum`"),
        ] {
            let error = DynamicFields::parse(Some(text)).map_err(|error| error.to_string());
            assert!(error.as_ref().is_err_and(|error| error.contains(message)), "{text}: {error:?}");
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(DynamicFields::parse(Some(&deep)).is_err());
    }
}
