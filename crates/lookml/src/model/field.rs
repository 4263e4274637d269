//! Fields: dimensions, measures, filters and parameters.

use super::FieldFilter;
use crate::diagnostic::Location;
use crate::sql::Sql;
use indexmap::IndexMap;
use std::sync::Arc;

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// A dimension, or one timeframe or interval of a dimension group.
    Dimension,
    /// A measure.
    Measure,
    /// A filter-only field.
    Filter,
    /// A parameter.
    Parameter,
}

/// A field of a view. Timeframes and intervals of dimension groups are fields of their own.
#[derive(Debug, Clone)]
pub struct Field {
    /// Short name.
    pub name: Arc<str>,
    /// The view that declares it (`original_view`).
    pub view: Arc<str>,
    /// What it is.
    pub category: Category,
    /// `type`, with what belongs to it.
    pub kind: FieldKind,
    /// `sql`. For a dimension that wrote none: `${TABLE}.name`. `None` for counts, parameters, cases and the like.
    pub sql: Option<Sql>,
    /// The dimension group that it comes from.
    pub group: Option<DimensionGroup>,
    /// What it shows of a calendar of one's own: [`Field::sql`] is then the date that is looked up there, and
    /// [`Field::kind`] that of the dimension which is shown.
    pub calendar: Option<Arc<CalendarPeriod>>,
    /// `primary_key`
    pub primary_key: bool,
    /// `hidden`, or the view's `fields_hidden_by_default`.
    pub hidden: bool,
    /// `label`, or the name titleized, as the API's `label_short` (yesno: with ` (Yes / No)`).
    pub label: String,
    /// `view_label` of the field itself.
    pub view_label: Option<String>,
    /// `field_group_label`: `group_label`, or the heading of the dimension group.
    pub group_label: Option<String>,
    /// `field_group_variant`: `group_item_label`, or the timeframe's label, else the label.
    pub group_variant: String,
    /// `label_from_parameter`
    pub label_from_parameter: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `tags`
    pub tags: Vec<String>,
    /// `synonyms`
    pub synonyms: Vec<String>,
    /// `value_format`, or the format behind `value_format_name`.
    pub value_format: Option<String>,
    /// `value_format_name`
    pub value_format_name: Option<String>,
    /// `strict_value_format` of the named format.
    pub strict_value_format: bool,
    /// `html`
    pub html: Option<Sql>,
    /// `link`s
    pub links: Vec<Link>,
    /// `action`s
    pub actions: Vec<Action>,
    /// `drill_fields`, sets and wildcards worked out, unreachable names kept; for measures the view's when it has none.
    /// [`Explore::drill_fields`](super::Explore::drill_fields) gives what is left of it in an explore.
    pub drill_fields: Vec<Arc<str>>,
    /// `filters` of a measure: field (`alias` left out: the measure's own view) and filter expression.
    pub filters: Vec<FieldFilter>,
    /// `sql_distinct_key`
    pub sql_distinct_key: Option<Sql>,
    /// `approximate` of a `count_distinct`.
    pub approximate: bool,
    /// `direction` of running totals and percents of total.
    pub direction: Option<Direction>,
    /// What a measure of type `period_over_period` compares; `None` where a parameter of it is missing.
    pub period_over_period: Option<Arc<PeriodOverPeriod>>,
    /// `datatype` as written; for a measure of type `date` there is no other place.
    pub datatype: Option<Datatype>,
    /// `convert_tz` as written; for a measure of type `date` there is no other place.
    pub convert_tz: Option<bool>,
    /// `order_by_field`, short name or `view.field`.
    pub order_by_field: Option<Arc<str>>,
    /// `required_fields`
    pub required_fields: Vec<Arc<str>>,
    /// `required_access_grants`
    pub required_access_grants: Vec<Arc<str>>,
    /// `can_filter`; `true` unless switched off.
    pub can_filter: bool,
    /// `allow_fill`; `true` unless switched off.
    pub allow_fill: bool,
    /// `case_sensitive` of the field itself.
    pub case_sensitive: Option<bool>,
    /// `suggestable`; `None` when not written.
    pub suggestable: Option<bool>,
    /// `suggestions`: the fixed list.
    pub suggestions: Option<Vec<String>>,
    /// `suggest_dimension`
    pub suggest_dimension: Option<String>,
    /// `suggest_explore`
    pub suggest_explore: Option<String>,
    /// `suggest_persist_for`, as written.
    pub suggest_persist_for: Option<String>,
    /// `full_suggestions`
    pub full_suggestions: bool,
    /// `bypass_suggest_restrictions`
    pub bypass_suggest_restrictions: bool,
    /// `skip_drill_filter`
    pub skip_drill_filter: bool,
    /// `fanout_on`
    pub fanout_on: Option<String>,
    /// `default_value` of a filter or parameter.
    pub default_value: Option<String>,
    /// `allowed_value`s of a parameter.
    pub allowed_values: Vec<AllowedValue>,
    /// `alias`: old short names.
    pub aliases: Vec<Arc<str>>,
    /// `map_layer_name`
    pub map_layer_name: Option<String>,
    /// Where the field is declared.
    pub location: Location,
}

impl Field {
    /// A field with a name and a type, and nothing else: the label is the name titleized.
    pub fn new(name: Arc<str>, view: Arc<str>, category: Category, kind: FieldKind, location: Location) -> Self {
        let label = crate::label::titleize(&name);
        Self {
            name,
            view,
            category,
            kind,
            sql: None,
            group: None,
            calendar: None,
            primary_key: false,
            hidden: false,
            group_variant: label.clone(),
            label,
            view_label: None,
            group_label: None,
            label_from_parameter: None,
            description: None,
            tags: Vec::new(),
            synonyms: Vec::new(),
            value_format: None,
            value_format_name: None,
            strict_value_format: false,
            html: None,
            links: Vec::new(),
            actions: Vec::new(),
            drill_fields: Vec::new(),
            filters: Vec::new(),
            sql_distinct_key: None,
            approximate: false,
            direction: None,
            period_over_period: None,
            datatype: None,
            convert_tz: None,
            order_by_field: None,
            required_fields: Vec::new(),
            required_access_grants: Vec::new(),
            can_filter: true,
            allow_fill: true,
            case_sensitive: None,
            suggestable: None,
            suggestions: None,
            suggest_dimension: None,
            suggest_explore: None,
            suggest_persist_for: None,
            full_suggestions: false,
            bypass_suggest_restrictions: false,
            skip_drill_filter: false,
            fanout_on: None,
            default_value: None,
            allowed_values: Vec::new(),
            aliases: Vec::new(),
            map_layer_name: None,
            location,
        }
    }
}

/// `type` of a field, with the parameters that only this type has.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A dimension, filter or parameter of type `string` (the default).
    String,
    /// `number`
    Number,
    /// `yesno`: the SQL is a condition.
    Yesno,
    /// `zipcode`
    Zipcode,
    /// `unquoted` (parameters).
    Unquoted,
    /// A date or time in one timeframe: a timeframe of a `type: time` group, or `type: date`, `date_time`,
    /// `date_<timeframe>` on a dimension, filter, parameter or measure.
    Time(Time),
    /// An interval of a `type: duration` group, or `type: duration_<interval>`.
    Duration {
        /// The unit that is counted.
        interval: Interval,
        /// `sql_start`
        start: Option<Sql>,
        /// `sql_end`
        end: Option<Sql>,
        /// `datatype` of both ends.
        datatype: Option<Datatype>,
    },
    /// `tier` or `bin`.
    Tier {
        /// Lower bounds, ascending, each with its text as written.
        tiers: Vec<Number>,
        /// `style`
        style: TierStyle,
    },
    /// A dimension with `case`.
    Case {
        /// The branches in order.
        whens: Vec<When>,
        /// `else`
        otherwise: Option<String>,
        /// `alpha_sort`
        alpha_sort: bool,
    },
    /// `location`
    Location {
        /// `sql_latitude`
        latitude: Option<Sql>,
        /// `sql_longitude`
        longitude: Option<Sql>,
    },
    /// `distance`
    Distance {
        /// `start_location_field`
        start: Arc<str>,
        /// `end_location_field`
        end: Arc<str>,
        /// `units`
        units: DistanceUnit,
    },
    /// A measure.
    Measure(MeasureKind),
}

/// `type` of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MeasureKind {
    /// `count`
    Count,
    /// `count_distinct`
    CountDistinct,
    /// `sum`
    Sum,
    /// `average`
    Average,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `median`
    Median,
    /// `percentile`, 0 to 100.
    Percentile(f64),
    /// `sum_distinct`
    SumDistinct,
    /// `average_distinct`
    AverageDistinct,
    /// `median_distinct`
    MedianDistinct,
    /// `percentile_distinct`, 0 to 100.
    PercentileDistinct(f64),
    /// `list`; the field is in [`Field::sql`] as `${list_field}`.
    List,
    /// `number`: the author aggregates.
    Number,
    /// `string`
    String,
    /// `yesno`
    Yesno,
    /// `date`, `date_time`, `date_<timeframe>`
    Date(Timeframe),
    /// `running_total`
    RunningTotal,
    /// `percent_of_total`
    PercentOfTotal,
    /// `percent_of_previous`
    PercentOfPrevious,
    /// `period_over_period`
    PeriodOverPeriod,
}

impl MeasureKind {
    /// True for the types that aggregate rows themselves and so can have `filters`.
    pub const fn is_aggregate(self) -> bool {
        !matches!(
            self,
            Self::Number
                | Self::String
                | Self::Yesno
                | Self::Date(_)
                | Self::RunningTotal
                | Self::PercentOfTotal
                | Self::PercentOfPrevious
        )
    }
}

/// A date or time, cut to a timeframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// What of it is shown.
    pub timeframe: Timeframe,
    /// What the column holds.
    pub datatype: Datatype,
    /// `convert_tz`; `false` also for `datatype` `date` and `yyyymmdd`.
    pub convert_tz: bool,
}

/// `datatype`: what the column of a date or time holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datatype {
    /// `datetime`, the default.
    Datetime,
    /// `timestamp`
    Timestamp,
    /// `date`
    Date,
    /// `epoch`: seconds since 1970.
    Epoch,
    /// `yyyymmdd`: an integer such as 20240131.
    Yyyymmdd,
}

/// A timeframe of a dimension group of type `time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timeframe {
    /// `raw`
    Raw,
    /// `yesno`
    Yesno,
    /// `time`
    Time,
    /// `time_of_day`
    TimeOfDay,
    /// `microsecond`
    Microsecond,
    /// `millisecond`, and `millisecondN` with its N.
    Millisecond(u16),
    /// `second`
    Second,
    /// `minute`, and `minuteN` with its N.
    Minute(u16),
    /// `hour`, and `hourN` with its N.
    Hour(u16),
    /// `hour_of_day`
    HourOfDay,
    /// `date`
    Date,
    /// `week`
    Week,
    /// `day_of_week`
    DayOfWeek,
    /// `day_of_week_index`
    DayOfWeekIndex,
    /// `month`
    Month,
    /// `month_num`
    MonthNum,
    /// `month_name`
    MonthName,
    /// `day_of_month`
    DayOfMonth,
    /// `fiscal_month_num`
    FiscalMonthNum,
    /// `quarter`
    Quarter,
    /// `quarter_of_year`
    QuarterOfYear,
    /// `fiscal_quarter`
    FiscalQuarter,
    /// `fiscal_quarter_of_year`
    FiscalQuarterOfYear,
    /// `year`
    Year,
    /// `day_of_year`
    DayOfYear,
    /// `week_of_year`
    WeekOfYear,
    /// `fiscal_year`
    FiscalYear,
}

/// What the values of a timeframe are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeframeValues {
    /// Yes and no.
    Yesno,
    /// Numbers: a part of a date or time.
    Number,
    /// Texts: the name of a part of a date or time.
    Text,
    /// Days, which may stand for the period that begins with them.
    Day,
    /// Moments.
    Moment,
}

impl Timeframe {
    /// The values of `month_name`, January first.
    pub const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    /// The values of `day_of_week`, Monday first.
    pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// What its values are.
    pub const fn values(self) -> TimeframeValues {
        match self {
            Self::Yesno => TimeframeValues::Yesno,
            Self::HourOfDay
            | Self::DayOfWeekIndex
            | Self::DayOfMonth
            | Self::DayOfYear
            | Self::WeekOfYear
            | Self::MonthNum
            | Self::FiscalMonthNum => TimeframeValues::Number,
            Self::TimeOfDay | Self::DayOfWeek | Self::MonthName | Self::QuarterOfYear | Self::FiscalQuarterOfYear => {
                TimeframeValues::Text
            }
            Self::Date
            | Self::Week
            | Self::Month
            | Self::Quarter
            | Self::FiscalQuarter
            | Self::Year
            | Self::FiscalYear => TimeframeValues::Day,
            Self::Raw
            | Self::Time
            | Self::Microsecond
            | Self::Millisecond(_)
            | Self::Second
            | Self::Minute(_)
            | Self::Hour(_) => TimeframeValues::Moment,
        }
    }
}

/// A unit of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interval {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Whole months.
    Month,
    /// Whole quarters.
    Quarter,
    /// Whole years.
    Year,
}

/// `style` of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TierStyle {
    /// `classic`, the default.
    Classic,
    /// `interval`
    Interval,
    /// `integer`
    Integer,
    /// `relational`
    Relational,
}

/// `units` of a distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DistanceUnit {
    /// Feet.
    Feet,
    /// Kilometers.
    Kilometers,
    /// Meters.
    Meters,
    /// Miles, the default.
    Miles,
    /// Nautical miles.
    NauticalMiles,
    /// Yards.
    Yards,
}

/// `direction` of measures that are computed from the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Across the row.
    Row,
    /// Down the column.
    Column,
}

/// What a measure of type `period_over_period` compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodOverPeriod {
    /// `based_on`: the measure, as `name` or `alias.name`.
    pub based_on: Arc<str>,
    /// `based_on_time`: a time dimension, as `name` or `alias.name`.
    pub based_on_time: Arc<str>,
    /// How far back the other value lies.
    pub period: ComparedPeriod,
    /// `kind`
    pub kind: Comparison,
    /// `value_to_date`
    pub value_to_date: bool,
}

/// How far back the other value of a comparison lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparedPeriod {
    /// `period`: a calendar or fiscal unit from a day up.
    Timeframe(Timeframe),
    /// `custom_calendar_period`: a period of a calendar of one's own.
    Custom(CustomTimeframe),
}

/// A timeframe of a calendar of one's own; the shorter ones are the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomTimeframe {
    /// `custom_date`
    Date,
    /// `custom_week`
    Week,
    /// `custom_period`: what stands for a month.
    Period,
    /// `custom_quarter`
    Quarter,
    /// `custom_season`
    Season,
    /// `custom_year`
    Year,
}

/// `kind` of a comparison of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `previous`, the default: the earlier value itself.
    Previous,
    /// `difference`: by how much the present value is greater.
    Difference,
    /// `relative_change`: the difference as a share of the earlier value.
    RelativeChange,
}

/// A number with the text it was written as.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As written.
    pub text: Arc<str>,
    /// Its value.
    pub value: f64,
}

/// A branch of `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// `sql`
    pub sql: Sql,
    /// `label`
    pub label: String,
}

/// The part of a calendar of one's own that a dimension of a group of `type: custom_calendar` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPeriod {
    /// Which of the calendar's periods.
    pub timeframe: CustomTimeframe,
    /// `based_on_calendar`
    pub calendar: Arc<CalendarDefinition>,
    /// The dimension of the calendar that is shown.
    pub label: Arc<str>,
    /// How the group's date is stored.
    pub time: Time,
}

impl CalendarPeriod {
    /// The dimension of the calendar that orders the periods.
    pub fn ordinal(&self) -> Option<&Arc<str>> {
        self.calendar.ordinals.get(&self.timeframe)
    }
}

/// `calendar_definition` of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDefinition {
    /// The view.
    pub view: Arc<str>,
    /// The dimension of the view with the day of each row; `None` when it names none, which is told there.
    pub reference_date: Option<Arc<str>>,
    /// `timeframe_ordinal_mapping`: the dimension of the view that orders the periods of a length.
    pub ordinals: IndexMap<CustomTimeframe, Arc<str>>,
}

/// The group that a timeframe or interval comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionGroup {
    /// Short name of the group.
    pub name: Arc<str>,
    /// `label` of the group, or its name titleized.
    pub label: String,
}

/// `link`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `label`
    pub label: String,
    /// `url`
    pub url: String,
    /// `icon_url`
    pub icon_url: Option<String>,
}

/// `action`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// `label`
    pub label: String,
    /// `url`
    pub url: String,
    /// `icon_url`
    pub icon_url: Option<String>,
    /// `form_url`
    pub form_url: Option<String>,
    /// `param`s: name and value.
    pub params: Vec<(String, String)>,
    /// `form_param`s
    pub form_params: Vec<FormParam>,
    /// `user_attribute_param`s: user attribute and name in the request.
    pub user_attribute_params: Vec<(String, String)>,
}

/// `form_param` of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormParam {
    /// `name`
    pub name: String,
    /// `label`, or the name.
    pub label: String,
    /// `type`: `string`, `textarea` or `select`.
    pub kind: String,
    /// `required`
    pub required: bool,
    /// `default`
    pub default: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `option`s: what is sent, and its label.
    pub options: Vec<(String, String)>,
}

/// `allowed_value` of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedValue {
    /// `label`, or the value.
    pub label: String,
    /// `value`
    pub value: String,
}
