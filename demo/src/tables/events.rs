//! The table `events`.

use crate::calendar::MINUTE;
use crate::options::Options;
use crate::people::{Person, traffic_source};
use crate::random::Random;
use crate::sales::{Order, Sales};
use crate::table::ColumnType::{Bigint, Timestamp, Varchar};
use crate::table::{Column, Row, RowSource, TableSpec};
use std::collections::VecDeque;

pub(super) const TABLE: TableSpec = TableSpec {
    name: "events",
    columns: &[
        Column::required("id", Bigint),
        Column::required("session_id", Varchar),
        Column::required("sequence_number", Bigint),
        Column::required("event_type", Varchar),
        Column::nullable("user_id", Bigint),
        Column::nullable("product_id", Bigint),
        Column::required("uri", Varchar),
        Column::required("browser", Varchar),
        Column::required("traffic_source", Varchar),
        Column::required("created_at", Timestamp),
    ],
    rows: |options| Box::new(Events::new(options)),
};

const BROWSERS: [(&str, u64); 5] = [("Chrome", 520), ("Safari", 260), ("Firefox", 90), ("Edge", 90), ("Other", 40)];

/// Visits: some orders are seen to end one, others come by telephone or app; and some visitors only look.
struct Events {
    seed: u64,
    sales: Sales,
    /// What has happened and is not written yet.
    pages: VecDeque<Page>,
    next: u64,
}

/// A page that a visitor opened.
struct Page {
    visit: Visit,
    kind: Kind,
    sequence: i64,
    created: i64,
}

#[derive(Clone, Copy)]
struct Visit {
    session: u64,
    user: Option<u64>,
    browser: &'static str,
    traffic_source: &'static str,
}

#[derive(Clone, Copy)]
enum Kind {
    Home,
    Category(&'static str),
    Product(usize),
    Cart,
    Purchase,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Category(_) => "Category",
            Self::Product(_) => "Product",
            Self::Cart => "Cart",
            Self::Purchase => "Purchase",
        }
    }

    fn uri(self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Category(name) => format!("/category/{}", name.to_lowercase().replace(" & ", "-").replace(' ', "-")),
            Self::Product(number) => format!("/product/{}", number + 1),
            Self::Cart => "/cart".to_owned(),
            Self::Purchase => "/cart/purchase".to_owned(),
        }
    }

    fn product(self) -> Option<u64> {
        match self {
            Self::Product(number) => Some(number as u64),
            _ => None,
        }
    }
}

impl Events {
    fn new(options: &Options) -> Self {
        Self { seed: options.seed, sales: Sales::new(options), pages: VecDeque::new(), next: 0 }
    }

    fn visits_around(&mut self, order: &Order) {
        let mut random = order.random.clone();
        if random.chance(330) {
            self.purchase(&mut random, order);
        }
        if random.chance(400) {
            self.look_around(&mut random, order);
        }
    }

    /// A visit that ends with the order.
    fn purchase(&mut self, random: &mut Random, order: &Order) {
        let visit = self.visit(random, Some(order.user));
        let mut kinds = self.way_in(random, order.items[0].product);
        kinds.extend(order.items.iter().map(|item| Kind::Product(item.product)));
        kinds.extend([Kind::Cart, Kind::Purchase]);
        let pauses: Vec<i64> = kinds.iter().map(|_| random.between(15, 4 * MINUTE)).collect();
        let start = order.created - pauses[1..].iter().sum::<i64>();
        self.open(visit, &kinds, &pauses, start);
    }

    /// A visit, an hour or two before the order, of someone who buys nothing.
    fn look_around(&mut self, random: &mut Random, order: &Order) {
        let user = random.chance(450).then(|| random.below(order.users));
        let visit = self.visit(random, user);
        let products = self.sales.catalogue.products().len() as u64;
        let seen = random.below(4);
        let wanted = random.skewed(products) as usize;
        let mut kinds = self.way_in(random, wanted);
        kinds.extend((0..seen).map(|_| Kind::Product(random.skewed(products) as usize)));
        if seen > 0 && random.chance(300) {
            kinds.push(Kind::Cart);
        }
        let pauses: Vec<i64> = kinds.iter().map(|_| random.between(15, 4 * MINUTE)).collect();
        let start = order.created - random.between(80 * MINUTE, 110 * MINUTE);
        self.open(visit, &kinds, &pauses, start);
    }

    fn visit(&self, random: &mut Random, user: Option<u64>) -> Visit {
        let session = random.bits();
        let browser = random.weighted(&BROWSERS, |(_, weight)| *weight).0;
        let usual = user.filter(|_| random.chance(500)).map(|user| Person::new(self.seed, user).traffic_source);
        Visit { session, user, browser, traffic_source: usual.unwrap_or_else(|| traffic_source(random)) }
    }

    /// What visitors see before the products; never nothing.
    fn way_in(&self, random: &mut Random, product: usize) -> Vec<Kind> {
        let category = Kind::Category(self.sales.catalogue.products()[product].category.name);
        match random.below(10) {
            0..=3 => vec![Kind::Home, category],
            4..=5 => vec![Kind::Home],
            6..=8 => vec![category],
            _ => vec![Kind::Home, category, category],
        }
    }

    fn open(&mut self, visit: Visit, kinds: &[Kind], pauses: &[i64], start: i64) {
        let mut created = start;
        for (index, &kind) in kinds.iter().enumerate() {
            if index > 0 {
                created += pauses[index];
            }
            self.pages.push_back(Page { visit, kind, sequence: index as i64 + 1, created });
        }
    }
}

impl RowSource for Events {
    fn write(&mut self, row: &mut Row<'_>) -> bool {
        while self.pages.is_empty() {
            let Some(order) = self.sales.next() else { return false };
            self.visits_around(&order);
        }
        let Some(Page { visit, kind, sequence, created }) = self.pages.pop_front() else {
            return false;
        };
        row.key(self.next).text(format!("{:016x}", visit.session).as_str()).int(sequence).text(kind.as_str());
        row.key(visit.user).key(kind.product()).text(kind.uri().as_str());
        row.text(visit.browser).text(visit.traffic_source).time(created);
        self.next += 1;
        true
    }
}
