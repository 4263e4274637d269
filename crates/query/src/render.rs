//! A plan as text.

mod calendar;
mod result;

use crate::dialect::{Dialect, DimensionSql, operand};
use crate::expression::Expression;
use crate::plan::{
    ColumnSql, CommonTable, Direction, Function, Grouping, Inner, JoinClause, Level, Pick, Place, Plan, TableBody,
};
use belvedere_lookml::model::JoinKind;

/// The table of aggregates over the joined rows, where other levels stand beside it.
pub(crate) const ROWS_TABLE: &str = "z__rows";
/// The joined rows that several levels start from.
pub(crate) const SOURCE_TABLE: &str = "z__source";
/// The rows of one level before they are aggregated.
const KEYED_ROWS: &str = "z__keyed";
/// The key among them.
const KEY: &str = "z__key";
/// What databases are made to say when a key is not unique.
const NOT_UNIQUE: &str =
    "Non-Unique value/primary key (or sql_distinct_key), value overflow or collision when computing sum";

/// A table of the `WITH` clause.
struct Table {
    name: String,
    /// `AS`, or more.
    keyword: &'static str,
    body: String,
}

impl Table {
    fn new(name: impl Into<String>, body: String) -> Self {
        Self { name: name.into(), keyword: "AS", body }
    }
}

/// The whole statement, derived tables first.
pub(crate) fn statement(plan: &Plan) -> String {
    let mut tables: Vec<Table> = plan.tables.iter().map(|table| named_table(plan.dialect, table)).collect();
    let layout = Layout::new(plan);
    let select = if result::is_plain(plan) {
        layout.select(&mut tables, End::Result)
    } else {
        let groups = layout.select(&mut tables, End::Groups);
        result::select(plan, groups, &mut tables)
    };
    with_tables(&tables, &select)
}

/// What a select ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Order and limit.
    Result,
    /// Nothing: more is made of the groups.
    Groups,
}

fn named_table(dialect: &dyn Dialect, table: &CommonTable) -> Table {
    Table::new(dialect.identifier(&table.name), table_body(dialect, &table.body))
}

/// The statement behind a derived table.
pub(crate) fn table_body(dialect: &dyn Dialect, body: &TableBody) -> String {
    match body {
        TableBody::Sql(sql) => dedented(sql),
        TableBody::Query { plan, derived_columns } if derived_columns.is_empty() => statement(plan),
        TableBody::Query { plan, derived_columns } => {
            let columns = derived_columns.iter().map(|(name, sql)| format!("{sql} AS {}", dialect.quoted(name)));
            let list: Vec<String> = std::iter::once("*".to_owned()).chain(columns).collect();
            format!("SELECT\n{}\nFROM (\n{}\n) AS {ROWS_TABLE}", items(&list), indented(&statement(plan)))
        }
    }
}

fn with_tables(tables: &[Table], select: &str) -> String {
    if tables.is_empty() {
        return select.to_owned();
    }
    let list = tables.iter().map(|Table { name, keyword, body }| format!("{name} {keyword} (\n{}\n)", indented(body)));
    format!("WITH {}\n{select}", list.collect::<Vec<_>>().join(", "))
}

/// Where a plan's measures are computed, and so what stands for each aggregate at the top.
enum Form<'p> {
    /// One grouping over the joined rows.
    Plain,
    /// All in one level: its rows are grouped once more.
    OneLevel(&'p Level),
    /// A table per level and one of the joined rows, as far as anything is aggregated there.
    Tables { rows: Option<RowsFrom>, levels: LevelsFrom },
}

/// Where the aggregates over the joined rows start from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowsFrom {
    /// The tables themselves, as the author's own aggregates are among them.
    Tables,
    /// The table of joined rows that the levels read, too.
    Source,
}

/// Where the levels start from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LevelsFrom {
    /// The tables themselves.
    Tables,
    /// A table of joined rows that several levels read.
    Source,
}

struct Layout<'p> {
    plan: &'p Plan,
    form: Form<'p>,
}

impl<'p> Layout<'p> {
    fn new(plan: &'p Plan) -> Self {
        let of_rows = plan.aggregates.iter().any(|aggregate| matches!(aggregate.place, Place::Rows { .. }));
        let has_own = measures(plan).any(|measure| measure.reads_rows);
        let rows = match (of_rows, has_own) {
            (_, true) => Some(RowsFrom::Tables),
            (true, false) => Some(RowsFrom::Source),
            (false, false) => None,
        };
        let form = match (plan.levels.as_slice(), rows) {
            ([], _) => Form::Plain,
            ([level], None) => Form::OneLevel(level),
            ([_], Some(RowsFrom::Tables)) => Form::Tables { rows, levels: LevelsFrom::Tables },
            _ => Form::Tables { rows, levels: LevelsFrom::Source },
        };
        Self { plan, form }
    }

    /// The outermost select; tables that it needs are added to `tables`.
    fn select(&self, tables: &mut Vec<Table>, end: End) -> String {
        let plan = self.plan;
        match self.form {
            Form::Plain => {
                let mut out = self.over_rows(&self.plain_columns());
                push_conditions(&mut out, "HAVING", &self.having(|index| self.over_joined_rows(index)));
                self.push_end(&mut out, end);
                out
            }
            Form::OneLevel(level) => {
                let columns = self.top_columns(KEYED_ROWS, |index| self.over_level(index, KEYED_ROWS));
                let mut out = format!("SELECT\n{}\n{}", items(&columns), self.keyed_rows(0, level));
                push_list(&mut out, "GROUP BY", &self.groups(|_, name| self.member(KEYED_ROWS, name)));
                push_conditions(&mut out, "HAVING", &self.having(|index| self.over_level(index, KEYED_ROWS)));
                self.push_end(&mut out, end);
                out
            }
            Form::Tables { rows, levels } => {
                if levels == LevelsFrom::Source {
                    let keyword = plan.dialect.shared_table();
                    tables.push(Table { name: SOURCE_TABLE.to_owned(), keyword, body: self.source_table() });
                }
                let levels = plan.levels.iter().enumerate();
                let mut parts: Vec<Table> =
                    levels.map(|(index, level)| Table::new(&*level.name, self.level_table(index, level))).collect();
                match rows {
                    // The author's own aggregates may stand beside some of the levels, which they then read.
                    Some(RowsFrom::Tables) if !self.levels_beside_own().is_empty() => {
                        parts.push(Table::new(ROWS_TABLE, self.rows_table()));
                    }
                    Some(RowsFrom::Tables) => parts.insert(0, Table::new(ROWS_TABLE, self.rows_table())),
                    Some(RowsFrom::Source) => parts.insert(0, Table::new(ROWS_TABLE, self.rows_of_source())),
                    None => {}
                }
                tables.extend(parts);
                self.joined_tables(rows.is_some(), end)
            }
        }
    }

    /// Select, from, where and group by over the joined rows.
    fn over_rows(&self, columns: &[String]) -> String {
        let mut out = format!("SELECT\n{}\n{}", items(columns), self.source());
        if self.plan.grouping == Grouping::Dimensions {
            push_list(&mut out, "GROUP BY", &self.groups(|dimension, _| dimension.base.clone()));
        }
        out
    }

    fn source(&self) -> String {
        self.source_beside(&[])
    }

    /// `FROM` the joined rows, with the tables of levels that have one row for each group.
    fn source_beside(&self, levels: &[usize]) -> String {
        let source = &self.plan.source;
        let mut out = format!("FROM {}", aliased(&source.table, &source.alias));
        for join in &source.joins {
            out.push('\n');
            out.push_str(&join_clause(join));
        }
        for &level in levels {
            let name = &self.plan.levels[level].name;
            let same = self.plan.columns.iter().filter_map(|column| match &column.sql {
                ColumnSql::Dimension(dimension) => {
                    let there = self.member(name, &column.column.name);
                    Some(format!("{} IS NOT DISTINCT FROM {there}", operand(&dimension.base)))
                }
                ColumnSql::Measure(_) => None,
            });
            push_join(&mut out, name, &same.collect::<Vec<_>>());
        }
        push_conditions(&mut out, "WHERE", &self.plan.conditions);
        out
    }

    fn plain_columns(&self) -> Vec<String> {
        let columns = self.plan.columns.iter().map(|column| {
            let sql = match &column.sql {
                ColumnSql::Dimension(dimension) => dimension.select(self.plan.dialect),
                ColumnSql::Measure(measure) => measure.render(|index| self.over_joined_rows(index)),
            };
            self.named(&sql, &column.column.name)
        });
        columns.collect()
    }

    /// Columns of the outermost select, whose dimensions come from the table `from`.
    fn top_columns(&self, from: &str, aggregate: impl Fn(usize) -> String) -> Vec<String> {
        let columns = self.plan.columns.iter().enumerate().map(|(index, column)| {
            let name = &column.column.name;
            let sql = match &column.sql {
                ColumnSql::Dimension(dimension) => {
                    DimensionSql { base: self.member(from, name), ..*dimension }.select(self.plan.dialect)
                }
                ColumnSql::Measure(measure) if measure.reads_rows => self.member(ROWS_TABLE, &own_column(index)),
                ColumnSql::Measure(measure) => measure.render(&aggregate),
            };
            self.named(&sql, name)
        });
        columns.collect()
    }

    fn having(&self, aggregate: impl Fn(usize) -> String) -> Vec<String> {
        let conditions = self.plan.having.iter().enumerate().map(|(index, condition)| {
            if condition.reads_rows && matches!(self.form, Form::Tables { .. }) {
                self.member(ROWS_TABLE, &own_condition(index))
            } else {
                condition.render(&aggregate)
            }
        });
        conditions.collect()
    }

    /// The aggregates over the joined rows, one row for each group.
    fn rows_table(&self) -> String {
        let mut columns = self.dimensions();
        for aggregate in &self.plan.aggregates {
            if let Place::Rows { function, argument } = &aggregate.place {
                columns.push(self.named(&self.call(*function, argument.as_deref()), &aggregate.name));
            }
        }
        for (index, column) in self.plan.columns.iter().enumerate() {
            if let ColumnSql::Measure(measure) = &column.sql
                && measure.reads_rows
            {
                columns.push(self.named(&measure.render(|index| self.over_joined_rows(index)), &own_column(index)));
            }
        }
        for (index, condition) in self.plan.having.iter().enumerate() {
            if condition.reads_rows {
                columns
                    .push(self.named(&condition.render(|index| self.over_joined_rows(index)), &own_condition(index)));
            }
        }
        let mut out = format!("SELECT\n{}\n{}", items(&columns), self.source_beside(&self.levels_beside_own()));
        push_list(&mut out, "GROUP BY", &self.ordinals());
        out
    }

    /// The levels whose aggregates stand in one text with aggregates of the author's own.
    fn levels_beside_own(&self) -> Vec<usize> {
        let plan = self.plan;
        let own = measures(plan).filter(|measure| measure.reads_rows);
        let mut levels: Vec<usize> = own
            .flat_map(Expression::aggregates)
            .filter_map(|index| match plan.aggregates[index].place {
                Place::Level { level, .. } => Some(level),
                Place::Rows { .. } => None,
            })
            .collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// The aggregates over the joined rows where those are a table of their own, one row for each group.
    fn rows_of_source(&self) -> String {
        let mut columns = self.dimensions_of(SOURCE_TABLE);
        for aggregate in &self.plan.aggregates {
            if let Place::Rows { function, argument } = &aggregate.place {
                let argument = argument.as_ref().map(|text| self.member(SOURCE_TABLE, self.argument_name(text)));
                columns.push(self.named(&self.call(*function, argument.as_deref()), &aggregate.name));
            }
        }
        let mut out = format!("SELECT\n{}\nFROM {SOURCE_TABLE}", items(&columns));
        push_list(&mut out, "GROUP BY", &self.ordinals());
        out
    }

    /// The joined rows, with what is aggregated of them.
    fn source_table(&self) -> String {
        let mut columns = self.dimensions();
        for (index, level) in self.plan.levels.iter().enumerate() {
            columns.push(self.named(&level.key, &source_key(index)));
        }
        let with_rows = matches!(self.form, Form::Tables { rows: Some(RowsFrom::Source), .. });
        for aggregate in &self.plan.aggregates {
            let Some(argument) = argument(&aggregate.place) else { continue };
            let is_needed = with_rows || matches!(aggregate.place, Place::Level { .. });
            if is_needed && self.argument_name(argument) == aggregate.name {
                columns.push(self.named(argument, &aggregate.name));
            }
        }
        format!("SELECT\n{}\n{}", items(&columns), self.source())
    }

    /// The aggregates of one level, one row for each group.
    fn level_table(&self, index: usize, level: &Level) -> String {
        let mut columns = self.dimensions_of(KEYED_ROWS);
        for (at, aggregate) in self.plan.aggregates.iter().enumerate() {
            if matches!(aggregate.place, Place::Level { level, .. } if level == index) {
                columns.push(self.named(&self.over_level(at, KEYED_ROWS), &aggregate.name));
            }
        }
        let mut out = format!("SELECT\n{}\n{}", items(&columns), self.keyed_rows(index, level));
        push_list(&mut out, "GROUP BY", &self.ordinals());
        out
    }

    /// `FROM` the rows of one level, one for each group and key.
    fn keyed_rows(&self, index: usize, level: &Level) -> String {
        let from_source = matches!(self.form, Form::Tables { levels: LevelsFrom::Source, .. });
        let (mut columns, key) = if from_source {
            (self.dimensions_of(SOURCE_TABLE), self.member(SOURCE_TABLE, &source_key(index)))
        } else {
            (self.dimensions(), level.key.clone())
        };
        columns.push(self.named(&key, KEY));
        for aggregate in &self.plan.aggregates {
            if let Place::Level { level, inner: Some(inner), .. } = &aggregate.place
                && *level == index
                && self.inner_name(index, inner) == aggregate.name
            {
                let argument = if from_source {
                    self.member(SOURCE_TABLE, self.argument_name(&inner.argument))
                } else {
                    inner.argument.clone()
                };
                columns.push(self.named(&self.picked(&argument, &key, inner.pick), &aggregate.name));
            }
        }
        let from = if from_source { format!("FROM {SOURCE_TABLE}") } else { self.source() };
        let mut rows = format!("SELECT\n{}\n{from}", items(&columns));
        let mut groups = self.ordinals();
        groups.push((groups.len() + 1).to_string());
        push_list(&mut rows, "GROUP BY", &groups);
        format!("FROM (\n{}\n) AS {KEYED_ROWS}", indented(&rows))
    }

    fn picked(&self, argument: &str, key: &str, pick: Pick) -> String {
        let dialect = self.plan.dialect;
        match pick {
            Pick::Only => dialect.value_of_key(argument, key, &dialect.string(NOT_UNIQUE)),
            Pick::Least => format!("MIN({argument})"),
            Pick::Greatest => format!("MAX({argument})"),
        }
    }

    /// The tables of all levels side by side. Each has one row for each group of the same joined rows, so they meet in
    /// pairs, null dimensions included.
    fn joined_tables(&self, rows: bool, end: End) -> String {
        let names = rows.then_some(ROWS_TABLE).into_iter();
        let names: Vec<&str> = names.chain(self.plan.levels.iter().map(|level| level.name.as_str())).collect();
        let columns = self.top_columns(names[0], |index| self.of_table(index));
        let mut out = format!("SELECT\n{}\nFROM {}", items(&columns), names[0]);
        for name in &names[1..] {
            let same: Vec<String> = self
                .dimension_names()
                .map(|field| {
                    format!("{} IS NOT DISTINCT FROM {}", self.member(names[0], field), self.member(name, field))
                })
                .collect();
            push_join(&mut out, name, &same);
        }
        push_conditions(&mut out, "WHERE", &self.having(|index| self.of_table(index)));
        self.push_end(&mut out, end);
        out
    }

    /// An aggregate where the joined rows are.
    fn over_joined_rows(&self, index: usize) -> String {
        match &self.plan.aggregates[index].place {
            Place::Rows { function, argument } => self.call(*function, argument.as_deref()),
            // One value for the group, repeated in each of its rows.
            Place::Level { level, .. } => {
                format!("MAX({})", self.member(&self.plan.levels[*level].name, &self.plan.aggregates[index].name))
            }
        }
    }

    /// An aggregate where the rows of its level are, as the table `rows`.
    fn over_level(&self, index: usize, rows: &str) -> String {
        let aggregate = &self.plan.aggregates[index];
        match &aggregate.place {
            Place::Level { level, inner, function } => {
                let column = inner.as_ref().map_or(KEY, |inner| self.inner_name(*level, inner));
                self.call(*function, Some(&self.member(rows, column)))
            }
            Place::Rows { .. } => unreachable!("a plan with aggregates of rows has a table for them"),
        }
    }

    /// The name of a column among the rows of a level: that of the first aggregate that needs it.
    fn inner_name(&self, level: usize, inner: &Inner) -> &'p str {
        let is_same = |place: &Place| matches!(place, Place::Level { level: other, inner: Some(same), .. } if *other == level && same == inner);
        let first = self.plan.aggregates.iter().find(|aggregate| is_same(&aggregate.place));
        first.map_or(KEY, |aggregate| &aggregate.name)
    }

    /// The name of a column of the source table: that of the first aggregate that needs it there.
    fn argument_name(&self, text: &str) -> &'p str {
        let with_rows = matches!(self.form, Form::Tables { rows: Some(RowsFrom::Source), .. });
        let first = self.plan.aggregates.iter().find(|aggregate| {
            argument(&aggregate.place) == Some(text) && (with_rows || matches!(aggregate.place, Place::Level { .. }))
        });
        first.map_or(KEY, |aggregate| &aggregate.name)
    }

    /// An aggregate as a column of the table it was computed in.
    fn of_table(&self, index: usize) -> String {
        let aggregate = &self.plan.aggregates[index];
        let table = match aggregate.place {
            Place::Rows { .. } => ROWS_TABLE,
            Place::Level { level, .. } => &self.plan.levels[level].name,
        };
        self.member(table, &aggregate.name)
    }

    /// The dimensions as columns of a table that was made before.
    fn dimensions_of(&self, table: &str) -> Vec<String> {
        self.dimension_names().map(|name| self.named(&self.member(table, name), name)).collect()
    }

    /// The dimensions as rows are grouped by them, not yet formatted.
    fn dimensions(&self) -> Vec<String> {
        let columns = self.plan.columns.iter().filter_map(|column| match &column.sql {
            ColumnSql::Dimension(dimension) => Some(self.named(&dimension.base, &column.column.name)),
            ColumnSql::Measure(_) => None,
        });
        columns.collect()
    }

    fn dimension_names(&self) -> impl Iterator<Item = &'p str> {
        let dimensions = self.plan.columns.iter().filter(|column| matches!(column.sql, ColumnSql::Dimension(_)));
        dimensions.map(|column| column.column.name.as_str())
    }

    /// What rows are grouped by whose dimensions are selected at once: ordinals, or what a formatted column is made
    /// from. Dimensions stand before measures, so an ordinal is a dimension's index.
    fn groups(&self, base: impl Fn(&DimensionSql, &str) -> String) -> Vec<String> {
        let dimensions = self.plan.columns.iter().filter_map(|column| match &column.sql {
            ColumnSql::Dimension(dimension) => Some((dimension, column.column.name.as_str())),
            ColumnSql::Measure(_) => None,
        });
        let groups = dimensions.enumerate().map(|(index, (dimension, name))| match dimension.format {
            Some(_) => base(dimension, name),
            None => (index + 1).to_string(),
        });
        groups.collect()
    }

    fn ordinals(&self) -> Vec<String> {
        (1..=self.dimension_names().count()).map(|ordinal| ordinal.to_string()).collect()
    }

    fn push_end(&self, out: &mut String, end: End) {
        if end == End::Groups {
            return;
        }
        let order = self.plan.order.iter().map(|order| match order.direction {
            Direction::Ascending => (order.column + 1).to_string(),
            Direction::Descending => format!("{} DESC", order.column + 1),
        });
        push_list(out, "ORDER BY", &order.collect::<Vec<_>>());
        if let Some(rows) = self.plan.limit {
            out.push('\n');
            out.push_str(&self.plan.dialect.limit(rows));
        }
    }

    /// An aggregate function, of rows where there is no argument.
    fn call(&self, function: Function, argument: Option<&str>) -> String {
        let dialect = self.plan.dialect;
        let x = argument.unwrap_or("*");
        match function {
            Function::Count => format!("COUNT({x})"),
            Function::CountDistinct => format!("COUNT(DISTINCT {x})"),
            Function::Sum => format!("COALESCE(SUM({x}), 0)"),
            Function::Average => format!("AVG({x})"),
            Function::Min => format!("MIN({x})"),
            Function::Max => format!("MAX({x})"),
            Function::Median => dialect.median(x),
            Function::Percentile(percent) => dialect.percentile(x, percent),
            Function::List => dialect.list(x),
        }
    }

    fn named(&self, sql: &str, name: &str) -> String {
        aliased(sql, &self.plan.dialect.quoted(name))
    }

    fn member(&self, table: &str, column: &str) -> String {
        format!("{table}.{}", self.plan.dialect.quoted(column))
    }
}

/// What is taken from the joined rows for an aggregate.
fn argument(place: &Place) -> Option<&str> {
    match place {
        Place::Rows { argument, .. } => argument.as_deref(),
        Place::Level { inner, .. } => inner.as_ref().map(|inner| inner.argument.as_str()),
    }
}

/// Expressions of columns and of conditions on groups, each with the aggregates that it needs.
fn measures(plan: &Plan) -> impl Iterator<Item = &Expression> {
    let columns = plan.columns.iter().filter_map(|column| match &column.sql {
        ColumnSql::Measure(measure) => Some(measure),
        ColumnSql::Dimension(_) => None,
    });
    columns.chain(&plan.having)
}

fn join_clause(join: &JoinClause) -> String {
    match join {
        JoinClause::Sql(sql) => sql.clone(),
        JoinClause::Table { kind, table, alias, on } => {
            let keyword = match kind {
                JoinKind::LeftOuter => "LEFT JOIN",
                JoinKind::Inner => "INNER JOIN",
                JoinKind::FullOuter => "FULL OUTER JOIN",
                JoinKind::Cross => "CROSS JOIN",
            };
            let on = on.as_ref().map(|on| format!(" ON {on}")).unwrap_or_default();
            format!("{keyword} {}{on}", aliased(table, alias))
        }
    }
}

/// `sql AS name`. Where a comment runs to the end of the SQL, `AS` stands on the next line.
fn aliased(sql: &str, name: &str) -> String {
    if sql.ends_with('\n') { format!("{sql}    AS {name}") } else { format!("{sql} AS {name}") }
}

/// The key of a level among the joined rows that all start from.
fn source_key(index: usize) -> String {
    format!("{KEY}_{}", index + 1)
}

fn own_column(index: usize) -> String {
    format!("z__own_{}", index + 1)
}

fn own_condition(index: usize) -> String {
    format!("z__having_{}", index + 1)
}

fn push_conditions(out: &mut String, keyword: &str, conditions: &[String]) {
    if !conditions.is_empty() {
        out.push('\n');
        out.push_str(keyword);
        out.push(' ');
        out.push_str(&conditions.join("\n    AND "));
    }
}

/// Joins a table that has one row for each group.
fn push_join(out: &mut String, name: &str, same: &[String]) {
    out.push('\n');
    if same.is_empty() {
        out.push_str("CROSS JOIN ");
        out.push_str(name);
    } else {
        out.push_str("INNER JOIN ");
        out.push_str(name);
        out.push_str(" ON ");
        out.push_str(&same.join("\n    AND "));
    }
}

fn push_list(out: &mut String, keyword: &str, list: &[String]) {
    if !list.is_empty() {
        out.push('\n');
        out.push_str(keyword);
        out.push('\n');
        out.push_str(&items(list));
    }
}

fn items(list: &[String]) -> String {
    let mut out = String::with_capacity(list.iter().map(|item| item.len() + 6).sum());
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            out.push_str(",\n");
        }
        out.push_str("    ");
        out.push_str(item);
    }
    out
}

/// The author's statement with the blanks removed that all its lines but the first begin with.
fn dedented(sql: &str) -> String {
    if breaks_in_quotes(sql) {
        return sql.to_owned();
    }
    let rest = || sql.split('\n').skip(1).filter(|line| !line.trim().is_empty());
    let depth = rest().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines = sql.split('\n').enumerate().map(|(index, line)| match index {
        0 => line,
        _ => line.get(depth..).unwrap_or_default(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Indents the lines of a statement. Lines within a string literal must keep their text, so a statement in which a
/// literal or quoted name holds a line break stays as it is.
fn indented(sql: &str) -> String {
    if breaks_in_quotes(sql) {
        return sql.to_owned();
    }
    let mut out = String::with_capacity(sql.len() + 64);
    for (index, line) in sql.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if !line.is_empty() {
            out.push_str("    ");
            out.push_str(line);
        }
    }
    out
}

/// True when a line break may stand in quotes. An odd quote within a comment counts too, and what else could hide one
/// rules it out: that only leaves some statements without indentation.
fn breaks_in_quotes(sql: &str) -> bool {
    if sql.contains("/*") || sql.contains("$$") {
        return sql.contains('\n');
    }
    let (mut single, mut double) = (false, false);
    for byte in sql.bytes() {
        match byte {
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'\n' if single || double => return true,
            _ => {}
        }
    }
    false
}
