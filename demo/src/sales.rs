//! The history of the shop: who ordered what, and what became of it.
//!
//! Orders come in the order of time. What one depends on of the past is small: how many users there are, and which
//! pieces of cancelled orders wait on the shelf. So every table that shows a part of the history tells it anew.

use crate::calendar::{Arrivals, Calendar, DAY, HOUR, MINUTE};
use crate::catalogue::Catalogue;
use crate::options::Options;
use crate::people::{Gender, Person};
use crate::places::HOME;
use crate::random::{Random, Stream};
use std::collections::VecDeque;
use std::iter::Peekable;

/// How long an account exists before its first order or visit.
const SETTLING_IN: i64 = 2 * HOUR;

/// Items of an order, and how many of 1,000 orders have them.
const SIZES: [(usize, u64); 4] = [(1, 520), (2, 270), (3, 120), (4, 90)];

/// Percent off the list price, and how many of 1,000 items have it: usually, and while there is a sale.
const DISCOUNTS: [(i64, u64); 6] = [(0, 700), (5, 80), (10, 90), (15, 60), (20, 50), (30, 20)];
const SALE_DISCOUNTS: [(i64, u64); 6] = [(0, 300), (10, 200), (20, 200), (30, 150), (40, 100), (50, 50)];
const SALE_MONTHS: [i8; 3] = [1, 7, 11];

/// An order with all that belongs to it. Times are seconds since 1970.
#[derive(Debug)]
pub(crate) struct Order {
    pub number: u64,
    pub user: u64,
    pub created: i64,
    pub status: Status,
    pub shipped: Option<i64>,
    pub delivered: Option<i64>,
    pub items: Vec<Item>,
    /// Pieces that came into stock with this order in view: what it needed, and some that stay on the shelf.
    pub stocked: Vec<Piece>,
    /// How many users could order or visit at this time; all have lower numbers.
    pub users: u64,
    /// Random numbers for what depends on the order.
    pub random: Random,
}

/// One piece in an order.
#[derive(Debug)]
pub(crate) struct Item {
    pub number: u64,
    pub piece: u64,
    pub product: usize,
    pub status: Status,
    /// Cents.
    pub sale_price: i64,
    pub returned: Option<i64>,
}

/// One piece in stock.
#[derive(Debug)]
pub(crate) struct Piece {
    pub number: u64,
    pub product: usize,
    /// Cents.
    pub cost: i64,
    pub created: i64,
}

/// `status` of an order and of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Processing,
    Shipped,
    Complete,
    Cancelled,
    Returned,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "Processing",
            Self::Shipped => "Shipped",
            Self::Complete => "Complete",
            Self::Cancelled => "Cancelled",
            Self::Returned => "Returned",
        }
    }
}

/// When users sign up, in the order of their numbers. The first does so at the very start, so that there is someone to
/// order.
pub(crate) fn signups(options: &Options) -> impl Iterator<Item = i64> + Send + use<> {
    let calendar = Calendar::of_signups(options);
    let start = calendar.start();
    let arrivals = Arrivals::new(calendar, options.users(), options.seed, Stream::Signup);
    std::iter::once(start).chain(arrivals.skip(1))
}

/// All orders, in the order of time.
pub(crate) struct Sales {
    seed: u64,
    pub catalogue: Catalogue,
    calendar: Calendar,
    arrivals: Arrivals,
    signups: Peekable<Box<dyn Iterator<Item = i64> + Send>>,
    orders: u64,
    users: u64,
    items: u64,
    pieces: u64,
    /// Pieces of cancelled orders.
    shelf: VecDeque<Shelved>,
}

struct Shelved {
    piece: u64,
    product: usize,
    since: i64,
}

/// What happens to a whole order.
struct Fate {
    cancelled: Option<i64>,
    shipped: Option<i64>,
    delivered: Option<i64>,
}

impl Sales {
    pub(crate) fn new(options: &Options) -> Self {
        let calendar = Calendar::of_orders(options);
        let signups: Box<dyn Iterator<Item = i64> + Send> = Box::new(signups(options));
        Self {
            seed: options.seed,
            catalogue: Catalogue::new(options),
            arrivals: Arrivals::new(calendar.clone(), options.orders(), options.seed, Stream::OrderTime),
            calendar,
            signups: signups.peekable(),
            orders: 0,
            users: 0,
            items: 0,
            pieces: 0,
            shelf: VecDeque::new(),
        }
    }

    /// The buyer: someone new, or one of all, the loyal ones more often.
    fn buyer(&self, random: &mut Random) -> u64 {
        if random.chance(350) {
            return self.users - 1 - random.skewed(self.users.div_ceil(8));
        }
        let (one, other) = (random.below(self.users), random.below(self.users));
        let loyalty = |user| Person::new(self.seed, user).loyalty;
        if loyalty(one) >= loyalty(other) { one } else { other }
    }

    fn fate(&self, random: &mut Random, created: i64, buyer: &Person) -> Fate {
        let cancelled = random.chance(85).then(|| created + random.between(10 * MINUTE, 20 * HOUR));
        let backorder = random.chance(60);
        let processing = if backorder { random.between(10 * DAY, 90 * DAY) } else { random.between(5 * HOUR, 4 * DAY) };
        let abroad = buyer.place.country != HOME;
        let transit = random.between(20 * HOUR, 6 * DAY) + if abroad { random.between(3 * DAY, 9 * DAY) } else { 0 };
        // Some carriers never report a delivery.
        let reported = !random.chance(25);
        let past = |time: i64| Some(time).filter(|&time| time < self.calendar.end());
        let cancelled = cancelled.and_then(past);
        let shipped = past(created + processing).filter(|_| cancelled.is_none());
        let delivered = shipped.and_then(|shipped| past(shipped + transit)).filter(|_| reported);
        Fate { cancelled, shipped, delivered }
    }

    /// A piece for an item: one that waits on the shelf, or a new one.
    fn piece(&mut self, random: &mut Random, order: &mut Order, gender: Option<Gender>) -> (u64, usize) {
        let waits = self.shelf.front().is_some_and(|shelved| shelved.since < order.created);
        if waits && random.chance(300) {
            let shelved = self.shelf.pop_front().expect("a piece waits");
            return (shelved.piece, shelved.product);
        }
        let product = self.catalogue.choose(random, gender, self.calendar.month(order.created));
        let number = self.stock(random, order, product);
        // The newer the goods, the more of them still wait for a buyer.
        let progress = self.calendar.progress(order.created);
        if random.chance(40 + 400 * progress * progress * progress / 1_000_000_000) {
            self.stock(random, order, product);
        }
        (number, product)
    }

    fn stock(&mut self, random: &mut Random, order: &mut Order, product: usize) -> u64 {
        let lead = 12 * HOUR + random.skewed(180 * DAY as u64) as i64;
        let opening = self.calendar.start() + random.between(0, DAY - 1);
        let cost = self.catalogue.products()[product].cost * random.between(94, 106) / 100;
        let piece = Piece { number: self.pieces, product, cost, created: (order.created - lead).max(opening) };
        self.pieces += 1;
        order.stocked.push(piece);
        self.pieces - 1
    }

    fn sale_price(&self, random: &mut Random, product: usize, created: i64) -> i64 {
        let sale = SALE_MONTHS.contains(&self.calendar.month(created));
        let discounts = if sale { &SALE_DISCOUNTS } else { &DISCOUNTS };
        let percent = 100 - random.weighted(discounts, |(_, weight)| *weight).0;
        (self.catalogue.products()[product].retail_price * percent + 50) / 100
    }

    fn returned(&self, random: &mut Random, product: usize, delivered: i64) -> Option<i64> {
        let returns = self.catalogue.products()[product].category.returns;
        let time = delivered + DAY + random.skewed(27 * DAY as u64) as i64;
        Some(time).filter(|&time| random.chance(returns) && time < self.calendar.end())
    }

    fn item(&mut self, random: &mut Random, order: &mut Order, gender: Option<Gender>) -> Item {
        let (piece, product) = self.piece(random, order, gender);
        let sale_price = self.sale_price(random, product, order.created);
        let returned = order.delivered.and_then(|delivered| self.returned(random, product, delivered));
        let status = if returned.is_some() { Status::Returned } else { order.status };
        self.items += 1;
        Item { number: self.items - 1, piece, product, status, sale_price, returned }
    }
}

impl Fate {
    fn status(&self) -> Status {
        match (self.cancelled, self.shipped, self.delivered) {
            (Some(_), ..) => Status::Cancelled,
            (_, _, Some(_)) => Status::Complete,
            (_, Some(_), _) => Status::Shipped,
            _ => Status::Processing,
        }
    }
}

impl Iterator for Sales {
    type Item = Order;

    fn next(&mut self) -> Option<Order> {
        let created = self.arrivals.next()?;
        while self.signups.next_if(|&signup| signup <= created - SETTLING_IN).is_some() {
            self.users += 1;
        }
        let mut random = Random::new(self.seed, Stream::Order, self.orders);
        let user = self.buyer(&mut random);
        let buyer = Person::new(self.seed, user);
        let fate = self.fate(&mut random, created, &buyer);
        let mut order = Order {
            number: self.orders,
            user,
            created,
            status: fate.status(),
            shipped: fate.shipped,
            delivered: fate.delivered,
            items: Vec::new(),
            stocked: Vec::new(),
            users: self.users,
            random: Random::new(self.seed, Stream::Visit, self.orders),
        };
        let size = random.weighted(&SIZES, |(_, weight)| *weight).0;
        for _ in 0..size {
            let item = self.item(&mut random, &mut order, buyer.gender);
            order.items.push(item);
        }
        if order.items.iter().all(|item| item.status == Status::Returned) {
            order.status = Status::Returned;
        }
        if let Some(since) = fate.cancelled {
            let back = order.items.iter().map(|item| Shelved { piece: item.piece, product: item.product, since });
            self.shelf.extend(back);
        }
        self.orders += 1;
        Some(order)
    }
}
