//! What the shop sells.

use crate::options::Options;
use crate::people::Gender;
use crate::places::CENTERS;
use crate::random::{Random, Stream};

/// A product. Amounts are in cents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product {
    pub category: &'static Category,
    pub department: Gender,
    pub brand: &'static str,
    pub retail_price: i64,
    pub cost: i64,
    /// Place in [`CENTERS`].
    pub center: usize,
    style: &'static str,
    noun: &'static str,
}

/// A kind of clothing.
#[derive(Debug)]
pub(crate) struct Category {
    pub name: &'static str,
    /// How many products it has, relative to the others.
    weight: u64,
    departments: &'static [Gender],
    season: Season,
    /// Lowest and highest list price in dollars.
    prices: (i64, i64),
    /// How many of 1,000 pieces come back.
    pub returns: u64,
    nouns: &'static [&'static str],
}

/// When a category sells best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Season {
    Any,
    Summer,
    Winter,
}

impl Product {
    /// The product with this number, counted from 0.
    fn new(seed: u64, number: u64) -> Self {
        let mut random = Random::new(seed, Stream::Product, number);
        let category = random.weighted(&CATEGORIES, |category| category.weight);
        let department = random.pick(category.departments);
        let (low, high) = category.prices;
        let dollars = low + random.skewed((high - low) as u64) as i64;
        let retail_price = dollars * 100 + random.pick(&[0, 0, 50, 95, 99]);
        let cost = retail_price * random.between(38, 60) / 100;
        let brand = BRANDS[random.favouring(BRANDS.len() as u64) as usize];
        let center = random.below(CENTERS.len() as u64) as usize;
        let style = random.pick(&STYLES);
        let noun = random.pick(category.nouns);
        Self { category, department, brand, retail_price, cost, center, style, noun }
    }

    /// Name as customers see it.
    pub(crate) fn name(&self) -> String {
        format!("{} {} {}", self.brand, self.style, self.noun)
    }

    /// `Men` or `Women`.
    pub(crate) fn department(&self) -> &'static str {
        match self.department {
            Gender::Female => "Women",
            Gender::Male => "Men",
        }
    }

    fn suits(&self, gender: Option<Gender>, month: i8) -> bool {
        let in_season = match self.category.season {
            Season::Any => true,
            Season::Summer => (4..=8).contains(&month),
            Season::Winter => !(3..=9).contains(&month),
        };
        in_season && gender.is_none_or(|gender| gender == self.department)
    }
}

/// All products; a product's number is its place.
#[derive(Debug)]
pub(crate) struct Catalogue(Vec<Product>);

impl Catalogue {
    pub(crate) fn new(options: &Options) -> Self {
        Self((0..options.products()).map(|number| Product::new(options.seed, number)).collect())
    }

    pub(crate) fn products(&self) -> &[Product] {
        &self.0
    }

    /// The number of a product that someone buys in `month`: old favourites more often than others, and mostly what
    /// suits the buyer and the season.
    pub(crate) fn choose(&self, random: &mut Random, gender: Option<Gender>, month: i8) -> usize {
        let count = self.0.len() as u64;
        let draw = |random: &mut Random| random.favouring(count) as usize;
        let first = draw(random);
        if self.0[first].suits(gender, month) {
            return first;
        }
        let second = draw(random);
        if self.0[second].suits(gender, month) || random.chance(500) { second } else { draw(random) }
    }
}

const BOTH: &[Gender] = &[Gender::Female, Gender::Male];
const WOMEN: &[Gender] = &[Gender::Female];
const MEN: &[Gender] = &[Gender::Male];

const fn category(
    name: &'static str,
    weight: u64,
    departments: &'static [Gender],
    season: Season,
    prices: (i64, i64),
    returns: u64,
    nouns: &'static [&'static str],
) -> Category {
    Category { name, weight, departments, season, prices, returns, nouns }
}

const CATEGORIES: [Category; 20] = [
    category(
        "Accessories",
        110,
        BOTH,
        Season::Any,
        (8, 120),
        50,
        &["Belt", "Beanie", "Scarf", "Cap", "Gloves", "Tote"],
    ),
    category("Active", 90, BOTH, Season::Any, (18, 110), 90, &["Running Tee", "Track Pants", "Training Top", "Shell"]),
    category("Blazers & Jackets", 40, WOMEN, Season::Any, (45, 260), 150, &["Blazer", "Cropped Jacket", "Bolero"]),
    category(
        "Dresses",
        80,
        WOMEN,
        Season::Summer,
        (30, 240),
        210,
        &["Wrap Dress", "Maxi Dress", "Shift Dress", "Gown"],
    ),
    category("Hoodies & Sweatshirts", 90, BOTH, Season::Winter, (25, 120), 80, &["Hoodie", "Crewneck", "Half Zip"]),
    category("Intimates", 90, WOMEN, Season::Any, (10, 80), 60, &["Bralette", "Camisole", "Slip", "Brief Set"]),
    category("Jeans", 90, BOTH, Season::Any, (35, 260), 180, &["Bootcut Jeans", "Straight Jeans", "Skinny Jeans"]),
    category("Leggings", 30, WOMEN, Season::Any, (12, 70), 70, &["Leggings", "Ribbed Leggings", "Jeggings"]),
    category("Outerwear & Coats", 80, BOTH, Season::Winter, (60, 480), 140, &["Parka", "Trench Coat", "Rain Jacket"]),
    category("Pants", 60, MEN, Season::Any, (25, 140), 140, &["Chinos", "Cargo Pants", "Corduroys", "Work Pants"]),
    category("Pants & Capris", 40, WOMEN, Season::Any, (25, 130), 140, &["Capris", "Wide Pants", "Trousers"]),
    category("Plus", 40, WOMEN, Season::Any, (20, 130), 150, &["Tunic", "Swing Top", "Cardigan", "Knit Skirt"]),
    category("Shorts", 80, BOTH, Season::Summer, (15, 90), 100, &["Chino Shorts", "Board Shorts", "Denim Shorts"]),
    category("Skirts", 30, WOMEN, Season::Summer, (20, 120), 150, &["Pencil Skirt", "Midi Skirt", "Pleated Skirt"]),
    category(
        "Sleep & Lounge",
        80,
        BOTH,
        Season::Any,
        (15, 110),
        50,
        &["Pajama Set", "Robe", "Lounge Pants", "Nightshirt"],
    ),
    category("Socks", 60, BOTH, Season::Any, (5, 30), 20, &["Ankle Socks", "Crew Socks", "Wool Socks"]),
    category("Suits & Sport Coats", 40, MEN, Season::Any, (90, 650), 130, &["Two-Piece Suit", "Sport Coat", "Tuxedo"]),
    category("Sweaters", 90, BOTH, Season::Winter, (30, 220), 120, &["Cable Sweater", "Turtleneck", "Merino Pullover"]),
    category("Swim", 90, BOTH, Season::Summer, (18, 130), 160, &["One Piece", "Swim Trunks", "Rash Guard"]),
    category(
        "Tops & Tees",
        110,
        BOTH,
        Season::Any,
        (10, 85),
        90,
        &["V-Neck Tee", "Henley", "Tank Top", "Polo", "Blouse"],
    ),
];

/// The well-known ones first.
const BRANDS: [&str; 56] = [
    "Harborlight",
    "Juniper Drift",
    "Pebble Creek Knits",
    "Garnet Lane",
    "Galehaven",
    "Wrenfield",
    "Overlook",
    "Thistle Down",
    "Alder & Finch",
    "Quillon",
    "Kestrel Works",
    "Longmeadow",
    "Silver Birch",
    "Nightingale",
    "Pinecrest Supply",
    "Inkwell",
    "Calder Mill",
    "Larkrise",
    "Cormorant",
    "Cobalt Yard",
    "Westerly",
    "Anvil Row",
    "Nettle & Twine",
    "Northquay",
    "Foxglove",
    "Heathered",
    "Tallgrass",
    "Stonebridge",
    "Redbank",
    "Candlewood",
    "Rook & Raven",
    "Oatfield",
    "Umber",
    "Dapple Grey",
    "Ember & Ash",
    "Vellum",
    "Copperfield Denim",
    "Fairweather Co",
    "Gullwing",
    "Millstream",
    "Marlowe Street",
    "Dovetail",
    "Barley Lane",
    "Fennimore",
    "Mossgate",
    "Tidewater",
    "Amberline",
    "Bluewick",
    "Bramble & Oak",
    "Cedar Post",
    "Kiln & Loom",
    "Hazel Thorne",
    "Saltmarsh",
    "Brightwater",
    "Fieldstone",
    "Driftwell",
];

const STYLES: [&str; 24] = [
    "Classic",
    "Relaxed",
    "Slim",
    "Everyday",
    "Heritage",
    "Organic Cotton",
    "Brushed",
    "Lightweight",
    "Striped",
    "Navy",
    "Charcoal",
    "Ivory",
    "Forest Green",
    "Rust",
    "Printed",
    "Vintage Wash",
    "Stretch",
    "Soft Knit",
    "Textured",
    "Quilted",
    "Linen Blend",
    "Black",
    "Tailored",
    "Weekend",
];
