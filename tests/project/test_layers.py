"""Choropleths, territory, rasters and graticules in project files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from geoconflict.errors import DescriptionError, InputError
from geoconflict.project import build, read_project
from geoconflict.project.picture import make_map

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("matplotlib", reason="a build draws a figure")
rasterio = pytest.importorskip("rasterio", reason="a raster is read")
# rasterio multiplies its transforms by an operator that affine has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

PROJECT = """\
geoconflict: 1
title: Ground and rain
as_of: 2025-08-10
tables:
  held: {control: {2025-08-01: first.geojson, 2025-09-01: second.geojson}, holder: Northland}
  country: {country: Moldova}
  strip: {buffer: country, radius: 5 km}
map:
  layers:
    - {layer: raster, name: Rain, grids: [{file: rain.tif, from: 2025-08-01, to: 2025-08-31, source: made up}], options: {breaks: [3], unit: mm}}
    - {layer: territory, table: held}
    - {layer: choropleth, table: strip, options: {by: band_outer_m, palette: ["#ffffcc", "#253494"]}}
    - {layer: graticule}
figure: {formats: [png]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    from rasterio.transform import from_bounds

    for name, east in (("first", 28.0), ("second", 28.5)):
        gpd.GeoDataFrame(geometry=[box(27, 46, east, 47)], crs=4326).to_file(tmp_path / f"{name}.geojson")
    place = from_bounds(27, 46, 30, 48, 3, 2)
    with rasterio.open(
        tmp_path / "rain.tif",
        "w",
        driver="GTiff",
        width=3,
        height=2,
        count=1,
        dtype="float32",
        crs=4326,
        transform=place,
    ) as out:
        out.write(np.arange(6, dtype="float32").reshape(2, 3), 1)
    path = tmp_path / "project.yaml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


def test_all_kinds_are_built(project: Path, tmp_path: Path) -> None:
    built = build(project, tmp_path / "out")
    html = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    for words in ("Rain", "Control of territory", "Areas by value", "Graticule", "3 or more mm"):
        assert words in html
    assert built.tables["held"]["valid_to"].tolist() == ["2025-08-31", "2025-09-01"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert {item["file"] for item in manifest["inputs"]} == {
        "project.yaml",
        "first.geojson",
        "second.geojson",
        "rain.tif",
    }


def test_faults_have_their_line_before_anything_runs(project: Path) -> None:
    text = PROJECT.replace("second.geojson", "secnd.geojson").replace("file: rain.tif", "file: rian.tif")
    project.write_text(text, encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        read_project(project)
    assert "line 5" in str(caught.value)
    assert "did you mean second.geojson" in str(caught.value)
    assert "line 10" in str(caught.value)
    assert "did you mean rain.tif" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{layer: raster, table: held}", "a raster takes no table, but grids"),
        ("{layer: raster}", "a layer raster needs grids"),
        ("{layer: graticule, table: held}", "a graticule takes no table"),
        ("{layer: territory}", "a layer territory needs table"),
    ],
)
def test_layers_that_lack_what_they_draw(project: Path, line: str, says: str) -> None:
    project.write_text(PROJECT.replace("{layer: graticule}", line), encoding="utf-8")
    with pytest.raises(DescriptionError, match=says):
        read_project(project)


def test_a_grid_has_its_band_days_and_source(project: Path) -> None:
    grid = "{file: rain.tif, band: 1, from: 2025-08-01, to: 2025-08-31, source: made up}"
    text = PROJECT.replace("{file: rain.tif, from: 2025-08-01, to: 2025-08-31, source: made up}", grid)
    project.write_text(text, encoding="utf-8")
    checked = read_project(project)
    held = gpd.GeoDataFrame({"holder": ["N"], "valid_from": ["2025-08-01"], "valid_to": ["2025-08-31"]},
                            geometry=[box(27, 46, 28, 47)], crs=4326)  # fmt: skip
    strip = gpd.GeoDataFrame({"band_outer_m": [1.0]}, geometry=[box(27, 46, 28, 47)], crs=4326)
    map_ = make_map(checked, {"held": held, "strip": strip}, lambda name: project.parent / name)
    (read,) = map_.layers[0].grids
    assert (str(read.valid_from), str(read.valid_to), read.source) == ("2025-08-01", "2025-08-31", "made up")
    project.write_text(text.replace("band: 1", "band: 2"), encoding="utf-8")
    with pytest.raises(InputError, match="band"):
        make_map(read_project(project), {"held": held, "strip": strip}, lambda name: project.parent / name)
