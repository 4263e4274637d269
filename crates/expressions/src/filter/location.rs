//! Filters on places.

use std::cmp::Ordering;

use super::scan::Scanner;
use super::{Decimal, FilterError};

/// A filter on a `location` field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum LocationFilter {
    /// Anything.
    #[default]
    Anywhere,
    /// No place: latitude or longitude is null.
    Null,
    /// Some place.
    NotNull,
    /// This very place: `36.97, -122.03`.
    Point(Coordinates),
    /// At most so far away, along the surface of the earth: `40 miles from 36.97, -122.03`.
    Circle {
        /// Where the distance is measured from.
        center: Coordinates,
        /// How far, not negative.
        distance: Decimal,
        /// In what.
        unit: DistanceUnit,
    },
    /// In a box: `inside box from 72.33, -173.14 to 14.39, -61.70`. Where the west side has a greater longitude than
    /// the east side, the box reaches over the antimeridian.
    Box {
        /// The corner in the north and west.
        north_west: Coordinates,
        /// The corner in the south and east, no further north than the other.
        south_east: Coordinates,
    },
}

/// A place on earth, in degrees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Coordinates {
    /// From -90 in the south to 90 in the north.
    pub latitude: Decimal,
    /// From -180 in the west to 180 in the east.
    pub longitude: Decimal,
}

/// What a distance is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum DistanceUnit {
    Meters,
    Feet,
    Kilometers,
    Miles,
}

/// In the plural only, as in Looker.
const UNITS: [(&str, DistanceUnit); 4] = [
    ("meters", DistanceUnit::Meters),
    ("feet", DistanceUnit::Feet),
    ("kilometers", DistanceUnit::Kilometers),
    ("miles", DistanceUnit::Miles),
];

impl DistanceUnit {
    /// The length of one unit.
    pub fn in_meters(self) -> f64 {
        match self {
            Self::Meters => 1.0,
            Self::Feet => 0.3048,
            Self::Kilometers => 1000.0,
            Self::Miles => 1609.344,
        }
    }
}

impl LocationFilter {
    /// Reads a filter on places. Blank text matches anything; words in any case.
    ///
    /// Fails on any other text than the variants show, `NULL`, `NOT NULL` and `-NULL`, and on degrees that the earth
    /// does not have. There are no lists.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut scanner = Scanner::new(text);
        if scanner.at_end() {
            return Ok(Self::Anywhere);
        }
        let filter = place(&mut scanner)?;
        if scanner.at_end() { Ok(filter) } else { Err(scanner.expected("the end, as places are not listed")) }
    }
}

/// The longitudes of the earth end here, in both directions.
const MOST_LONGITUDE: f64 = 180.0;

/// Those of a map on which the earth stands several times: its view is told in such degrees.
const MOST_OF_A_MAP: f64 = 3.0 * MOST_LONGITUDE;

fn place(scanner: &mut Scanner<'_>) -> Result<LocationFilter, FilterError> {
    if scanner.eat_word("null") {
        return Ok(LocationFilter::Null);
    }
    if scanner.eat_words(&["not", "null"]) || scanner.eat_word("-null") {
        return Ok(LocationFilter::NotNull);
    }
    if scanner.eat_words(&["inside", "box", "from"]) {
        return inside_box(scanner);
    }
    let start = scanner.position();
    let what =
        "a point such as `36.97, -122.03`, `40 miles from` a point, `inside box from` a point `to` a point, or `NULL`";
    let first = Decimal::scan(scanner)?.ok_or_else(|| scanner.expected(what))?;
    let Some((_, unit)) = UNITS.iter().find(|(word, _)| scanner.eat_word(word)) else {
        if scanner.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return Err(scanner.expected("`meters`, `feet`, `kilometers` or `miles`, or `,` and a longitude"));
        }
        scanner.return_to(start);
        return coordinates(scanner, MOST_LONGITUDE).map(LocationFilter::Point);
    };
    if first.is_negative() {
        return Err(FilterError::new(scanner.span_since(start), "a distance must not be negative"));
    }
    if !scanner.eat_word("from") {
        return Err(scanner.expected("`from` and a point such as `36.97, -122.03`"));
    }
    Ok(LocationFilter::Circle { center: coordinates(scanner, MOST_LONGITUDE)?, distance: first, unit: *unit })
}

fn inside_box(scanner: &mut Scanner<'_>) -> Result<LocationFilter, FilterError> {
    let start = scanner.position();
    let mut north_west = coordinates(scanner, MOST_OF_A_MAP)?;
    if !scanner.eat_word("to") {
        return Err(scanner.expected("`to` and the south-east corner"));
    }
    let mut south_east = coordinates(scanner, MOST_OF_A_MAP)?;
    if is_around_the_earth(&north_west.longitude, &south_east.longitude) {
        (north_west.longitude, south_east.longitude) = (Decimal::parse("-180")?, Decimal::parse("180")?);
    }
    let beyond = |corner: &Coordinates| corner.longitude.to_f64().abs() > MOST_LONGITUDE;
    if beyond(&north_west) || beyond(&south_east) {
        let message = "a box with a longitude beyond -180 or 180 reaches around the earth";
        return Err(FilterError::new(scanner.span_since(start), message));
    }
    if north_west.latitude.compare(&south_east.latitude) == Ordering::Less {
        let message = "the first corner of a box is its north-west one, the second its south-east one";
        return Err(FilterError::new(scanner.span_since(start), message));
    }
    Ok(LocationFilter::Box { north_west, south_east })
}

/// Whether a box reaches around the earth, as that of a map does on which the earth stands several times.
fn is_around_the_earth(west: &Decimal, east: &Decimal) -> bool {
    east.to_f64() - west.to_f64() >= 2.0 * MOST_LONGITUDE
}

fn coordinates(scanner: &mut Scanner<'_>, most_longitude: f64) -> Result<Coordinates, FilterError> {
    let latitude = degrees(scanner, "a latitude from -90 to 90", 90.0)?;
    if !scanner.eat(",") {
        return Err(scanner.expected("`,` and a longitude"));
    }
    let longitude = degrees(scanner, "a longitude from -180 to 180", most_longitude)?;
    Ok(Coordinates { latitude, longitude })
}

fn degrees(scanner: &mut Scanner<'_>, what: &str, most: f64) -> Result<Decimal, FilterError> {
    scanner.skip_blanks();
    let start = scanner.position();
    match Decimal::scan(scanner)? {
        Some(degrees) if degrees.to_f64().abs() <= most => Ok(degrees),
        _ => {
            scanner.return_to(start);
            Err(scanner.expected(what))
        }
    }
}
