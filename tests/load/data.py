"""The table that the load runs over, and the LookML on it."""

import os
from pathlib import Path

import duckdb

MODEL = "load"
CONNECTION = "load_data"
COLUMNS = ("id", "name", "amount", "day", "moment", "ratio")

# Row by row and in no order: the selected primary key keeps the query from grouping.
UNGROUPED = {
    "model": MODEL,
    "view": "items",
    "fields": [f"items.{column}" for column in (*COLUMNS[:4], "moment_time", "ratio")],
    "sorts": ["__UNSORTED__"],
    "limit": "-1",
}
# Without the primary key a query groups, and without sorts it gets the default one.
GROUPED = {**UNGROUPED, "fields": UNGROUPED["fields"][1:], "sorts": []}
TEN_GROUPS = {
    "model": MODEL,
    "view": "items",
    "fields": ["items.digit", "items.count", "items.total_amount"],
    "sorts": ["items.digit"],
}
TEN_ROWS = {**UNGROUPED, "filters": {"items.id": "<10"}}
# The settings of the server's engine that DuckDB must share to be compared.
SETTING_NAMES = ("memory_limit", "threads", "preserve_insertion_order")
SETTINGS = {"model": MODEL, "view": "settings", "fields": [f"settings.{name}" for name in SETTING_NAMES]}

FILES = {
    "manifest.lkml": 'project_name: "load"\n',
    "load.model.lkml": f"""
connection: "{CONNECTION}"
include: "/*.view.lkml"

explore: items {{}}
explore: settings {{}}
""",
    "items.view.lkml": """
view: items {
  sql_table_name: items ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: name { type: string sql: ${TABLE}.name ;; }
  dimension: amount { type: number sql: ${TABLE}.amount ;; }
  dimension: day { type: date datatype: date convert_tz: no sql: ${TABLE}.day ;; }
  dimension_group: moment { type: time timeframes: [raw, time] convert_tz: no sql: ${TABLE}.moment ;; }
  dimension: ratio { type: number sql: ${TABLE}.ratio ;; }
  dimension: digit { type: number sql: ${TABLE}.id % 10 ;; }
  measure: count { type: count }
  measure: total_amount { type: sum sql: ${TABLE}.amount ;; }
}
""",
    "settings.view.lkml": "view: settings {\n  derived_table: { sql: SELECT 1 AS one ;; }\n"
    + "".join(
        f"  dimension: {name} {{ type: string sql: CAST(current_setting('{name}') AS VARCHAR) ;; }}\n"
        for name in SETTING_NAMES
    )
    + "}\n",
}


def first(query, rows):
    """The query over the first `rows` rows of the table alone."""
    return {**query, "filters": {"items.id": f"<{rows}"}}


def write_project(folder):
    """Writes the LookML project and gives its folder."""
    project = Path(folder) / "load"
    project.mkdir(parents=True, exist_ok=True)
    for path, text in FILES.items():
        (project / path).write_text(text)
    return project


def write_database(folder, rows):
    """Makes the table once for each size, and gives its file."""
    file = Path(folder) / f"items-{rows}.duckdb"
    if file.exists():
        return file
    half_made = file.with_suffix(".new")
    half_made.unlink(missing_ok=True)
    with duckdb.connect(str(half_made)) as connection:
        connection.execute(
            f"""
            CREATE TABLE items AS
            SELECT range AS id,
                   'item ' || hash(range) % 1000000000 AS name,
                   CAST(hash(range + 1) % 10000000 / 100 AS DECIMAL(10,2)) AS amount,
                   DATE '2000-01-01' + CAST(hash(range + 2) % 9000 AS INTEGER) AS day,
                   TIMESTAMP '2000-01-01' + to_seconds(hash(range + 3) % 800000000) AS moment,
                   CAST(hash(range + 4) % 1000000007 AS DOUBLE) / 1000000007 AS ratio
            FROM range({rows})
            """
        )
    os.replace(half_made, file)
    return file
