"""The TPC-H benchmark: its data at a small scale, and its queries, once as explores ask and once as its text has them."""

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import duckdb

from server import ROOT, Server

FOLDER = ROOT / "tests/tpch"
SCALE = "0.01"


def queries():
    """The cases, in the order of their numbers."""
    return sorted((FOLDER / "queries").glob("q*.md"))


def read(case):
    """The explore query of a case, and the SQL whose rows it must have."""
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)\n```$", case.read_text(), re.DOTALL | re.MULTILINE))
    return json.loads(blocks["query"]), blocks["check"]


def write_database(folder):
    """Makes the data, puts it into a new DuckDB file and gives that."""
    made = folder / "made"
    generator = shutil.which("tpchgen-cli", path=sysconfig.get_path("scripts"))
    command = [generator, "parquet", "--scale-factor", SCALE, "--output-dir", str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    file = folder / "tpch.duckdb"
    with duckdb.connect(str(file)) as connection:
        for table in sorted(made.glob("*.parquet")):
            connection.execute(f"CREATE TABLE {table.stem} AS SELECT * FROM read_parquet('{table}')")
    shutil.rmtree(made)
    return file


def serve(folder):
    """A server on the data; not started yet."""
    return Server.project(folder, FOLDER / "lookml", "tpch", write_database(Path(folder)))
