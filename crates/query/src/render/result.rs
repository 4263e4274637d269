//! What is made of the groups of a statement: pivot columns, and windows over the rows of the result.
//!
//! The ranks carry the names that Looker gives them.

use super::{Table, calendar, items, push_conditions, push_list};
use crate::plan::{Along, Before, ColumnSql, Compare, Direction, MOST_PIVOT_COLUMNS, Order, Pivot, Plan, Role, Window};
use belvedere_lookml::model::Comparison;

/// The groups, before they are ordered and limited.
const GROUPS: &str = "z__groups";
/// The groups a period earlier.
const EARLIER: &str = "z__earlier";
/// The groups with their comparisons.
const COMPARED: &str = "z__compared";
/// The totals of rows.
const ROW_TOTALS: &str = "z__row_totals";
/// The groups with the ranks of their pivot columns.
const PIVOT_COLUMNS: &str = "z__pivot_columns";
/// The same with what orders their rows.
const PIVOT_SORTS: &str = "z__pivot_sorts";
/// The same with the ranks of their rows.
const PIVOT_ROWS: &str = "z__pivot_rows";
/// The same with what tells the first cell of each row and column.
const PIVOT_CELLS: &str = "z__pivot_cells";
/// The groups with their numbers in the order of the result.
const NUMBERED: &str = "z__numbered";

/// The rank of a cell's pivot column.
const COLUMN_RANK: &str = "z__pivot_col_rank";
/// The rank of a cell's row.
const ROW_RANK: &str = "z___pivot_row_rank";
/// The rank of a cell among those of its pivot column.
const COLUMN_ORDERING: &str = "z__pivot_col_ordering";
/// 1 for the first cell of a row.
const FIRST_OF_ROW: &str = "z__is_highest_ranked_cell";
/// The number of a row in the order of the result.
const ROW_NUMBER: &str = "z__row_number";
/// How many groups there are.
const ROW_COUNT: &str = "z__row_count";

/// True when the groups, ordered and limited, are the result.
pub(super) fn is_plain(plan: &Plan) -> bool {
    plan.shape.pivot.is_none() && plan.earlier.is_empty() && plan.columns.iter().all(|column| column.window.is_none())
}

/// The outermost select over `groups`; tables that it needs are added to `tables`.
pub(super) fn select(plan: &Plan, groups: String, tables: &mut Vec<Table>) -> String {
    tables.push(Table::new(GROUPS, groups));
    let from = if plan.earlier.is_empty() { GROUPS } else { compared(plan, tables) };
    match &plan.shape.pivot {
        Some(pivot) => Pivoted { plan, pivot, from }.select(tables),
        None => windowed(plan, from, tables),
    }
}

/// Puts the earlier values beside the present ones; gives the name of the table.
fn compared(plan: &Plan, tables: &mut Vec<Table>) -> &'static str {
    let member = |table: &str, name: &str| format!("{table}.{}", plan.dialect.quoted(name));
    let mut joins = String::new();
    for (index, earlier) in plan.earlier.iter().enumerate() {
        let name = earlier_table(index);
        tables.push(Table::new(&*name, super::statement(&earlier.plan)));
        let same = earlier.dimensions.iter().map(|dimension| {
            format!("{} IS NOT DISTINCT FROM {}", member(&name, dimension), member(GROUPS, dimension))
        });
        let periods = match &earlier.before {
            Before::Shifted { period, months, days } => {
                let period = &plan.columns[*period].column.name;
                let before = plan.dialect.earlier(&member(GROUPS, period), *months, *days);
                vec![format!("{} = {before}", member(&name, period))]
            }
            Before::Calendar(steps) => {
                let met = calendar::meeting(
                    steps,
                    |name| numbered(name, index),
                    |column| member(GROUPS, &plan.columns[column].column.name),
                    |column| member(&name, column),
                    tables,
                );
                joins.push_str(&met.joins);
                met.conditions
            }
        };
        let conditions: Vec<String> = periods.into_iter().chain(same).collect();
        joins.extend(["\nLEFT JOIN ", &name, " ON ", &conditions.join("\n    AND ")]);
    }
    let columns = plan.columns.iter().map(|column| {
        let name = &column.column.name;
        let present = member(GROUPS, name);
        let Some(Compare { kind, earlier }) = column.compare else { return present };
        let earlier = member(&earlier_table(earlier), name);
        let sql = match kind {
            Comparison::Previous => earlier,
            Comparison::Difference => format!("{present} - {earlier}"),
            Comparison::RelativeChange => {
                let (present, earlier) = (plan.dialect.to_double(&present), plan.dialect.to_double(&earlier));
                format!("({present} - {earlier}) / NULLIF({earlier}, 0)")
            }
        };
        format!("{sql} AS {}", plan.dialect.quoted(name))
    });
    let columns: Vec<String> = columns.collect();
    tables.push(Table::new(COMPARED, format!("SELECT\n{}\nFROM {GROUPS}{joins}", items(&columns))));
    COMPARED
}

fn earlier_table(index: usize) -> String {
    numbered(EARLIER, index)
}

/// The name of a table that there is one of for each comparison.
fn numbered(name: &str, index: usize) -> String {
    match index {
        0 => name.to_owned(),
        index => format!("{name}_{}", index + 1),
    }
}

/// Windows over rows that are not pivoted.
fn windowed(plan: &Plan, from: &str, tables: &mut Vec<Table>) -> String {
    if plan.columns.iter().all(|column| column.window.is_none()) {
        return ordered(plan, from);
    }
    let order = plan.order.iter().map(|order| directed(&column_name(plan, order.column), order.direction));
    let order: Vec<String> = order.collect();
    // Without an order of the rows every one is right, as long as all windows go by the same.
    let by = if order.is_empty() { String::new() } else { format!("ORDER BY {}", order.join(", ")) };
    let columns = [format!("ROW_NUMBER() OVER ({by}) AS {ROW_NUMBER}"), format!("COUNT(*) OVER () AS {ROW_COUNT}")];
    tables.push(Table::new(NUMBERED, ranked(from, &columns, None)));
    let window = |x: &str, window: Window| {
        let overflow = plan.limit.map(|limit| format!("{ROW_COUNT} > {limit}"));
        over(plan, x, window, &Scope { partition: None, number: ROW_NUMBER, counts: None, overflow })
    };
    let mut out = format!("SELECT\n{}\nFROM {NUMBERED}", items(&columns_with(plan, window)));
    let within = plan.limit.map(|limit| format!("{ROW_NUMBER} <= {limit}"));
    push_conditions(&mut out, "WHERE", &within.into_iter().collect::<Vec<_>>());
    push_list(&mut out, "ORDER BY", &[ROW_NUMBER.to_owned()]);
    out
}

/// The rows of a table in the order of the result.
fn ordered(plan: &Plan, from: &str) -> String {
    let mut out = format!("SELECT\n{}\nFROM {from}", items(&columns_with(plan, |name, _| name.to_owned())));
    let order = plan.order.iter().map(|order| directed(&(order.column + 1).to_string(), order.direction));
    push_list(&mut out, "ORDER BY", &order.collect::<Vec<_>>());
    if let Some(rows) = plan.limit {
        out.push('\n');
        out.push_str(&plan.dialect.limit(rows));
    }
    out
}

struct Pivoted<'p> {
    plan: &'p Plan,
    pivot: &'p Pivot,
    /// The table of all cells.
    from: &'p str,
}

impl Pivoted<'_> {
    fn select(&self, tables: &mut Vec<Table>) -> String {
        let of_measures = self.sorts_of_measures();
        tables.push(Table::new(PIVOT_COLUMNS, ranked(self.from, &[self.column_rank()], None)));
        let mut from = PIVOT_COLUMNS.to_owned();
        // Ranks beyond all that a result can show only cost.
        let mut within = Some(format!("{COLUMN_RANK} <= {MOST_PIVOT_COLUMNS}"));
        if !of_measures.is_empty() {
            if self.sorts_by_row_totals() {
                from.push_str(&self.join_row_totals(tables));
            }
            let keys: Vec<String> =
                of_measures.iter().flat_map(|&(index, order)| self.sort_keys(index, order)).collect();
            tables.push(Table::new(PIVOT_SORTS, ranked(&from, &keys, within.take())));
            PIVOT_SORTS.clone_into(&mut from);
        }
        tables.push(Table::new(PIVOT_ROWS, ranked(&from, &[self.row_rank()], within)));
        let cells = [
            format!("RANK() OVER (PARTITION BY {COLUMN_RANK} ORDER BY {ROW_RANK}) AS {COLUMN_ORDERING}"),
            format!(
                "CASE WHEN RANK() OVER (PARTITION BY {ROW_RANK} ORDER BY {COLUMN_RANK}) = 1 THEN 1 ELSE 0 END AS \
                 {FIRST_OF_ROW}"
            ),
        ];
        tables.push(Table::new(PIVOT_CELLS, ranked(PIVOT_ROWS, &cells, None)));
        let mut columns = columns_with(self.plan, |x, window| self.window(x, window));
        columns.extend([ROW_RANK.to_owned(), COLUMN_RANK.to_owned()]);
        let mut out = format!("SELECT\n{}\nFROM {PIVOT_CELLS}", items(&columns));
        let columns = self.pivot.column_limit.saturating_add(self.pivot.columns_beyond);
        let mut conditions = vec![format!("({COLUMN_RANK} <= {columns} OR {FIRST_OF_ROW} = 1)")];
        conditions.extend(self.plan.limit.map(|rows| format!("({ROW_RANK} <= {rows} OR {COLUMN_ORDERING} = 1)")));
        push_conditions(&mut out, "WHERE", &conditions);
        push_list(&mut out, "ORDER BY", &[ROW_RANK.to_owned(), COLUMN_RANK.to_owned()]);
        out
    }

    /// Null pivot values come last in either direction.
    fn column_rank(&self) -> String {
        let nested = self.pivot.columns.iter().zip(&self.pivot.directions);
        let by = nested.flat_map(|(&column, &direction)| {
            let companion = self.plan.columns[column].column.sorted_by;
            let ordered = companion.into_iter().chain([column]);
            ordered.map(move |column| {
                let x = column_name(self.plan, column);
                format!("CASE WHEN {x} IS NULL THEN 1 ELSE 0 END, {}", directed(&x, direction))
            })
        });
        format!("DENSE_RANK() OVER (ORDER BY {}) AS {COLUMN_RANK}", by.collect::<Vec<_>>().join(", "))
    }

    fn row_rank(&self) -> String {
        if self.pivot.rows.is_empty() {
            return format!("1 AS {ROW_RANK}");
        }
        let mut by = Vec::new();
        for (index, order) in self.plan.order.iter().enumerate() {
            if order.pivot_column.is_some() {
                let value = directed(&sort_value(index), order.direction);
                by.extend([sort_class(index), value, directed(&sort_rest(index), order.direction)]);
            } else if self.pivot.rows.contains(&order.column) {
                by.push(directed(&column_name(self.plan, order.column), order.direction));
            }
        }
        // Rows that the sorts leave equal are different rows all the same.
        for name in self.pivot.rows.iter().map(|&column| column_name(self.plan, column)) {
            if !by.iter().any(|earlier| *earlier == name || *earlier == directed(&name, Direction::Descending)) {
                by.push(name);
            }
        }
        format!("DENSE_RANK() OVER (ORDER BY {}) AS {ROW_RANK}", by.join(", "))
    }

    /// The sorts that need a look at other cells of the row. One row needs no order.
    fn sorts_of_measures(&self) -> Vec<(usize, &Order)> {
        let sorts = self.plan.order.iter().enumerate().filter(|(_, order)| order.pivot_column.is_some());
        sorts.filter(|_| !self.pivot.rows.is_empty()).collect()
    }

    /// What orders rows by a measure in one pivot column: first the rows with a value there, by it; then those with null;
    /// then those without that cell, by the best value that they have elsewhere.
    fn sort_keys(&self, index: usize, order: &Order) -> [String; 3] {
        let x = column_name(self.plan, order.column);
        let rows = self.over_row();
        let is_it = self.is_pivot_column(order.pivot_column.unwrap_or(0));
        let best = match order.direction {
            Direction::Ascending => "MIN",
            Direction::Descending => "MAX",
        };
        let class =
            format!("MIN(CASE WHEN {is_it} THEN CASE WHEN {x} IS NOT NULL THEN 0 ELSE 1 END ELSE 2 END) OVER {rows}");
        let value = format!("MAX(CASE WHEN {is_it} THEN {x} ELSE NULL END) OVER {rows}");
        let there = format!("MAX(CASE WHEN {is_it} THEN 1 ELSE 0 END) OVER {rows}");
        let rest = format!("CASE WHEN {there} = 1 THEN NULL ELSE {best}({x}) OVER {rows} END");
        let [class, value, rest] = self.or_row_total(order, [class, value, rest]);
        [
            format!("{class} AS {}", sort_class(index)),
            format!("{value} AS {}", sort_value(index)),
            format!("{rest} AS {}", sort_rest(index)),
        ]
    }

    /// What orders rows where the sort names the column behind all pivot columns: that of row totals.
    fn or_row_total(&self, order: &Order, keys: [String; 3]) -> [String; 3] {
        let column = order.pivot_column.unwrap_or(0);
        if column == 0 || !self.sorts_by_row_totals() {
            return keys;
        }
        let total = row_total(order.column);
        let limit = self.pivot.column_limit;
        let most = format!("MAX({COLUMN_RANK})");
        let count = format!("(SELECT CASE WHEN {most} < {limit} THEN {most} ELSE {limit} END FROM {PIVOT_COLUMNS})");
        let totals = [format!("CASE WHEN {total} IS NOT NULL THEN 0 ELSE 1 END"), total, "NULL".to_owned()];
        let mut totals = totals.into_iter();
        keys.map(|key| {
            let total = totals.next().unwrap_or_default();
            format!("CASE WHEN {count} <= {column} THEN {total} ELSE {key} END")
        })
    }

    /// Whether some sort can mean the row totals.
    fn sorts_by_row_totals(&self) -> bool {
        let mut columns = self.plan.order.iter().filter_map(|order| order.pivot_column);
        self.plan.shape.row_totals.is_some() && columns.any(|column| column > 0)
    }

    /// Adds a table of the row totals; gives the join of it to each cell of the row.
    fn join_row_totals(&self, tables: &mut Vec<Table>) -> String {
        let Some(totals) = &self.plan.shape.row_totals else { return String::new() };
        let all = Plan { limit: None, order: Vec::new(), ..(*totals.plan).clone() };
        let dialect = self.plan.dialect;
        let (mut columns, mut same) = (Vec::new(), Vec::new());
        for (index, column) in self.plan.columns.iter().enumerate() {
            let name = dialect.quoted(&column.column.name);
            if column.column.role == Role::Dimension && self.pivot.rows.contains(&index) {
                columns.push(format!("{name} AS z__row_{index}"));
                same.push(format!("{name} IS NOT DISTINCT FROM z__row_{index}"));
            } else if all.columns.iter().any(|total| total.column.name == column.column.name) {
                columns.push(format!("{name} AS {}", row_total(index)));
            }
        }
        let statement = super::indented(&super::statement(&all));
        let body = format!("SELECT\n{}\nFROM (\n{statement}\n) AS {GROUPS}", items(&columns));
        tables.push(Table::new(ROW_TOTALS, body));
        format!("\nLEFT JOIN {ROW_TOTALS} ON {}", same.join("\n    AND "))
    }

    /// The condition that a cell stands in a pivot column (from 0 on); one that the result does not have is the first.
    fn is_pivot_column(&self, column: u64) -> String {
        if column == 0 || column >= self.pivot.column_limit {
            return format!("{COLUMN_RANK} = 1");
        }
        let rank = column + 1;
        format!(
            "{COLUMN_RANK} = CASE WHEN (SELECT MAX({COLUMN_RANK}) FROM {PIVOT_COLUMNS}) >= {rank} THEN {rank} ELSE 1 END"
        )
    }

    /// The window of all cells of a row.
    fn over_row(&self) -> String {
        let rows: Vec<String> = self.pivot.rows.iter().map(|&column| column_name(self.plan, column)).collect();
        format!("(PARTITION BY {})", rows.join(", "))
    }

    fn window(&self, x: &str, window: Window) -> String {
        let along = match window {
            Window::RunningTotal(along) | Window::PercentOfTotal(along) | Window::PercentOfPrevious(along) => along,
        };
        let (partition, number) = match along {
            Along::Row => (ROW_RANK, COLUMN_RANK),
            Along::Column => (COLUMN_RANK, ROW_RANK),
        };
        let shown = self.plan.limit.map(|rows| format!("{ROW_RANK} <= {rows}"));
        let counts = [Some(format!("{COLUMN_RANK} <= {}", self.pivot.column_limit)), shown];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(" AND ");
        // Most cells beyond the limit are no longer there when windows are computed.
        let overflow = self.plan.limit.map(|rows| format!("(SELECT MAX({ROW_RANK}) FROM {PIVOT_CELLS}) > {rows}"));
        over(self.plan, x, window, &Scope { partition: Some(partition), number, counts: Some(counts), overflow })
    }
}

/// Which rows a window goes over.
struct Scope<'s> {
    /// What separates the cells that belong together.
    partition: Option<&'s str>,
    /// The number of a cell among them, without gaps in a complete result.
    number: &'s str,
    /// Which cells the result shows; `None` for all.
    counts: Option<String>,
    /// That the result has more rows than its limit.
    overflow: Option<String>,
}

fn over(plan: &Plan, x: &str, window: Window, scope: &Scope<'_>) -> String {
    let number = scope.number;
    let partition = scope.partition.map(|by| format!("PARTITION BY {by}")).unwrap_or_default();
    let ordered =
        format!("({}ORDER BY {number})", scope.partition.map(|_| format!("{partition} ")).unwrap_or_default());
    match window {
        Window::RunningTotal(_) => format!("SUM({x}) OVER {}", ordered.replace(')', " ROWS UNBOUNDED PRECEDING)")),
        Window::PercentOfTotal(_) => {
            let double = plan.dialect.to_double(x);
            let counted = match &scope.counts {
                Some(counts) => format!("CASE WHEN {counts} THEN {double} ELSE NULL END"),
                None => double.clone(),
            };
            let share = format!("100.0 * {double} / NULLIF(SUM({counted}) OVER ({partition}), 0)");
            match &scope.overflow {
                Some(overflow) => format!("CASE WHEN {overflow} THEN NULL ELSE {share} END"),
                None => share,
            }
        }
        Window::PercentOfPrevious(_) => {
            let double = plan.dialect.to_double(x);
            let previous = format!("LAG({double}) OVER {ordered}");
            let is_next = format!("LAG({number}) OVER {ordered} = {number} - 1");
            format!("CASE WHEN {is_next} THEN 100.0 * ({double} - {previous}) / NULLIF({previous}, 0) ELSE NULL END")
        }
    }
}

/// The plan's columns, with `window` for those that have one.
fn columns_with(plan: &Plan, window: impl Fn(&str, Window) -> String) -> Vec<String> {
    let columns = plan.columns.iter().enumerate().map(|(index, column)| {
        let name = column_name(plan, index);
        match (&column.sql, column.window) {
            (ColumnSql::Measure(_), Some(of)) => format!("{} AS {name}", window(&name, of)),
            _ => name,
        }
    });
    columns.collect()
}

/// `SELECT *` with more columns.
fn ranked(from: &str, columns: &[String], condition: Option<String>) -> String {
    let list: Vec<String> = std::iter::once("*".to_owned()).chain(columns.iter().cloned()).collect();
    let mut out = format!("SELECT\n{}\nFROM {from}", items(&list));
    push_conditions(&mut out, "WHERE", &condition.into_iter().collect::<Vec<_>>());
    out
}

fn column_name(plan: &Plan, index: usize) -> String {
    plan.dialect.quoted(&plan.columns[index].column.name)
}

fn directed(x: &str, direction: Direction) -> String {
    match direction {
        Direction::Ascending => x.to_owned(),
        Direction::Descending => format!("{x} DESC"),
    }
}

fn sort_class(index: usize) -> String {
    format!("z__sort_{index}_class")
}

fn sort_value(index: usize) -> String {
    format!("z__sort_{index}_value")
}

fn sort_rest(index: usize) -> String {
    format!("z__sort_{index}_rest")
}

fn row_total(column: usize) -> String {
    format!("z__total_{column}")
}
