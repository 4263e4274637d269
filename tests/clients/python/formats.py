"""Reads every result format back into rows, as a program that takes part in the format would."""

import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser

JSON = ("json", "json_label", "json_detail", "json_bi")
TEXT = ("csv", "txt", "md", "html", "gsxml")
ALL = (*JSON, *TEXT)

# How the documentation of each format lets a client recognize it.
CONTENT_TYPES = {
    "json": "application/json",
    "json_label": "application/json",
    "json_detail": "application/json",
    "json_bi": "application/json",
    "csv": "text/csv",
    "txt": "text/plain",
    "md": "text/",
    "html": "text/html",
    "gsxml": "text/xml",
    "sql": "application/sql",
}


@dataclass
class Result:
    """Names or labels of the columns, and rows in their order: typed in the JSON formats, text in the others."""

    columns: list
    rows: list


def loads(text):
    """JSON with decimals kept to the digit."""
    return json.loads(text, parse_float=Decimal)


def read(result_format, text):
    """The result in `text`."""
    return READERS[result_format](text)


def _read_json(text):
    return _table(loads(text))


def _read_json_detail(text):
    return _table([_values(row) for row in loads(text)["data"]])


def _read_json_bi(text):
    return _table([_values(row) for row in loads(text)["rows"]])


def _values(row):
    return {name: cell["value"] for name, cell in row.items()}


def _table(rows):
    columns = list(rows[0]) if rows else []
    assert all(list(row) == columns for row in rows), "each row has every column, in the same order"
    return Result(columns, [list(row.values()) for row in rows])


def _read_separated(separator):
    def reader(text):
        assert text.endswith("\n") and "\r" not in text, "lines end with a line feed, the last one too"
        columns, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        # A reader of csv takes a line without any text for a row without cells.
        return Result(columns, [row or [""] for row in rows])

    return reader


def _read_md(text):
    columns, rule, *rows = [_md_cells(line) for line in text.rstrip("\n").split("\n")]
    assert all(re.fullmatch(r":?-+:?", cell) for cell in rule) and len(rule) == len(columns), rule
    return Result(columns, rows)


def _md_cells(line):
    line = line.strip()
    assert line.startswith("|") and line.endswith("|"), line
    cells = re.split(r"(?<!\\)((?:\\\\)*)\|", line)
    # The pattern keeps the backslashes that it had to look at: they belong to the cell before them.
    joined = [cells[at] + cells[at + 1] for at in range(0, len(cells) - 1, 2)]
    return [html.unescape(re.sub(r"\\([|\\])", r"\1", cell.strip())) for cell in joined[1:]]


class _HtmlTable(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.columns, self.rows, self.cell = [], [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""
        else:
            assert tag in ("table", "thead", "tbody"), f"a value became the tag {tag}"

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag == "th":
            self.columns.append(self.cell)
        elif tag == "td":
            self.rows[-1].append(self.cell)
        self.cell = None


def _read_html(text):
    table = _HtmlTable()
    table.feed(text)
    table.close()
    return Result(table.columns, [row for row in table.rows if row])


def _read_gsxml(text):
    """As the formula of Google Sheets reads it: the cells of each node at `//tr`."""
    columns, *rows = [[cell.text or "" for cell in row] for row in ElementTree.fromstring(text.encode()).iter("tr")]
    return Result(columns, rows)


READERS = {
    "json": _read_json,
    "json_label": _read_json,
    "json_detail": _read_json_detail,
    "json_bi": _read_json_bi,
    "csv": _read_separated(","),
    "txt": _read_separated("\t"),
    "md": _read_md,
    "html": _read_html,
    "gsxml": _read_gsxml,
}


def same(value, cell):
    """Whether a cell of any format holds the JSON value."""
    if isinstance(cell, str) and not isinstance(value, str):
        if value is None:
            return cell == ""
        return Decimal(cell) == Decimal(value)
    return value == cell


def assert_same_rows(expected, rows):
    """Checks that rows of any format hold the values of JSON rows."""
    assert len(rows) == len(expected)
    for values, cells in zip(expected, rows, strict=True):
        assert len(values) == len(cells) and all(map(same, values, cells)), f"{cells} is not {values}"
