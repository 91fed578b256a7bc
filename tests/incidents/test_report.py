"""The report: renderings, and escaping of text from the file."""

import html
import io
import json
import warnings
from pathlib import Path

import pytest

from geoconflict.errors import InputError
from geoconflict.incidents import IncidentsWarning, ReadReport, read
from geoconflict.incidents.report import ranges
from geoconflict.vocabulary import EventType

HOSTILE = "<script>alert(1)</script> [x](javascript:1) | `a` \x1b[31mred \u202eevil"


def report():
    content = (
        "id,date,lat,lon,country,<img src=x onerror=1>\n"
        f'"{HOSTILE}",2025-07-01,54.6872,25.2797,Lithuania,x\n'
        f'"{HOSTILE}",2025-07-02,54.6872,25.2797,Lithuania,y\n'
        f'c,"{HOSTILE}",54.6872,25.2797,Lithuania,x\n'
        f"d,2025-07-01,10,10,Lithuania,=1+1\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        return read(io.BytesIO(content.encode())).report


def test_counts_add_up():
    found = report()
    assert (found.rows_read, found.rows_used, found.rows_set_aside, found.rows_repaired) == (4, 3, 1, 1)
    assert not found.clean
    assert found.exit_status == 1
    assert sum(found.place_precision.values()) == found.rows_used


def test_json_round_trip():
    found = report()
    again = ReadReport.from_dict(json.loads(found.json()))
    assert again == found
    assert again.json() == found.json()
    with pytest.raises(InputError, match="not a report of a read"):
        ReadReport.from_dict({"file": "x", "colour": "red"})


def test_html_has_no_markup_from_the_file():
    page = report().html()
    assert "<script" not in page
    assert "<img" not in page
    assert html.escape("<script>alert(1)</script>") in page
    assert "default-src 'none'" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_markdown_has_no_markup_from_the_file():
    text = report().markdown()
    assert "\\<script\\>" in text
    assert "<script" not in text.replace("\\<script", "")
    assert "\\[x\\](javascript" in text.replace("\\(", "(").replace("\\)", ")")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "row 3" in line]
    assert rows
    assert all(line.replace("\\|", "").count("|") == 6 for line in rows)


def test_control_characters_are_escaped_for_a_terminal():
    text = report().text()
    assert "\x1b" not in text
    assert "\\x1b[31mred" in text
    assert "\u202e" not in text


def test_text_gives_counts_and_rows():
    text = report().text()
    assert "4 rows read, 3 used, 1 repaired, 1 set aside" in text
    assert "the point lies outside the country that the row names in lat: 1 row (4)" in text
    assert "a formula in a cell, kept as text" in text


def test_ranges():
    assert ranges([]) == ""
    assert ranges([5, 1, 2, 3]) == "1–3, 5"
    assert ranges(list(range(1, 10_000, 2)), most=40).endswith("more")


def test_the_documentation_lists_the_event_types():
    page = (Path(__file__).parents[2] / "docs" / "incidents.md").read_text(encoding="utf-8")
    rows = "".join(f"| `{word}` | {word.meaning} |\n" for word in EventType)
    assert "| `event_type` | meaning |\n|---|---|\n" + rows + "\n" in page
