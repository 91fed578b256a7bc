from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

import geoconflict as gc
from geoconflict.errors import DescriptionError, InputError, OutputError
from geoconflict.maps.map import Map
from geoconflict.project import build, read_project

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("matplotlib", reason="a build draws a figure")

PROJECT = """\
geoconflict: 1
title: Events in Ukraine
as_of: 2025-08-01
tables:
  border: {border: Moldova, with: Romania}
  rows: {incidents: dirty.csv}
map:
  layers:
    - {layer: borders, table: border}
    - {layer: incidents, table: rows}
figure: {formats: [png]}
"""
DIRTY = """\
event_id,event_date,event_type,country,location,latitude,longitude,notes
1,2025-07-01,battle,Ukraine,Kherson,46.64,32.61,
2,2025-07-02,battle,Ukraine,Nowhere,,,=1+1
3,2026-07-02,riot,Ukraine,Odesa,46.48,30.72,
4,nope,riot,Ukraine,Odesa,46.48,30.72,
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dirty.csv").write_text(DIRTY, encoding="utf-8")
    path = tmp_path / "project.yaml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


def test_rows_set_aside_are_written_with_their_reasons(project: Path, tmp_path: Path) -> None:
    built = build(project, tmp_path / "out")
    with (tmp_path / "out" / "layers" / "rows_set_aside.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["row"] for row in rows] == ["2", "4"]
    assert "no coordinates" in rows[0]["reason"]
    assert rows[0]["notes"] == "'=1+1"
    assert "nope" in rows[1]["reason"]
    text = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert "How dirty.csv was read" in text
    assert "row 4: nope" in text
    assert any("1 of its events lie after 2025-08-01" in note for note in built.notes)


def test_an_output_that_is_a_file_is_an_error_before_any_work(project: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    with pytest.raises(OutputError, match="is a file; give a folder"):
        build(project, tmp_path / "dirty.csv", progress=lines.append)
    assert lines == []


def test_a_step_that_fails_names_itself_and_writes_nothing(project: Path, tmp_path: Path) -> None:
    project.write_text(PROJECT.replace("with: Romania", "with: Romania, kinds: [sea]"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build(project, tmp_path / "out")
    assert "in the step 'border' of project.yaml" in caught.value.__notes__
    assert not (tmp_path / "out").exists()


def test_misspelt_countries_are_reported_with_their_place_before_anything_runs(project: Path) -> None:
    project.write_text(PROJECT.replace("Moldova", "Moldva").replace("Romania", "Rumenia"), encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        read_project(project)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(5, 20), (5, 34)]
    assert "Moldova" in str(caught.value)


def test_edges_of_bands_must_rise(project: Path) -> None:
    text = PROJECT.replace("map:", "  z: {bands: border, edges: [0 km, 9 km, 5 km], side: Moldova}\nmap:")
    project.write_text(text, encoding="utf-8")
    with pytest.raises(DescriptionError, match="must rise"):
        read_project(project)


def test_the_background_has_the_worldview_of_the_layers() -> None:
    border = gc.border("Ukraine", "Russia", worldview="international", kinds=["land", "river"])
    drawn = Map([gc.layers.Borders(border)], title="A border")
    background = drawn.scene.specs[0]
    assert background.background
    assert background.worldviews == ("international",)
    sevastopol = gpd.points_from_xy([33.7], [44.7])[0]
    table = background.table
    assert table[table.geometry.contains(sevastopol)]["name"].tolist() == ["Ukraine"]


def test_a_style_in_a_project_is_checked(project: Path, tmp_path: Path) -> None:
    wrong = "{layer: borders, table: border, options: {style: {strok: '#123456'}}}"
    project.write_text(PROJECT.replace("{layer: borders, table: border}", wrong), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean stroke"):
        build(project, tmp_path / "out")


def test_a_project_says_what_popups_show(project: Path, tmp_path: Path) -> None:
    fields = "[kind, {column: source, label: Told by, type: sources}]"
    layer = f"{{layer: borders, table: border, options: {{fields: {fields}}}}}"
    project.write_text(PROJECT.replace("{layer: borders, table: border}", layer), encoding="utf-8")
    build(project, tmp_path / "out")
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert '"label":"kind","type":"text"' in page
    assert '"label":"Told by","type":"sources"' in page


def test_wrong_fields_in_a_project_are_errors(project: Path, tmp_path: Path) -> None:
    fields = "[{colum: source, type: datte}]"
    layer = f"{{layer: borders, table: border, options: {{fields: {fields}}}}}"
    project.write_text(PROJECT.replace("{layer: borders, table: border}", layer), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build(project, tmp_path / "out")
    message = str(caught.value)
    assert "did you mean column" in message
    assert "names no column" in message
    assert "did you mean date" in message
