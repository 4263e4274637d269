"""Describing a wide explore: what a client waits for before it can show a field picker."""

import statistics
import time

import duckdb

from server import Server, running
from wire import Wire

DIMENSIONS = 1_500
MEASURES = 500
CALLS = 100

MODEL = 'connection: "wide"\ninclude: "*.view"\nexplore: wide {}\n'
DIMENSION = """
  dimension: d_{number} {{
    label: "Part {number}"
    group_label: "Parts"
    description: "What part {number} is."
    type: string
    drill_fields: [d_0, d_1]
    sql: ${{TABLE}}.d_{number} ;;
  }}
"""
MEASURE = """
  measure: m_{number} {{
    type: sum
    value_format_name: usd_0
    drill_fields: [d_0, d_1]
    sql: ${{d_{number}}} ;;
  }}
"""


def measure_explore(work, table):
    """Milliseconds of `lookml_model_explore` on an explore of two thousand fields, whole and for the names alone."""
    project = work / "wide"
    project.mkdir(parents=True)
    fields = [DIMENSION.format(number=number) for number in range(DIMENSIONS)]
    fields += [MEASURE.format(number=number) for number in range(MEASURES)]
    (project / "wide.view.lkml").write_text("view: wide {\n  sql_table_name: t ;;\n" + "".join(fields) + "}\n")
    (project / "wide.model.lkml").write_text(MODEL)
    file = work / "wide.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS d_0")
    with running(Server.project(work / "wide-server", project, "wide", file)) as server:
        wire = Wire(server.credentials)
        path = "/lookml_models/wide/explores/wide"
        for what, query in (("whole", ""), ("names and types", "?fields=fields(dimensions(name,type),measures(name,type))")):
            taken, size = calls(wire, wire.get(path + query))
            comment = f"{size / 1_000_000:.2f} MB; fastest of {CALLS}: {min(taken) * 1000:.1f} ms"
            name = f"explore of {DIMENSIONS + MEASURES:,} fields described, {what}"
            table.add(name, f"{statistics.median(taken) * 1000:.1f} ms", "", comment)
        wire.close()


def calls(wire, request):
    """Seconds of each call, and the bytes of an answer."""
    taken = []
    for _ in range(CALLS):
        started = time.perf_counter()
        size = wire.discard(request)
        taken.append(time.perf_counter() - started)
    return taken, size
