"""What a build and a check of a project say: every number with its country, every fault with its place."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from geoconflict.errors import DescriptionError, InputError
from geoconflict.project import build, read_project, summary

pytest.importorskip("matplotlib", reason="a build draws a figure")

EVENTS = """\
event_id,event_date,event_type,country,location,latitude,longitude,fatalities
1,2025-07-01,battle,Poland,Terespol,52.08,23.61,2
2,2025-07-02,riot,Belarus,Brest,52.10,23.72,1
3,2025-07-03,riot,Ukraine,Shatsk,51.55,23.70,0
"""
PROJECT = """\
geoconflict: 1
title: The border of Poland
as_of: 2025-08-01
tables:
  east: {border: Poland, with: [Belarus, Ukraine], resolution: 1 km}
  belt: {bands: east, edges: [0 km, 5 km, 20 km], side: both}
  events: {incidents: events.csv}
  counted: {count: events, zones: belt, by: event_type, sum: fatalities}
  close: {near: events, of: east, radius: [5 km, 25 km]}
map:
  layers:
    - {layer: bands, table: belt}
    - {layer: incidents, table: close}
figure: {formats: [png]}
"""


def write(folder: Path, text: str = PROJECT) -> Path:
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    path = folder / "project.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, old: str, new: str) -> list[str]:
    assert old in PROJECT
    with pytest.raises(DescriptionError) as caught:
        read_project(write(folder, PROJECT.replace(old, new)))
    return [str(fault) for fault in caught.value.faults]


def test_each_country_has_its_share_and_each_count_its_country(tmp_path: Path) -> None:
    built = build(write(tmp_path), tmp_path / "out")
    belt = built.tables["belt"]
    lines = [line for line in built.headlines if line.startswith("belt: ")]
    assert len(lines) == 3
    for country, line in zip(["Belarus", "Poland", "Ukraine"], lines, strict=True):
        part = belt[belt["country"] == country]
        area, share = part["area_m2"].sum() / 1e6, part["share_of_country"].sum()
        assert line == f"belt: {area:,.0f} km² in all, {share:.1%} of the land of {country}"
    counted = [line for line in built.headlines if line.startswith("counted: ")]
    assert len(set(counted)) == len(counted) == 7
    assert "counted: 0–5 km (Poland): 1 point, certainty not known" in counted
    # Every number that the steps computed stands in the summary.
    text = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    section = text.split("## counted")[1].split("\n## ")[0]
    head, _, *rows = [line for line in section.splitlines() if line.startswith("|")]
    names = [name.strip() for name in head.strip("|").split("|")]
    assert names[-5:] == ["points", "points certainly inside", "n battle", "n riot", "sum fatalities"]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    poland = next(row for row in cells if row[:2] == ["0–5 km", "Poland"])
    assert poland[-5:] == ["1", "not known", "1", "0", "2"]
    assert next(row for row in cells if row[:2] == ["5–20 km", "Poland"])[-5:] == ["0", "0", "0", "0", "0"]


def test_zones_of_one_country_are_named_without_it() -> None:
    zones = gpd.GeoDataFrame(
        {"zone_id": ["a", "b"], "name": ["A", "B"], "country": "Mali", "area_m2": [4e9, 6e9]},
        geometry=[Point(0, 0)] * 2,
        crs=4326,
    )
    counted = zones.assign(n=[1, 2], n_certain=pd.array([pd.NA, 1], dtype="Int64"))
    assert summary.headlines({"z": counted}) == [
        "z: A: 1 point, certainty not known",
        "z: B: 2 points, 1 certainly inside",
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "[Belarus, Ukraine]",
            "[Belarus, Spain]",
            "line 5, column 42, tables.east.with[2]: Poland has no common border with Spain in the de facto view (it borders B",
        ),
        (
            "[Belarus, Ukraine]",
            "Poland",
            "tables.east.with: Poland has no common border with itself in the de facto view",
        ),
        (
            "side: both",
            "side: [PL, Lithuania]",
            "tables.belt.side[2]: Lithuania does not share the border 'east'; Poland, Belarus, Ukraine do",
        ),
        ("radius: [5 km, 25 km]", "radius: [5, 25 km]", "tables.close.radius[1]: the length 5 has no unit"),
    ],
)
def test_what_needs_no_data_is_checked_before_a_build(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, old, new)
    assert fault in found


def test_a_common_border_is_that_of_the_worldview(tmp_path: Path) -> None:
    text = PROJECT.replace("[Belarus, Ukraine]", "Belarus").replace("as_of", "worldview: nowhere\nas_of")
    with pytest.raises(DescriptionError, match="worldview"):
        read_project(write(tmp_path, text))
    assert "east" in read_project(write(tmp_path, text.replace("nowhere", "international"))).steps


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("fields: [within]", "there is no column 'within'; did you mean within_m?"),
        ("fields: [{column: loc, label: Place}]", "there is no column 'loc'; "),
        ("fields: within_m", "fields is a list of columns, found 'within_m'"),
        ("radius_px: -3", "radius_px: -3 is not from 0 to 100"),
        ("radius_px: wide", "an option has a value of the wrong type"),
        ("display: heap", "display is 'heap'; use one of auto, points"),
    ],
)
def test_a_wrong_option_names_its_layer_and_table(tmp_path: Path, options: str, says: str) -> None:
    text = PROJECT.replace("table: close}", f"table: close, options: {{{options}}}}}")
    with pytest.raises(InputError, match=r"the map of project\.yaml cannot be made") as caught:
        build(write(tmp_path, text), tmp_path / "out")
    assert "layer 2 (incidents of the table 'close'): " in str(caught.value)
    assert says in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_popup_fields_of_steps_are_shown(tmp_path: Path) -> None:
    text = PROJECT.replace("table: close}", "table: close, options: {fields: [location, within_m]}}")
    built = build(write(tmp_path, text), tmp_path / "out")
    assert re.search(r"within_m", (built.folder / "map.html").read_text(encoding="utf-8"))


def test_a_description_is_not_a_project(tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text("id: demo\nname: A fence\nsegments: []\n", encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        read_project(path)
    assert str(caught.value).startswith("line.yaml is a description of a defence line, not a project")
    assert "'fortifications: line.yaml'" in str(caught.value)
