"""xlsx, parquet and ndjson, read by the programs that people open them with."""

import io
import json
from decimal import Decimal

import duckdb
import openpyxl
import pytest
from looker_sdk import models40

QUERY = {
    "model": "thelook",
    "view": "order_items",
    "fields": ["orders.created_date", "orders.status", "order_items.count", "order_items.total_sale_price"],
    "sorts": ["orders.created_date", "orders.status"],
    "limit": "200",
}
PIVOTED = {
    "model": "thelook",
    "view": "order_items",
    "fields": ["orders.created_month", "users.gender", "order_items.count"],
    "pivots": ["users.gender"],
    "sorts": ["orders.created_month", "users.gender"],
    "limit": "6",
    "total": True,
    "row_total": "right",
}


def sheet(body):
    """The cells of the one sheet."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Results"]
    return [[cell.value for cell in row] for row in book["Results"].iter_rows()]


@pytest.fixture
def rows(api):
    return api.rows(QUERY)


def test_a_workbook_has_dates_and_numbers(api, rows):
    answer = api.run("xlsx", QUERY)
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    header, *cells = sheet(answer.content)
    assert header == ["Orders Created Date", "Orders Status", "Order Items Count", "Order Items Total Sale Price"]
    assert len(cells) == len(rows) == 200
    for cell, row in zip(cells, rows):
        day, status, count, price = row.values()
        assert cell[0].strftime("%Y-%m-%d") == day
        assert cell[1:3] == [status, count]
        assert cell[3] == pytest.approx(price)


def test_the_format_of_a_field_is_that_of_its_cells(api):
    answer = api.run("xlsx", QUERY, apply_formatting="true")
    cells = list(openpyxl.load_workbook(io.BytesIO(answer.content))["Results"].iter_rows())[1]
    assert isinstance(cells[3].value, (int, float))
    assert cells[2].number_format == "#,##0"
    assert "0.00" in cells[3].number_format


def test_the_sdk_takes_a_workbook_for_bytes(sdk):
    body = sdk.run_inline_query("xlsx", models40.WriteQuery(**QUERY))
    assert isinstance(body, bytes) and sheet(body)[0][0] == "Orders Created Date"


def test_parquet_has_the_types_of_the_database(api, rows, tmp_path):
    answer = api.run("parquet", QUERY)
    assert answer.status_code == 200, answer.text
    (tmp_path / "rows.parquet").write_bytes(answer.content)
    table = duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path}/rows.parquet')")
    assert table.columns == QUERY["fields"]
    assert table.types[0] == "DATE"
    for found, row in zip(table.fetchall(), rows, strict=True):
        day, status, count, price = row.values()
        assert (found[0].isoformat(), found[1], found[2]) == (day, status, count)
        assert Decimal(found[3]) == pytest.approx(Decimal(str(price)))


def test_ndjson_is_a_row_in_each_line(api, rows):
    answer = api.run("ndjson", QUERY)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == rows


def test_a_pivoted_workbook_repeats_its_pivot_values_and_ends_with_totals(api):
    query = PIVOTED
    pivots, labels, *cells = sheet(api.run("xlsx", query).content)
    detail = api.run("json_detail", query).json()
    assert pivots == ["Users Gender", *[pivot["labels"]["users.gender"] for pivot in detail["pivots"][:-1]], None]
    assert labels == ["Orders Created Month", *["Order Items Count"] * len(detail["pivots"])]
    keys = [pivot["key"] for pivot in detail["pivots"]]
    for cell, row in zip(cells, detail["data"]):
        assert cell == [row["orders.created_month"]["value"], *[row["order_items.count"][key]["value"] for key in keys]]
    totals = [detail["totals_data"]["order_items.count"][key]["value"] for key in keys]
    assert cells[-1] == [None, *totals]


def test_sql_runner_runs_one_statement(sdk):
    kept = sdk.create_sql_query(models40.SqlQueryCreate(connection_name="thelook", sql="SELECT COUNT(*) AS n FROM users"))
    assert sdk.sql_query(kept.slug).sql == "SELECT COUNT(*) AS n FROM users"
    rows = json.loads(sdk.run_sql_query(kept.slug, "json"))
    users = json.loads(sdk.run_inline_query("json", models40.WriteQuery(model="thelook", view="users", fields=["users.count"])))
    assert rows == [{"n": users[0]["users.count"]}]


def test_a_merge_query_is_read_as_it_was_written(sdk):
    query = sdk.create_query(models40.WriteQuery(model="thelook", view="users", fields=["users.state", "users.count"]))
    other = sdk.create_query(models40.WriteQuery(model="thelook", view="users", fields=["users.state", "users.average_age"]))
    fields = [models40.MergeFields(field_name="users.state", source_field_name="users.state")]
    sources = [
        models40.MergeQuerySourceQuery(name="q1", query_id=query.id),
        models40.MergeQuerySourceQuery(name="q2", query_id=other.id, merge_fields=fields),
    ]
    merged = sdk.create_merge_query(body=models40.WriteMergeQuery(source_queries=sources, sorts=["users.count desc"]))
    read = sdk.merge_query(merged.id)
    assert [source.query_id for source in read.source_queries] == [query.id, other.id]
    assert read.source_queries[1].merge_fields[0].field_name == "users.state"
    assert read.sorts == ["users.count desc"]
