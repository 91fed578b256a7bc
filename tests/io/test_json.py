"""JSON: one record per line, and what is set aside or repaired."""

import io
import json

import pytest

from geoconflict.errors import ReadError
from geoconflict.io.json import read_json
from geoconflict.io.open import Limits, open_input


def read(content, name="events.jsonl", **options):
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    stream.name = name
    return read_json(open_input(stream, limits=Limits()), **options)


RECORDS = [{"id": "a", "lat": 54.5}, {"id": "b", "lat": 55.5}]


@pytest.mark.parametrize("odd", ["5", '"text"', "[1, 2]", "null", "{cut"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_line_that_is_no_record_is_set_aside_with_its_number(odd, at):
    lines = [json.dumps(record) for record in RECORDS]
    lines.insert(at, odd)
    if at == 0 and odd[0] not in "[{":
        with pytest.raises(ReadError, match="not what its name says"):
            read("\n".join(lines))
        return
    raw = read("\n".join(lines))
    assert raw.frame["id"].tolist() == ["a", "b"]
    assert [issue.row for issue in raw.lost] == [at + 1]
    assert raw.rows.tolist() == [n for n in (1, 2, 3) if n != at + 1]


def test_an_area_among_features_is_set_aside_with_its_number():
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": {"type": kind, "coordinates": [25, 54]}}
        for n, kind in enumerate(["Point", "LineString", "Point"])
    ]
    raw = read("\n".join(map(json.dumps, features)))
    assert (raw.rows.tolist(), raw.lon.tolist()) == ([1, 3], [25, 25])
    assert [(issue.row, issue.value) for issue in raw.lost] == [(2, "LineString")]


def test_lines_in_a_code_page_are_reported_as_in_csv():
    lines = [json.dumps({"id": "a", "place": "Zürich"}, ensure_ascii=False), '{"id": "b", "place": "Kaunas"}']
    raw = read("\n".join(lines).encode("cp1252"))
    assert raw.frame["place"].tolist() == ["Zürich", "Kaunas"]
    assert raw.encoding == "cp1252"
    assert [(issue.kind, issue.row) for issue in raw.repaired] == [("line that is not UTF-8", 1)]
    assert "cannot be proven" in raw.warnings[0]


def test_json_that_was_cut_off_is_refused_with_line_and_column():
    text = json.dumps(RECORDS, indent=1)[:-10]
    with pytest.raises(ReadError, match="not whole JSON") as caught:
        read(text, "events.json")
    assert caught.value.faults[0].line


def test_text_that_is_not_in_the_encoding_given_is_refused():
    with pytest.raises(ReadError, match="is not in utf-8"):
        read('{"id": "Zürich"}\n'.encode("cp1252"), encoding="utf-8")
