"""One query, every format: the same values, in the shape that belongs to each."""

import json
from decimal import Decimal

import duckdb
import pytest
from looker_sdk import models40

import formats
import shop

QUERY = {
    "model": "thelook",
    "view": "users",
    "fields": ["users.state", "users.gender", "users.count", "users.average_age", "order_items.total_sale_price"],
    "sorts": ["users.state", "users.gender"],
    "limit": "40",
}
LABELS = ["Users State", "Users Gender", "Users Count", "Users Average Age", "Order Items Total Sale Price"]
PEOPLE = {
    "model": "shop",
    "view": "people",
    "fields": ["people.id", "people.name", "people.count"],
    "sorts": ["people.id"],
}


@pytest.fixture(scope="module")
def rows(demo):
    """The rows of QUERY as the json format gives them."""
    import looker_sdk

    client = looker_sdk.init40(str(demo.ini))
    result = formats.read("json", client.run_inline_query("json", models40.WriteQuery(**QUERY)))
    client.auth.logout()
    assert result.columns == QUERY["fields"]
    assert len(result.rows) == 40 and any(row[1] is None for row in result.rows)
    return result.rows


@pytest.fixture
def run(sdk):
    """Runs QUERY inline and kept, checks that both say the same, and gives the text."""

    def run(result_format, **options):
        body = models40.WriteQuery(**QUERY)
        inline = sdk.run_inline_query(result_format, body, **options)
        kept = sdk.run_query(sdk.create_query(body).id, result_format, **options)
        if result_format != "json_detail":
            assert inline == kept
        return kept

    return run


@pytest.mark.parametrize("result_format", formats.ALL)
def test_every_format_holds_the_same_rows(run, rows, result_format):
    result = formats.read(result_format, run(result_format))
    formats.assert_same_rows(rows, result.rows)
    by_name = result_format in ("json", "json_detail", "json_bi")
    assert result.columns == (QUERY["fields"] if by_name else LABELS)


@pytest.mark.parametrize("result_format", formats.ALL)
def test_a_run_may_ask_for_fewer_rows(run, rows, result_format):
    formats.assert_same_rows(rows[:7], formats.read(result_format, run(result_format, limit=7)).rows)


@pytest.mark.parametrize("result_format", ["json", "json_label", *formats.TEXT])
def test_formatting_follows_the_model(run, rows, result_format):
    result = formats.read(result_format, run(result_format, apply_formatting=True))
    for (state, gender, count, age, price), cells in zip(rows, result.rows, strict=True):
        assert cells[0] == state and cells[1] in (gender, "" if gender is None else gender)
        assert cells[2] == f"{count:,}"
        assert cells[4] == f"${price:,.2f}"
        if age is not None:
            assert "." in cells[3] and abs(Decimal(cells[3]) - age) <= Decimal("0.05000001")


def test_cells_of_json_detail_carry_their_formatted_text(run, rows):
    cells = [row["order_items.total_sale_price"] for row in formats.loads(run("json_detail"))["data"]]
    assert [cell["rendered"] for cell in cells] == [f"${row[4]:,.2f}" for row in rows]


def test_json_detail_tells_about_the_run(run):
    detail = formats.loads(run("json_detail"))
    assert detail["status"] == "complete" and not detail.get("errors")
    assert [field["name"] for field in detail["fields"]["dimensions"]] == QUERY["fields"][:2]
    assert [field["name"] for field in detail["fields"]["measures"]] == QUERY["fields"][2:]
    assert detail["fields"]["dimensions"][0]["sorted"] == {"sort_index": 0, "desc": False}
    assert detail["explore"]["name"] == "users" and detail["has_totals"] is False
    assert float(detail["runtime"]) >= 0 and isinstance(detail["runtime"], str)
    assert detail["sql"] == run("sql").strip()


def test_json_bi_describes_its_columns(run):
    metadata = formats.loads(run("json_bi"))["metadata"]
    assert [field["name"] for field in metadata["fields"]["dimensions"]] == QUERY["fields"][:2]
    assert [field["name"] for field in metadata["fields"]["measures"]] == QUERY["fields"][2:]
    assert metadata["has_totals"] is False and metadata["has_subtotals"] is False
    assert metadata["sql"] == run("sql").strip()


def test_the_shown_sql_gives_the_rows(run, rows, data):
    sql = run("sql")
    assert all(f'"{name}"' in sql for name in QUERY["fields"]) and not sql.rstrip().endswith(";")
    formats.assert_same_rows(rows, [[plain(value) for value in row] for row in data.execute(sql).fetchall()])


def plain(value):
    """A value of the database as JSON has it."""
    return Decimal(repr(value)) if isinstance(value, float) else value


@pytest.mark.parametrize("result_format", formats.ALL)
def test_no_value_breaks_out_of_its_cell(shop_api, result_format):
    expected = [[number, name, 1] for number, name, *_ in shop.PEOPLE]
    answer = shop_api.run(result_format, PEOPLE)
    assert answer.status_code == 200
    formats.assert_same_rows(expected, formats.read(result_format, answer.content.decode()).rows)


@pytest.mark.parametrize("result_format", formats.TEXT)
def test_the_sdk_reads_letters_beyond_ascii_in_text(shop_server, result_format):
    import looker_sdk

    client = looker_sdk.init40(str(shop_server.ini))
    text = client.run_inline_query(result_format, models40.WriteQuery(**PEOPLE))
    assert "Zoë" in text
    client.auth.logout()


def test_json_texts_are_safe_inside_a_page(shop_api):
    text = shop_api.run("json", PEOPLE).text
    assert r"\u003cb\u003e\u0026" in text and not set("<>&") & set(text)


@pytest.mark.parametrize("result_format", [*formats.ALL, "sql"])
def test_a_result_has_the_content_type_of_its_format(api, result_format):
    answer = api.run(result_format, QUERY)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(formats.CONTENT_TYPES[result_format])


@pytest.mark.parametrize("result_format", formats.ALL)
def test_no_rows_are_a_result_too(api, result_format):
    query = {**QUERY, "filters": {"users.country": "Atlantis"}}
    text = api.run(result_format, query).content.decode()
    result = formats.read(result_format, text)
    assert result.rows == []
    if result_format in formats.TEXT:
        assert result.columns == LABELS


def test_an_unknown_format_is_refused(api):
    answer = api.run("parchment", QUERY)
    assert answer.status_code in (400, 404, 422)
    api.assert_error(answer, answer.status_code)


@pytest.mark.parametrize("result_format", ["json", "csv"])
def test_a_yesno_is_a_word_and_a_null_is_nothing(api, data, result_format):
    query = {
        "model": "thelook",
        "view": "inventory_items",
        "fields": ["inventory_items.id", "inventory_items.is_sold", "inventory_items.sold_date"],
        "sorts": ["inventory_items.id"],
        "limit": "200",
        "query_timezone": "UTC",
    }
    sql = """
        SELECT id, CASE WHEN sold_at IS NULL THEN 'No' ELSE 'Yes' END, strftime(sold_at, '%Y-%m-%d')
        FROM inventory_items ORDER BY id LIMIT 200
    """
    expected = [list(row) for row in data.execute(sql).fetchall()]
    assert {row[1] for row in expected} == {"Yes", "No"}
    result = formats.read(result_format, api.run(result_format, query).text)
    formats.assert_same_rows(expected, result.rows)


def test_csv_is_read_by_another_reader(api, tmp_path):
    file = tmp_path / "users.csv"
    file.write_bytes(api.run("csv", {**QUERY, "fields": QUERY["fields"][:3], "limit": "-1"}).content)
    counts = duckdb.sql(f"SELECT SUM(\"Users Count\") FROM read_csv('{file}', header = true)").fetchone()[0]
    rows = api.rows({**QUERY, "fields": ["users.count"], "sorts": []})
    assert rows == [{"users.count": counts}]


def test_json_rows_have_their_keys_in_the_order_of_the_fields(api):
    body = json.loads(api.run("json", {**QUERY, "fields": list(reversed(QUERY["fields"]))}).text)
    # Dimensions come before measures, each in the order asked for.
    assert list(body[0]) == [*reversed(QUERY["fields"][:2]), *reversed(QUERY["fields"][2:])]
