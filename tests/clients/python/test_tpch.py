"""TPC-H: an explore query has the rows of the benchmark's own SQL."""

import datetime
import json
import math
from decimal import Decimal

import duckdb
import pytest

import tpch
from http_api import Api
from server import running


@pytest.fixture(scope="module")
def tpch_server(tmp_path_factory):
    """A server on the data of the benchmark."""
    with running(tpch.serve(tmp_path_factory.mktemp("tpch"))) as server:
        yield server


@pytest.fixture(scope="module")
def tpch_api(tpch_server):
    """Plain HTTP to it, signed in."""
    with Api(tpch_server) as client:
        client.login()
        yield client


def ours(api, query):
    """The rows of a query, as tuples in the order of its fields, with numbers as they are written."""
    answer = api.run("json", query)
    assert answer.status_code == 200, answer.text
    rows = json.loads(answer.text, parse_float=Decimal, parse_int=Decimal)
    assert not any("looker_error" in row for row in rows), answer.text
    return [tuple(row[field] for field in query["fields"]) for row in rows]


def reference(server, sql):
    """The rows of the benchmark's SQL, past the server."""
    with duckdb.connect(str(server.folder / "tpch.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def agrees(our, expected):
    """Whether two values are the same: decimals and whole numbers to the last digit, doubles to nine digits."""
    if isinstance(expected, float):
        return our is not None and math.isclose(our, expected, rel_tol=1e-9)
    if isinstance(expected, datetime.date):
        return our == expected.isoformat()
    return our == expected


@pytest.mark.parametrize("case", tpch.queries(), ids=lambda case: case.stem)
def test_an_explore_query_has_the_rows_of_the_benchmark(tpch_server, tpch_api, case):
    query, sql = tpch.read(case)
    expected = reference(tpch_server, sql)
    assert expected and expected != [(None,)], "a query without rows shows nothing"
    rows = ours(tpch_api, query)
    assert len(rows) == len(expected)
    for our, row in zip(rows, expected, strict=True):
        assert len(our) == len(row) and all(map(agrees, our, row)), f"{our}\ninstead of\n{row}"


def test_most_queries_of_the_benchmark_are_asked():
    assert len(tpch.queries()) == 22
