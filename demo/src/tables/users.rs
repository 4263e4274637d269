//! The table `users`.

use crate::people::{Gender, Person};
use crate::sales::signups;
use crate::table::ColumnType::{Bigint, Double, Timestamp, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};

pub(super) const TABLE: TableSpec = TableSpec {
    name: "users",
    columns: &[
        Column::required("id", Bigint),
        Column::required("first_name", Varchar),
        Column::required("last_name", Varchar),
        Column::required("email", Varchar),
        Column::nullable("age", Bigint),
        Column::nullable("gender", Varchar),
        Column::required("city", Varchar),
        Column::required("state", Varchar),
        Column::required("zip", Varchar),
        Column::required("country", Varchar),
        Column::required("latitude", Double),
        Column::required("longitude", Double),
        Column::required("traffic_source", Varchar),
        Column::required("created_at", Timestamp),
    ],
    rows: |options| Box::new(Users { seed: options.seed, signups: Box::new(signups(options)), next: 0 }),
};

struct Users {
    seed: u64,
    signups: Box<dyn Iterator<Item = i64> + Send>,
    next: u64,
}

impl RowSource for Users {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        let Some(created) = self.signups.next() else {
            return false;
        };
        let mut person = Person::new(self.seed, self.next);
        let (first, last) = person.name();
        let number = self.next + 1;
        let email = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
        let gender = person.gender.map(|gender| match gender {
            Gender::Female => "Female",
            Gender::Male => "Male",
        });
        row.key(self.next).text(first).text(last).text(email.as_str()).int(person.age).text(gender);
        row.text(person.place.city).text(person.place.state).text(person.zip().as_str()).text(person.place.country);
        let (latitude, longitude) = person.position();
        row.double(latitude).double(longitude).text(person.traffic_source).time(created);
        self.next += 1;
        true
    }
}
