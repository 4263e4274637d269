"""Streams a query from DuckDB in a process of its own, and prints rows, seconds and memory as JSON.

Arguments: database file, file with the SQL, settings as JSON.
"""

import json
import re
import sys
import time
from pathlib import Path

import duckdb
import pyarrow  # noqa: F401  (loaded before memory is looked at)


def memory(name):
    """A line of our own status in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024


def stream(connection, sql):
    """Reads a result batch by batch and gives the number of rows."""
    return sum(batch.num_rows for batch in connection.execute(sql).to_arrow_reader(2048 * 8))


def main():
    file, sql_file, settings = sys.argv[1:]
    sql = Path(sql_file).read_text()
    connection = duckdb.connect(file, read_only=True)
    for name, value in json.loads(settings).items():
        connection.execute(f"SET {name} = '{value}'")
    stream(connection, "SELECT * FROM items WHERE id < 10000")
    idle = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    started = time.perf_counter()
    rows = stream(connection, sql)
    seconds = time.perf_counter() - started
    print(json.dumps({"rows": rows, "seconds": seconds, "idle": idle, "peak": memory("VmHWM")}))


main()
