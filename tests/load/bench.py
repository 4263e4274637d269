"""Measures the server beside DuckDB itself and prints a Markdown table."""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb

import data
from cached import measure_cached
from calls import Calls, measure_calls
from explore import measure_explore
from parse import measure_parse
import people
from server import NOW, Server, running, wait_until
from wire import Wire

MEBIBYTE = 1 << 20
MILLION = 1_000_000
COPY_OPTIONS = {"csv": "FORMAT csv, HEADER", "json": "FORMAT json, ARRAY"}
# Formats that DuckDB writes beside, and the one that it hands over as it is.
FORMATS = (*COPY_OPTIONS, "arrow")
SHEET = "xlsx"
# A limit that leaves DuckDB little room for the pages of the file.
SMALL = ("--duckdb-memory-mib", "48")
CALLS = 200
STARTS = 5
PARTS = ("parse", "explore", "memory", "stream", "latency", "start", "calls", "cached", "people")


class Table:
    """The rows of the report."""

    def __init__(self):
        self.rows = []

    def add(self, what, belvedere, duckdb="", comment=""):
        """Notes a figure, and shows on standard error that it is there."""
        self.rows.append((what, belvedere, duckdb, comment))
        print(f"{what}: {belvedere} {duckdb} {comment}", file=sys.stderr)

    def print(self):
        """Prints the report."""
        print("| | Belvedere | DuckDB | |")
        print("|---|--:|--:|---|")
        for row in self.rows:
            print(f"| {' | '.join(row)} |")


class Bench:
    """A server on the table, and a connection of our own to the same file."""

    def __init__(self, server, file, table):
        self.server = server
        self.file = file
        self.table = table
        self.wire = Wire(server.credentials)
        (row,) = self.rows(data.SETTINGS)
        self.settings = {name: row[f"settings.{name}"] for name in data.SETTING_NAMES}
        self.duckdb = duckdb.connect(str(file), read_only=True)
        for name, value in self.settings.items():
            self.duckdb.execute(f"SET {name} = '{value}'")

    def close(self):
        """Ends both connections."""
        self.wire.close()
        self.duckdb.close()

    def rows(self, query):
        """The rows of a small query."""
        rows = json.loads(self.wire.call(self.wire.run("json", query)))
        assert not any("looker_error" in row for row in rows), rows
        return rows

    def sql(self, query):
        """The statement that the server runs for a query."""
        return self.wire.call(self.wire.request("/queries/run/sql", query)).decode()

    def stream(self, result_format, query, encoding="identity"):
        """Seconds and bytes of a result that is thrown away as it comes."""
        return timed(lambda: self.wire.discard(self.wire.run(result_format, query, encoding)))

    def copy(self, result_format, query):
        """Seconds of DuckDB's own COPY of the same statement to nowhere."""
        options = f"{COPY_OPTIONS[result_format]}, USE_TMP_FILE false"
        sql = f"COPY ({self.sql(query)}) TO '/dev/null' ({options})"
        return timed(lambda: self.duckdb.execute(sql))[0]


def timed(call):
    """Seconds that a call took, and what it gave."""
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def mebibytes(size):
    return f"{size / MEBIBYTE:,.0f} MiB"


def named(rows):
    return f"{rows // MILLION} M" if rows % MILLION == 0 else f"{rows:,}"


def measure_streams(bench, sizes, work):
    """Seconds of whole results beside DuckDB's own; the best of several runs, taken in turn."""
    for rows in sizes:
        query = data.first(data.UNGROUPED, rows)
        for result_format in FORMATS:
            ours, theirs = [], []
            for _ in range(3 if rows <= MILLION else 1):
                ours.append(bench.stream(result_format, query))
                if result_format in COPY_OPTIONS:
                    theirs.append(bench.copy(result_format, query))
                else:
                    theirs.append(raw_stream(bench, bench.sql(query), work)["seconds"])
            seconds, size = min(ours)
            beside = "COPY" if result_format in COPY_OPTIONS else "batches as they come"
            bench.table.add(
                f"{named(rows)} rows as {result_format}",
                f"{seconds:.2f} s",
                f"{min(theirs):.2f} s",
                f"{rows / seconds / MILLION:.2f} M rows/s, {size / seconds / MEBIBYTE:,.0f} MiB/s; DuckDB: {beside}",
            )
    rows = min(sizes)
    seconds, size = bench.stream(SHEET, data.first(data.UNGROUPED, rows))
    comment = f"{rows / seconds / MILLION:.2f} M rows/s, {mebibytes(size)}"
    bench.table.add(f"{named(rows)} rows as {SHEET}", f"{seconds:.2f} s", "", comment)
    for result_format in COPY_OPTIONS:
        seconds, size = bench.stream(result_format, data.first(data.UNGROUPED, rows), "gzip")
        comment = f"{rows / seconds / MILLION:.2f} M rows/s, {mebibytes(size)} on the wire"
        bench.table.add(f"{named(rows)} rows as {result_format}, gzip", f"{seconds:.2f} s", "", comment)


def measure_memory(serve, table, sizes, work):
    """Memory beyond idle, each result from a server that has given no other: streamed through, and one that DuckDB
    must group and sort first."""
    results = [(f"{named(rows)} rows", data.first(data.UNGROUPED, rows)) for rows in sizes]
    results.append((f"{named(min(sizes))} rows grouped and sorted", data.first(data.GROUPED, min(sizes))))
    for what, query in results:
        for result_format in FORMATS:
            with serve() as bench:
                assert len(bench.rows(data.TEN_ROWS)) == 10
                idle = bench.server.memory("VmRSS")
                ours = peak_of(bench, result_format, query) - idle
                theirs = raw_stream(bench, bench.sql(query), work)
            table.add(
                f"memory beyond idle, {what} as {result_format}",
                mebibytes(ours),
                mebibytes(theirs["peak"] - theirs["idle"]),
                f"idle {mebibytes(idle)}; DuckDB: the same statement, streamed",
            )
    alone = [(min(sizes), SHEET, ()), (max(sizes), "csv", SMALL)]
    for rows, result_format, options in alone:
        with serve(*options) as bench:
            idle = bench.server.memory("VmRSS")
            seconds, peak = timed(lambda: peak_of(bench, result_format, data.first(data.UNGROUPED, rows)))
        what = " ".join((f"memory beyond idle, {named(rows)} rows as {result_format}", *options))
        table.add(what, mebibytes(peak - idle), "", f"idle {mebibytes(idle)}; {seconds:.2f} s")


def peak_of(bench, result_format, query):
    """The most memory that the server holds while it gives a result."""
    bench.server.forget_peak()
    bench.stream(result_format, query)
    return bench.server.memory("VmHWM")


def raw_stream(bench, sql, work):
    """Streams a statement from DuckDB in a process of its own."""
    statement = work / "statement.sql"
    statement.write_text(sql)
    script = Path(__file__).with_name("raw_stream.py")
    settings = json.dumps({**bench.settings, "temp_directory": str(work / "spill")})
    command = [sys.executable, script, bench.file, statement, settings]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure_latency(bench, sizes):
    """Milliseconds of small, medium and large results beside DuckDB's own, both in turn on one connection each."""
    rows = min(sizes)
    cases = {
        f"10 groups of {named(rows)} rows": (data.first(data.TEN_GROUPS, rows), 10, CALLS),
        "10 rows by key": (data.TEN_ROWS, 10, CALLS),
        "5,000 rows by key, as arrow": (data.first(data.UNGROUPED, 5000), 5000, CALLS),
        "100,000 rows by key, as arrow": (data.first(data.UNGROUPED, 100_000), 100_000, CALLS // 10),
    }
    for what, (query, count, calls) in cases.items():
        if count > rows:
            continue
        assert len(bench.rows({**query, "limit": "11"})) == min(count, 11)
        is_small = count <= 10
        request, sql = bench.wire.run("json" if is_small else "arrow", query), bench.sql(query)
        # Text, and objects of Python, would cost more than what is measured.
        ask = bench.wire.call if is_small else bench.wire.discard
        fetch = "fetchall" if is_small else "to_arrow_table"
        ours, theirs = [], []
        for _ in range(calls):
            ours.append(timed(lambda: ask(request))[0] * 1000)
            theirs.append(timed(lambda: getattr(bench.duckdb.execute(sql), fetch)())[0] * 1000)
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        comment = f"median of {calls}; {ours - theirs:+.2f} ms, {ours / theirs - 1:+.0%}"
        bench.table.add(what, f"{ours:.2f} ms", f"{theirs:.2f} ms", comment)


def measure_starts(folder, table):
    """From the start of the process to the first answer, over demo data that is there already."""
    query = {"model": "thelook", "view": "users", "fields": ["users.count"]}
    server = Server(folder, "--demo", "--demo-anchor", "2026-01-15", "--now", NOW)
    seconds, idle, after = [], [], []

    def start():
        server.launch()
        server.credentials = wait_until(server.read_ini, 120, "the server accepts connections")
        idle.append(server.memory("VmRSS"))
        wire = Wire(server.credentials)
        rows = json.loads(wire.call(wire.run("json", query)))
        wire.close()
        return rows

    for _ in range(STARTS + 1):
        taken, rows = timed(start)
        after.append(server.memory("VmRSS"))
        assert rows[0]["users.count"] > 0 and server.stop() == 0
        seconds.append(taken)
    table.add("first start of the demo to the first answer", f"{seconds[0]:.2f} s", "", "makes the data")
    comment = f"median of {STARTS}: {min(seconds[1:]) * 1000:.0f} to {max(seconds[1:]) * 1000:.0f} ms"
    table.add("later starts to the first answer", f"{statistics.median(seconds[1:]) * 1000:.0f} ms", "", comment)
    table.add("memory of the demo, idle", mebibytes(statistics.median(idle[1:])))
    table.add("memory of the demo after the first query", mebibytes(statistics.median(after[1:])))


def machine():
    """What the figures were measured on."""
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, DuckDB {duckdb.__version__}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the table from run to run")
    parser.add_argument("--bare", type=Path, required=True, help="the bare server: crates/http/examples/bare.rs")
    parser.add_argument("--people", type=Path, required=True, help="fills states: crates/store/examples/people.rs")
    parser.add_argument("--rows", type=int, default=10 * MILLION, help="rows of the table")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    options = parser.parse_args()
    parts = options.part or PARTS
    sizes = sorted({min(MILLION, options.rows), options.rows})

    options.data.mkdir(parents=True, exist_ok=True)
    table, calls, crowd = Table(), Calls(), people.Table()
    work = Path(tempfile.mkdtemp(prefix="belvedere-load-"))
    try:
        if "parse" in parts:
            measure_parse(work, table)
        if "explore" in parts:
            measure_explore(work, table)
        if {"memory", "stream", "latency"} & set(parts):
            file = data.write_database(options.data, options.rows)
            serve = partial(serving, work, file, table)
            if "memory" in parts:
                measure_memory(serve, table, sizes, work)
            with serve() as bench:
                if "stream" in parts:
                    measure_streams(bench, sizes, work)
                if "latency" in parts:
                    measure_latency(bench, sizes)
        if "start" in parts:
            measure_starts(work / "demo", table)
        if "calls" in parts:
            measure_calls(work / "calls", options.bare, calls)
        if "cached" in parts:
            measure_cached(work / "cached", options.bare, table)
        if "people" in parts:
            people.measure_people(work / "people", options.people, crowd)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{machine()}\n")
    if table.rows:
        table.print()
    if calls.rows:
        calls.print()
    if crowd.rows:
        crowd.print()


@contextmanager
def serving(work, file, table, *options):
    """A server on the table, started and stopped."""
    with running(Server.project(work, data.write_project(work), data.CONNECTION, file, *options)) as server:
        bench = Bench(server, file, table)
        yield bench
        bench.close()


main()
