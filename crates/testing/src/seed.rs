//! What a server under test is filled with.

use belvedere_warehouse::Limits;

/// A project, the tables that it speaks of, and limits.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) tables: Vec<(String, String)>,
    pub(crate) limits: Limits,
}

impl Seed {
    /// Nothing but an empty project on the connection `shop`.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The shop: a model of two small tables, whose rows anybody can count, and of two that nobody reads to their end.
    pub fn shop() -> Self {
        Self::empty()
            .file("shop.model.lkml", include_str!("shop/shop.model.lkml"))
            .file("views/orders.view.lkml", include_str!("shop/orders.view.lkml"))
            .file("views/users.view.lkml", include_str!("shop/users.view.lkml"))
            .file("views/numbers.view.lkml", include_str!("shop/numbers.view.lkml"))
            .table("orders", include_str!("shop/orders.sql"))
            .table("users", include_str!("shop/users.sql"))
    }

    /// With a file of the project; a file of the same path is replaced.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// With a table of the database, made by a statement.
    #[must_use]
    pub fn table(mut self, name: &str, ddl: &str) -> Self {
        self.tables.push((name.to_owned(), ddl.to_owned()));
        self
    }

    /// With other limits of the connection.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
