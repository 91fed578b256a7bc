"""Sources in YAML, and errors with every fault."""

import pytest

from geoconflict.errors import ReadError
from geoconflict.incidents import read_source


def write(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field(tmp_path):
    source = read_source(
        write(
            tmp_path,
            "name: mine\ntitle: Mine\ncolumns: {event_date: Tag, latitude: [B, Breite]}\nsignature: [Tag, B]\n"
            "words: {event_type: {Kampf: battle}}\nradii: {Ort: 2 km, punkt: 10}\nconstants: {licence: CC0-1.0}\n"
            "date_order: dmy\nshort_years: true\njoin: {source_url: [Link 1, Link 2]}\nnumeric: [Zahl]\n",
        )
    )
    assert source.columns["latitude"] == ("B", "Breite")
    assert source.words == {"event_type": {"kampf": "battle"}}
    assert source.radii_m == {"ort": 2000.0, "punkt": 10.0}
    assert (source.date_order, source.short_years, source.join["source_url"]) == ("dmy", True, ("Link 1", "Link 2"))


def test_all_faults_at_once(tmp_path):
    text = "name: mine\ncolums: {}\ncolumns: {event_dat: Tag}\nwords: {event_type: {x: batle}}\nradii: {a: far}\ndate_order: ymd\n"
    with pytest.raises(ReadError) as caught:
        read_source(write(tmp_path, text))
    said = str(caught.value)
    assert len(caught.value.faults) == 5
    for part in (
        "did you mean columns?",
        "did you mean event_date",
        "did you mean battle?",
        "radii.a",
        "'ymd' is none of dmy, mdy",
    ):
        assert part in said


def test_broken_yaml_is_placed(tmp_path):
    with pytest.raises(ReadError) as caught:
        read_source(write(tmp_path, "name: mine\ncolumns: {a: [b\n"))
    assert caught.value.faults[0].line is not None
    with pytest.raises(ReadError, match="needs a mapping"):
        read_source(write(tmp_path, "- a\n- b\n"))
    with pytest.raises(ReadError, match="cannot be read"):
        read_source(tmp_path / "nothing.yaml")


def test_yaml_runs_nothing(tmp_path):
    with pytest.raises(ReadError):
        read_source(write(tmp_path, "name: !!python/object/apply:os.system ['true']\n"))
