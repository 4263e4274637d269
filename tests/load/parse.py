"""Reading LookML: this server's parser beside the Python packages lkml and looker-cst and the npm package
lookml-parser, on the same text."""

import json
import os
import re
import subprocess
import time

import lkml
import looker_cst

from server import ROOT, binary

MEGABYTE = 1_000_000
COPIES = 20
FIELDS = 4_000
RUNS = 5

DIMENSION = """
  # What the customer paid, number {number}.
  dimension: amount_{number} {{
    group_label: "Amounts"
    label: "Amount {number}"
    description: "Part {number} of what the customer paid; \\"net\\" of taxes."
    type: number
    value_format_name: usd
    tags: ["money", "part {number}"]
    sql: CASE WHEN ${{TABLE}}.kind = {number}
      THEN ${{TABLE}}.amount * {{% if a._is_selected %}} 1 {{% else %}} 2 {{% endif %}} END ;;
  }}
  measure: total_amount_{number} {{
    type: sum
    filters: [amount_{number}: ">0", created_date: "7 days"]
    drill_fields: [id, amount_{number}, customers.detail*]
    sql: ${{amount_{number}}} ;;
  }}
"""


def corpora():
    """Texts by what they are: the demonstration's files over and over, and one large view."""
    demo = [file.read_text() for file in sorted((ROOT / "demo" / "thelook").rglob("*.lkml"))]
    generated = "view: amounts {\n" + "".join(DIMENSION.format(number=number) for number in range(FIELDS)) + "}\n"
    return {"the demo's LookML": demo * COPIES, "a generated view": [generated]}


def measure_parse(work, table):
    """Megabytes per second on one core."""
    for what, texts in corpora().items():
        folder = work / "lookml" / what.replace(" ", "-")
        folder.mkdir(parents=True)
        for number, text in enumerate(texts):
            (folder / f"{number:04}.view.lkml").write_text(text)
        size = sum(len(text.encode()) for text in texts) / MEGABYTE
        tree = size / min(ours(folder) for _ in range(RUNS))
        cst = size / min(theirs(looker_cst.parse, texts) for _ in range(RUNS))
        slow = size / theirs(lkml.load, texts)
        peg = size / of_node(folder)
        whole = size / min(ours_as_json(folder) for _ in range(RUNS))
        name = f"parse {what}, {size:.1f} MB"
        others = {"looker-cst": cst, "lkml": slow, "lookml-parser": peg}
        comment = ", ".join(f"{name} {speed:,.2f} MB/s (x{tree / speed:,.0f})" for name, speed in others.items())
        table.add(name, f"{tree:,.0f} MB/s", "", comment)
        table.add(f"{name}, to JSON", f"{whole:,.0f} MB/s", "", "the whole process, from its start to its end")


def ours(folder):
    """Seconds of parsing alone, as the command tells them."""
    done = subprocess.run([binary(), "lookml", "parse", "--stats", folder], check=True, capture_output=True, text=True)
    return float(re.search(r"([\d.]+) s$", done.stdout.strip())[1])


def ours_as_json(folder):
    """Seconds of a process that parses and prints JSON."""
    started = time.perf_counter()
    subprocess.run([binary(), "lookml", "parse", "--json", folder], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def theirs(parse, texts):
    """Seconds that a package takes for all texts."""
    started = time.perf_counter()
    for text in texts:
        parse(text)
    return time.perf_counter() - started


def of_node(folder):
    """Seconds that the npm package takes for all texts, inside its process."""
    program = ["node", ROOT / "tests" / "load" / "lookml_parser.js", *sorted(folder.iterdir())]
    where = os.environ | {"NODE_PATH": str(ROOT / "target" / "load" / "node" / "node_modules")}
    done = subprocess.run(program, check=True, capture_output=True, text=True, env=where)
    told = json.loads(done.stdout)
    assert told["refused"] == 0, f"lookml-parser refuses {told['refused']} of the files"
    return told["seconds"]
