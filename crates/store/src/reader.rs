//! The statements: reads on a [`Reader`], reads and changes on a [`Tx`].

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::{Deref, DerefMut};

use sea_query::{Asterisk, Expr, Func, InsertStatement, OnConflict, Query, ReturningClause, SelectStatement};

use crate::cell::{Cell, Cells};
use crate::error::{Error, Result};
use crate::revision::{TableName, Written};
use crate::table::{Column, Filter, Found, Search, Set, Sort, Table};
use crate::transaction::{Statement, Transaction};

/// A transaction that only reads: everything read through it stood in the store at one moment.
pub struct Reader {
    transaction: Transaction,
}

/// A transaction that may change the store.
///
/// Every function that takes a [`Reader`] takes it too, and then sees the changes made so far.
pub struct Tx {
    reader: Reader,
    /// Whether the transaction may end or alter somebody's access.
    access_changed: bool,
    written: Written,
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Reader {
    pub(crate) fn new(transaction: Transaction) -> Self {
        Reader { transaction }
    }

    /// The row that passes `filter`; the first of them by key when there are several.
    pub(crate) async fn one<N: Table>(&mut self, filter: Filter<N>) -> Result<Option<N>> {
        let search = Search { limit: Some(1), ..Search::by(filter) };
        Ok(self.list(search).await?.pop())
    }

    /// The rows of one page.
    pub(crate) async fn list<N: Table>(&mut self, search: Search<N>) -> Result<Vec<N>> {
        let statement = self.transaction.statement(&select(search))?;
        self.rows(statement).await
    }

    /// The rows with one of these values, by key within each ten thousand of them: more than a statement takes.
    pub(crate) async fn of_any<N, V>(&mut self, column: Column<N, V>, values: &[V]) -> Result<Vec<N>>
    where
        N: Table,
        V: Cell + Copy,
    {
        let mut rows = Vec::new();
        for some in values.chunks(10_000) {
            rows.extend(self.list(Search::by(column.one_of(some.iter().copied()))).await?);
        }
        Ok(rows)
    }

    /// How many rows pass `filter`.
    pub(crate) async fn count<N: Table>(&mut self, filter: Filter<N>) -> Result<u64> {
        let statement = self.transaction.statement(&count(filter))?;
        let rows = self.transaction.fetch::<N>(statement).await?;
        let count: Option<i64> = rows.first().map(|row| row.get(0)).transpose()?.flatten();
        Ok(count.unwrap_or_default() as u64)
    }

    /// For each value of `column` among the rows that pass `filter`, how many of them have it.
    pub(crate) async fn count_by<N, V>(&mut self, column: Column<N, V>, filter: Filter<N>) -> Result<HashMap<V, u64>>
    where
        N: Table,
        V: Cell<Stored = i64> + Eq + Hash,
    {
        let name = column.any().name();
        let mut select = Query::select();
        select.column(name).expr(Func::count(Expr::col(name))).from(N::NAME).cond_where(filter.condition);
        select.group_by_col(name);
        let statement = self.transaction.statement(&select)?;
        let rows = self.transaction.fetch::<N>(statement).await?;
        let corrupt = |reason| Error::Corrupt { table: N::NAME, column: name, reason };
        let counted = rows.iter().map(|row| {
            let value = row.get::<i64>(0)?.ok_or_else(|| corrupt("is null".to_owned()))?;
            let count = row.get::<i64>(1)?.unwrap_or_default() as u64;
            Ok((V::from_stored(value).map_err(corrupt)?, count))
        });
        counted.collect()
    }

    /// The rows of one page, and how many there are on all pages.
    pub(crate) async fn search<N: Table>(&mut self, search: Search<N>) -> Result<Found<N>> {
        let (filter, limit, offset) = (search.filter.clone(), search.limit, search.offset);
        let rows = self.list(search).await?;
        let seen = rows.len() as u64;
        // A page with room left is the last one, unless it stands behind all rows.
        let is_last = limit.is_none_or(|limit| seen < limit) && (seen > 0 || offset == 0);
        let total = if is_last { offset + seen } else { self.count(filter).await? };
        Ok(Found { rows, total })
    }

    async fn rows<N: Table>(&mut self, statement: Statement) -> Result<Vec<N>> {
        let rows = self.transaction.fetch::<N>(statement).await?;
        rows.iter().map(|row| N::read(&mut Cells::new(row))).collect()
    }
}

impl Tx {
    pub(crate) fn new(transaction: Transaction) -> Self {
        Tx { reader: Reader::new(transaction), access_changed: false, written: Written::new() }
    }

    /// Notes that this transaction may end or alter somebody's access: what is cached of people and tokens ends with
    /// its commit.
    pub(crate) fn change_access(&mut self) {
        self.access_changed = true;
    }

    pub(crate) fn access_changed(&self) -> bool {
        self.access_changed
    }

    /// The transaction itself.
    pub(crate) fn transaction(&mut self) -> &mut Transaction {
        &mut self.reader.transaction
    }

    /// The tables that were written to; rows that went along with others are not noted.
    pub(crate) fn take_written(&mut self) -> Written {
        std::mem::take(&mut self.written)
    }

    pub(crate) fn into_transaction(self) -> Transaction {
        self.reader.transaction
    }

    /// Inserts a row and returns it as it was stored.
    pub(crate) async fn insert<N: Table>(&mut self, sets: Vec<Set<N>>) -> Result<N> {
        self.written.insert(TableName::of::<N>());
        let statement = self.transaction.statement(&insert(sets))?;
        let inserted = self.rows(statement).await?.pop();
        inserted.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Inserts rows with values for the same columns, in one statement.
    pub(crate) async fn insert_all<N: Table>(&mut self, rows: Vec<Vec<Set<N>>>) -> Result<()> {
        self.written.insert(TableName::of::<N>());
        let mut rows = rows.into_iter();
        let Some(first) = rows.next() else { return Ok(()) };
        let (columns, values): (Vec<_>, Vec<_>) = first.into_iter().map(|set| (set.column, set.value)).unzip();
        let mut insert = Query::insert();
        insert.into_table(N::NAME).columns(columns).values_panic(values);
        for row in rows {
            insert.values_panic(row.into_iter().map(|set| set.value));
        }
        let statement = self.transaction.statement(&insert)?;
        self.transaction.execute::<N>(statement).await.map(drop)
    }

    /// Inserts a row unless one of its unique values is taken.
    pub(crate) async fn insert_unless_taken<N: Table>(&mut self, sets: Vec<Set<N>>) -> Result<Option<N>> {
        self.written.insert(TableName::of::<N>());
        let do_nothing = OnConflict::new().do_nothing().to_owned();
        let statement = self.transaction.statement(insert(sets).on_conflict(do_nothing))?;
        Ok(self.rows(statement).await?.pop())
    }

    /// Changes the rows that pass `filter` and returns them as they are now.
    pub(crate) async fn update<N: Table>(&mut self, filter: Filter<N>, sets: Vec<Set<N>>) -> Result<Vec<N>> {
        self.written.insert(TableName::of::<N>());
        let mut update = Query::update();
        update.table(N::NAME).cond_where(filter.condition).returning(every_column::<N>());
        update.values(sets.into_iter().map(|set| (set.column, set.value)));
        let statement = self.transaction.statement(&update)?;
        self.rows(statement).await
    }

    /// Deletes the rows that pass `filter` and returns how many there were.
    pub(crate) async fn delete<N: Table>(&mut self, filter: Filter<N>) -> Result<u64> {
        self.written.insert(TableName::of::<N>());
        let mut delete = Query::delete();
        delete.from_table(N::NAME).cond_where(filter.condition);
        let statement = self.transaction.statement(&delete)?;
        self.transaction.execute::<N>(statement).await
    }

    /// Deletes the first `most` rows by key of those that pass `filter` and returns how many there were.
    pub(crate) async fn delete_some<N: Table>(&mut self, filter: Filter<N>, most: u64) -> Result<u64> {
        self.written.insert(TableName::of::<N>());
        let mut some = Query::select();
        some.column(N::KEY).from(N::NAME).cond_where(filter.condition);
        some.order_by(N::KEY, sea_query::Order::Asc).limit(most);
        let mut delete = Query::delete();
        delete.from_table(N::NAME).and_where(sea_query::ExprTrait::in_subquery(Expr::col(N::KEY), some));
        let statement = self.transaction.statement(&delete)?;
        self.transaction.execute::<N>(statement).await
    }
}

fn select<N: Table>(search: Search<N>) -> SelectStatement {
    let Search { filter, sorts, limit, offset } = search;
    let mut select = Query::select();
    select.columns(N::COLUMNS.iter().copied()).from(N::NAME);
    if offset > 0 || limit.is_some_and(|limit| limit > 1) {
        // What stands before the page, or does not pass, is passed over in an index, where one tells, and no row of it
        // is read.
        let mut keys = Query::select();
        keys.column(N::KEY).from(N::NAME).cond_where(filter.condition);
        order(&mut keys, &sorts);
        page(&mut keys, limit, offset);
        select.and_where(sea_query::ExprTrait::in_subquery(Expr::col(N::KEY), keys));
    } else {
        select.cond_where(filter.condition);
        page(&mut select, limit, 0);
    }
    order(&mut select, &sorts);
    select
}

fn count<N: Table>(filter: Filter<N>) -> SelectStatement {
    let mut select = Query::select();
    // Of rows, not of keys: those the database need not look at.
    select.expr(Func::count(Expr::col(Asterisk))).from(N::NAME).cond_where(filter.condition);
    select
}

fn order<N: Table>(select: &mut SelectStatement, sorts: &[Sort<N>]) {
    for sort in sorts {
        if sort.column == N::KEY {
            // No key is null, and to say where nulls go would keep PostgreSQL from the index.
            select.order_by(sort.column, sort.order.clone());
        } else {
            select.order_by_with_nulls(sort.column, sort.order.clone(), sort.nulls());
        }
    }
    select.order_by(N::KEY, sea_query::Order::Asc);
}

fn insert<N: Table>(sets: Vec<Set<N>>) -> InsertStatement {
    let (columns, values): (Vec<_>, Vec<_>) = sets.into_iter().map(|set| (set.column, set.value)).unzip();
    let mut insert = Query::insert();
    insert.into_table(N::NAME).columns(columns).values_panic(values).returning(every_column::<N>());
    insert
}

fn every_column<N: Table>() -> ReturningClause {
    Query::returning().columns(N::COLUMNS.iter().copied())
}

fn page(select: &mut SelectStatement, limit: Option<u64>, offset: u64) {
    // The database counts in signed numbers, and SQLite takes an offset only after a limit.
    let most = i64::MAX as u64;
    if limit.is_some() || offset > 0 {
        select.limit(limit.unwrap_or(most).min(most));
    }
    if offset > 0 {
        select.offset(offset.min(most));
    }
}

#[cfg(test)]
mod tests {
    use sea_query_sqlx::SqlxBinder as _;

    use super::*;
    use crate::table::Pattern;
    use crate::{ApiClientId, Location, QueryClientId, QueryHash, QuerySlug, SecretHash, Store, UserId};
    use crate::{credentials_api3, query, query_task, session, token, user};

    /// How the database would look for the rows of this filter.
    async fn plan<N: Table>(store: &Store, filter: Filter<N>) -> String {
        let select = select(Search::by(filter));
        let read = async |db: &mut Reader| db.transaction.explain(&select).await;
        assert!(!select.build_sqlx(sea_query::SqliteQueryBuilder).1.0.0.is_empty());
        store.read(read).await.unwrap()
    }

    /// How the database would find a page of these rows, and count all of them.
    async fn plans_of_a_page<N: Table>(store: &Store, filter: &Filter<N>) -> [String; 2] {
        let page = select(Search { limit: Some(100), ..Search::by(filter.clone()) });
        let count = count(filter.clone());
        let read =
            async |db: &mut Reader| Ok([db.transaction.explain(&page).await?, db.transaction.explain(&count).await?]);
        store.read(read).await.unwrap()
    }

    fn parts_of_names() -> [Filter<user::User>; 3] {
        let part = Pattern::new("%lov%").unwrap();
        let [first, last, email] = [user::COLUMNS.first_name, user::COLUMNS.last_name, user::COLUMNS.email];
        let anywhere = Filter::any_of([first.matches(&part), last.matches(&part), email.matches(&part)]);
        [last.matches(&part), anywhere, user::full_name_matches(&part)]
    }

    #[tokio::test]
    async fn a_part_of_a_name_is_looked_for_in_an_index() {
        let store = Store::open(Location::Memory).await.unwrap();
        for filter in parts_of_names() {
            let [page, count] = plans_of_a_page(&store, &filter).await;
            assert!(page.contains("COVERING INDEX user_names"), "{page}");
            assert!(count.contains("COVERING INDEX user_"), "{count}");
        }
    }

    #[tokio::test]
    async fn a_part_of_a_name_is_looked_for_in_an_index_in_postgres() {
        let address = belvedere_testbed::Postgres::shared().database();
        let store = Store::open(Location::Postgres(address.parse().unwrap())).await.unwrap();
        for filter in parts_of_names() {
            let [_, count] = plans_of_a_page(&store, &filter).await;
            assert!(count.contains("Bitmap Index Scan on user_names"), "{count}");
        }
    }

    async fn plans_of_the_hot_path(store: &Store) -> Vec<String> {
        let secret = SecretHash::new([1; 32]);
        let slug: QuerySlug = "0".repeat(32).parse().unwrap();
        let query_client_id: QueryClientId = "0".repeat(22).parse().unwrap();
        let api_client_id: ApiClientId = "0".repeat(20).parse().unwrap();
        let user = UserId::new(1);
        let hash = QueryHash([1; 32]);
        let same_query = [query::COLUMNS.hash.eq(hash), query::COLUMNS.client_id.eq(query_client_id)];
        let tokens_of = [token::COLUMNS.user_id.eq(user), token::COLUMNS.sudo_user_id.eq(Some(user))];
        vec![
            plan(store, user::COLUMNS.id.eq(user)).await,
            plan(store, user::COLUMNS.email.matches(&Pattern::new("Ada@example.com").unwrap())).await,
            plan(store, user::COLUMNS.first_name.matches(&Pattern::new("Ada").unwrap())).await,
            plan(store, user::COLUMNS.last_name.matches(&Pattern::new("Love%a_e").unwrap())).await,
            plan(store, credentials_api3::COLUMNS.client_id.eq(api_client_id)).await,
            plan(store, credentials_api3::COLUMNS.user_id.one_of([user])).await,
            plan(store, token::COLUMNS.hash.eq(secret)).await,
            plan(store, Filter::any_of(tokens_of)).await,
            plan(store, session::COLUMNS.token_hash.eq(secret)).await,
            plan(store, Filter::any_of(same_query)).await,
            plan(store, query::COLUMNS.slug.eq(slug)).await,
            plan(store, query_task::COLUMNS.status.one_of([query_task::Status::Added])).await,
        ]
    }

    #[tokio::test]
    async fn whatever_the_hot_path_looks_for_has_an_index() {
        let store = Store::open(Location::Memory).await.unwrap();
        for plan in plans_of_the_hot_path(&store).await {
            assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{plan}");
        }
    }

    #[tokio::test]
    async fn whatever_the_hot_path_looks_for_has_an_index_in_postgres() {
        let address = belvedere_testbed::Postgres::shared().database();
        let store = Store::open(Location::Postgres(address.parse().unwrap())).await.unwrap();
        for plan in plans_of_the_hot_path(&store).await {
            assert!(plan.contains("Index Scan") && !plan.contains("Seq Scan"), "{plan}");
        }
    }
}
