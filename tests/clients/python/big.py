"""A project over a million rows, with queries that fail late and queries that never end."""

import duckdb

from server import Server
from shop import write_project

ROWS = 1_000_000
FAILS_AT = 900_000
WORDS = "the well is dry"

# The whole table, row by row: the selected primary key keeps the query from grouping.
ALL_ROWS = {
    "model": "big",
    "view": "rows",
    "fields": ["rows.id", "rows.name", "rows.amount", "rows.day"],
    "sorts": ["__UNSORTED__"],
    "limit": "-1",
}
FAILS_LATE = {**ALL_ROWS, "view": "late", "fields": ["late.id", "late.name"]}
ENDLESS_ROWS = {**ALL_ROWS, "view": "endless", "fields": ["endless.id"]}
ENDLESS_SUM = {"model": "big", "view": "endless", "fields": ["endless.total"]}

FILES = {
    "manifest.lkml": 'project_name: "big"\n',
    "big.model.lkml": """
connection: "big_data"
include: "/*.view.lkml"

explore: rows {}
explore: late {}
explore: endless {}
""",
    "rows.view.lkml": """
view: rows {
  sql_table_name: big_rows ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: name { type: string sql: ${TABLE}.name ;; }
  dimension: amount { type: number sql: ${TABLE}.amount ;; }
  dimension: day { type: date datatype: date convert_tz: no sql: ${TABLE}.day ;; }
  measure: count { type: count }
}
""",
    "late.view.lkml": f"""
view: late {{
  sql_table_name: big_rows ;;
  dimension: id {{ primary_key: yes type: number sql: ${{TABLE}}.id ;; }}
  dimension: name {{
    type: string
    sql: CASE WHEN ${{TABLE}}.id >= {FAILS_AT} THEN CAST(error('{WORDS}') AS VARCHAR) ELSE ${{TABLE}}.name END ;;
  }}
}}
""",
    "endless.view.lkml": """
view: endless {
  derived_table: { sql: SELECT range AS id FROM range(1000000000000) ;; }
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  measure: total { type: sum sql: ${TABLE}.id % 7 ;; }
}
""",
}


def write_database(file):
    """Writes the million rows into a new DuckDB file and gives it."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"""
            CREATE TABLE big_rows AS
            SELECT range AS id, 'name ' || hash(range) AS name,
                   CAST(hash(range) % 10000000 / 100 AS DECIMAL(10,2)) AS amount,
                   DATE '2000-01-01' + CAST(range % 9000 AS INTEGER) AS day
            FROM range({ROWS})
            """
        )
    return file


def serve(folder):
    """A server on the project; not started yet."""
    project = write_project(folder / "big", FILES)
    return Server.project(folder, project, "big_data", write_database(folder / "rows.duckdb"))
