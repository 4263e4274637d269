"""A million rows: all of them arrive, in little memory, and a failure on the way is never taken for the end."""

import json
import re
import zipfile

import duckdb
import pyarrow
import pytest
import requests

import big
import formats
from http_api import Api
from server import running, wait_until

MEBIBYTE = 1 << 20
READERS = {
    "csv": "read_csv('{file}', header = true, columns = {columns})",
    "json": "read_json('{file}', format = 'array', columns = {columns})",
    "arrow": "stream",
}
TYPES = ["BIGINT", "VARCHAR", "DECIMAL(10,2)", "DATE"]
CHECKSUM = "COUNT(*), SUM(hash({}))"


def download(api, result_format, query, file, **params):
    """Writes a result into a file as it comes, and gives the number of bytes."""
    with api.post(f"/queries/run/{result_format}", json=query, params=params, stream=True) as answer:
        assert answer.status_code == 200, answer.text
        with file.open("wb") as out:
            for chunk in answer.iter_content(1 << 20):
                out.write(chunk)
    return file.stat().st_size


def checksum_of_the_table(server):
    """Number and hash of the rows in the database, seen past the server."""
    with duckdb.connect(str(server.folder / "rows.duckdb"), read_only=True) as connection:
        return connection.execute(f"SELECT {CHECKSUM.format('id, name, amount, day')} FROM big_rows").fetchone()


def checksum_of_the_file(result_format, file):
    """Number and hash of the rows in a result."""
    names = big.ALL_ROWS["fields"]
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in zip(names, TYPES, strict=True)) + "}"
    source = READERS[result_format].format(file=file, columns=columns)
    quoted = ", ".join(f'CAST("{name}" AS {kind})' for name, kind in zip(names, TYPES, strict=True))
    with duckdb.connect() as connection, file.open("rb") as opened:
        if result_format == "arrow":
            connection.register("stream", pyarrow.ipc.open_stream(opened))
        return connection.execute(f"SELECT {CHECKSUM.format(quoted)} FROM {source}").fetchone()


def rows_of_the_sheet(file):
    """The text of each row of a workbook's sheet, one after the other."""
    with zipfile.ZipFile(file) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        rest = b""
        while chunk := sheet.read(1 << 20):
            *rows, rest = (rest + chunk).split(b"</row>")
            yield from rows


@pytest.fixture(scope="module")
def fresh_server(tmp_path_factory):
    """A server that has answered nothing large yet."""
    with running(big.serve(tmp_path_factory.mktemp("fresh"))) as server:
        yield server


def test_all_rows_arrive_in_bounded_memory(fresh_server, tmp_path):
    with Api(fresh_server) as api:
        api.login()
        assert len(api.rows(big.ALL_ROWS, limit=10)) == 10
        idle = fresh_server.memory("VmRSS")
        for result_format in READERS:
            file = tmp_path / f"rows.{result_format}"
            fresh_server.forget_peak()
            size = download(api, result_format, big.ALL_ROWS, file)
            grown = fresh_server.memory("VmHWM") - idle
            count, checksum = checksum_of_the_file(result_format, file)
            assert (count, checksum) == checksum_of_the_table(fresh_server) and count == big.ROWS
            told = f"{result_format}: {grown / MEBIBYTE:.0f} MiB beyond idle for {size / MEBIBYTE:.0f} MiB"
            assert grown < 64 * MEBIBYTE, told


def test_a_workbook_is_streamed_in_bounded_memory(fresh_server, tmp_path):
    with Api(fresh_server) as api:
        api.login()
        assert len(api.rows(big.ALL_ROWS, limit=10)) == 10
        idle = fresh_server.memory("VmRSS")
        fresh_server.forget_peak()
        file = tmp_path / "rows.xlsx"
        download(api, "xlsx", big.ALL_ROWS, file)
        grown = fresh_server.memory("VmHWM") - idle
    _, *rows = rows_of_the_sheet(file)
    ids = [int(re.search(rb"<v>(\d+)</v>", row)[1]) for row in rows]
    assert len(ids) == big.ROWS and sum(ids) == big.ROWS * (big.ROWS - 1) // 2
    assert grown < 64 * MEBIBYTE, f"{grown / MEBIBYTE:.0f} MiB beyond idle"


def test_a_workbook_ends_at_its_last_row(big_api, tmp_path):
    file = tmp_path / "endless.xlsx"
    download(big_api, "xlsx", big.ENDLESS_ROWS, file)
    wait_until(lambda: big_api.running_queries() == [], 10, "the statement is stopped")
    count, last = 0, b""
    for count, last in enumerate(rows_of_the_sheet(file), 1):
        pass
    assert count == 1_048_576, "a sheet has no more rows"
    assert b"<v>" not in last, "the last one says that there are more"


@pytest.mark.parametrize("result_format", formats.JSON)
def test_a_late_failure_ends_json_with_its_message(big_api, result_format):
    answer = big_api.run(result_format, big.FAILS_LATE)
    assert answer.status_code == 200
    body = json.loads(answer.text)
    if result_format == "json_detail":
        rows = body["data"]
        assert body["status"] == "error" and big.WORDS in json.dumps(body["errors"])
    else:
        *rows, last = body["rows"] if result_format == "json_bi" else body
        assert list(last) == ["looker_error"] and big.WORDS in last["looker_error"]
    assert 0 < len(rows) <= big.FAILS_AT
    assert not any("looker_error" in row for row in rows)
    # The error stands at the end, behind many megabytes of rows.
    big_api.assert_keeps_to_itself(answer.text[-4096:])


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("result_format", formats.TEXT)
def test_a_late_failure_breaks_off_a_text(big_api, result_format, encoding):
    path = f"/queries/run/{result_format}"
    received = 0
    broken = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)
    with pytest.raises(broken):
        with big_api.post(path, json=big.FAILS_LATE, headers={"Accept-Encoding": encoding}, stream=True) as answer:
            assert answer.status_code == 200
            for chunk in answer.iter_content(1 << 16):
                received += len(chunk)
    assert received > 1 << 16, "the failure must come after the start"


def test_after_failures_the_server_answers_as_before(big_api):
    assert big_api.run("csv", big.FAILS_LATE, limit=10).status_code == 200
    assert big_api.rows({"model": "big", "view": "rows", "fields": ["rows.count"]}) == [{"rows.count": big.ROWS}]
    wait_until(lambda: big_api.running_queries() == [], 10, "the statements that broke off have ended")
