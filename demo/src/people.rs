//! Who the customers are.

use crate::places::{PLACES, Place};
use crate::random::{Random, Stream};

/// What is known of a customer; the name comes apart, since only the table of users shows it.
#[derive(Debug)]
pub(crate) struct Person {
    pub gender: Option<Gender>,
    /// Years; `None` when the customer did not tell.
    pub age: Option<i64>,
    pub place: &'static Place,
    pub traffic_source: &'static str,
    /// How readily they order again, 0 to 255.
    pub loyalty: u8,
    random: Random,
    first_names: Gender,
}

/// `gender` of a user, and whom a product is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    Female,
    Male,
}

impl Person {
    /// The customer with this number, counted from 0.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mut random = Random::new(seed, Stream::User, number);
        let loyalty = random.below(256) as u8;
        let first_names = if random.chance(540) { Gender::Female } else { Gender::Male };
        let gender = (!random.chance(30)).then_some(first_names);
        // Two draws from one span make the middle of life more frequent than its ends.
        let age = 14 + random.below(37) as i64 + random.below(31) as i64;
        let age = (!random.chance(20)).then_some(age);
        let place = random.weighted(&PLACES, |place| place.weight);
        let traffic_source = traffic_source(&mut random);
        Self { gender, age, place, traffic_source, loyalty, random, first_names }
    }

    /// First and last name.
    pub(crate) fn name(&mut self) -> (&'static str, &'static str) {
        let first = match self.first_names {
            Gender::Female => self.random.pick(&FEMALE),
            Gender::Male => self.random.pick(&MALE),
        };
        (first, self.random.pick(&LAST))
    }

    /// Postal code within the place.
    pub(crate) fn zip(&mut self) -> String {
        let fill = |pattern: char| match pattern {
            '#' => char::from(b'0' + self.random.below(10) as u8),
            '@' => char::from(self.random.pick(b"ABDEFGHJLNPRSTUWXYZ")),
            other => other,
        };
        self.place.zip.chars().map(fill).collect()
    }

    /// Degrees north and east, within some ten kilometres of the place.
    pub(crate) fn position(&mut self) -> (f64, f64) {
        let mut near = |center: i64| (center + self.random.between(-900, 900)) as f64 / 10_000.0;
        (near(self.place.latitude), near(self.place.longitude))
    }
}

/// What leads a visitor to the shop.
pub(crate) fn traffic_source(random: &mut Random) -> &'static str {
    random.weighted(&TRAFFIC_SOURCES, |(_, weight)| *weight).0
}

const TRAFFIC_SOURCES: [(&str, u64); 5] =
    [("Search", 410), ("Organic", 210), ("Email", 150), ("Facebook", 130), ("Display", 100)];

const FEMALE: [&str; 48] = [
    "Abigail", "Alice", "Amara", "Amelia", "Ana", "Beatriz", "Camille", "Carmen", "Carla", "Chloe", "Clara", "Daniela",
    "Elena", "Elise", "Emma", "Eva", "Fatima", "Freya", "Grace", "Hana", "Hannah", "Ingrid", "Isabel", "Jasmine",
    "Julia", "Kate", "Laura", "Leila", "Lena", "Lucy", "Maria", "Maya", "Mei", "Mia", "Nadia", "Naomi", "Nora",
    "Olivia", "Priya", "Rosa", "Ruth", "Sara", "Sofia", "Tessa", "Vera", "Yuki", "Zara", "Zoe",
];

const MALE: [&str; 48] = [
    "Aaron", "Adam", "Ahmed", "Alex", "Andre", "Anton", "Arjun", "Ben", "Bruno", "Carlos", "Daniel", "David", "Diego",
    "Elias", "Emil", "Ethan", "Felix", "Finn", "Gabriel", "George", "Hugo", "Ian", "Isaac", "Ivan", "Jack", "James",
    "Jonas", "Jose", "Kenji", "Leo", "Liam", "Louis", "Lucas", "Marco", "Mateo", "Max", "Miguel", "Noah", "Omar",
    "Oscar", "Paul", "Peter", "Rafael", "Samuel", "Simon", "Theo", "Tomas", "William",
];

const LAST: [&str; 80] = [
    "Adams", "Ahmed", "Allen", "Almeida", "Andersen", "Bailey", "Baker", "Barros", "Becker", "Bell", "Bennett",
    "Brooks", "Brown", "Campbell", "Carter", "Castro", "Chen", "Clark", "Collins", "Cook", "Costa", "Cruz", "Davis",
    "Diaz", "Dubois", "Edwards", "Evans", "Fischer", "Flores", "Foster", "Fuentes", "Garcia", "Gomez", "Gray", "Green",
    "Haas", "Hall", "Harris", "Hayashi", "Hill", "Hughes", "Ito", "Jackson", "Jensen", "Johnson", "Jones", "Kaya",
    "Kelly", "Kim", "King", "Kowalski", "Lambert", "Lee", "Lopez", "Martin", "Mendes", "Meyer", "Miller", "Moore",
    "Morgan", "Murphy", "Nguyen", "Novak", "Okafor", "Park", "Patel", "Perez", "Phillips", "Reed", "Rivera", "Rossi",
    "Sato", "Schmidt", "Silva", "Singh", "Smith", "Taylor", "Torres", "Walker", "Young",
];
