"""A small project with rows that can be added up by hand, names that try to break out of every format, and mistakes
that only the database notices."""

import duckdb

from server import Server

# A text that ends a literal, a statement, a comment, a cell, a tag and a column, if it is let.
BREAKOUT = "O'Brien; DROP TABLE people; -- /* x"
MARKUP = 'Zoë "Z" | <b>&\\'

PEOPLE = [
    (1, "Ann", "Rome", 10),
    (2, BREAKOUT, "Oslo", 20),
    (3, MARKUP, "Oslo", 40),
    (4, None, None, 30),
]
PURCHASES = [
    (1, 1, "5.00"),
    (2, 1, "7.50"),
    (3, 1, "2.50"),
    (4, 2, "100.00"),
    (5, 3, "1.25"),
    (6, 4, "0.75"),
]

FILES = {
    "manifest.lkml": 'project_name: "shop"\n',
    "shop.model.lkml": """
connection: "shop_data"
include: "/views/*.view.lkml"

explore: people {
  join: purchases {
    type: left_outer
    relationship: one_to_many
    sql_on: ${people.id} = ${purchases.person_id} ;;
  }
}

explore: numbers {}
""",
    "views/people.view.lkml": """
view: people {
  sql_table_name: people ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: name { type: string sql: ${TABLE}.name ;; }
  dimension: city { type: string sql: ${TABLE}.city ;; }
  dimension: no_column { type: number sql: ${TABLE}.no_such_column ;; }
  dimension: no_number { type: number sql: CAST(${TABLE}.city AS INTEGER) ;; }
  measure: count { type: count }
  measure: total_points { type: sum sql: ${TABLE}.points ;; }
  measure: average_points { type: average sql: ${TABLE}.points ;; }
}
""",
    "views/purchases.view.lkml": """
view: purchases {
  sql_table_name: purchases ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: person_id { type: number hidden: yes sql: ${TABLE}.person_id ;; }
  measure: count { type: count }
  measure: total_amount { type: sum value_format: "$#,##0.00" sql: ${TABLE}.amount ;; }
}
""",
    "views/numbers.view.lkml": """
view: numbers {
  derived_table: { sql: SELECT range AS n FROM range(6000) ;; }
  dimension: n { primary_key: yes type: number sql: ${TABLE}.n ;; }
  measure: count { type: count }
}
""",
}


def write_project(folder, files):
    """Writes a LookML project, path by path, and gives its folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def write_database(file):
    """Writes the rows into a new DuckDB file and gives it."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE people (id BIGINT, name VARCHAR, city VARCHAR, points BIGINT)")
        connection.execute("CREATE TABLE purchases (id BIGINT, person_id BIGINT, amount DECIMAL(10,2))")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", PEOPLE)
        connection.executemany("INSERT INTO purchases VALUES (?, ?, ?)", PURCHASES)
    return file


def serve(folder, *arguments, files=None):
    """A server on the project, or on other files over the same rows; not started yet."""
    project = write_project(folder / "shop", FILES if files is None else files)
    return Server.project(folder, project, "shop_data", write_database(folder / "rows.duckdb"), *arguments)
