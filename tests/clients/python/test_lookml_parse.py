"""`belvedere lookml parse --json` beside the Python package lkml, whose shape it prints."""

import json
import subprocess

import lkml
import pytest

import big
import shop
from server import ROOT, binary

FILES = sorted((ROOT / "demo" / "thelook").rglob("*.lkml"))


def parse(*paths):
    """The documents that the command prints, one for each file."""
    done = subprocess.run([binary(), "lookml", "parse", "--json", *paths], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    documents, rest = [], done.stdout.strip()
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        documents.append(document)
        rest = rest[end:].lstrip()
    return documents


def test_the_demonstration_is_read_as_lkml_reads_it():
    assert FILES
    documents = parse(*FILES)
    for file, document in zip(FILES, documents, strict=True):
        assert document == lkml.load(file.read_text()), file.name


# Corners of the language, each a file of its own.
CORNERS = {
    "nothing": "",
    "a comment": "# nothing else\n",
    "filters in both forms": """
view: v { measure: m { type: count filters: [a.b: "x,-y", c: ">3"] filters: { field: d value: "no" } } }
""",
    "lists": "explore: e { fields: [ALL_FIELDS*, -v.a, set*] sets: [] join: x { required_joins: [a, b,] } }\n",
    "sql with marks in it": """
view: v { derived_table: { sql: SELECT ';' || '#' || "}" -- ; {
  FROM t # not a comment
;; } }
""",
    "templates": """
view: v { dimension: d { sql: {% if a._is_selected %} ${TABLE}.a {% else %} '}}' {% endif %} ;; } }
""",
    "texts": 'view: v { dimension: d { label: "a # b \\" { } ;; c" description: "two\nlines" } }\n',
    "repeated names": "view: v { extends: [a] extends: [b] dimension: x {} dimension: x {} }\n",
    "refinements": 'view: +v { dimension: x { tags: ["a", "b"] } }\n',
    "small projects": shop.FILES["views/people.view.lkml"] + big.FILES["late.view.lkml"],
}


@pytest.mark.parametrize("text", CORNERS.values(), ids=CORNERS.keys())
def test_corners_are_read_as_lkml_reads_them(tmp_path, text):
    file = tmp_path / "corner.view.lkml"
    file.write_text(text)
    try:
        expected = lkml.load(text)
    except SyntaxError:
        expected = None
    (document,) = parse(file)
    if expected is None:
        assert list(document) == ["error"]
    else:
        assert document == expected


def test_a_file_that_is_refused_takes_its_place_among_the_others(tmp_path):
    for name, text in (("a", "view: a {}"), ("b", "view: b { dimension: }"), ("c", "view: c {}")):
        (tmp_path / f"{name}.view.lkml").write_text(text)
    good, bad, also_good = parse(*(tmp_path / f"{name}.view.lkml" for name in "abc"))
    assert list(bad) == ["error"]
    assert (good, also_good) == (lkml.load("view: a {}"), lkml.load("view: c {}"))
