use belvedere_expressions::filter::{Coordinates, Decimal, DistanceUnit, LocationFilter};

fn number(text: &str) -> Decimal {
    Decimal::parse(text).expect(text)
}

fn at(latitude: &str, longitude: &str) -> Coordinates {
    Coordinates { latitude: number(latitude), longitude: number(longitude) }
}

fn circle(distance: &str, unit: DistanceUnit, center: Coordinates) -> LocationFilter {
    LocationFilter::Circle { center, distance: number(distance), unit }
}

#[test]
fn each_row_of_the_table_of_place_filters_means_what_it_says() {
    let cases = [
        ("36.97, -122.03", LocationFilter::Point(at("36.97", "-122.03"))),
        ("40 miles from 36.97, -122.03", circle("40", DistanceUnit::Miles, at("36.97", "-122.03"))),
        ("1.5 Kilometers FROM 0,0", circle("1.5", DistanceUnit::Kilometers, at("0", "0"))),
        ("10meters from -90,180", circle("10", DistanceUnit::Meters, at("-90", "180"))),
        ("3 feet from 90,-180", circle("3", DistanceUnit::Feet, at("90", "-180"))),
        (
            "inside box from 72.33, -173.14 to 14.39, -61.70",
            LocationFilter::Box { north_west: at("72.33", "-173.14"), south_east: at("14.39", "-61.7") },
        ),
        (
            "INSIDE BOX FROM 10, 170 TO -10, -170",
            LocationFilter::Box { north_west: at("10", "170"), south_east: at("-10", "-170") },
        ),
        (
            "inside box from 85.05, -540 to -85.05, 180",
            LocationFilter::Box { north_west: at("85.05", "-180"), south_east: at("-85.05", "180") },
        ),
        ("NULL", LocationFilter::Null),
        ("null", LocationFilter::Null),
        ("NOT NULL", LocationFilter::NotNull),
        ("-NULL", LocationFilter::NotNull),
        ("", LocationFilter::Anywhere),
        ("  ", LocationFilter::Anywhere),
    ];
    for (text, expected) in cases {
        assert_eq!(LocationFilter::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_place_on_earth_is_refused() {
    let cases = [
        ("90.5, 0", "expected a latitude from -90 to 90, found `90.5`"),
        ("0, 180.5", "expected a longitude from -180 to 180, found `180.5`"),
        ("36.97", "expected `,` and a longitude, but the text ends"),
        ("1 mile from 0,0", "expected `meters`, `feet`, `kilometers` or `miles`, or `,` and a longitude, found `mile`"),
        ("-1 miles from 0,0", "a distance must not be negative"),
        ("1 miles of 0,0", "expected `from` and a point such as `36.97, -122.03`, found `of`"),
        ("0,0,1,1", "expected the end, as places are not listed, found `,`"),
        ("inside box from 0,0", "expected `to` and the south-east corner, but the text ends"),
        ("inside box from 10,-190 to 0,5", "a box with a longitude beyond -180 or 180 reaches around the earth"),
        ("inside box from 10,-541 to 0,5", "expected a longitude from -180 to 180, found `-541`"),
        (
            "inside box from 10,0 to 20,5",
            "the first corner of a box is its north-west one, the second its south-east one",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(LocationFilter::parse(text).expect_err(text).message, message, "{text}");
    }
    assert!(LocationFilter::parse("Berlin").is_err());
}

#[test]
fn distances_convert_to_meters() {
    let in_meters = |unit: DistanceUnit, expected: f64| (unit.in_meters() - expected).abs() < 1e-9;
    assert!(in_meters(DistanceUnit::Meters, 1.0) && in_meters(DistanceUnit::Kilometers, 1000.0));
    assert!(in_meters(DistanceUnit::Feet, 0.3048) && in_meters(DistanceUnit::Miles, 1609.344));
}
