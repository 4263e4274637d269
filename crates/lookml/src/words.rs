//! The words of LookML's enumerations: from text to value and back.
//!
//! Each enumeration has one table; `parse` and `as_str` read it. Words that are built from parts (`date_week`,
//! `duration_day`, `minute15`) are put together here and nowhere else.

use crate::label;
use crate::model::{
    Category, CustomTimeframe, Datatype, Direction, DistanceUnit, Field, FieldKind, Interval, JoinKind, MeasureKind,
    Relationship, TierStyle, Timeframe, Weekday,
};
use std::borrow::Cow;

/// Gives an enumeration `parse`, `as_str` and the list of its words from one table.
macro_rules! words {
    ($($(#[$doc:meta])* $type:ident: $list:ident { $($word:literal => $value:ident),+ $(,)? })+) => { $(
        $(#[$doc])*
        pub const $list: &[&str] = &[$($word),+];

        impl $type {
            /// The value that `word` names.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)+
                    _ => None,
                }
            }

            /// The word in LookML and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }
    )+ };
}

words! {
    /// Values of a join's `type`.
    JoinKind: JOIN_KINDS {
        "left_outer" => LeftOuter,
        "inner" => Inner,
        "full_outer" => FullOuter,
        "cross" => Cross,
    }
    /// Values of `relationship`.
    Relationship: RELATIONSHIPS {
        "many_to_one" => ManyToOne,
        "one_to_one" => OneToOne,
        "one_to_many" => OneToMany,
        "many_to_many" => ManyToMany,
    }
    /// Values of `week_start_day`.
    Weekday: WEEKDAYS {
        "monday" => Monday,
        "tuesday" => Tuesday,
        "wednesday" => Wednesday,
        "thursday" => Thursday,
        "friday" => Friday,
        "saturday" => Saturday,
        "sunday" => Sunday,
    }
    /// Values of `datatype`.
    Datatype: DATATYPES {
        "datetime" => Datetime,
        "timestamp" => Timestamp,
        "date" => Date,
        "epoch" => Epoch,
        "yyyymmdd" => Yyyymmdd,
    }
    /// Values of a tier's `style`.
    TierStyle: TIER_STYLES {
        "classic" => Classic,
        "interval" => Interval,
        "integer" => Integer,
        "relational" => Relational,
    }
    /// Values of a distance's `units`.
    DistanceUnit: DISTANCE_UNITS {
        "feet" => Feet,
        "kilometers" => Kilometers,
        "meters" => Meters,
        "miles" => Miles,
        "nautical_miles" => NauticalMiles,
        "yards" => Yards,
    }
    /// Values of `direction`.
    Direction: DIRECTIONS {
        "row" => Row,
        "column" => Column,
    }
    /// Values of `custom_timeframes` and `custom_calendar_period`.
    CustomTimeframe: CUSTOM_TIMEFRAMES {
        "custom_date" => Date,
        "custom_week" => Week,
        "custom_period" => Period,
        "custom_quarter" => Quarter,
        "custom_season" => Season,
        "custom_year" => Year,
    }
    /// Values of `intervals`.
    Interval: INTERVALS {
        "second" => Second,
        "minute" => Minute,
        "hour" => Hour,
        "day" => Day,
        "week" => Week,
        "month" => Month,
        "quarter" => Quarter,
        "year" => Year,
    }
}

impl Interval {
    /// Every interval, from short to long: what a group without `intervals` has.
    pub const ALL: [Self; 8] =
        [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word that stands before the group's name: `days` in `days_since_signup`.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Quarter => "quarters",
            Self::Year => "years",
        }
    }
}

impl Category {
    /// The word on the wire (`category` of a field).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Measure => "measure",
            Self::Filter => "filter",
            Self::Parameter => "parameter",
        }
    }
}

/// Every timeframe with its word, in the order of the documentation's classes.
const TIMEFRAMES: &[(&str, Timeframe)] = &[
    ("raw", Timeframe::Raw),
    ("yesno", Timeframe::Yesno),
    ("time", Timeframe::Time),
    ("time_of_day", Timeframe::TimeOfDay),
    ("hour", Timeframe::Hour(1)),
    ("hour_of_day", Timeframe::HourOfDay),
    ("hour2", Timeframe::Hour(2)),
    ("hour3", Timeframe::Hour(3)),
    ("hour4", Timeframe::Hour(4)),
    ("hour6", Timeframe::Hour(6)),
    ("hour8", Timeframe::Hour(8)),
    ("hour12", Timeframe::Hour(12)),
    ("minute", Timeframe::Minute(1)),
    ("minute2", Timeframe::Minute(2)),
    ("minute3", Timeframe::Minute(3)),
    ("minute4", Timeframe::Minute(4)),
    ("minute5", Timeframe::Minute(5)),
    ("minute6", Timeframe::Minute(6)),
    ("minute10", Timeframe::Minute(10)),
    ("minute12", Timeframe::Minute(12)),
    ("minute15", Timeframe::Minute(15)),
    ("minute20", Timeframe::Minute(20)),
    ("minute30", Timeframe::Minute(30)),
    ("second", Timeframe::Second),
    ("millisecond", Timeframe::Millisecond(1)),
    ("millisecond2", Timeframe::Millisecond(2)),
    ("millisecond4", Timeframe::Millisecond(4)),
    ("millisecond5", Timeframe::Millisecond(5)),
    ("millisecond8", Timeframe::Millisecond(8)),
    ("millisecond10", Timeframe::Millisecond(10)),
    ("millisecond20", Timeframe::Millisecond(20)),
    ("millisecond25", Timeframe::Millisecond(25)),
    ("millisecond40", Timeframe::Millisecond(40)),
    ("millisecond50", Timeframe::Millisecond(50)),
    ("millisecond100", Timeframe::Millisecond(100)),
    ("millisecond125", Timeframe::Millisecond(125)),
    ("millisecond200", Timeframe::Millisecond(200)),
    ("millisecond250", Timeframe::Millisecond(250)),
    ("millisecond500", Timeframe::Millisecond(500)),
    ("microsecond", Timeframe::Microsecond),
    ("date", Timeframe::Date),
    ("week", Timeframe::Week),
    ("day_of_week", Timeframe::DayOfWeek),
    ("day_of_week_index", Timeframe::DayOfWeekIndex),
    ("month", Timeframe::Month),
    ("month_num", Timeframe::MonthNum),
    ("month_name", Timeframe::MonthName),
    ("day_of_month", Timeframe::DayOfMonth),
    ("fiscal_month_num", Timeframe::FiscalMonthNum),
    ("quarter", Timeframe::Quarter),
    ("quarter_of_year", Timeframe::QuarterOfYear),
    ("fiscal_quarter", Timeframe::FiscalQuarter),
    ("fiscal_quarter_of_year", Timeframe::FiscalQuarterOfYear),
    ("year", Timeframe::Year),
    ("day_of_year", Timeframe::DayOfYear),
    ("week_of_year", Timeframe::WeekOfYear),
    ("fiscal_year", Timeframe::FiscalYear),
];

/// Values of `timeframes`.
pub const TIMEFRAME_WORDS: &[&str] = &{
    let mut words = [""; TIMEFRAMES.len()];
    let mut index = 0;
    while index < words.len() {
        words[index] = TIMEFRAMES[index].0;
        index += 1;
    }
    words
};

impl Timeframe {
    /// What a group of type `time` without `timeframes` lists.
    pub const DEFAULT: [Self; 19] = [
        Self::Raw,
        Self::Time,
        Self::Date,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::Hour(1),
        Self::Minute(1),
        Self::DayOfMonth,
        Self::DayOfWeek,
        Self::DayOfWeekIndex,
        Self::DayOfYear,
        Self::HourOfDay,
        Self::MonthName,
        Self::MonthNum,
        Self::QuarterOfYear,
        Self::TimeOfDay,
        Self::WeekOfYear,
    ];

    /// Every timeframe there is, each `N` variant included.
    pub fn all() -> impl Iterator<Item = Self> {
        TIMEFRAMES.iter().map(|&(_, timeframe)| timeframe)
    }

    /// The timeframe that `word` names; of the `N` variants only the documented ones.
    pub fn parse(word: &str) -> Option<Self> {
        TIMEFRAMES.iter().find(|&&(known, _)| known == word).map(|&(_, timeframe)| timeframe)
    }

    /// The word in LookML, behind `_` in field names and behind `date_` in the API. A variant with an undocumented
    /// `N` reads as its plain unit.
    pub fn as_str(self) -> &'static str {
        let plain = match self {
            Self::Hour(_) => "hour",
            Self::Minute(_) => "minute",
            Self::Millisecond(_) => "millisecond",
            _ => "",
        };
        TIMEFRAMES.iter().find(|&&(_, known)| known == self).map_or(plain, |&(word, _)| word)
    }

    /// How people read it: `Day of Week`.
    pub fn title(self) -> String {
        label::titleize(self.as_str())
    }

    /// True for the timeframes that need the model's `fiscal_month_offset`.
    pub const fn is_fiscal(self) -> bool {
        matches!(self, Self::FiscalMonthNum | Self::FiscalQuarter | Self::FiscalQuarterOfYear | Self::FiscalYear)
    }

    /// The API's `type` of a dimension in this timeframe: `date_week`, and `yesno` for `yesno`.
    pub fn type_word(self) -> Cow<'static, str> {
        match self {
            Self::Yesno => Cow::Borrowed("yesno"),
            _ => Cow::Owned(format!("date_{}", self.as_str())),
        }
    }

    /// The timeframe of a field of type `word`: `date`, `date_time`, `time` or `date_<timeframe>`.
    pub fn of_type(word: &str) -> Option<Self> {
        match word {
            "date" => Some(Self::Date),
            "time" => Some(Self::Time),
            _ => word.strip_prefix("date_").and_then(Self::parse).filter(|timeframe| *timeframe != Self::Yesno),
        }
    }
}

impl MeasureKind {
    /// The word of `type`.
    pub fn type_word(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Count => "count",
            Self::CountDistinct => "count_distinct",
            Self::Sum => "sum",
            Self::Average => "average",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
            Self::Percentile(_) => "percentile",
            Self::SumDistinct => "sum_distinct",
            Self::AverageDistinct => "average_distinct",
            Self::MedianDistinct => "median_distinct",
            Self::PercentileDistinct(_) => "percentile_distinct",
            Self::List => "list",
            Self::Number => "number",
            Self::String => "string",
            Self::Yesno => "yesno",
            Self::Date(Timeframe::Date) => "date",
            Self::Date(timeframe) => return timeframe.type_word(),
            Self::RunningTotal => "running_total",
            Self::PercentOfTotal => "percent_of_total",
            Self::PercentOfPrevious => "percent_of_previous",
            Self::PeriodOverPeriod => "period_over_period",
        })
    }
}

impl FieldKind {
    /// The API's `type` of a field: `string`, `date_week`, `duration_day`, `tier`, `count_distinct`.
    pub fn type_word(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::String | Self::Case { .. } => "string",
            Self::Number => "number",
            Self::Yesno => "yesno",
            Self::Zipcode => "zipcode",
            Self::Unquoted => "unquoted",
            Self::Time(time) => return time.timeframe.type_word(),
            Self::Duration { interval, .. } => return Cow::Owned(format!("duration_{}", interval.as_str())),
            Self::Tier { .. } => "tier",
            Self::Location { .. } => "location",
            Self::Distance { .. } => "distance",
            Self::Measure(measure) => return measure.type_word(),
        })
    }
}

impl Field {
    /// The API's `type` of the field.
    pub fn type_word(&self) -> Cow<'static, str> {
        self.kind.type_word()
    }
}

#[cfg(test)]
mod tests {
    use super::{DATATYPES, DISTANCE_UNITS, INTERVALS, JOIN_KINDS, RELATIONSHIPS, TIER_STYLES, TIMEFRAMES, WEEKDAYS};
    use crate::model::{
        Datatype, DistanceUnit, FieldKind, Interval, JoinKind, MeasureKind, Relationship, TierStyle, Time, Timeframe,
        Weekday,
    };

    #[test]
    fn every_word_names_the_value_that_gives_it_back() {
        for (word, timeframe) in TIMEFRAMES {
            assert_eq!(Timeframe::parse(word), Some(*timeframe));
            assert_eq!(timeframe.as_str(), *word);
        }
        assert!(JOIN_KINDS.iter().all(|word| JoinKind::parse(word).unwrap().as_str() == *word));
        assert!(RELATIONSHIPS.iter().all(|word| Relationship::parse(word).unwrap().as_str() == *word));
        assert!(WEEKDAYS.iter().all(|word| Weekday::parse(word).unwrap().as_str() == *word));
        assert!(DATATYPES.iter().all(|word| Datatype::parse(word).unwrap().as_str() == *word));
        assert!(TIER_STYLES.iter().all(|word| TierStyle::parse(word).unwrap().as_str() == *word));
        assert!(DISTANCE_UNITS.iter().all(|word| DistanceUnit::parse(word).unwrap().as_str() == *word));
        assert!(INTERVALS.iter().all(|word| Interval::parse(word).unwrap().as_str() == *word));
    }

    #[test]
    fn only_the_documented_parts_of_an_hour_minute_or_second_are_timeframes() {
        let count = |prefix: &str| (1..=1000).filter(|n| Timeframe::parse(&format!("{prefix}{n}")).is_some()).count();
        assert_eq!((count("hour"), count("minute"), count("millisecond")), (6, 10, 14));
        assert_eq!(Timeframe::parse("minute7"), None);
        assert_eq!(Timeframe::parse("hour1"), None);
        assert_eq!(Timeframe::Minute(7).as_str(), "minute");
    }

    #[test]
    fn timeframes_read_as_titles() {
        let title = |word: &str| Timeframe::parse(word).unwrap().title();
        assert_eq!(title("day_of_week"), "Day of Week");
        assert_eq!(title("day_of_week_index"), "Day of Week Index");
        assert_eq!(title("fiscal_quarter_of_year"), "Fiscal Quarter of Year");
        assert_eq!(title("hour6"), "Hour6");
    }

    #[test]
    fn types_are_put_together_from_their_parts() {
        let week = Time { timeframe: Timeframe::Week, datatype: Datatype::Datetime, convert_tz: true };
        assert_eq!(FieldKind::Time(week).type_word(), "date_week");
        assert_eq!(FieldKind::Time(Time { timeframe: Timeframe::Yesno, ..week }).type_word(), "yesno");
        let days = FieldKind::Duration { interval: Interval::Day, start: None, end: None, datatype: None };
        assert_eq!(days.type_word(), "duration_day");
        assert_eq!(MeasureKind::Date(Timeframe::Date).type_word(), "date");
        assert_eq!(MeasureKind::Date(Timeframe::Time).type_word(), "date_time");
        assert_eq!(Timeframe::of_type("date_hour6"), Some(Timeframe::Hour(6)));
        assert_eq!(Timeframe::of_type("date_yesno"), None);
        assert_eq!(Timeframe::of_type("datetime"), None);
    }
}
